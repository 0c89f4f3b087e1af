import { strict as assert } from "node:assert";
import { changesAfter, checkpoints, findPoint } from "../../../src/agent/checkpoint.ts";
import { drive, Run } from "../../../src/agent/engine.ts";
import type { Event } from "../../../src/agent/event.ts";
import { performers } from "../../../src/agent/performers.ts";
import { shippedPolicy } from "../../../src/agent/policy/defaults.ts";
import { fold } from "../../../src/agent/reduce.ts";
import { restoreTouches } from "../../../src/agent/unwind.ts";
import { planRestore, restoreFiles } from "../../../src/agent/restore-run.ts";
import { standardCatalog } from "../../../src/agent/tool/standard.ts";
import { type Kill, Killed, MemoryLog } from "../../support/memory-log.ts";
import { memoryWorld } from "../../support/memory-world.ts";
import { play } from "../../support/play.ts";
import { storyFiles, storyModel } from "../../support/story.ts";
import { tellStory } from "../../support/tell-story.ts";
import { valueOf } from "../../support/real-files.ts";

const never = new AbortController().signal;

describe("restoring a run", () => {
  interface Left {
    readonly events: readonly Event[];
    readonly files: Map<string, string>;
    readonly blobs: Map<string, Uint8Array>;
  }

  /** A process that goes on with what the last one left, and dies before the effect or at the append it is told to. */
  async function restoring(left: Left, deaths: { readonly effect?: number; readonly kill?: Kill } = {}): Promise<Left & { died: boolean }> {
    const log = new MemoryLog(left.events, deaths.kill);
    let effects = 0;
    let dead = false;
    const onEffect = (): void => {
      log.alive();
      dead ||= effects++ === deaths.effect;
      if (dead) throw new Killed();
    };
    const world = memoryWorld({ files: left.files, blobs: left.blobs, ask: storyModel, policy: shippedPolicy(), onEffect });
    const run = new Run({ world, tools: standardCatalog(), log, state: fold(log.events) });
    let died = false;
    try {
      if (run.state.restoring) await drive(run, performers, never);
      else {
        const point = valueOf(findPoint(log.events, "start"));
        await restoreFiles(run, point, await planRestore(world, log.events, point.to, () => "mine", never), never);
      }
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      died = true;
    }
    // A performer that dies inside the loop is told of as a broken one; a dead process says nothing.
    return { events: log.events, files: left.files, blobs: left.blobs, died: died || dead };
  }

  const atStart = (files: Map<string, string>): Record<string, string | undefined> =>
    Object.fromEntries(["src/add.js", "old.txt", "NOTES.md"].map((path) => [path, files.get(path)]));

  it("is finished by the next process, killed at whatever effect or append", async () => {
    const told = await tellStory({});
    const fresh = (): Left => ({ events: told.events, files: new Map(told.files), blobs: new Map(told.blobs) });
    const wanted = atStart(storyFiles());
    assert.deepEqual(atStart((await restoring(fresh())).files), wanted);
    const deaths = [
      ...[0, 1, 2].map((effect) => ({ effect })),
      ...[0, 1].flatMap((at) => (["before", "after", "power"] as const).map((when) => ({ kill: { at, when } }))),
    ];
    for (const death of deaths) {
      const where = JSON.stringify(death);
      const dead = await restoring(fresh(), death);
      assert.equal(dead.died, true, where);
      const events = dead.events.filter(({ type }) => type !== "fuse.blown");
      // Dead before its intent was kept: nothing was touched, and the person asks again.
      if (fold(events).restoring === undefined && atStart(dead.files)["src/add.js"] !== wanted["src/add.js"]) {
        assert.deepEqual(Object.fromEntries(dead.files), Object.fromEntries(told.files), where);
        continue;
      }
      if (events.some(({ type }) => type === "restore.ended")) {
        assert.deepEqual(atStart(dead.files), wanted, where);
        continue;
      }
      const next = await restoring({ ...dead, events });
      assert.deepEqual(atStart(next.files), wanted, where);
      assert.equal(next.events.filter(({ type }) => type === "restore.ended").length, 1, where);
    }
  });

  it("tells the model, and has everything proved anew", async () => {
    const told = await tellStory({});
    const { events } = await restoring({ events: told.events, files: told.files, blobs: told.blobs });
    const state = fold(events);
    assert.match(state.said.at(-1)?.text ?? "", /^I put files back as they were at the start of the run: .*src\/add\.js/);
    assert.equal(state.lastWrite, events.at(-1)?.seq);
  });

  it("has a point before every call that changed something, and before every restore", async () => {
    const told = await tellStory({});
    const { events } = await restoring({ events: told.events, files: told.files, blobs: told.blobs });
    const points = checkpoints(events);
    assert.deepEqual(
      points.map(({ of, step }) => `${of} ${step ?? ""}`.trim()),
      ["call mend", "rollback mend", "call mend", "call note", "call note", "call note", "restore"],
    );
    assert.deepEqual(
      changesAfter(events, points.at(-1)?.to ?? 0)
        .map(({ shown }) => shown)
        .sort(),
      ["NOTES.md", "log.txt", "old.txt", "src/add.js"],
    );
    assert.match(
      (({ ok, ...rest }) => (ok ? "" : JSON.stringify(rest)))(findPoint(events, "nowhere")),
      /names no point of this run; give \\"start\\", \\"fuse\\", a step, a call/,
    );
  });

  it("undoes what the commands of a failed attempt changed, and the journal says what", async () => {
    const { files, text } = await play({
      files: { "a.txt": "one\n" },
      test: "check",
      goal: "Change a.txt",
      limits: { attemptsPerStep: 1 },
      command: (line, all) => {
        if (line === "check") return { exit: 1, output: "" };
        all.set("a.txt", "two\n");
        all.set("made.txt", "x\n");
        return { exit: 0, output: "" };
      },
      say: (_request, turn) => (turn === 0 ? [["run_command", { line: "node generate.js" }]] : "Done."),
    });
    assert.match(text, /step\.restored change attempt 1: a\.txt, made\.txt/);
    assert.deepEqual([...files], [["a.txt", "one\n"]]);
  });

  const twice = (command: (files: Map<string, string>) => void, between?: (files: Map<string, string>) => void) =>
    play({
      files: { "a.txt": "one\n" },
      test: "check",
      goal: "Change a.txt",
      limits: { attemptsPerStep: 2 },
      command: (line, all) => {
        if (line === "check") {
          if (all.has("made.txt")) between?.(all);
          return { exit: all.has("made.txt") ? 1 : 0, output: "" };
        }
        command(all);
        return { exit: 0, output: "" };
      },
      say: (request, turn) => {
        if (request.purpose === "reflect") return { answer: { because: "It failed.", lesson: "Do less.", then: "retry" } };
        return turn === 0 && request.messages.every(({ text }) => !text.includes("Learnt from"))
          ? [["run_command", { line: "node generate.js" }]]
          : "Done.";
      },
    });

  it("keeps what a person wrote while a command ran, names the file to the person and the model, and gives it back", async () => {
    const { events, requests, files, world } = await twice((all) => {
      all.set("a.txt", "one\nwritten by a person meanwhile\n");
      all.set("made.txt", "x\n");
    });
    const undone = events.find((event) => event.type === "step.restored");
    assert.deepEqual(undone?.type === "step.restored" && undone.commanded, ["a.txt", "made.txt"]);
    assert.equal(files.get("a.txt"), "one\n");
    assert.match(JSON.stringify(requests.at(-1)?.messages), /commands changed was put back too: a\.txt, made\.txt/);
    const point = checkpoints(events).find(({ of }) => of === "rollback");
    const plan = await planRestore(world, events, point?.to ?? 0, () => "mine", never);
    await restoreTouches(world, plan.touches);
    assert.equal(files.get("a.txt"), "one\nwritten by a person meanwhile\n");
  });

  it("leaves alone a file that a command changed and somebody else did too, and says so to the model", async () => {
    const { events, requests, files } = await twice(
      (all) => {
        all.set("a.txt", "two\n");
        all.set("made.txt", "x\n");
      },
      (all) => all.set("a.txt", "two\nmine\n"),
    );
    const undone = events.find((event) => event.type === "step.restored");
    assert.deepEqual(undone?.type === "step.restored" && [undone.restored, undone.kept], [["made.txt"], ["a.txt"]]);
    assert.equal(files.get("a.txt"), "two\nmine\n");
    assert.match(JSON.stringify(requests.at(-1)?.messages), /Left as they are, since somebody else changed them: a\.txt/);
  });
});
