// Cancelling at every event of a real run, and in the middle of a stream and of a command: in this process, which lives on, so that what
// is left behind is left behind by the cancelling and not hidden by an exit. Looked at through the operating system.

import { strict as assert } from "node:assert";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import type { Event } from "../../src/agent/event.ts";
import { dispatch } from "../../src/cli/commands.ts";
import { CommandLine, eventsOf } from "../support/command-line.ts";
import { processesNaming, until } from "../support/processes.ts";
import type { Script } from "../support/script.ts";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { storyEnd, storyFiles, storyGoal, storyPlan } from "../support/story.ts";
import { storyScript } from "../support/story-server.ts";

/** One second is promised, and a tenth of it is what it takes; a busy machine is slow, not wrong. */
const patienceMs = 10_000;
/** Going on is proved at every event by the tests of crashes; here, at some. */
const resumedEvery = 5;

describe("cancelling a run", () => {
  let server: ScriptedServer;
  let cli: CommandLine;
  const begin = async (script: Script): Promise<void> => {
    server = await startScriptedServer(script);
    const files = storyFiles().set("package.json", '{"name":"sums","type":"module","scripts":{"test":"node test.js"}}\n');
    cli = new CommandLine(files, { OPENAI_BASE_URL: server.url, OPENAI_API_KEY: "sk-test", PROVISO_MODEL: "scripted" });
  };
  const end = async (): Promise<void> => {
    cli.remove();
    await server.close();
  };

  interface Finished {
    readonly code: number;
    readonly events: readonly Event[];
    /** From the cancelling to the end; undefined where it ended first. */
    readonly ms: number | undefined;
  }

  /** Runs a command in this process; `when` is told of every event, and cancels. */
  async function run(args: readonly string[], when: (nth: number, cancel: () => void) => void): Promise<Finished> {
    const stop = new AbortController();
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    let out = "";
    let err = "";
    let at: number | undefined;
    let seen = 0;
    const cancel = (): void => {
      at ??= performance.now();
      stop.abort(new DOMException("interrupted", "AbortError"));
    };
    stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
      for (const nth of text
        .split("\n")
        .slice(1)
        .map(() => ++seen))
        when(nth, cancel);
    });
    stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    const io = { stdin: Readable.from([]), stdout, stderr, cwd: cli.workspace, env: cli.env };
    when(0, cancel);
    const code = await dispatch([...args, "--approve", "all", "--json"], io, stop.signal);
    const ms = at === undefined ? undefined : performance.now() - at;
    await new Promise((resolve) => stdout.end(resolve));
    assert.equal(err.includes("fault of Proviso"), false, err);
    return { code, events: eventsOf(out), ms };
  }

  /** Nothing of it is left: looked at at once, since the command has said that it is over. */
  async function nothingLeft(where: string): Promise<void> {
    assert.deepEqual(processesNaming(cli.folder), [], `${where}: no process`);
    await server.idle();
    const all = readdirSync(cli.folder, { recursive: true, encoding: "utf8" }).filter((path) => statSync(join(cli.folder, path)).isFile());
    assert.deepEqual(
      all.filter((path) => /\.new$|\.tmp|(^|\/)lock\.\d+$/.test(path)),
      [],
      `${where}: no temporary file, no lock`,
    );
    const known = new Set(["package.json", "src/add.js", "test.js", "old.txt", "NOTES.md", "log.txt"]);
    const own = all.filter((path) => path.startsWith("workspace/")).map((path) => path.slice("workspace/".length));
    assert.deepEqual(
      own.filter((path) => !known.has(path)),
      [],
      where,
    );
    const source = readFileSync(join(cli.workspace, "src/add.js"), "utf8");
    assert.match(source, /^export const add = \(a, b\) => a [-*+] b;\n$/, `${where}: no half-written file`);
  }

  it("leaves nothing behind whichever event has just come, and the run goes on to the same end", async function () {
    this.timeout(300_000);
    await begin(storyScript);
    const whole = await run(["run", storyGoal], () => undefined);
    assert.equal(whole.code, 0);
    await end();
    for (let nth = 1; nth < whole.events.length; nth++) {
      await begin(storyScript);
      const where = `after event ${nth} (${whole.events[nth - 1]?.type})`;
      const { code, events, ms } = await run(["run", storyGoal], (seen, cancel) => seen === nth && cancel());
      // What lands while it is being cancelled may be its very end.
      assert.ok(code === 130 || code === 0, `${where}: ${code}`);
      assert.ok(ms !== undefined && ms < patienceMs, `${where}: ${ms} ms`);
      await nothingLeft(where);
      const last = events.at(-1);
      assert.ok(last?.type === "run.ended" && last.outcome === (code === 0 ? "done" : "cancelled"), where);
      if (nth % resumedEvery !== 0) {
        await end();
        continue;
      }
      const resumed = await run(["resume"], () => undefined);
      assert.equal(resumed.code, 0, `${where}: ${JSON.stringify(resumed.events.at(-1))}`);
      for (const path of ["src/add.js", "NOTES.md"]) assert.equal(readFileSync(join(cli.workspace, path), "utf8"), storyEnd[path], where);
      const noted = readdirSync(cli.workspace).includes("log.txt") ? readFileSync(join(cli.workspace, "log.txt"), "utf8") : "";
      assert.ok(noted === "" || noted === "noted\n", `${where}: nothing is done twice`);
      await end();
    }
  });

  for (const [what, trouble] of [
    ["before the first byte of an answer", { is: "hang" }],
    ["after the first piece of an answer", { is: "stall", after: 1 }],
    ["in the middle of an answer", { is: "stall", after: 3 }],
  ] as const) {
    it(`closes the stream ${what}`, async () => {
      await begin((cue) => (cue.answer === "plan" ? { answer: storyPlan } : { text: ["a ", "few ", "pieces ", "of ", "text"], trouble }));
      try {
        const plan = server.next();
        const { code, ms } = await run(["run", storyGoal], (seen, cancel) => {
          if (seen > 0) return;
          void plan.then(async () => {
            await server.next();
            // The stream has begun, and nothing more will come of it.
            for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
            cancel();
          });
        });
        assert.equal(code, 130);
        assert.ok(ms !== undefined && ms < patienceMs, `${ms} ms`);
        await nothingLeft(what);
      } finally {
        await end();
      }
    });
  }

  it("kills a command with all that it started, also what left its session", async () => {
    const nap = `300.${process.pid}${Date.now()}`;
    const line = `sh -c 'sleep ${nap} & setsid sleep ${nap} & echo begun > log.txt; wait'`;
    const step = { id: "it", goal: "Do it", role: "coder", needs: [], check: { by: "content", path: "log.txt", matches: "begun" } };
    await begin(({ answer }) => (answer === "plan" ? { answer: { steps: [step] } } : { calls: [{ tool: "run_command", args: { line } }] }));
    try {
      const log = join(cli.workspace, "log.txt");
      const begun = (): boolean => readdirSync(cli.workspace).includes("log.txt") && readFileSync(log, "utf8") === "begun\n";
      const { code, events, ms } = await run(["run", storyGoal], (seen, cancel) => {
        if (seen > 0) return;
        void until(() => begun() && processesNaming(`sleep\0${nap}`).length > 1).then(cancel);
      });
      assert.equal(code, 130);
      assert.ok(ms !== undefined && ms < patienceMs, `${ms} ms`);
      assert.deepEqual(processesNaming(nap), []);
      await nothingLeft("in a command");
      const ended = events.find((event) => event.type === "call.ended");
      assert.ok(ended?.type === "call.ended" && !ended.outcome.ok && /stopped before it ended/.test(ended.outcome.fault.message));
    } finally {
      await end();
    }
  });
});
