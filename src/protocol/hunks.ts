// The hunks of a change that waits, with what is decided of each: what a card draws. Pure.

import { answerTo } from "../agent/review/answers.ts";
import type { HunkAnswer } from "../agent/review/decision.ts";
import { hunksOfDiff, placeText, type ShownHunk } from "../agent/review/shown.ts";

export type HunkMood = "open" | "accepted" | "changed" | "rejected";

export interface WaitingHunk extends ShownHunk {
  readonly where: string;
  readonly mood: HunkMood;
  readonly answer: HunkAnswer | undefined;
}

export function waitingHunks(
  file: { readonly path: string; readonly diff: string },
  answers: readonly HunkAnswer[],
): readonly WaitingHunk[] {
  return hunksOfDiff(file.diff).map((hunk) => {
    const answer = answerTo(answers, file.path, hunk.hunk);
    const is = answer?.decision?.is;
    return { ...hunk, where: placeText(hunk), answer, mood: is === "joined" ? "changed" : (is ?? "open") };
  });
}
