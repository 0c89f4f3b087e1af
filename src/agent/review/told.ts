// What the model hears of a review: hunk by hunk what became of what it proposed, in the person's own words and text. Pure.

import { assertNever } from "../result.ts";
import { answerTo } from "./answers.ts";
import type { HunkAnswer, HunkDecision } from "./decision.ts";
import { hunkCount, type ReviewFile } from "./file.ts";

/** A changed hunk is told up to this length; the file has the rest. */
const mostChars = 4000;

/** Undefined where every hunk was accepted as it was and nothing was said: then the change itself tells it all. */
export function toldOf(files: readonly ReviewFile[], answers: readonly HunkAnswer[]): string | undefined {
  const all = files.flatMap((file) => numbers(file).map((hunk) => ({ file, hunk, answer: answerTo(answers, file.shown, hunk) })));
  if (all.every(({ answer }) => answer?.decision?.is === "accepted" && answer.comment === undefined)) return undefined;
  const lines = all.flatMap(({ file, hunk, answer }) => {
    const what = whatOf(file, hunk);
    const said = answer?.comment === undefined ? [] : [`${what}, the user's comment: ${answer.comment}`];
    return [`${what}: ${decisionText(answer?.decision ?? null)}`, ...said];
  });
  return [`The user reviewed this change hunk by hunk: ${countsOf(answers, all.length)}.`, ...lines].join("\n");
}

/** "2 accepted, 1 changed, 1 rejected". */
export function countsOf(answers: readonly HunkAnswer[], all: number): string {
  const of = (...kinds: readonly HunkDecision["is"][]): number =>
    answers.filter(({ decision }) => decision && kinds.includes(decision.is)).length;
  const parts = [
    [of("accepted"), "accepted"],
    [of("changed", "joined"), "changed"],
    [all - of("accepted", "changed", "joined"), "rejected"],
  ] as const;
  return parts.flatMap(([count, word]) => (count > 0 ? [`${count} ${word}`] : [])).join(", ");
}

/** Where a hunk stands in the file it was proposed for: "src/a.ts, lines 3-4". */
export function whatOf(file: ReviewFile, hunk: number): string {
  if (file.fate === "created") return `${file.shown}, a new file`;
  if (file.whole) return file.fate === "deleted" ? `${file.shown}, its deletion` : file.shown;
  const { oldFrom = 0, oldTo = 0 } = file.hunks[hunk] ?? {};
  if (oldTo === oldFrom) return oldFrom === 0 ? `${file.shown}, before line 1` : `${file.shown}, after line ${oldFrom}`;
  return oldTo - oldFrom === 1 ? `${file.shown}, line ${oldTo}` : `${file.shown}, lines ${oldFrom + 1}-${oldTo}`;
}

function decisionText(decision: HunkDecision | null): string {
  switch (decision?.is) {
    case undefined:
      return "not accepted.";
    case "accepted":
      return "accepted.";
    case "changed": {
      const how = decision.part ? "accepted in part; it became" : "changed by the user to";
      if (decision.text === "") return "changed by the user: these lines go.";
      const cut =
        decision.text.length > mostChars ? `${decision.text.slice(0, mostChars)}\n[cut; read the file for the rest]` : decision.text;
      return `${how}:\n${cut.replace(/\r?\n$/, "")}`;
    }
    case "joined":
      return "changed by the user together with the one before.";
    case "rejected":
      return decision.why ? `rejected: ${decision.why}` : "rejected.";
    default:
      return assertNever(decision);
  }
}

const numbers = (file: ReviewFile): readonly number[] => Array.from({ length: hunkCount(file) }, (_, hunk) => hunk);
