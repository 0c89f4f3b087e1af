import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { applyBlocks } from "../../../../src/agent/edit/blocks.ts";
import { unifiedDiff } from "../../../../src/agent/edit/diff.ts";
import { applyPatch } from "../../../../src/agent/edit/patch.ts";
import { anyText, changedText, linesOfText } from "../../../support/texts.ts";

const piece = fc.oneof(anyText, fc.constantFrom("a", "b", "\n", "  a\n", "caf\u00e9", "cafe\u0301", "}\n", "", " ", "\ufeff", "\r"));
const block = fc.record({ search: piece, replace: piece, all: fc.boolean() });

describe("whatever comes in", () => {
  it("blocks are applied or refused, each with a reason, and the others do not notice", () => {
    fc.assert(
      fc.property(anyText, fc.array(block, { maxLength: 4 }), (text, blocks) => {
        const outcome = applyBlocks(text, blocks);
        assert.equal(outcome.applied.length + outcome.failed.length, blocks.length);
        assert.equal(outcome.ok, outcome.failed.length === 0);
        for (const { reason } of outcome.failed) assert.match(reason, /\.$/);
        if (outcome.applied.length === 0) assert.equal(outcome.text, text);
        const good = blocks.filter((_, index) => outcome.applied.some((one) => one.index === index));
        assert.equal(applyBlocks(text, good).text, outcome.text);
        assert.equal(applyBlocks(text, blocks.toReversed()).text, outcome.text);
      }),
      { numRuns: 800 },
    );
  });

  it("a block that is there once changes its lines and no other byte", () => {
    const chosen = linesOfText.chain((lines) => fc.tuple(fc.constant(lines), fc.nat(Math.max(0, lines.length - 1)), fc.nat(2)));
    fc.assert(
      fc.property(chosen, ([lines, from, more]) => {
        const marked = lines.map((line, at) => (at >= from && at <= from + more ? `#${at} ${line}` : line));
        const search = marked.slice(from, from + more + 1).join("");
        if (search === "") return;
        const text = marked.join("");
        const wanted = [...marked.slice(0, from), "new\n", ...marked.slice(from + more + 1)].join("");
        const outcome = applyBlocks(text, [{ search: search.replaceAll("\r\n", "\n"), replace: "new\n" }]);
        assert.ok(outcome.ok, JSON.stringify({ text, search, outcome }));
        const body = (all: string): string => all.replaceAll("\r\n", "\n").replace(/\n$/, "");
        assert.equal(body(outcome.text), body(wanted));
        assert.ok(outcome.text.startsWith(marked.slice(0, from).join("")));
        assert.ok(outcome.text.endsWith(marked.slice(from + more + 1).join("")));
      }),
      { numRuns: 500 },
    );
  });

  it("a block in which nothing changes changes no byte, however loosely it was matched", () => {
    const loosened = linesOfText.chain((lines) =>
      fc.array(fc.constantFrom("", " ", "\t"), { minLength: lines.length, maxLength: lines.length }).map((spaces) => ({ lines, spaces })),
    );
    fc.assert(
      fc.property(loosened, ({ lines, spaces }) => {
        const text = lines.join("");
        const search = lines.map((line, at) => line.replace(/\r?\n$|$/, `${spaces[at]}\n`)).join("");
        if (search === "") return;
        const outcome = applyBlocks(text, [{ search, replace: search }]);
        if (outcome.ok) assert.equal(outcome.text, text);
      }),
      { numRuns: 500 },
    );
  });

  it("patches are applied or refused, never thrown over", () => {
    const mangled = changedText.chain(([before, after]) => {
      const lines = unifiedDiff("f", before, after).diff.split("\n");
      const junk = fc.constantFrom(
        "",
        "@@",
        "@@ -1 +1 @@",
        "+x",
        "-a",
        " a",
        "\\ No newline",
        "--- a/f",
        "+++ /dev/null",
        "rename to q",
        "diff --git a/f b/f",
        "\r",
      );
      return fc.array(fc.tuple(fc.nat(lines.length), fc.nat(1), junk), { maxLength: 3 }).map((edits) => {
        for (const [at, removed, line] of edits) lines.splice(at, removed, line);
        return [before, lines.join("\n")] as const;
      });
    });
    fc.assert(
      fc.property(mangled, ([before, patch]) => {
        const result = applyPatch(new Map([["f", before]]), patch);
        if (!result.ok) return assert.match(result.fault.message, /\.$/);
        assert.equal(result.value.ok, result.value.failed.length === 0);
        if (result.value.applied === 0) for (const change of result.value.changes) assert.notEqual(change.kind, "modify");
      }),
      { numRuns: 800 },
    );
  });

  it("a patch still applies when lines above it were added or removed", () => {
    fc.assert(
      fc.property(changedText, fc.array(fc.constantFrom("unrelated 1\n", "unrelated 2\n"), { maxLength: 5 }), ([before, after], above) => {
        const { diff } = unifiedDiff("f", `head\n${before}`, `head\n${after}`);
        if (diff === "") return;
        const moved = `${above.join("")}head\n${before}`;
        const result = applyPatch(new Map([["f", moved]]), diff);
        assert.ok(result.ok);
        // Repeated text may be refused; what is applied is right.
        if (result.value.ok)
          assert.deepEqual(
            result.value.changes.map((change) => change.kind === "modify" && change.text),
            [`${above.join("")}head\n${after}`],
          );
      }),
      { numRuns: 500 },
    );
  });
});
