import { strict as assert } from "node:assert";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { applyTouches, keepImages, measure } from "../../../src/agent/gate.ts";
import { fail, ok, type Result } from "../../../src/agent/result.ts";
import { restoreTouches, unwind } from "../../../src/agent/unwind.ts";
import type { AnyChangingTool, Change } from "../../../src/agent/tool/tool.ts";
import type { Touch } from "../../../src/agent/touch.ts";
import type { World } from "../../../src/agent/world.ts";
import { createBlobs } from "../../../src/node/blobs.ts";
import { memoryWorld } from "../../support/memory-world.ts";
import { realFiles, valueOf } from "../../support/real-files.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const never = new AbortController().signal;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A tool that makes files hold what it is told; null deletes. */
const writer = {
  kind: "change",
  name: "write",
  change: async (world: World, input: Readonly<Record<string, { text: string | null; mode?: number }>>): Promise<Result<Change[]>> => {
    const changes: Change[] = [];
    for (const [path, { text, mode }] of Object.entries(input)) {
      const place = valueOf(await world.files.locate(path));
      const image = await world.files.read(place.real, { maxBytes: 1e9 }, never);
      const before = image.ok ? image.value : null;
      changes.push({ path: place.real, shown: path, before, after: text === null ? null : bytes(text), ...(mode ? { mode } : {}) });
    }
    return ok(changes);
  },
} as unknown as AnyChangingTool;

describe("undoing changes", () => {
  const folder = tempFolder();
  let world: World;
  const at = (path: string): string => folder.in("w", path);
  const text = (path: string): string => readFileSync(at(path), "utf8");

  beforeEach(async () => {
    mkdirSync(folder.in("w"));
    const policy = { guard: [], workspace: [], personal: [] };
    const base = memoryWorld({ files: new Map(), ask: async () => fail("unavailable", "No model."), policy });
    world = { ...base, files: await realFiles(folder.in("w")), blobs: createBlobs(folder.in("blobs")) };
  });

  /** One change set through the gate, as a call makes it. */
  async function change(input: Readonly<Record<string, { text: string | null; mode?: number }>>): Promise<readonly Touch[]> {
    const measured = valueOf(await measure(world, writer, input, never));
    valueOf(await keepImages(world, measured.changes));
    const { changed, result } = await applyTouches(world, measured.touches, never);
    valueOf(result);
    return changed;
  }

  async function undo(touches: readonly Touch[]): Promise<{ readonly kept: readonly string[]; readonly changed: readonly Touch[] }> {
    const plan = await unwind(world, touches, never);
    const { changed, kept } = await restoreTouches(world, plan.touches);
    return { kept: [...plan.kept, ...kept].map(({ shown, why }) => `${shown}: ${why}`), changed };
  }

  it("gives back the bytes and the permission bits of every file, whatever was done in whatever order", async () => {
    const content = fc.oneof(
      fc.constant(null),
      fc.string({ unit: fc.constantFrom("a", "\n", "\r\n", "ä", "\t") }),
      fc.constant("\uFEFFx\r\ny"),
    );
    const file = fc.record({ text: content, mode: fc.constantFrom(0o644, 0o755, 0o600) });
    const step = fc.dictionary(fc.constantFrom("a", "b.sh", "d/c"), file, { minKeys: 1 });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(step, fc.array(step, { maxLength: 5 }), async (first, steps) => {
        const place = `r${round++}`;
        const within = (input: typeof first): typeof first =>
          Object.fromEntries(Object.entries(input).map(([name, one]) => [`${place}/${name}`, one]));
        await change(within(first));
        const names = ["a", "b.sh", "d/c"].map((name) => `${place}/${name}`);
        const seen = (): unknown =>
          names.map((name) => existsSync(at(name)) && [readFileSync(at(name), "hex"), statSync(at(name)).mode & 0o777]);
        const before = seen();
        const made: Touch[] = [];
        for (const one of steps) made.push(...(await change(within(one))));
        const after = seen();
        const undone = await undo(made);
        assert.deepEqual(undone.kept, []);
        assert.deepEqual(seen(), before);
        // A restore is a change like any other: taking it back gives what was there before it.
        assert.deepEqual((await undo(undone.changed)).kept, []);
        assert.deepEqual(seen(), after);
      }),
      { numRuns: 8 },
    );
  });

  it("never drops a line that a person wrote, before, between or after the changes", async () => {
    const lines = ["one", "two", "three", "four", "five", "six"];
    const edits = fc.array(fc.record({ by: fc.constantFrom("agent", "person"), line: fc.nat({ max: 12 }), drop: fc.boolean() }), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(edits, async (all) => {
        await change({ f: { text: `${lines.join("\n")}\n` } });
        const made: Touch[] = [];
        const written: string[] = [];
        for (const [nth, { by, line, drop }] of all.entries()) {
          const now = text("f").split("\n").slice(0, -1);
          const fresh = `${by} ${nth}`;
          // A person adds lines; the agent adds, and drops lines that no person wrote.
          if (by === "agent" && drop) {
            const old = now.findIndex((one, i) => i >= line % now.length && !one.startsWith("person"));
            if (old === -1) continue;
            now.splice(old, 1, fresh);
          } else now.splice(line % (now.length + 1), 0, fresh);
          const next = `${now.join("\n")}\n`;
          if (by === "person") {
            writeFileSync(at("f"), next);
            written.push(fresh);
          } else made.push(...(await change({ f: { text: next } })));
        }
        const undone = await undo(made);
        for (const line of written) assert.ok(text("f").includes(`${line}\n`), `${line} is gone from\n${text("f")}`);
        if (undone.kept.length === 0) {
          assert.deepEqual(
            text("f")
              .split("\n")
              .filter((line) => !line.startsWith("person")),
            [...lines, ""],
          );
        }
        await change({ f: { text: null } });
      }),
      { numRuns: 25 },
    );
  });

  it("keeps a file that a person changed in the same lines, deleted or made anew, and says why", async () => {
    await change({ same: { text: "a\nb\nc\n" }, gone: { text: "a\n" }, dropped: { text: "x\n" } });
    const made = await change({ same: { text: "a\nB\nc\n" }, gone: { text: "b\n" }, made: { text: "new\n" }, dropped: { text: null } });
    writeFileSync(at("same"), "a\nB mine\nc\n");
    writeFileSync(at("made"), "new\nmine\n");
    writeFileSync(at("dropped"), "mine\n");
    await world.files.swap(at("gone"), world.digest("b\n"), null);
    const { kept, changed } = await undo(made);
    assert.deepEqual(changed, []);
    assert.deepEqual(kept, [
      "same: Changed since in line 2; it stays as it is.",
      "gone: It was deleted since; it stays deleted.",
      "made: It was changed since it was created; it stays as it is.",
      "dropped: It was created anew since it was deleted; it stays as it is.",
    ]);
  });

  it("takes the file as it was where the person says so, and that too can be undone", async () => {
    await change({ f: { text: "a\nb\n" } });
    const made = await change({ f: { text: "a\nB\n" } });
    writeFileSync(at("f"), "a\nmine\n");
    const plan = await unwind(world, made, never, () => "then");
    const { changed } = await restoreTouches(world, plan.touches);
    assert.equal(text("f"), "a\nb\n");
    await undo(changed);
    assert.equal(text("f"), "a\nmine\n");
  });

  it("leaves permission bits that a person set, and files that others made", async () => {
    await change({ run: { text: "1\n" } });
    const made = await change({ run: { text: "2\n" } });
    chmodSync(at("run"), 0o755);
    writeFileSync(at("other"), "theirs");
    await undo(made);
    assert.deepEqual([text("run"), statSync(at("run")).mode & 0o777, text("other")], ["1\n", 0o755, "theirs"]);
  });

  it("puts the others back when one file of a change set cannot be written", async () => {
    await change({ a: { text: "a" }, "locked/b": { text: "b" } });
    const measured = valueOf(await measure(world, writer, { a: { text: "A" }, "locked/b": { text: "B" }, c: { text: "C" } }, never));
    valueOf(await keepImages(world, measured.changes));
    chmodSync(at("locked/b"), 0o444);
    const { changed, result } = await applyTouches(world, measured.touches, never);
    assert.equal(result.ok, false);
    assert.deepEqual(changed, []);
    assert.deepEqual([text("a"), text("locked/b"), existsSync(at("c"))], ["a", "b", false]);
  });

  it("touches none when one of them holds something else by now", async () => {
    await change({ a: { text: "a" }, b: { text: "b" } });
    const measured = valueOf(await measure(world, writer, { a: { text: "A" }, b: { text: "B" } }, never));
    valueOf(await keepImages(world, measured.changes));
    writeFileSync(at("b"), "mine");
    const { result } = await applyTouches(world, measured.touches, never);
    assert.match(result.ok ? "" : result.fault.message, /^b holds something else/);
    assert.deepEqual([text("a"), text("b")], ["a", "mine"]);
  });
});
