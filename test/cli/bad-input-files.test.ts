// Workspaces as they should not be: files that change, vanish, lead elsewhere, are no text or too large, met through the real
// command line. Whatever happens, a file holds its old bytes or its new ones.

import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join, relative, resolve } from "node:path";
import { call, oneGoal, oneStep, type OneStep } from "../support/one-step.ts";
import type { Cue, Line } from "../support/script.ts";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { assertPlainWords, assertRefused, type Ended, Stranger } from "../support/stranger.ts";

const coder = (path: string, matches: string): OneStep => ({ role: "coder", check: { by: "content", path, matches } });
const edit = (path: string, search: string, replace: string): Line => call("edit_file", { path, blocks: [{ search, replace }] });
/** Says what it has just heard, so that the answer of the run shows it. */
const echo = (cue: Cue): Line => ({ text: `I heard: ${cue.last}` });

describe("a workspace with difficult files", () => {
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
    cli = new Stranger({ "sum.js": "export const sum = (a, b) => a - b;\n" }, server.url);
  });
  afterEach(() => {
    const left = cli.leftovers();
    cli.remove();
    assert.deepEqual(left, []);
  });

  /** A run whose model makes these calls and then says what it heard. */
  async function does(how: OneStep, calls: readonly Line[], approve = "all"): Promise<Ended> {
    step = how;
    turns = [...calls, echo];
    const ended = await cli.run(["run", oneGoal, "--json", "--approve", approve]);
    assertPlainWords(ended);
    return ended;
  }
  /** What the model was told after its last call. */
  const heard = (ended: Ended): string =>
    ended.events.flatMap((event) => (event.type === "model.replied" && event.text !== "" ? [event.text] : [])).at(-1) ?? "";
  const asked = (ended: Ended): number =>
    ended.events.filter((event) => event.type === "approval.asked" && event.request.subject.of === "call").length;

  it("an edit whose text is not there is refused with the nearest text, before anybody is asked", async () => {
    const ended = await does(coder("sum.js", "never"), [edit("sum.js", "return a - b", "return a + b")]);
    assert.match(heard(ended), /Nothing was changed in sum\.js[^]*a - b/);
    assert.equal(asked(ended), 0);
    assert.match(cli.text("sum.js"), /a - b/);
    assert.equal(ended.code, 1);
  });

  it("an edit whose text is there twice is refused, with where", async () => {
    cli.put("sum.js", "let a = 1;\nlet b = 2;\nlet a = 1;\n");
    const ended = await does(coder("sum.js", "never"), [edit("sum.js", "let a = 1;", "let a = 3;")]);
    assert.match(heard(ended), /Nothing was changed in sum\.js[^]*(2|twice|lines? 1 and 3|more than once)/);
    assert.equal(cli.text("sum.js"), "let a = 1;\nlet b = 2;\nlet a = 1;\n");
  });

  it("a file that changed between being shown and being written is left alone, and the model is told", async () => {
    cli.put("change-it.sh", "printf 'mine\\n' > sum.js\n");
    step = coder("sum.js", "mine");
    const two = {
      calls: [...(call("run_command", { line: "sh change-it.sh" }).calls ?? []), ...(edit("sum.js", "a - b", "a + b").calls ?? [])],
    };
    turns = [two, echo];
    const ended = await cli.run(["run", oneGoal, "--json", "--approve", "all"]);
    assert.equal(cli.text("sum.js"), "mine\n");
    assert.match(heard(ended), /Nothing was changed|does not|changed after/);
  });

  it("line ends and byte order mark are kept byte for byte", async () => {
    const bom = Uint8Array.of(0xef, 0xbb, 0xbf);
    cli.put("win.js", Buffer.concat([bom, Buffer.from("let a = 1;\r\nlet b = 2;\nlet c = 3;\r\n\r\nlast")]));
    const ended = await does(coder("win.js", "c = 4"), [edit("win.js", "let c = 3;", "let c = 4;\nlet d = 5;")]);
    assert.equal(ended.code, 0, ended.out);
    assert.deepEqual(
      readFileSync(cli.at("win.js")),
      Buffer.concat([bom, Buffer.from("let a = 1;\r\nlet b = 2;\nlet c = 4;\r\nlet d = 5;\r\n\r\nlast")]),
    );
  });

  it("a binary file is neither shown nor edited", async () => {
    const bytes = Uint8Array.from({ length: 2048 }, (_, at) => at % 256);
    cli.put("logo.png", bytes);
    const read = await does({}, [call("read_file", { path: "logo.png" })]);
    assert.match(heard(read), /logo\.png.*(binary|text)/);
    const edited = await does(coder("logo.png", "x"), [edit("logo.png", "abc", "x")]);
    assert.match(heard(edited), /logo\.png.*(binary|text)/);
    assert.deepEqual(readFileSync(cli.at("logo.png")), Buffer.from(bytes));
  });

  it("a file of 100 MB is refused by its size, and a search passes it in good time", async () => {
    cli.put("huge.log", "a line\n");
    truncateSync(cli.at("huge.log"), 100 * 2 ** 20);
    const size = /huge\.log has 104,857,600 bytes.*over the limit/;
    assert.match(heard(await does({}, [call("read_file", { path: "huge.log", from: 1, to: 5 })])), size);
    assert.match(heard(await does(coder("sum.js", "never"), [edit("huge.log", "a line", "another")])), size);
    assert.match(heard(await does(coder("sum.js", "never"), [call("delete_file", { path: "huge.log" })])), size);
    assert.match(heard(await does({}, [call("search_text", { pattern: "sum" })])), /sum\.js:1/);
    assert.equal(statSync(cli.at("huge.log")).size, 100 * 2 ** 20);
  });

  describe("and something outside", () => {
    let outside: string;
    beforeEach(() => {
      // Not below the system's temporary folder, which has a rule of its own.
      outside = mkdtempSync(resolve("dist", "outside-"));
      writeFileSync(join(outside, "diary.txt"), "secret\n");
    });
    afterEach(() => rmSync(outside, { recursive: true }));
    const untouched = (): void => {
      assert.equal(readFileSync(join(outside, "diary.txt"), "utf8"), "secret\n");
      assert.deepEqual(readdirSync(outside), ["diary.txt"]);
    };

    it("reading it asks, whether by its path or through a link", async () => {
      symlinkSync(join(outside, "diary.txt"), cli.at("inside.txt"));
      symlinkSync(outside, cli.at("folder"));
      for (const path of [
        join(outside, "diary.txt"),
        relative(cli.workspace, join(outside, "diary.txt")),
        "inside.txt",
        "folder/diary.txt",
      ]) {
        const unattended = await does({}, [call("read_file", { path })], "none");
        assert.equal(unattended.code, 3, path);
        assert.doesNotMatch(unattended.out, /secret/);
      }
      assert.match(heard(await does({}, [call("read_file", { path: "folder/diary.txt" })], "reads")), /secret/);
    });

    it("writing it is denied, whatever was approved beforehand", async () => {
      symlinkSync(join(outside, "diary.txt"), cli.at("inside.txt"));
      symlinkSync(outside, cli.at("folder"));
      for (const wanted of [
        edit(join(outside, "diary.txt"), "secret", "public"),
        edit("inside.txt", "secret", "public"),
        edit("sub/../folder/diary.txt", "secret", "public"),
        call("create_file", { path: "folder/new.txt", text: "x" }),
        call("delete_file", { path: "inside.txt" }),
      ]) {
        const ended = await does(coder("sum.js", "never"), [wanted]);
        assert.match(heard(ended), /Denied by rule guard\.outside/);
        untouched();
      }
    });

    it("a folder that becomes a link after it was judged is not followed", async () => {
      mkdirSync(cli.at("folder"));
      step = coder("sum.js", "never");
      const two = [
        { tool: "run_command", args: { line: `rmdir folder && ln -s ${outside} folder` } },
        { tool: "create_file", args: { path: "folder/new.txt", text: "x" } },
      ];
      turns = [{ calls: two }, echo];
      await cli.run(["run", oneGoal, "--json", "--approve", "all"]);
      untouched();
    });
  });

  it("links in a circle, folders and pipes for files are told, not waited for", async () => {
    symlinkSync("b", cli.at("a"));
    symlinkSync("a", cli.at("b"));
    mkdirSync(cli.at("folder"));
    execFileSync("mkfifo", [cli.at("pipe")]);
    for (const path of ["a", "folder", "pipe"]) {
      const ended = await does({}, [call("read_file", { path })]);
      assert.match(heard(ended), /circle|folder|no file|not a (regular )?file|pipe/);
      assert.ok(ended.ms < 15_000, path);
    }
  });

  it("a file it may not read is told of, and hides no other", async function () {
    if (process.getuid?.() === 0) return this.skip();
    chmodSync(cli.at("sum.js"), 0);
    const ended = await does({}, [call("read_file", { path: "sum.js" })]);
    assert.match(heard(ended), /permission denied/);
    chmodSync(cli.at("sum.js"), 0o600);
  });

  it("names that are no UTF-8 harm nothing", async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${cli.workspace}/`), Buffer.from([0x66, 0xff, 0xfe, 0x2e, 0x6a, 0x73])]), "hidden words\n");
    const listed = await does({}, [call("list_files", {})]);
    assert.match(heard(listed), /sum\.js/);
    const found = await does({}, [call("search_text", { pattern: "sum|hidden", regex: true })]);
    assert.match(heard(found), /sum\.js/);
    const run = await does({ role: "tester" }, [call("run_command", { line: "ls" })]);
    assert.match(heard(run), /sum\.js/);
  });

  it("a workspace that is deleted while the run goes on is told to the model, and never made anew", async () => {
    step = coder("sum.js", "a \\+ b");
    const vanish = (line: Line) => (): Line => {
      rmSync(cli.workspace, { recursive: true, force: true });
      return line;
    };
    for (const wanted of [
      edit("sum.js", "a - b", "a + b"),
      call("create_file", { path: "sub/new.js", text: "x\n" }),
      call("run_command", { line: "true" }),
      call("list_files", {}),
    ]) {
      mkdirSync(cli.workspace, { recursive: true });
      turns = [vanish(wanted), echo];
      const ended = await cli.run(["run", oneGoal, "--json", "--approve", "all"]);
      assertPlainWords(ended);
      assert.match(heard(ended), /does not exist|no folder|gone|missing/, wanted.calls?.[0]?.tool);
      assert.equal(ended.code, 1, ended.err);
      assert.equal(existsSync(cli.workspace), false);
    }
  });

  it("a workspace that is gone before the start or the resume is named", async () => {
    turns = [{ text: "sum.js:1" }];
    step = {};
    const stopped = await cli.run(["run", oneGoal, "--json", "--max-minutes", "0.0000001"]);
    assert.equal(stopped.code, 4, stopped.out + stopped.err);
    renameSync(cli.workspace, `${cli.workspace}-moved`);
    const where = ["--workspace", cli.workspace];
    for (const words of [
      ["run", oneGoal, ...where],
      ["resume", ...where],
      ["runs", ...where],
    ]) {
      assertRefused(await cli.run(words, { cwd: cli.folder }), 2, /There is no folder .*; name an existing one with --workspace/);
    }
    renameSync(`${cli.workspace}-moved`, cli.workspace);
    assert.equal((await cli.run(["resume", "--json", "--max-minutes", "5"])).code, 0);
  });

  it("a folder that is deleted under the feet of the command is told", async () => {
    const gone = join(cli.folder, "gone");
    mkdirSync(gone);
    const ended = await new Promise<Ended>((resolve) => {
      const running = cli.start(["runs"], { cwd: gone });
      rmSync(gone, { recursive: true });
      resolve(running.ended);
    });
    assertPlainWords(ended);
    assert.ok(ended.code === 2 || ended.code === 0, ended.err);
  });
});
