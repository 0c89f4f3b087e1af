import { strict as assert } from "node:assert";
import { openJobs } from "../../../src/agent/jobs.ts";
import { fold } from "../../../src/agent/reduce.ts";
import { fail, ok, type Result } from "../../../src/agent/result.ts";
import { jobOutput, startJob, stopJob } from "../../../src/agent/tool/jobs.ts";
import type { JobEnd, Jobs, JobTask } from "../../../src/agent/job.ts";
import type { Ending, Shell, Task, World } from "../../../src/agent/world.ts";
import { fakeClock } from "../../support/fake-clock.ts";
import { memoryWorld } from "../../support/memory-world.ts";
import { play } from "../../support/play.ts";
import { observed } from "../../support/tool-world.ts";

const never = new AbortController().signal;
const ended: Ending = {
  exit: 3,
  signal: null,
  killedBy: null,
  output: "",
  stdout: "",
  stderr: "",
  truncated: false,
  spill: null,
  ms: 1,
  sandboxed: true,
};

/** A shell whose commands run until the test ends them. */
function bench() {
  const clock = fakeClock();
  const ends: JobEnd[] = [];
  const tasks: Task[] = [];
  const endings = new Map<string, (result: Result<Ending>) => void>();
  const ports = new Set<number>();
  const run = (task: Task, signal: AbortSignal): Promise<Result<Ending>> => {
    tasks.push(task);
    return new Promise((resolve, reject) => {
      endings.set(task.call, resolve);
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    });
  };
  const world = memoryWorld({
    files: new Map(),
    ask: async () => fail("unavailable", "none"),
    policy: { guard: [], workspace: [], personal: [] },
  });
  const shell: Shell = { ...world.shell, run, listens: async ({ port }) => ports.has(port) };
  const jobs = openJobs({ shell: () => shell, clock, onOutput: () => undefined, onEnd: (end) => ends.push(end) });
  return {
    world: { ...world, shell, clock, jobs } satisfies World,
    jobs,
    clock,
    ends,
    tasks,
    ports,
    print: (job: string, text: string) => tasks.find(({ call }) => call === job)?.onOutput?.(text, "stdout"),
    end: (job: string, result: Result<Ending> = ok(ended)) => endings.get(job)?.(result),
  };
}

const task = (job: string, more: Partial<JobTask> = {}): JobTask => ({
  job,
  line: "serve",
  cwd: "/w",
  network: false,
  ready: undefined,
  readyMs: 60_000,
  ...more,
});

describe("a background job", () => {
  it("runs without a limit of time, beside others, and says what it printed once", async () => {
    const { jobs, clock, tasks, print } = bench();
    const started = jobs.start(task("a"), never);
    await clock.advance(50);
    print("a", "hello\n");
    assert.deepEqual(await clock.until(started), ok({ running: true, exit: null, killedBy: null, output: "hello\n", omitted: 0 }));
    assert.deepEqual(
      tasks.map(({ background, network, timeoutMs }) => [background, network, timeoutMs > 1e9]),
      [[true, false, true]],
    );
    assert.equal(jobs.report("a")?.output, "");
    print("a", "more");
    assert.equal(jobs.report("a")?.output, "more");
  });

  it("is ready when its port listens or its output matches, and not before", async () => {
    for (const [ready, happen] of [
      [{ port: 3000, pattern: undefined }, ({ ports }) => ports.add(3000)],
      [{ port: undefined, pattern: "^listening" }, ({ print }) => print("a", "x\nlistening on 3000\n")],
    ] as readonly [NonNullable<JobTask["ready"]>, (on: ReturnType<typeof bench>) => unknown][]) {
      const on = bench();
      const started = on.jobs.start(task("a", { ready }), never);
      await on.clock.advance(5000);
      happen(on);
      const report = await on.clock.until(started);
      assert.ok(report.ok && report.value.ready === true && report.value.running);
      assert.ok(on.clock.now() - Date.UTC(2026, 0, 1) < 6000);
    }
  });

  it("runs on where it is not ready in time, and says so", async () => {
    const { jobs, clock } = bench();
    const report = await clock.until(jobs.start(task("a", { ready: { port: 1, pattern: undefined }, readyMs: 2000 }), never));
    assert.ok(report.ok && report.value.ready === false && report.value.running);
  });

  it("that ends before it stands is told by its start, not by an event", async () => {
    const { jobs, clock, end, ends, print } = bench();
    const started = jobs.start(task("a", { ready: { port: 1, pattern: undefined } }), never);
    print("a", "no such file\n");
    end("a");
    const report = await clock.until(started);
    assert.ok(report.ok && !report.value.running && report.value.exit === 3 && report.value.ready === false);
    assert.deepEqual(ends, []);
    const refused = jobs.start(task("b"), never);
    end("b", fail("unavailable", "The sandbox did not start."));
    assert.match(JSON.stringify(await clock.until(refused)), /sandbox did not start/);
  });

  it("that ends by itself later, or is stopped, says so once", async () => {
    const { jobs, clock, end, ends } = bench();
    for (const job of ["a", "b", "c"]) await clock.until(jobs.start(task(job), never));
    end("a");
    await jobs.stop(["a", "b", "unknown"], "stopped");
    await jobs.stop("all", "run ended");
    assert.deepEqual(
      ends.map(({ job, why, exit }) => [job, why, exit]),
      [
        ["a", "exited", 3],
        ["b", "stopped", null],
        ["c", "run ended", null],
      ],
    );
  });

  it("is stopped when its start is cancelled", async () => {
    const { jobs, clock, ends } = bench();
    const stop = new AbortController();
    const started = jobs.start(task("a", { ready: { port: 1, pattern: undefined } }), stop.signal);
    started.catch(() => undefined);
    await clock.advance(300);
    stop.abort();
    await assert.rejects(started, { name: "AbortError" });
    assert.equal(jobs.report("a")?.running, false);
    assert.deepEqual(ends, []);
  });

  it("keeps the end of what it printed, and says how much is missing", async () => {
    const { jobs, clock, print } = bench();
    await clock.until(jobs.start(task("a"), never));
    for (let i = 0; i < 10; i++) print("a", `${"x".repeat(9_999)}${i}`);
    const report = jobs.report("a");
    assert.equal(report?.output.length, 64_000);
    assert.equal(report?.omitted, 36_000);
    assert.ok(report?.output.endsWith("9"));
  });

  it("is one of a few", async () => {
    const { jobs, clock } = bench();
    for (let i = 0; i < 8; i++) await clock.until(jobs.start(task(`j${i}`), never));
    assert.match(JSON.stringify(await jobs.start(task("j8"), never)), /stop one first/);
    await jobs.stop(["j0"], "stopped");
    assert.ok((await clock.until(jobs.start(task("j9"), never))).ok);
  });
});

describe("the tools for jobs", () => {
  it("start, look at and stop one, by the name of the call that started it", async () => {
    const { world, clock, ports, print } = bench();
    ports.add(80);
    const started = await clock.until(observed(startJob, world, { line: "serve", port: 80, keep: true }));
    assert.deepEqual(started.ok && [started.value.text, started.value.data], [
      "It runs and is ready: job s1.1.1.0.\n(no new output)",
      { job: { line: "serve", keep: true } },
    ]);
    print("s1.1.1.0", "GET /\n");
    const looked = await observed(jobOutput, world, { job: "s1.1.1.0" });
    assert.equal(looked.ok && looked.value.text, "running\nGET /");
    const stopped = await observed(stopJob, world, { job: "s1.1.1.0" });
    assert.equal(stopped.ok && stopped.value.text, "stopped\n(no new output)");
  });

  it("say what to do about a job that is not there", async () => {
    const { world } = bench();
    for (const tool of [jobOutput, stopJob]) {
      const result = await observed(tool, world, { job: "x" });
      assert.match(JSON.stringify(result), /No job x runs: .*start it again/);
    }
    assert.equal(startJob.input.safeParse({ line: "x", pattern: "(" }).success, false);
  });
});

describe("the jobs of a run", () => {
  const run = async (input: object, more: Partial<Parameters<typeof play>[0]> = {}) => {
    const { jobs, ports, clock, end, ends, world } = bench();
    ports.add(1);
    const stops: [readonly string[] | "all", string][] = [];
    const watched: Jobs = {
      ...jobs,
      start: (one, signal) => clock.until(jobs.start(one, signal)),
      stop: async (which, why) => {
        stops.push([which, why]);
        await jobs.stop(which, why);
      },
    };
    const played = await play({
      goal: "Change it",
      test: "check",
      say: (_, turn) => (turn === 0 ? [["start_job", { line: "serve", port: 1, ...input }]] : "Done."),
      command: () => ({ exit: 0, output: "" }),
      around: (inner) => ({
        ...inner,
        jobs: watched,
        shell: { ...world.shell, run: (one, signal) => (one.background ? world.shell.run(one, signal) : inner.shell.run(one, signal)) },
      }),
      ...more,
    });
    return { ...played, stops, ends, end };
  };

  it("end before their step is checked, unless they are to be kept, and all with the run", async () => {
    const passing = await run({});
    const id = passing.state.jobs[0]?.job ?? "";
    assert.match(id, /\.1\.0\.0$/);
    assert.deepEqual(passing.stops, [
      [[id], "step ended"],
      ["all", "run ended"],
    ]);
    const kept = await run({ keep: true });
    assert.deepEqual(kept.stops.slice(-2), [
      [[], "step ended"],
      ["all", "run ended"],
    ]);
    assert.deepEqual(
      kept.ends.map(({ why }) => why),
      ["run ended"],
    );
  });

  it("are lost when the process dies, and the model hears of it after the resume", async () => {
    const stopped = await run({ keep: true }, { onEvent: (event, _, stop) => event.type === "call.ended" && stop.abort() });
    assert.equal(stopped.state.jobs[0]?.ended, undefined);
    const again = await run({}, { events: stopped.events, say: () => "Done." });
    assert.equal(again.state.jobs[0]?.ended?.why, "lost");
    assert.match(JSON.stringify(again.requests[0]?.messages), /\[Job [^ ]+ \(serve\) ended when Proviso was interrupted\.\]/);
  });

  it("that end by themselves are told to the model where it happened", () => {
    const played = run({ keep: true });
    return played.then(({ events }) => {
      const at = events.findIndex(({ type }) => type === "call.ended");
      const job = fold(events).jobs[0]?.job ?? "";
      const news = fold([...events.slice(0, at + 1), { v: 1, seq: at + 2, at: 0, type: "job.ended", job, exit: 1, why: "exited", ms: 1 }]);
      assert.deepEqual(news.jobs[0]?.ended, { why: "exited", exit: 1, seq: at + 2 });
      assert.equal(news.lastWrite, at + 2);
    });
  });
});
