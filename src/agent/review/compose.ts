// What a file shall hold once its hunks are decided: exactly what was accepted or changed, on top of the text as it is now. Pure.
// In whatever order the hunks were decided, the result is the same; nothing accepted leaves the file alone, byte for byte.

import { applyHunks } from "../edit/hunks.ts";
import { decode, encodeLike } from "../edit/text.ts";
import { ok, type Result } from "../result.ts";
import { answerTo } from "./answers.ts";
import type { HunkAnswer } from "./decision.ts";
import type { ReviewFile } from "./file.ts";
import { type Placed, placeHunks } from "./place.ts";

export type Composed =
  /** Nothing of it was accepted, or all of it is there already. */
  | { readonly is: "left" }
  | { readonly is: "written"; readonly after: Uint8Array | null }
  /** These hunks meet what was changed since the proposal was shown. */
  | { readonly is: "conflict"; readonly hunks: readonly number[] };

/** `current`: the bytes as they are now, null where there is no file. A fault where the new text cannot be stored as the file is. */
export function compose(file: ReviewFile, answers: readonly HunkAnswer[], current: Uint8Array | null): Result<Composed> {
  const untouched = same(current, file.before);
  if (file.whole) return ok(composeWhole(file, answers, { current, untouched }));
  const now = current === null ? undefined : decode(current);
  const gone = current === null && file.before !== null;
  const placed = placeHunks(file, answers, now?.ok ? now.value.text : "");
  const chosen = placed.filter(isChosen);
  if (chosen.length === 0) return ok({ is: "left" });
  const clash = now?.ok === false || gone ? chosen : inConflict(chosen);
  if (clash.length > 0) return ok({ is: "conflict", hunks: clash.map(({ hunk }) => hunk) });
  const before = now?.ok ? now.value.text : "";
  const text = applyHunks(
    before,
    chosen.flatMap(({ standing, at }) => (standing === "already" ? [] : [at])),
  );
  if (current !== null && text === before) return ok({ is: "left" });
  const proposed = file.after ? decode(file.after) : undefined;
  const coding = untouched && proposed?.ok ? proposed.value : now?.ok ? now.value : undefined;
  const after = encodeLike(text, coding);
  return after.ok ? ok({ is: "written", after: after.value }) : after;
}

/** Whether the hunk is to be made. */
const isChosen = ({ answer }: Placed): boolean => answer?.decision?.is === "accepted" || answer?.decision?.is === "changed";

/** Hunks that nobody agreed to, and all but the first of those that came to lie on the same lines. */
function inConflict(chosen: readonly Placed[]): readonly Placed[] {
  let done = 0;
  return chosen
    .toSorted((a, b) => a.at.oldFrom - b.at.oldFrom)
    .filter(({ standing, at }) => {
      if (standing === "already") return false;
      if (standing === "conflict" || at.oldFrom < done) return true;
      done = at.oldTo;
      return false;
    });
}

function composeWhole(
  file: ReviewFile,
  answers: readonly HunkAnswer[],
  { current, untouched }: { readonly current: Uint8Array | null; readonly untouched: boolean },
): Composed {
  if (answerTo(answers, file.shown, 0)?.decision?.is !== "accepted" || same(current, file.after)) return { is: "left" };
  return untouched ? { is: "written", after: file.after } : { is: "conflict", hunks: [0] };
}

function same(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
