// Placing and comparing edits on a file of 20,000 lines with 200 edits, against libraries that do a part of it, in one run.
// Figures are the median of several rounds in milliseconds, after as many that are not counted, so that every library runs compiled.

import { applyPatch as jsdiffApply, createTwoFilesPatch, diffLines as jsdiffLines } from "diff";
import { diffMain, patchApply, patchMake } from "diff-match-patch-es";
import { diff as myersDiff } from "fast-myers-diff";
import { applyBlocks, type Block } from "../src/agent/edit/blocks.ts";
import { unifiedDiff } from "../src/agent/edit/diff.ts";
import { applyHunks, hunksBetween } from "../src/agent/edit/hunks.ts";
import { merge } from "../src/agent/edit/merge.ts";
import { applyPatch } from "../src/agent/edit/patch.ts";

const lineCount = 20_000;
const editCount = 200;
const rounds = 15;

const lines = Array.from({ length: lineCount }, (_, at) =>
  at % 5 === 0 ? "" : at % 7 === 0 ? "  }" : `  const value${at} = compute(${at}, "name");`,
);
const before = `${lines.join("\n")}\n`;
/** Lines that hold a name of their own, evenly spread. */
const edited = Array.from({ length: editCount }, (_, at) => at * 97 + 11)
  .map((at) => (at % 5 === 0 || at % 7 === 0 ? at + 1 : at))
  .map((at) => (at % 5 === 0 || at % 7 === 0 ? at + 1 : at));
const after = `${lines.map((line, at) => (edited.includes(at) ? `${line} // changed` : line)).join("\n")}\n`;
const rewritten = `${lines.map((_, at) => `other ${at * 7}`).join("\n")}\n`;

const blockAt = (at: number, change: (search: string) => string): Block => {
  const search = lines.slice(at, at + 3).join("\n");
  return { search: change(search), replace: change(search).replace(";", "; // changed") };
};
const blocks = (change: (search: string) => string): readonly Block[] => edited.map((at) => blockAt(at, change));
const expectAll = (text: readonly Block[]) => () => {
  const outcome = applyBlocks(before, text);
  if (!outcome.ok) throw new Error(outcome.failed[0]?.reason);
};

measure("200 blocks, exact", expectAll(blocks((search) => search)));
measure("200 blocks, other trailing space", expectAll(blocks((search) => search.replaceAll("\n", " \n"))));
measure("200 blocks, other indentation", expectAll(blocks((search) => search.replace(/^ {2}/gm, "\t"))));
measure("200 blocks that are not there (nearest text sought for each)", () => {
  const outcome = applyBlocks(
    before,
    blocks((search) => search.replaceAll("compute", "calculate")),
  );
  if (outcome.failed.length !== editCount) throw new Error("blocks were found that are not there");
});

const patch = createTwoFilesPatch("a/f", "b/f", before, after);
const files = new Map([["f", before]]);
same("patch of 200 hunks, ours", () => {
  const outcome = applyPatch(files, patch);
  const change = outcome.ok ? outcome.value.changes[0] : undefined;
  return change?.kind === "modify" ? change.text : undefined;
});
same("patch of 200 hunks, jsdiff", () => jsdiffApply(before, patch));
const fuzzyPatch = patchMake(before, after);
same("patch of 200 hunks, diff-match-patch", () => String(patchApply(fuzzyPatch, before)[0]));

const moved = `${"new line\n".repeat(50)}${before}`;
measure("the same, moved by 50 lines, ours", () => {
  const outcome = applyPatch(new Map([["f", moved]]), patch);
  if (!outcome.ok || !outcome.value.ok) throw new Error("not applied");
});
measure("the same, moved by 50 lines, jsdiff", () => {
  if (jsdiffApply(moved, patch) === false) throw new Error("not applied");
});

measure("hunks of 200 changes, ours", () => void hunksBetween(before, after));
measure("hunks of 200 changes, jsdiff lines", () => void jsdiffLines(before, after));
measure("hunks of 200 changes, fast-myers-diff", () => void [...myersDiff(before.split("\n"), after.split("\n"))]);
measure("hunks of 200 changes, diff-match-patch in line mode", () => void diffMain(before, after));
measure("hunks of a whole rewrite, ours", () => void hunksBetween(before, rewritten));
measure("hunks of a whole rewrite, jsdiff lines, given up after 1 s", () => void jsdiffLines(before, rewritten, { timeout: 1000 }), 1);
measure("unified diff for a preview, ours", () => void unifiedDiff("f", before, after));
measure("unified diff for a preview, jsdiff", () => void createTwoFilesPatch("f", "f", before, after));

const hunks = hunksBetween(before, after);
same("every second hunk, then the others", () => {
  const half = applyHunks(
    before,
    hunks.filter((_, at) => at % 2 === 0),
  );
  return merge(before, half, after).text;
});

/** Throws when the result is not the text that every way must come to. */
function same(name: string, run: () => string | false | undefined): void {
  if (run() !== after) throw new Error(`${name} gives another text`);
  measure(name, () => void run());
}

function measure(name: string, run: () => void, times = rounds): void {
  for (let round = 0; round < times; round++) run();
  const took = Array.from({ length: times }, () => {
    const started = performance.now();
    run();
    return performance.now() - started;
  }).sort((a, b) => a - b);
  console.log(`${(took[Math.floor(times / 2)] ?? 0).toFixed(1).padStart(9)} ms  ${name}`);
}
