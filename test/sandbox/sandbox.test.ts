import { strict as assert } from "node:assert";
import { execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import type { Ending, Shell, Task } from "../../src/agent/world.ts";
import { openShell, type ShellOptions } from "../../src/node/shell.ts";
import { processesNaming, until } from "../support/processes.ts";
import { Scratch } from "../support/scratch.ts";

const never = new AbortController().signal;

describe("a confined command", function () {
  this.timeout(60_000);
  let scratch: Scratch;
  let shell: Shell;
  before(async function () {
    const probe = new Scratch();
    const found = await openShell({
      workspace: probe.path,
      spill: probe.path,
      pids: probe.path,
      cache: probe.at("c"),
      env: process.env,
      confine: "where possible",
    });
    probe.remove();
    if (!found.sandbox.active) this.skip();
  });
  beforeEach(async () => {
    scratch = new Scratch().with({ "home/work/a.txt": "a\n" });
    shell = await open();
  });
  afterEach(() => scratch.remove());

  const workspace = (): string => scratch.at("home", "work");
  const options = (): ShellOptions => ({
    workspace: workspace(),
    spill: scratch.at("spill"),
    pids: scratch.at("pids"),
    cache: scratch.at("cache"),
    env: { ...process.env, HOME: scratch.at("home") },
    confine: "where possible",
  });
  const open = (more: Partial<ShellOptions> = {}): Promise<Shell> => openShell({ ...options(), ...more });
  const task = (line: string, more: Partial<Task> = {}): Task => ({ call: "c1", line, cwd: workspace(), timeoutMs: 30_000, ...more });
  const run = async (line: string, more: Partial<Task> = {}): Promise<Ending> => {
    const result = await shell.run(task(line, more), never);
    assert.ok(result.ok, JSON.stringify(result));
    return result.value;
  };
  const git = (...args: readonly string[]): void =>
    void execFileSync("git", ["-c", "user.name=n", "-c", "user.email=a@b.invalid", ...args], { stdio: "ignore" });

  it("says that it is, and behaves like any other command", async () => {
    const ending = await run("echo out; echo err >&2; exit 7");
    assert.deepEqual(
      [ending.sandboxed, ending.exit, ending.stdout, ending.stderr, ending.audit, ending.hint],
      [true, 7, "out\n", "err\n", undefined, undefined],
    );
    assert.match(shell.sandbox.reason, /^bubblewrap \d/);
  });

  it("runs outside only when told so, and says it", async () => {
    const ending = await run("echo x > ../seen", { outside: true });
    assert.equal(ending.sandboxed, false);
    assert.equal(existsSync(scratch.at("home", "seen")), true);
  });

  it("reaches the host's network only when told so, and the files stay out of reach", async () => {
    const server = createServer((_, response) => response.end("PONG")).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const line = `curl -s -m 2 http://127.0.0.1:${port}/; echo x > ../seen; perl -e 'print syscall(41,1,1,0)>=0?"LOCAL":"none"'`;
    const [without, withNetwork] = [await run(line), await run(line, { network: true })];
    server.close();
    assert.deepEqual([without.stdout, withNetwork.stdout], ["LOCAL", "PONGnone"]);
    assert.equal(existsSync(scratch.at("home", "seen")), false);
  });

  it("says what to do where the sandbox is the reason for its failure", async () => {
    scratch.with({ "home/work/.vscode/settings.json": "{}" });
    assert.match((await run("echo x > .vscode/settings.json")).hint ?? "", /write only in the workspace/);
    assert.match((await run("curl -s -S http://192.0.2.1/")).hint ?? "", /no network/);
    assert.equal((await run("false")).hint, undefined);
    assert.equal((await run("echo Read-only file system")).hint, undefined);
  });

  it("tells of executable configuration that appeared meanwhile", async () => {
    const ending = await run("echo '{}' > .mcp.json; mkdir -p lib && git init -q lib/x");
    assert.deepEqual(
      [...(ending.audit ?? [])].sort((a, b) => a.path.localeCompare(b.path)),
      [
        { path: ".mcp.json", change: "created" },
        { path: "lib/x/.git", change: "created" },
      ],
    );
    assert.equal((await run("true")).audit, undefined);
  });

  it("tells with the next ending what a cancelled command left", async () => {
    const stop = new AbortController();
    const running = shell.run(task("echo '{}' > .mcp.json; touch ready; sleep 300"), stop.signal);
    await until(() => existsSync(scratch.at("home", "work", "ready")));
    stop.abort(new Error("stop"));
    await assert.rejects(running, /stop/);
    assert.deepEqual((await run("true")).audit, [{ path: ".mcp.json", change: "created" }]);
  });

  it("is refused, not run elsewhere, in a workspace that cannot be protected", async () => {
    symlinkSync("elsewhere", scratch.at("home", "work", ".vscode"));
    const refused = await shell.run(task("touch ran"), never);
    assert.ok(!refused.ok && /\.vscode is a link/.test(refused.fault.message));
    const home = await open({ workspace: scratch.at("home"), env: { ...process.env, HOME: scratch.at("home", "work") } });
    const all = await home.run({ ...task("touch ran"), cwd: scratch.at("home") }, never);
    assert.ok(!all.ok && /contains the home folder/.test(all.fault.message));
    assert.equal(existsSync(scratch.at("home", "work", "ran")), false);
  });

  it("does not run when the sandbox does not stand, and never outside instead", async () => {
    rmSync(scratch.at("cache", "empty"));
    scratch.with({ "home/work/.env": "KEY=1" });
    const refused = await shell.run(task("touch ran"), never);
    assert.ok(!refused.ok && /did not start/.test(refused.fault.message), JSON.stringify(refused));
    assert.equal(existsSync(scratch.at("home", "work", "ran")), false);
  });

  it("looks at the machine anew where a file that it was to hide has gone", async function () {
    if (process.geteuid?.() !== 0) this.skip();
    const secret = `/etc/proviso-test-${process.pid}`;
    writeFileSync(secret, "secret\n", { mode: 0o600 });
    try {
      assert.deepEqual((await run(`cat ${secret}`)).output, "");
    } finally {
      rmSync(secret);
    }
    assert.equal((await run("echo here")).output, "here\n");
  });

  it("is not confined where bubblewrap does not do what it should, and the reason is told", async () => {
    const fake = scratch.with({ "bin/bwrap": '#!/bin/sh\n[ "$1" = --help ] && echo "--size --disable-userns"\nexit 0\n' }).at("bin");
    chmodSync(join(fake, "bwrap"), 0o755);
    const { probe } = await import("../../src/node/sandbox/probe.ts");
    const request = { workspace: workspace(), searchPath: fake, stamp: scratch.at("stamp.json") };
    const found = await probe({
      ...request,
      attempt: async () => ({
        ok: false,
        fault: { kind: "unavailable", message: "bwrap: setting up uid map: Permission denied", retry: false },
      }),
    });
    assert.ok(!found.ok && /AppArmor/.test(found.fault.message));
    assert.equal(existsSync(scratch.at("stamp.json")), false);
  });

  it("is looked into once: what was found is remembered for the next process", async () => {
    const { probe } = await import("../../src/node/sandbox/probe.ts");
    let attempts = 0;
    const attempt = async (): Promise<{ readonly ok: true; readonly value: undefined }> => {
      attempts++;
      return { ok: true, value: undefined };
    };
    const request = { workspace: workspace(), searchPath: "", stamp: scratch.at("deep", "stamp.json"), attempt };
    const [first, second] = [await probe(request), await probe(request)];
    assert.ok(first.ok && second.ok && first.value.version === second.value.version);
    assert.equal(attempts, 1);
    writeFileSync(scratch.at("deep", "stamp.json"), "{ torn");
    await probe(request);
    assert.equal(attempts, 2);
  });

  it("sees the repository its workspace is a part of, without secrets and without writing there", async () => {
    git("init", "-q", scratch.at("home", "mono"));
    scratch.with({
      "home/mono/package.json": "{}",
      "home/mono/.env": "KEY=SECRET",
      "home/mono/app/x.txt": "x",
      "home/mono/node_modules/dep/index.js": "module.exports='DEP'",
    });
    shell = await open({ workspace: scratch.at("home", "mono", "app") });
    const cwd = scratch.at("home", "mono", "app");
    const ending = await run(
      "git rev-parse --show-prefix; cat ../package.json ../.env; node -p 'require(\"dep\")'; touch ../new || echo refused",
      { cwd },
    );
    assert.equal(ending.stdout, "app/\n{}DEP\nrefused\n");
  });

  it("works in a worktree, whose repository it may read", async () => {
    const main = scratch.at("home", "main");
    git("init", "-q", main);
    git("-C", main, "commit", "-q", "--allow-empty", "-m", "first");
    git("-C", main, "worktree", "add", "-q", scratch.at("home", "tree"));
    shell = await open({ workspace: scratch.at("home", "tree") });
    const ending = await run("git log --format=%s; git status --short; git config core.fsmonitor x || echo refused", {
      cwd: scratch.at("home", "tree"),
    });
    assert.equal(ending.stdout, "first\nrefused\n");
  });

  it("shares a placeholder with others, and the last one takes it away", async () => {
    const lines = [
      "while [ ! -e go ]; do sleep 0.02; done; mkdir .vscode/x; echo $?",
      "while [ ! -e go ]; do sleep 0.02; done; rmdir .vscode; mkdir .vscode; echo $?",
    ];
    const running = lines.map((line, index) => run(line, { call: `c${index}` }));
    await run("mkdir .vscode/x; touch go", { call: "c9" });
    const endings = await Promise.all(running);
    assert.deepEqual(
      endings.map(({ stdout, audit }) => [stdout, audit]),
      [
        ["1\n", undefined],
        ["1\n", undefined],
      ],
    );
    assert.deepEqual(readdirSync(workspace()).sort(), ["a.txt", "go"]);
  });

  it("does not mount over what another running command could still exchange", async () => {
    const first = run("mkdir -p lib/.vscode; touch ready; while [ ! -e go ]; do sleep 0.02; done");
    await until(() => existsSync(scratch.at("home", "work", "ready")));
    const second = await shell.run(task("touch ran", { call: "c2" }), never);
    assert.ok(!second.ok && second.fault.retry && /lib\/\.vscode appeared/.test(second.fault.message), JSON.stringify(second));
    writeFileSync(scratch.at("home", "work", "go"), "");
    assert.deepEqual((await first).audit, [{ path: "lib/.vscode", change: "created" }]);
    assert.equal((await run("touch ran")).exit, 0);
  });

  it("keeps what packages share with a store outside as it is", async () => {
    scratch.with({ "store/index.js": "shared", "home/work/node_modules/.pnpm/dep/own.js": "own", "home/work/node_modules/.vite/x": "" });
    execFileSync("ln", [scratch.at("store", "index.js"), scratch.at("home", "work", "node_modules", ".pnpm", "dep", "index.js")]);
    await run("echo changed > node_modules/.pnpm/dep/index.js; echo y > node_modules/.vite/x");
    assert.equal(readFileSync(scratch.at("store", "index.js"), "utf8"), "shared");
    assert.equal(readFileSync(scratch.at("home", "work", "node_modules", ".vite", "x"), "utf8"), "y\n");
  });

  it("gives programs of the home's tool chains, and not the credentials beside them", async () => {
    scratch.with({ "home/.local/bin/mytool": "#!/bin/sh\necho TOOL\n", "home/.cargo/credentials.toml": "SECRET", "home/.cargo/bin/x": "" });
    chmodSync(scratch.at("home", ".local", "bin", "mytool"), 0o755);
    shell = await open({
      env: { ...process.env, HOME: scratch.at("home"), PATH: `${scratch.at("home", ".local", "bin")}:${process.env["PATH"]}` },
    });
    assert.equal((await run("mytool; cat ~/.cargo/credentials.toml; echo x >> ~/.local/bin/mytool")).stdout, "TOOL\n");
  });

  describe("when cancelled or timed out", () => {
    it("leaves nothing, whatever it did to stay", async () => {
      const word = randomUUID();
      const stop = new AbortController();
      const hide = `bash -c 'trap "" TERM; exec -a ${word} sleep 300'`;
      const running = shell.run(
        task(`trap '' TERM; setsid -f ${hide}; (env -i setsid bash -c 'exec -a ${word} sleep 300' &); ${hide}`),
        stop.signal,
      );
      await until(() => processesNaming(`${word}\0`).length >= 3);
      const begun = performance.now();
      stop.abort(new Error("stop"));
      await assert.rejects(running, /stop/);
      assert.deepEqual(processesNaming(`${word}\0`), []);
      assert.ok(performance.now() - begun < 10_000);
    });
  });

  describe("when the host is killed", () => {
    it("dies with it, and its placeholders go with the next", async () => {
      const word = randomUUID();
      const bundled = join(process.cwd(), "dist", "test", `confined-${process.pid}.mjs`);
      await build({
        entryPoints: [join(process.cwd(), "src/node/shell.ts")],
        bundle: true,
        platform: "node",
        format: "esm",
        packages: "external",
        outfile: bundled,
        logLevel: "silent",
      });
      const line = `setsid -f bash -c 'exec -a ${word} sleep 300'; bash -c 'exec -a ${word} sleep 300'`;
      const script = `import { openShell } from ${JSON.stringify(bundled)};
        const shell = await openShell({ ...${JSON.stringify({ ...options(), env: { PATH: process.env["PATH"], HOME: scratch.at("home") } })} });
        await shell.run(${JSON.stringify(task(line))}, new AbortController().signal);`;
      const host = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "ignore" });
      await until(() => processesNaming(`${word}\0`).length >= 2);
      assert.equal(existsSync(scratch.at("home", "work", ".vscode")), true);
      host.kill("SIGKILL");
      await until(() => processesNaming(`${word}\0`).length === 0);
      await (await open()).reap("c1");
      assert.deepEqual(readdirSync(scratch.at("pids")), []);
      assert.deepEqual(readdirSync(workspace()), ["a.txt"]);
      rmSync(bundled);
    });
  });

  describe("in trials", () => {
    it("finds the copy where the workspace is, with packages and repository in their places", async () => {
      git("init", "-q", workspace());
      git("-C", workspace(), "add", "-A");
      git("-C", workspace(), "commit", "-qm", "first");
      scratch.with({
        "home/work/node_modules/dep/index.js": "module.exports='DEP'",
        "home/work/.env": "SECRET",
        "home/work/src/x.txt": "x",
      });
      const line =
        "pwd; git log --format=%s; node -p 'require(\"dep\")'; cat a.txt .env; echo spoiled > src/x.txt; echo x > node_modules/dep/index.js; echo x > .git/config; [ -e ../.ssh ]";
      const candidates = ["one", "two"].map((text) => ({ files: { "a.txt": text } }));
      const result = await shell.trial({ line, cwd: workspace(), timeoutMs: 30_000, budgetMs: 60_000, enough: 9, candidates }, never);
      assert.ok(result.ok, JSON.stringify(result));
      assert.deepEqual(
        result.value.map(({ candidate, exit, output }) => [candidate, exit, output.split("/bin/bash")[0]]),
        [
          [0, 1, `${workspace()}\nfirst\nDEP\none`],
          [1, 1, `${workspace()}\nfirst\nDEP\ntwo`],
        ],
      );
      assert.equal(readFileSync(scratch.at("home", "work", "src", "x.txt"), "utf8"), "x");
      assert.match(readFileSync(scratch.at("home", "work", "node_modules", "dep", "index.js"), "utf8"), /DEP/);
      assert.equal(statSync(scratch.at("home", "work", ".git", "config")).size > 10, true);
    });

    it("may use the same port and the same temporary name side by side", async () => {
      scratch.with({
        "home/work/serve.mjs": `import { createServer } from "node:http"; import { writeFileSync } from "node:fs";
          writeFileSync("/tmp/only-one", "x", { flag: "wx" });
          createServer().listen(34567, "127.0.0.1", () => setTimeout(() => process.exit(0), 300));`,
      });
      const candidates = ["one", "two", "three"].map((text) => ({ files: { "a.txt": text } }));
      const result = await shell.trial(
        { line: "node serve.mjs", cwd: workspace(), timeoutMs: 30_000, budgetMs: 60_000, enough: 9, candidates },
        never,
      );
      assert.ok(result.ok);
      assert.deepEqual(
        result.value.map(({ exit }) => exit),
        [0, 0, 0],
      );
    });
  });

  it("mounts over a workspace's own folder by whatever name", async () => {
    mkdirSync(scratch.at("home", "work", "a b'\"\n--bind"));
    const odd = scratch.at("home", "work", "a b'\"\n--bind");
    shell = await open({ workspace: odd });
    assert.equal((await run("pwd; echo x > f", { cwd: odd })).stdout, `${odd}\n`);
    assert.equal(existsSync(join(odd, "f")), true);
  });
});
