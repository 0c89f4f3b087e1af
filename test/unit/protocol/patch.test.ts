import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { patched, patchOf, type Shown, shownOf } from "../../../src/protocol/patch.ts";
import type { Header, Item } from "../../../src/protocol/to-view.ts";

const header: Header = {
  run: { id: "r", goal: "Count", folder: undefined },
  mood: "working",
  forked: false,
  steps: [],
  verified: 0,
  waiting: 0,
  waits: "",
  spend: { usd: 0, limit: 1, unpriced: 0, tokens: 0 },
  fuses: [],
  model: "m",
  mode: "supervised",
  unsandboxed: undefined,
  limits: undefined,
  folder: undefined,
  examples: [],
  context: undefined,
};
const step = (id: string, calls = 0): Item => ({
  kind: "step",
  id: `step:${id}`,
  number: 1,
  of: 2,
  goal: id,
  role: "coder",
  mood: "working",
  check: "",
  attempt: 1,
  attempts: 3,
  needs: [],
  calls,
  changed: 0,
  evidence: undefined,
});
const call = (id: string, fact = ""): Item => ({
  kind: "call",
  id: `call:${id}`,
  step: id.split(".")[0] ?? "",
  attempt: 1,
  past: false,
  tool: "read_file",
  icon: "file",
  title: id,
  fact,
  mood: "done",
});
const calls = (of: string, count: number): Item[] => Array.from({ length: count }, (_, i) => call(`${of}.${i}`));
const said: Item = { kind: "text", id: "said:9", by: "user", text: "go on" };
const lesson: Item = {
  kind: "lesson",
  id: "lesson:a",
  attempt: 1,
  because: "",
  lesson: "",
  final: false,
  restored: [],
  kept: [],
  commanded: [],
};
const ids = ({ items }: Pick<Shown, "items">): readonly string[] => items.map(({ id }) => id);

describe("what the webview holds", () => {
  it("is every step with its newest rows, and all that is no row", () => {
    const shown = shownOf({ header, items: [step("a"), ...calls("a", 5), lesson, step("b"), ...calls("b", 4), said] }, 2);
    assert.deepEqual(ids(shown), ["step:a", "call:a.4", "lesson:a", "step:b", "call:b.2", "call:b.3", "said:9"]);
    assert.equal(shown.earlier, 6);
  });

  it("grows by one row and loses one while a long run goes on, and nothing is sent twice", () => {
    const before = shownOf({ header, items: [step("a", 500), ...calls("a", 500), step("b"), said] });
    const after = shownOf({ header, items: [step("a", 501), ...calls("a", 501), step("b"), said] });
    const patch = patchOf(before, after);
    assert.deepEqual(patch?.gone, ["call:a.400"]);
    assert.deepEqual(
      patch?.put.map(({ item }) => item.id),
      ["step:a", "call:a.500"],
    );
    assert.equal(patch?.earlier, 401);
    assert.equal(patchOf(after, shownOf({ header, items: [...after.items] })), undefined);
  });

  it("is, after each patch, what a fresh page would get", () => {
    // Any items in any order, some of them with new content: worse than any run.
    const some = fc.shuffledSubarray([step("a"), step("b"), ...calls("a", 5), ...calls("b", 5), said, lesson]);
    const view = fc
      .tuple(some, fc.nat(3))
      .map(([items, salt]) => items.map((item) => (item.kind === "call" ? { ...item, fact: `${salt}` } : item)));
    fc.assert(
      fc.property(fc.array(view, { minLength: 2, maxLength: 5 }), fc.integer({ min: 1, max: 4 }), (views, size) => {
        const [first = [], ...rest] = views;
        let sent = shownOf({ header, items: first }, size);
        let page = sent.items;
        for (const items of rest) {
          const next = shownOf({ header, items }, size);
          const patch = patchOf(sent, next);
          if (patch) page = patched(page, patch);
          assert.deepEqual(page, next.items);
          sent = next;
        }
      }),
      { numRuns: 1000 },
    );
  });
});
