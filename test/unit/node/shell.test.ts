import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Ending, Shell, Task } from "../../../src/agent/world.ts";
import { openShell, type ShellOptions } from "../../../src/node/shell.ts";
import { processesNaming, until } from "../../support/processes.ts";
import { Scratch } from "../../support/scratch.ts";

const never = new AbortController().signal;

describe("a command without a sandbox", function () {
  if (process.platform === "win32") return;
  let scratch: Scratch;
  let shell: Shell;
  beforeEach(async () => {
    scratch = new Scratch();
    mkdirSync(scratch.at("work"));
    shell = await open();
  });
  afterEach(() => scratch.remove());

  const open = (options: Partial<ShellOptions> = {}): Promise<Shell> =>
    openShell({
      workspace: scratch.at("work"),
      spill: scratch.at("spill"),
      pids: scratch.at("pids"),
      cache: scratch.at("cache"),
      env: { ...process.env, SECRET_TOKEN: "hunter2" },
      confine: "never",
      ...options,
    });
  const task = (line: string, more: Partial<Task> = {}): Task => ({
    call: "c1",
    line,
    cwd: scratch.at("work"),
    timeoutMs: 20_000,
    ...more,
  });
  const run = async (line: string, more: Partial<Task> = {}, on: Shell = shell): Promise<Ending> => {
    const result = await on.run(task(line, more), never);
    assert.ok(result.ok, JSON.stringify(result));
    return result.value;
  };

  it("says so", async () => {
    assert.deepEqual(shell.sandbox, { active: false, reason: "it is switched off" });
    assert.equal((await run("true")).sandboxed, false);
  });

  it("has its output, streams apart, and its exit code", async () => {
    const ending = await run("echo out; echo err >&2; exit 7");
    assert.deepEqual([ending.exit, ending.signal, ending.killedBy], [7, null, null]);
    assert.deepEqual([ending.stdout, ending.stderr], ["out\n", "err\n"]);
    assert.deepEqual(ending.output.trim().split("\n").sort(), ["err", "out"]);
    assert.deepEqual([ending.truncated, ending.spill], [false, null]);
  });

  it("is read as one shell line, whatever it contains", async () => {
    assert.equal(
      (await run(`printf '%s|' "a b" 'c"d' $'e\\tf' \\"g\\"; cat <<'X'\n$HOME \`x\`\nX`)).stdout,
      'a b|c"d|e\tf|"g"|$HOME `x`\n',
    );
  });

  it("may write to /dev/stdout and /dev/stderr", async () => {
    const ending = await run("echo A > /dev/stdout; echo B | tee /dev/stderr > /dev/null");
    assert.deepEqual([ending.stdout, ending.stderr], ["A\n", "B\n"]);
  });

  it("reads nothing from its input", async () => {
    assert.equal((await run("cat; read -r line; echo end")).stdout, "end\n");
  });

  it("runs in the folder it is told", async () => {
    mkdirSync(scratch.at("work", "deep"));
    assert.equal((await run("pwd", { cwd: scratch.at("work", "deep") })).stdout, `${scratch.at("work", "deep")}\n`);
  });

  it("is refused a folder outside the workspace, also through a link", async () => {
    symlinkSync("/", scratch.at("work", "root"));
    for (const cwd of ["/", scratch.path, scratch.at("work", "root", "usr")]) {
      const refused = await shell.run(task("true", { cwd }), never);
      assert.ok(!refused.ok && refused.fault.kind === "denied", cwd);
    }
    const missing = await shell.run(task("true", { cwd: scratch.at("work", "gone") }), never);
    assert.ok(!missing.ok && missing.fault.kind === "missing");
  });

  it("does not see our secrets", async () => {
    const ending = await run("env; tr '\\0' '\\n' < /proc/$PPID/environ 2>/dev/null");
    assert.doesNotMatch(ending.stdout, /hunter2/);
    assert.match(ending.stdout, /^PATH=/m);
  });

  it("inherits no descriptor but its three", async () => {
    assert.equal(
      (
        await run(
          "for f in /dev/fd/*; do echo ${f##*/}; done | sort -n | head -3 | tr '\\n' ' '; [ -e /dev/fd/3 ] && ls -l /dev/fd/3 /dev/fd/4",
        )
      ).stdout.startsWith("0 1 2 "),
      true,
    );
    assert.equal((await run("echo leak >&4 || echo closed", {})).stdout, "closed\n");
  });

  it("keeps signals at their defaults", async () => {
    assert.equal((await run("trap 'echo caught' INT; kill -INT $$; echo after")).stdout, "caught\nafter\n");
    assert.equal((await run("grep SigIgn /proc/self/status | tr -d '\\t'")).stdout, "SigIgn:0000000000000000\n");
  });

  it("reports a signal as a shell does", async () => {
    assert.equal((await run("kill -SEGV $$")).exit, 139);
  });

  it("survives a command that kills its parent", async () => {
    const ending = await run("kill -9 $PPID; sleep 30");
    assert.deepEqual([ending.exit, ending.signal], [null, "SIGKILL"]);
  });

  it("tells what a terminal would hide", async () => {
    assert.equal((await run("printf 'safe\\rrm -rf\\n\\033]0;title\\007\\033[31mred\\033[0m\\n'")).output, "safe\nrm -rf\nred\n");
  });

  it("hands on output as it comes", async () => {
    const heard: string[] = [];
    await run("echo one; echo two >&2", { onOutput: (chunk, stream) => heard.push(`${stream} ${chunk}`) });
    assert.deepEqual(heard.sort(), ["stderr two\n", "stdout one\n"]);
  });

  it("keeps head and tail of a long output and all of it in a file", async () => {
    const ending = await run("seq 1 100000", { call: "a/../b" });
    assert.equal(ending.truncated, true);
    assert.match(ending.output, /^1\n2\n3\n/);
    assert.match(ending.output, /\n\[\.\.\. \d+ bytes omitted \.\.\.\]\n/);
    assert.match(ending.output, /99999\n100000\n$/);
    assert.ok(ending.spill !== null && ending.spill.startsWith(`${scratch.at("spill")}/`));
    assert.equal(readFileSync(ending.spill, "utf8").split("\n").length, 100_001);
  });

  it("is stopped when it never stops printing", async () => {
    const small = await open({ limits: { outputBytes: 300_000 } });
    const ending = await run("yes", {}, small);
    assert.deepEqual([ending.killedBy, ending.exit, ending.truncated], ["output-limit", null, true]);
  });

  it("is stopped when its time is up, and so are those that ignore it", async () => {
    const word = randomUUID();
    const quick = await open({ limits: { graceMs: 50 } });
    const ending = await run(
      `trap '' TERM; (trap '' TERM; exec -a ${word} sleep 300) & while :; do sleep 0.01; done`,
      { timeoutMs: 300 },
      quick,
    );
    assert.deepEqual([ending.killedBy, ending.exit, ending.signal], ["timeout", null, "SIGKILL"]);
    assert.deepEqual(processesNaming(word), []);
  });

  it("may end by itself when told to", async () => {
    const ending = await run("trap 'echo cleaned up; exit 0' TERM; while :; do sleep 0.01; done", { timeoutMs: 300 });
    assert.deepEqual([ending.killedBy, ending.exit, ending.stdout], ["timeout", null, "cleaned up\n"]);
  });

  it("leaves nothing behind: background jobs, daemons and sessions of their own", async () => {
    const word = randomUUID();
    const forms = [
      `sleep 300 ${word} &`,
      `nohup sleep 300 ${word} > /dev/null 2>&1 &`,
      `setsid -f sleep 300 ${word}`,
      `(setsid sleep 300 ${word} > /dev/null &)`,
      `(trap '' TERM HUP; setsid sleep 300 ${word}) &`,
    ];
    for (const form of forms) {
      const ending = await run(`${form.replace(`sleep 300 ${word}`, `bash -c 'exec -a ${word} sleep 300'`)}\necho done`);
      assert.deepEqual([form, ending.stdout, ending.exit, processesNaming(word)], [form, "done\n", 0, []]);
    }
  });

  it("ends although a child holds its output open", async () => {
    const ending = await run("sleep 300 & echo done");
    assert.deepEqual([ending.exit, ending.stdout, ending.killedBy], [0, "done\n", null]);
  });

  it("is stopped when it starts too many processes", async () => {
    const small = await open({ limits: { processes: 40 } });
    const ending = await run("for i in $(seq 100); do sleep 300 & done; wait", {}, small);
    assert.equal(ending.killedBy, "process-limit");
  });

  it("is stopped when it takes too much memory", async () => {
    const small = await open({ limits: { memoryBytes: 150e6 } });
    const ending = await run(`node -e 'const a=[];setInterval(()=>a.push(Buffer.alloc(2e7,1)),10)'`, {}, small);
    assert.equal(ending.killedBy, "memory-limit");
  });

  it("writes no file beyond its limit and no core", async () => {
    const small = await open({ limits: { fileBytes: 1e6 } });
    const ending = await run("head -c 2000000 /dev/zero > big; ulimit -c; wc -c < big", {}, small);
    assert.match(ending.stdout, /^0\n999424\n$/);
  });

  it("is told that a line is too long instead of failing in the middle", async () => {
    const result = await shell.run(task(`echo ${"x".repeat(200_000)}`), never);
    assert.ok(!result.ok && result.fault.kind === "invalid");
    assert.equal((await run(`: ${"x".repeat(131_050)}; echo done`)).stdout, "done\n");
  });

  describe("when cancelled", () => {
    it("dies with all its processes, and the promise rejects with the reason", async () => {
      const word = randomUUID();
      const stop = new AbortController();
      const hide = `bash -c 'trap "" TERM; exec -a ${word} sleep 300'`;
      const running = shell.run(task(`trap '' TERM; setsid -f ${hide}; ${hide} & ${hide}`), stop.signal);
      await until(() => processesNaming(word).length >= 3);
      const reason = new Error("the person said stop");
      stop.abort(reason);
      await assert.rejects(running, reason);
      assert.deepEqual(processesNaming(word), []);
      assert.deepEqual(readdirSync(scratch.at("pids")), []);
    });

    it("does not even start when it was cancelled before", async () => {
      await assert.rejects(shell.run(task("touch started"), AbortSignal.abort(new Error("too late"))), /too late/);
      assert.equal(existsSync(scratch.at("work", "started")), false);
    });
  });

  describe("when the host is killed", () => {
    /** Another process of ours that runs the line and then is killed where it stands. */
    const killedHost = async (line: string, ready: () => boolean): Promise<void> => {
      const options = {
        workspace: scratch.at("work"),
        spill: scratch.at("spill"),
        pids: scratch.at("pids"),
        cache: scratch.at("cache"),
        confine: "never",
      };
      const script = `import { openShell } from ${JSON.stringify(await bundled())};
        const shell = await openShell({ ...${JSON.stringify(options)}, env: process.env });
        await shell.run(${JSON.stringify(task(line))}, new AbortController().signal);`;
      const host = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "ignore" });
      await until(ready);
      host.kill("SIGKILL");
      await new Promise((resolve) => host.once("exit", resolve));
    };
    const bundled = async (): Promise<string> => {
      const { build } = await import("esbuild");
      const outfile = join(process.cwd(), "dist", "test", `shell-${process.pid}.mjs`);
      const entry = join(process.cwd(), "src", "node", "shell.ts");
      await build({
        entryPoints: [entry],
        bundle: true,
        platform: "node",
        format: "esm",
        packages: "external",
        outfile,
        logLevel: "silent",
      });
      return outfile;
    };

    it("its process group dies with it", async () => {
      const word = randomUUID();
      await killedHost(`bash -c 'exec -a ${word} sleep 300'; true`, () => processesNaming(`${word}\0`).length > 0);
      await until(() => processesNaming(word).length === 0);
    });

    it("what escaped is found and killed by a later process, and nobody else", async () => {
      const word = randomUUID();
      const bystander = spawn("sleep", ["300"], { stdio: "ignore" });
      await killedHost(`setsid -f bash -c 'exec -a ${word} sleep 300'; sleep 300`, () => processesNaming(`${word}\0`).length > 0);
      assert.equal(processesNaming(`${word}\0`).length, 1);
      const later = await open();
      await later.reap("another call");
      assert.equal(processesNaming(`${word}\0`).length, 1);
      await later.reap("c1");
      assert.deepEqual(processesNaming(word), []);
      assert.deepEqual(readdirSync(scratch.at("pids")), []);
      assert.equal(bystander.exitCode, null);
      bystander.kill("SIGKILL");
    });
  });
});
