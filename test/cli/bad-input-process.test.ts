// Processes that misbehave, and a command line that is interrupted, unplugged or squeezed. Nothing is left running and nothing is lost.

import { strict as assert } from "node:assert";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { call, oneGoal, oneStep, type OneStep } from "../support/one-step.ts";
import { processesNaming, until } from "../support/processes.ts";
import type { Cue, Line, Script } from "../support/script.ts";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { storyEnd, storyFiles, storyGoal } from "../support/story.ts";
import { storyScript } from "../support/story-server.ts";
import { assertPlainWords, assertRefused, type Ended, ending, program, Stranger } from "../support/stranger.ts";

const commandStep = (line: string): OneStep => ({ role: "tester", check: { by: "command", line } });
const run = (line: string, seconds?: number): Line => call("run_command", { line, ...(seconds === undefined ? {} : { seconds }) });
const echo = (cue: Cue): Line => ({ text: `I heard: ${cue.last}` });

describe("a command line in trouble", () => {
  let server: ScriptedServer;
  let cli: Stranger;
  let turns: readonly (Line | ((cue: Cue) => Line))[] = [];
  let step: OneStep = {};
  before(async () => {
    server = await startScriptedServer((cue) => {
      const script = oneStep(step, ...turns);
      return typeof script === "function" ? script(cue) : undefined;
    });
  });
  after(() => server.close());
  beforeEach(() => {
    step = {};
    turns = [{ text: "sum.js:1" }];
    cli = new Stranger({ "sum.js": "export const sum = (a, b) => a - b;\n" }, server.url);
  });
  /** A server besides, for one test. */
  const more: ScriptedServer[] = [];
  const serverOf = async (script: Script): Promise<ScriptedServer> => {
    const one = await startScriptedServer(script);
    more.push(one);
    return one;
  };
  afterEach(async () => {
    for (const one of more.splice(0)) await one.close();
    const left = cli.leftovers();
    cli.remove();
    assert.deepEqual(left, []);
  });

  const goes = ["run", oneGoal, "--json", "--approve", "all"];
  const heard = (ended: Ended): string =>
    ended.events.flatMap((event) => (event.type === "model.replied" && event.text !== "" ? [event.text] : [])).at(-1) ?? "";
  /** A shell line that never ends, whose processes can be found by the folder's name. */
  const endless = (): string => `sh -c 'while :; do sleep 1000; done' ${cli.folder}`;

  describe("with commands that", () => {
    it("never end: the time limit ends them, and all they started", async () => {
      step = commandStep("true");
      turns = [run(`(trap '' TERM INT; ${endless()}) & (setsid ${endless()} &) ; ${endless()}`, 1), echo];
      const ended = await cli.run(goes);
      assert.match(heard(ended), /stopped after 1 s/);
      assert.equal(ended.code, 0, ended.err);
    });

    it("kill their parent: the run goes on, or is gone on with", async () => {
      step = commandStep("kill -9 $PPID; exit 0");
      turns = [run("kill -9 $PPID; sleep 0.1; echo survived"), echo];
      let ended = await cli.run(goes);
      for (let times = 0; ended.code === null && times < 4; times++) ended = await cli.run(["resume", "--json", "--approve", "all"]);
      assert.ok(ended.code === 0 || ended.code === 1, `${ended.code} ${ended.err}`);
      assertPlainWords(ended);
    });

    it("kill themselves are told by their signal", async () => {
      step = commandStep("true");
      turns = [run("kill -SEGV $$"), echo];
      assert.match(heard(await cli.run(goes)), /SIGSEGV|exit 139/);
    });

    it("pour out output are cut, and the whole can be read", async () => {
      step = commandStep("true");
      turns = [run("yes 'a line of words' | head -c 20000000; echo the end"), echo];
      const ended = await cli.run(goes);
      assert.match(heard(ended), /the end[^]*read_file output:only/);
      assert.ok(ended.out.length < 2_000_000, `${ended.out.length}`);
    });

    it("print what is no text harm nothing", async () => {
      step = commandStep("true");
      turns = [run("head -c 100000 /dev/urandom; printf '\\033[2J\\033]0;title\\007\\xff\\n'"), echo];
      const ended = await cli.run(goes);
      assert.equal(ended.code, 0, ended.err);
      assert.doesNotMatch(ended.out, /\u001b/);
    });

    it("wait for input get none", async () => {
      step = commandStep("true");
      turns = [run("cat; read x; echo got nothing", 20), echo];
      assert.match(heard(await cli.run(goes)), /got nothing/);
    });
  });

  describe("that is interrupted", () => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      it(`with ${signal} while a check runs for ever: it ends, the check with it, and resume goes on`, async () => {
        cli.put("check.sh", `${endless()}\n`);
        step = commandStep("sh check.sh");
        const running = cli.start(goes);
        await until(() => processesNaming(`1000; done\0${cli.folder}`).length > 0);
        running.child.kill(signal);
        const ended = await running.ended;
        assert.equal(ended.code, 130, ended.err);
        assert.equal(ending(ended).outcome, "cancelled");
        assert.deepEqual(cli.leftovers(), []);
        cli.put("check.sh", "exit 0\n");
        assert.equal(ending(await cli.run(["resume", "--json", "--approve", "all"])).outcome, "done");
      });
    }

    it("twice at once does not wait, leaves no process either, and the next run of it clears up", async () => {
      step = commandStep("true");
      turns = [run(`trap '' TERM INT; ${endless()}`), echo];
      const running = cli.start(goes);
      await until(() => processesNaming(`1000; done\0${cli.folder}`).length > 0);
      running.child.kill("SIGINT");
      running.child.kill("SIGTERM");
      const ended = await running.ended;
      assert.equal(ended.code, 130, ended.err);
      await until(() => processesNaming(cli.folder).length === 0);
      // Whether that command did its work nobody knows, and no --approve covers running it again.
      const resumed = await cli.run(["resume", "--json", "--approve", "all"]);
      assert.match(heard(resumed), /how it ended is unknown/);
    });

    it("while the model is asked: at once", async () => {
      const silent = await serverOf(() => ({ trouble: { is: "hang" } }));
      const running = cli.start(goes, { env: { OPENAI_BASE_URL: silent.url } });
      await silent.next();
      const began = performance.now();
      running.child.kill("SIGINT");
      const ended = await running.ended;
      assert.equal(ended.code, 130);
      assert.equal(ending(ended).outcome, "cancelled");
      assert.ok(performance.now() - began < 3000);
    });

    it("at random instants: 130 every time, and in the end the work is done once", async () => {
      const story = await serverOf(storyScript);
      const told = new Stranger(Object.fromEntries(storyFiles()), story.url);
      told.put("package.json", '{"type":"module","scripts":{"test":"node test.js"}}\n');
      let words = ["run", storyGoal, "--json", "--approve", "all"];
      let ended: Ended | undefined;
      for (let nth = 0; nth < 30; nth++) {
        const running = told.start(words);
        const timer = setTimeout(() => running.child.kill("SIGINT"), nth < 8 ? 40 + Math.random() * 600 : 60_000);
        ended = await running.ended;
        clearTimeout(timer);
        assertPlainWords({ out: "", err: ended.err });
        assert.deepEqual(told.leftovers(), []);
        if (ended.code === 0) break;
        // Before the first line of our own has run, the signal ends the process itself.
        assert.ok(ended.code === 130 || (ended.code === null && ended.out === ""), `${ended.code} ${ended.err}`);
        const born = (await told.run(["runs", "--json"])).out !== "";
        if (born) words = ["resume", "--json", "--approve", "all"];
      }
      assert.equal(ended?.code, 0, ended?.err);
      for (const [path, text] of Object.entries(storyEnd)) assert.equal(told.text(path), text);
      assert.equal((await told.run(["replay"])).code, 0);
      told.remove();
    });
  });

  describe("that is unplugged", () => {
    /** Runs a line of shell in which $CLI is the command line. */
    const shell = (line: string, env: Readonly<Record<string, string | undefined>> = {}) => {
      const { status, stdout, stderr } = spawnSync("bash", ["-c", line], {
        cwd: cli.workspace,
        env: { ...cli.env, ...env, NODE: process.execPath, CLI: program },
        encoding: "utf8",
        timeout: 30_000,
      });
      return { code: status, out: stdout, err: stderr };
    };

    it("from its stdin, stdout or stderr goes on without", async () => {
      const all = '"$NODE" "$CLI" run "where is sum defined?" --model rules';
      for (const line of [`${all} <&-`, `${all} >&-`, `${all} 2>&-`, `${all} <&- >&- 2>&-`, `${all} --json <&-`]) {
        const ended = shell(line);
        assert.equal(ended.code, 0, line + ended.err);
        assertPlainWords(ended);
      }
    });

    it("from its reader stops quietly, and can be gone on with", async () => {
      for (const more of ["", "--json"]) {
        const ended = shell(`"$NODE" "$CLI" run "where is sum defined?" --model rules ${more} | head -1; echo "\${PIPESTATUS[0]}"`);
        assert.match(ended.out, /\n(0|130)\n$/);
        assertPlainWords(ended);
        assert.doesNotMatch(ended.err, /EPIPE/);
      }
      for (const words of ["runs", "show", "show --json", "show --timeline", "replay", "--help"]) {
        const ended = shell(`"$NODE" "$CLI" ${words} | true`);
        assertPlainWords(ended);
        assert.doesNotMatch(ended.err, /EPIPE/, words);
      }
      assert.equal(shell('"$NODE" "$CLI" resume --model rules').code, 0);
    });

    it("from an environment finds its way without HOME", () => {
      const ended = shell('env -u HOME "$NODE" "$CLI" run "where is sum defined?" --model rules');
      assert.equal(ended.code, 0, ended.err);
    });
  });

  describe("with nowhere to keep its runs", () => {
    const goal = ["run", "where is sum defined?", "--model", "rules"];

    it("says so: a file in the way", async () => {
      writeFileSync(cli.state, "a file");
      assertRefused(await cli.run(goal), 2, /could not be created: .*(file, not a folder|exists already)/);
      rmSync(cli.state);
    });

    it("says so: a place that cannot be written", async () => {
      const ended = await cli.run(goal, { env: { PROVISO_HOME: "/proc/proviso" } });
      assertRefused(ended, 2, /Proviso's own folder \/proc\/proviso.* could not be created/);
    });

    it("says so: settings that are no JSON, or hold what nobody knows", async () => {
      cli.configure("{ model: ");
      assertRefused(await cli.run(["run", "x"]), 2, /config\.json:1 .*correct that line/);
      cli.configure({ modle: "x" });
      assertRefused(await cli.run(["run", "x"]), 2, /"modle" is no setting/);
    });

    describe("because the disk is full", () => {
      let disk: string;
      beforeEach(function () {
        disk = join(cli.folder, "disk");
        mkdirSync(disk);
        try {
          execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", disk], { stdio: "ignore" });
        } catch {
          this.skip();
        }
      });
      afterEach(() => {
        try {
          execFileSync("umount", ["-l", disk], { stdio: "ignore" });
        } catch {
          // It was never mounted.
        }
      });
      const fill = (leave: number): void => {
        for (let at = 0; ; at++) {
          try {
            writeFileSync(join(disk, `fill-${at}`), Buffer.alloc(4096));
          } catch {
            for (let back = 0; back < leave; back++) spawnSync("rm", [join(disk, `fill-${at - 1 - back}`)]);
            return;
          }
        }
      };

      it("from the start: no run begins", async () => {
        fill(0);
        assertRefused(await cli.run(goal, { env: { PROVISO_HOME: disk } }), 1, /no space left on device; free some/);
      });

      it("in the middle: the run stops with what it has, and goes on when there is room", async () => {
        step = commandStep("true");
        turns = [...Array.from({ length: 12 }, (_, at) => run(`yes ${at} | head -c 40000`)), { text: "Done." }];
        const env = { PROVISO_HOME: disk };
        fill(20);
        const ended = await cli.run(goes, { env });
        assert.notEqual(ended.code, 0);
        assertPlainWords({ out: JSON.stringify(ended.events.at(-1)), err: ended.err });
        assert.match(ended.err + ended.out, /no space left on device/);
        for (const name of readdirSync(disk).filter((name) => name.startsWith("fill-"))) spawnSync("rm", [join(disk, name)]);
        execFileSync("mount", ["-o", "remount,size=16m", disk]);
        const resumed = await cli.run(["resume", "--json", "--approve", "all"], { env });
        assert.equal(ending(resumed).outcome, "done", resumed.err);
      });

      it("under the workspace: the file keeps its old bytes and the model is told", async () => {
        writeFileSync(join(disk, "sum.js"), "export const sum = (a, b) => a - b;\n");
        fill(0);
        step = { role: "coder", check: { by: "content", path: "sum.js", matches: "never" } };
        const blocks = [{ search: "a - b", replace: `a + b /* ${"x".repeat(9000)} */` }];
        turns = [call("edit_file", { path: "sum.js", blocks }), echo];
        const ended = await cli.run([...goes, "--workspace", disk]);
        assert.match(heard(ended), /no space left on device/);
        assertPlainWords(ended);
        assert.equal(execFileSync("cat", [join(disk, "sum.js")], { encoding: "utf8" }), "export const sum = (a, b) => a - b;\n");
        assert.deepEqual(
          readdirSync(disk).filter((name) => !name.startsWith("fill-")),
          ["sum.js"],
        );
      });
    });
  });

  it("with a goal of a megabyte, or one in strange letters, keeps it whole", async () => {
    const goal = `Mend \u202e\u0000 the sum 🙂\r\n${"x".repeat(1_000_000)}`;
    const path = join(cli.folder, "goal.txt");
    writeFileSync(path, goal);
    const ended = await cli.run(["run", "--file", path, "--json"]);
    assertPlainWords(ended);
    const [started] = ended.events;
    assert.equal(started?.type === "run.started" && started.goal, goal);
    const listed = await cli.run(["runs"]);
    assert.equal(listed.out.trimEnd().split("\n").length, 1);
    assert.doesNotMatch(listed.out, /\u202e|\u0000/);
  });
});
