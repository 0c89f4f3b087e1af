import { strict as assert } from "node:assert";
import { readlinkSync } from "node:fs";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { openJobs } from "../../src/agent/jobs.ts";
import type { JobEnd, Jobs, JobTask } from "../../src/agent/job.ts";
import type { Ending } from "../../src/agent/world.ts";
import { systemClock } from "../../src/node/clock.ts";
import { type HostShell, openShell } from "../../src/node/shell.ts";
import { processesNaming, until } from "../support/processes.ts";
import { Scratch } from "../support/scratch.ts";

const never = new AbortController().signal;
const serverAt = (port: number): string =>
  `node -e "require('http').createServer((q, s) => { console.log(q.url); s.end('hello') }).listen(${port}, '127.0.0.1', () => console.log('up'))"`;
const askAt = (port: number): string =>
  `node -e "require('http').get('http://127.0.0.1:${port}/x', (s) => s.pipe(process.stdout)).on('error', (e) => { console.log(e.code); process.exit(9) })"`;

for (const confine of ["where possible", "never"] as const) {
  describe(`a job, confined ${confine}`, function () {
    if (process.platform !== "linux") return;
    this.timeout(60_000);
    let scratch: Scratch;
    let shell: HostShell;
    let jobs: Jobs;
    let ends: JobEnd[];
    let port: number;
    let server: string;
    let ask: string;
    before(async () => {
      port = await freePort();
      server = serverAt(port);
      ask = askAt(port);
    });
    beforeEach(async function () {
      scratch = new Scratch().with({ "work/a.txt": "a\n" });
      ends = [];
      shell = await openShell({
        workspace: scratch.at("work"),
        spill: scratch.at("spill"),
        pids: scratch.at("pids"),
        cache: scratch.at("cache"),
        env: { ...process.env, HOME: scratch.at("home") },
        confine,
      });
      if (confine === "where possible" && !shell.sandbox.active) this.skip();
      jobs = openJobs({ shell: () => shell, clock: systemClock(), onOutput: () => undefined, onEnd: (end) => ends.push(end) });
    });
    afterEach(async () => {
      await jobs?.stop("all", "run ended");
      scratch.remove();
    });

    const task = (line: string, more: Partial<JobTask> = {}): JobTask => ({
      job: "j1",
      line,
      cwd: scratch.at("work"),
      network: false,
      ready: undefined,
      readyMs: 30_000,
      ...more,
    });
    const run = async (line: string): Promise<Ending> => {
      const ending = await shell.run({ call: "c1", line, cwd: scratch.at("work"), timeoutMs: 20_000 }, never);
      assert.ok(ending.ok, JSON.stringify(ending));
      return ending.value;
    };

    it("serves the commands beside it, and is gone when it is stopped", async () => {
      const started = await jobs.start(task(server, { ready: { port, pattern: undefined } }), never);
      assert.ok(started.ok && started.value.ready === true, JSON.stringify(started));
      const answer = await run(ask);
      assert.deepEqual([answer.exit, answer.stdout.trim()], [0, "hello"]);
      await until(() => (jobs.report("j1")?.output ?? "").includes("/x"));
      await jobs.stop(["j1"], "stopped");
      assert.deepEqual(
        ends.map(({ why }) => why),
        ["stopped"],
      );
      assert.deepEqual(processesNaming(`listen(${port}`), []);
      assert.equal((await run(ask)).exit, 9);
    });

    it("is ready by what it prints", async () => {
      const started = await jobs.start(task(server, { ready: { port: undefined, pattern: "^up$" } }), never);
      assert.ok(started.ok && started.value.ready === true);
      assert.match(started.value.output, /up/);
    });

    it("leaves no process behind, however it hid", async () => {
      const line = `setsid sh -c 'trap "" TERM; sleep 987654' & sleep 987654`;
      assert.ok((await jobs.start(task(line), never)).ok);
      await until(() => processesNaming("987654").length > 1);
      await jobs.stop("all", "run ended");
      assert.deepEqual(processesNaming("987654"), []);
    });

    if (confine === "never") return;

    it("opens no way out for itself or for those beside it", async () => {
      assert.ok((await jobs.start(task(server, { ready: { port, pattern: undefined } }), never)).ok);
      const seen = await run(
        `grep -c : /proc/net/dev; grep '^CapEff' /proc/self/status | tr -d '\\t 0'; unshare -Un true 2>/dev/null || echo kept; : 2>/dev/null > /usr/x || echo read-only; ls ${scratch.at("pids")} 2>/dev/null || echo hidden`,
      );
      assert.deepEqual(seen.stdout.trim().split("\n"), ["1", "CapEff:", "kept", "read-only", "hidden"]);
      const out = await run(`timeout 3 bash -c 'exec 3<>/dev/tcp/192.0.2.1/80' 2>&1 | grep -o unreachable | head -1`);
      assert.equal(out.stdout.trim(), "unreachable");
    });

    it("shares nothing with the machine's own loopback, nor leaves it shared", async () => {
      const own = readlinkSync("/proc/self/ns/net");
      const started = await jobs.start(
        task("readlink /proc/self/ns/net; sleep 100", { ready: { port: undefined, pattern: "net:" } }),
        never,
      );
      const beside = (await run("readlink /proc/self/ns/net")).stdout.trim();
      assert.equal(started.ok && started.value.output.trim(), beside);
      assert.notEqual(beside, own);
      await jobs.stop("all", "stopped");
      assert.notEqual((await run("readlink /proc/self/ns/net")).stdout.trim(), own);
    });
  });
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
