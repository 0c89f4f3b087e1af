// What was decided so far, as a list: later words replace earlier ones about the same hunk. Pure.

import type { HunkAnswer } from "./decision.ts";

/** The answers with later ones in the place of earlier ones about the same hunk; what says nothing is dropped. */
export function withAnswers(before: readonly HunkAnswer[], later: readonly HunkAnswer[]): readonly HunkAnswer[] {
  const byHunk = new Map([...before, ...later].map((answer) => [`${answer.hunk} ${answer.file}`, answer]));
  return [...byHunk.values()].filter(({ decision, comment }) => decision !== null || comment !== undefined);
}

/** The decision and comment about one hunk. */
export const answerTo = (answers: readonly HunkAnswer[], file: string, hunk: number): HunkAnswer | undefined =>
  answers.find((answer) => answer.file === file && answer.hunk === hunk);
