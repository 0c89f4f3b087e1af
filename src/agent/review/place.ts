// Where each hunk of a reviewed file stands in the text as it is now, with what a person made of it. Pure.
// A hunk that meets lines the person has typed meanwhile is a conflict until the person, seeing those lines, says what becomes of them.

import { type Hunk } from "../edit/hunks.ts";
import { splitLines } from "../edit/line-end.ts";
import { rebaseEach } from "../edit/merge.ts";
import { answerTo } from "./answers.ts";
import type { HunkAnswer, HunkDecision } from "./decision.ts";
import type { ReviewFile } from "./file.ts";

export interface Placed {
  readonly hunk: number;
  /** `agreed`: it meets the person's own lines, and the person said that it may. */
  readonly standing: "fits" | "agreed" | "already" | "conflict";
  /** For the text as it is now; `added` is what the person made of it. */
  readonly at: Hunk;
  readonly answer: HunkAnswer | undefined;
}

/** Every hunk but those that an earlier one covers, in order. The text's line ends are kept. */
export function placeHunks(file: ReviewFile, answers: readonly HunkAnswer[], current: string): readonly Placed[] {
  const lines = splitLines(file.base);
  const wanted = file.hunks.flatMap((hunk, index) => {
    const answer = answerTo(answers, file.shown, index);
    return answer?.decision?.is === "joined" ? [] : [{ index, answer, hunk: wantedHunk(hunk, answer?.decision ?? null, lines) }];
  });
  const standings = rebaseEach(
    wanted.map(({ hunk }) => hunk),
    file.base,
    current,
  );
  return wanted.flatMap(({ index, answer, hunk }, at): Placed[] => {
    const standing = standings[at];
    if (standing === undefined) return [];
    if (standing.is === "moved") return [{ hunk: index, answer, standing: "fits", at: standing.hunk }];
    if (standing.is === "already") return [{ hunk: index, answer, standing: "already", at: hunk }];
    const { from, to, current: theirs } = standing.conflict;
    const decision = answer?.decision;
    const over = decision?.is === "accepted" || decision?.is === "changed" ? decision.over : undefined;
    const placed = { ...hunk, oldFrom: from, oldTo: to, removed: theirs };
    return [{ hunk: index, answer, standing: over === theirs.join("") ? "agreed" : "conflict", at: placed }];
  });
}

/** The hunk as the person wants it, for the text it was made for. */
function wantedHunk(hunk: Hunk, decision: HunkDecision | null, lines: readonly string[]): Hunk {
  if (decision?.is !== "changed") return hunk;
  const oldFrom = Math.min(hunk.oldFrom, Math.max(0, decision.from ?? hunk.oldFrom));
  const oldTo = Math.max(hunk.oldTo, Math.min(lines.length, decision.to ?? hunk.oldTo));
  const added = splitLines(withEnds(decision.text, { hunk, lines, last: oldTo >= lines.length }), "\n");
  return { ...hunk, oldFrom, oldTo, removed: lines.slice(oldFrom, oldTo), added };
}

/** The text with the line ends of its surroundings where those are of one kind, and an end of its own where lines follow. */
function withEnds(
  text: string,
  { hunk, lines, last }: { readonly hunk: Hunk; readonly lines: readonly string[]; readonly last: boolean },
): string {
  const around = [...hunk.added, ...hunk.removed, ...lines.slice(Math.max(0, hunk.oldFrom - 1), hunk.oldTo + 1)];
  const ended = around.filter((line) => line.endsWith("\n"));
  const returned = ended.filter((line) => line.endsWith("\r\n")).length;
  const end = returned > 0 && returned === ended.length ? "\r\n" : "\n";
  const uniform = returned === 0 || returned === ended.length ? text.replace(/\r?\n/g, end) : text;
  return uniform === "" || uniform.endsWith("\n") || last ? uniform : uniform + end;
}
