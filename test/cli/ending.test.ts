// How a run ends when it does not simply succeed: exit codes, what the journal says, and that it can go on.

import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CommandLine, eventsOf } from "../support/command-line.ts";
import type { Cue, Line } from "../support/script.ts";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";

const step = (id: string, more: object = {}) => ({
  id,
  goal: `Do ${id}`,
  role: "coder",
  needs: [],
  check: { by: "content", path: "a.txt", matches: "right" },
  ...more,
});
const edit = (search: string, replace: string): Line => ({
  calls: [{ tool: "edit_file", args: { path: "a.txt", blocks: [{ search, replace }] } }],
});

/** Plans one step, and lets the test say what happens in it. */
const oneStep =
  (act: (cue: Cue) => Line, plan: object = {}) =>
  (cue: Cue): Line => {
    if (cue.answer === "plan") return { answer: { steps: [step("it", plan)] } };
    if (cue.answer === "reflection") return { answer: { because: "It is still wrong.", lesson: "Do better.", then: "retry" } };
    return act(cue);
  };

const goal = "Make it right and then stop";

describe("how a run ends", () => {
  let server: ScriptedServer | undefined;
  let cli: CommandLine;
  const begin = async (script: (cue: Cue) => Line, env: Readonly<Record<string, string>> = {}): Promise<void> => {
    server = await startScriptedServer(script);
    cli = new CommandLine([["a.txt", "wrong\n"]], { OPENAI_BASE_URL: server.url, PROVISO_MODEL: "scripted", ...env });
  };
  afterEach(async () => {
    cli.remove();
    await server?.close();
    server = undefined;
  });

  it("stops for an approval with 3 where nobody is there, and goes on from there", async () => {
    await begin(oneStep(({ turn }) => (turn === 0 ? edit("wrong", "right") : { text: "Right now." })));
    const stopped = await cli.run("run", goal, "--json");
    assert.equal(stopped.code, 3, stopped.err);
    const last = eventsOf(stopped.out).at(-1);
    assert.ok(last?.type === "run.ended" && last.outcome === "stopped");
    assert.equal(readFileSync(join(cli.workspace, "a.txt"), "utf8"), "wrong\n");

    const plain = await cli.run("resume", "--approve", "edits");
    assert.equal(plain.code, 0, plain.out + plain.err);
    assert.equal(readFileSync(join(cli.workspace, "a.txt"), "utf8"), "right\n");
  });

  it("fails with 1 when no attempt passes its check, and leaves the files as they were", async () => {
    await begin(oneStep(({ turn }) => (turn === 0 ? edit("wrong", "wronger") : { text: "Done." })));
    const { code, out, err } = await cli.run("run", goal, "--approve", "edits");
    assert.equal(code, 1, out);
    assert.match(out, /attempt 3/);
    assert.match(out, /✖ failed/);
    assert.match(err, /proviso resume \S+ goes on from here/);
    assert.equal(readFileSync(join(cli.workspace, "a.txt"), "utf8"), "wrong\n");
  });

  it("blows a fuse with 4, and a resume gets as much again", async () => {
    await begin(oneStep(({ turn }) => ({ calls: [{ tool: "list_files", args: { depth: (turn % 9) + 1 } }] })));
    writeConfig(cli, { limits: { calls: 3 } });
    const blown = await cli.run("run", goal, "--approve", "edits", "--json");
    assert.equal(blown.code, 4, blown.err);
    const events = eventsOf(blown.out);
    assert.ok(events.some((event) => event.type === "fuse.blown" && event.fuse === "calls"));
    const again = await cli.run("resume", "--approve", "edits", "--json");
    assert.equal(again.code, 4, again.err);
    const [resumed] = eventsOf(again.out);
    assert.ok(resumed?.type === "run.resumed" && resumed.limits?.calls === 6);
  });

  it("refuses a budget that is used up already", async () => {
    await begin(oneStep(() => ({ text: "Done." })));
    writeConfig(cli, {
      limits: { calls: 3 },
      providers: [{ id: "openai", baseURL: server?.url, prices: { scripted: { input: 1000, output: 1000 } } }],
    });
    await cli.run("run", goal, "--approve", "edits", "--budget", "100");
    const { code, err } = await cli.run("resume", "--budget", "0.000001");
    assert.equal(code, 2, err);
    assert.match(err, /has cost \$\S+ already, and --budget is for the whole of it/);
  });

  it("stops before a request that could pass the budget", async () => {
    await begin(oneStep(() => ({ text: "Done." })));
    writeConfig(cli, { providers: [{ id: "openai", baseURL: server?.url, prices: { scripted: { input: 1000, output: 1000 } } }] });
    const { code, out } = await cli.run("run", goal, "--approve", "edits", "--budget", "0.001", "--json");
    assert.equal(code, 4, out);
    assert.equal(server?.requests.length, 0);
  });

  it("is cancelled by Ctrl+C with 130 while the model thinks, and resumes", async () => {
    await begin(
      oneStep(({ turn, text }) =>
        turn === 0 ? edit("wrong", "right") : text.includes("hang") ? { trouble: { is: "hang" } } : { text: "Right." },
      ),
    );
    const hanging = server;
    const running = cli.start(["run", `${goal} (hang)`, "--approve", "edits", "--json"]);
    await running.says(/"call.ended"/);
    const begun = performance.now();
    running.process.kill("SIGINT");
    const cancelled = await running.finished;
    assert.equal(cancelled.code, 130, cancelled.err);
    assert.ok(performance.now() - begun < 5000);
    const last = eventsOf(cancelled.out).at(-1);
    assert.ok(last?.type === "run.ended" && last.outcome === "cancelled");

    await hanging?.close();
    server = await startScriptedServer(
      oneStep(() => ({ text: "Right." })),
      { port: hanging?.port ?? 0 },
    );
    const resumed = await cli.run("resume", "--approve", "edits", "--json");
    assert.equal(resumed.code, 0, resumed.err);
    assert.ok(
      eventsOf(resumed.out).every((event) => event.type !== "call.begun"),
      "the edit is not made twice",
    );
    assert.equal((await cli.run("replay")).code, 0);
  });

  it("kills the whole tree of a running command when it is cancelled", async () => {
    await begin(
      oneStep(({ turn }) =>
        turn === 0
          ? { calls: [{ tool: "run_command", args: { line: "sh -c 'sleep 300 & echo $$ $! > pids; wait'" } }] }
          : { text: "Done." },
      ),
    );
    const running = cli.start(["run", goal, "--approve", "all", "--json"]);
    await running.says(/"call.begun"/);
    const pids = join(cli.workspace, "pids");
    while (!existsSync(pids) || readFileSync(pids, "utf8").trim() === "") await new Promise((resolve) => setTimeout(resolve, 10));
    running.process.kill("SIGINT");
    const { code, out } = await running.finished;
    assert.equal(code, 130);
    const ended = eventsOf(out).find((event) => event.type === "call.ended");
    assert.ok(ended?.type === "call.ended" && !ended.outcome.ok && /stopped before it ended/.test(ended.outcome.fault.message));
    // In a sandbox the numbers are of its own namespace and name nothing out here.
    assert.equal(left(cli.folder), "");
  });

  it("does not wait for anything on a second Ctrl+C", async () => {
    await begin(oneStep(() => ({ trouble: { is: "hang" } })));
    const running = cli.start(["run", goal, "--approve", "edits", "--json"]);
    await running.says(/"plan.settled"/);
    running.process.kill("SIGINT");
    running.process.kill("SIGINT");
    assert.equal((await running.finished).code, 130);
    const resumed = await cli.run("show", "--json");
    assert.equal(resumed.code, 0, resumed.err);
  });

  it("lets one process only work on a run", async () => {
    await begin(oneStep(() => ({ trouble: { is: "hang" } })));
    const running = cli.start(["run", goal, "--approve", "edits", "--json"]);
    await running.says(/"plan.settled"/);
    const second = await cli.run("resume");
    assert.equal(second.code, 1);
    assert.match(
      second.err,
      new RegExp(`^proviso: run \\S+ is open in process ${running.process.pid}; use it there, or end that process first\\.\n$`),
    );
    const listed = await cli.run("runs", "--json");
    assert.match(listed.out, new RegExp(`"outcome":"running".*"pid":${running.process.pid}`));
    running.process.kill("SIGKILL");
    await running.finished;
    assert.match((await cli.run("runs", "--json")).out, /"outcome":"interrupted"/);
  });

  it("ends when nobody reads its output any more", async () => {
    await begin(oneStep(({ turn }) => ({ calls: [{ tool: "list_files", args: { depth: (turn % 9) + 1 } }] })));
    const running = cli.start(["run", goal, "--approve", "edits", "--json"]);
    await running.says(/"plan.settled"/);
    running.process.stdout?.destroy();
    const { code, err } = await running.finished;
    assert.equal(code, 130, err);
    assert.doesNotMatch(err, /EPIPE|at .*\.js/);
  });
});

function writeConfig(cli: CommandLine, config: object): void {
  const folder = join(cli.folder, "config", "proviso");
  cli.env["XDG_CONFIG_HOME"] = join(cli.folder, "config");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
}

/** Commands of processes that name the folder. */
function left(folder: string): string {
  const own = (pid: string): boolean => /^\d+$/.test(pid) && Number(pid) !== process.pid;
  const lines = readdirSync("/proc")
    .filter(own)
    .map((pid) => {
      try {
        const cwd = readlinkSync(`/proc/${pid}/cwd`);
        return cwd.startsWith(folder) ? `${pid} ${readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")}` : "";
      } catch {
        return "";
      }
    });
  return lines.filter((line) => line !== "").join("\n");
}
