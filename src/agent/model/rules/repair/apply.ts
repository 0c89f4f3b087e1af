// Puts the chosen change into the workspace through edit_file, so that it is shown and approved like any other. When the first choice is
// refused, the next is offered once.

import { isTestFile } from "../desk.ts";
import { ask, type Script } from "../script.ts";
import { applyEdits, lineStarts, toBlocks, toSpan } from "../text.ts";
import type { Described } from "./account.ts";
import { type Choice, mergeFiles } from "./search.ts";
import type { Scene } from "./suspects.ts";
import type { Unit } from "./unit.ts";

export interface Applied extends Described {
  readonly account: string;
}

type Result = { readonly ok: true; readonly value: Described } | { readonly ok: false; readonly stale: boolean; readonly why: string };

const mostOffers = 2;

export async function* applyChange(scene: Scene, choices: readonly Choice[]): Script<Result> {
  let why = "";
  for (const choice of choices.slice(0, mostOffers)) {
    const refusal = yield* apply(scene, choice);
    if (refusal === undefined) return { ok: true, value: describe(scene, choice) };
    if (/changed (?:after|since)|read it again|not there|Nothing was changed in/i.test(refusal))
      return { ok: false, stale: true, why: refusal };
    why = refusal;
  }
  return { ok: false, stale: false, why: `I found a change that makes it pass, but it was not made: ${why}` };
}

/** Undefined when all files were changed, else what was said against it. */
async function* apply(scene: Scene, choice: Choice): Script<string | undefined> {
  for (const { path, edits } of mergeFiles(choice)) {
    const unit = scene.code.find((suspect) => suspect.unit.path === path)?.unit;
    if (!unit || isTestFile(path)) return `${path} is not mine to change.`;
    const answer = yield* ask("This one makes it pass.", "edit_file", { path, blocks: toBlocks(unit.text, edits) });
    if (!answer.ok) return answer.text;
  }
  return undefined;
}

/** The lines before and after, as far as they fit into a sentence. */
function describe(scene: Scene, choice: Choice): Described {
  const [first] = mergeFiles(choice);
  const unit = scene.code.find((suspect) => suspect.unit.path === first?.path)?.unit;
  if (!first || !unit) return { path: "", line: 0, before: "", after: "" };
  const [before, after, line] = changedLines(unit, first.edits);
  return { path: unit.path, line, before: clip(before), after: clip(after) };
}

function changedLines(
  unit: Unit,
  edits: readonly { readonly start: number; readonly end: number; readonly text: string }[],
): readonly [string, string, number] {
  const old = unit.text.split("\n");
  const now = applyEdits(unit.text, edits).split("\n");
  const [line] = toSpan(lineStarts(unit.text), edits[0] ?? { start: 0, end: 0 });
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  return [old.slice(start, old.length - end).join("\n"), now.slice(start, now.length - end).join("\n"), Math.max(line, start + 1)];
}

function clip(text: string): string {
  const flat = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join(" ⏎ ");
  return flat.length > 120 ? `${flat.slice(0, 120)}…` : flat;
}
