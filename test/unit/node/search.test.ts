import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Files, Search, TextMatches, TextQuery } from "../../../src/agent/world.ts";
import { findRipgrep } from "../../../src/node/search/find-ripgrep.ts";
import { createSearch } from "../../../src/node/search.ts";
import { faultOf, realFiles, valueOf } from "../../support/real-files.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const never = new AbortController().signal;
const ask = (pattern: string, more: Partial<TextQuery> = {}): TextQuery => ({
  pattern,
  regex: false,
  caseSensitive: true,
  wholeWord: false,
  path: ".",
  include: [],
  limit: 100,
  ...more,
});
const shown = ({ matches }: TextMatches): string[] => matches.map(({ path, line, text }) => `${path}:${line}:${text}`);

describe("searching text", () => {
  const folder = tempFolder();
  let files: Files;
  let ripgrep: string | undefined;

  beforeEach(async () => {
    mkdirSync(folder.in("w"));
    files = await realFiles(folder.in("w"));
    ripgrep = await findRipgrep(process.env["PATH"], files.root);
  });

  function plant(tree: Readonly<Record<string, string | Uint8Array>>): void {
    for (const [path, content] of Object.entries(tree)) {
      mkdirSync(dirname(folder.in("w", path)), { recursive: true });
      writeFileSync(folder.in("w", path), content);
    }
  }

  const searchWith = (program: string | undefined, more: { readonly timeoutMs?: number } = {}): Search =>
    createSearch({ root: files.root, locate: files.locate, ripgrep: program, ...more });

  for (const engine of ["ripgrep", "the plain walk"] as const) {
    describe(`by ${engine}`, () => {
      let search: Search;

      beforeEach(function () {
        if (engine === "ripgrep" && ripgrep === undefined) {
          console.warn("      ripgrep is not installed, so it is not tested");
          this.skip();
        }
        search = searchWith(engine === "ripgrep" ? ripgrep : undefined);
      });

      const find = async (query: TextQuery): Promise<string[]> => shown(valueOf(await search.text(query, never)));

      it("finds lines in order, with path, number and text", async () => {
        plant({ "b.ts": "one\ntwo\nanother one\n", "a/c.ts": "one\r\n", "a.ts": "none" });
        assert.deepEqual(await find(ask("one")), ["a.ts:1:none", "a/c.ts:1:one", "b.ts:1:one", "b.ts:3:another one"]);
      });

      it("takes plain text literally, whatever it looks like", async () => {
        plant({ a: "f(x) = [a-z]+.*? $1 \\d | ^\n--files -e\n", b: "fx\n" });
        for (const pattern of ["f(x) = [a-z]+.*? $1 \\d | ^", "[a-z]", "\\d", ".*", "|", "$1"])
          assert.deepEqual((await find(ask(pattern)))[0]?.slice(0, 2), "a:", pattern);
        for (const pattern of ["--files", "-e"]) assert.deepEqual(await find(ask(pattern)), ["a:2:--files -e"], pattern);
        assert.deepEqual(await find(ask("f.x")), []);
      });

      it("knows expressions, lookbehind and inline flags included, and letters of any case", async () => {
        plant({ a: "foo1 bar\nFOO22\nqux\n", b: "été\nÉTÉ\n" });
        assert.deepEqual(await find(ask("fo+\\d", { regex: true })), ["a:1:foo1 bar"]);
        assert.deepEqual(await find(ask("(?<=foo1 )b", { regex: true })), ["a:1:foo1 bar"]);
        assert.deepEqual(await find(ask("(?i)foo\\d\\d", { regex: true })), ["a:2:FOO22"]);
        assert.deepEqual(await find(ask("^[[:upper:]]+", { regex: true })), ["a:2:FOO22"]);
        assert.deepEqual(await find(ask("foo", { caseSensitive: false })), ["a:1:foo1 bar", "a:2:FOO22"]);
        assert.deepEqual(await find(ask("ÉTÉ", { caseSensitive: false })), ["b:1:été", "b:2:ÉTÉ"]);
      });

      it("finds whole words only when asked to", async () => {
        plant({ a: "item\nitems\nmy item.\nitem_x\nlitem\n" });
        assert.deepEqual(await find(ask("item", { wholeWord: true })), ["a:1:item", "a:3:my item."]);
        assert.deepEqual(await find(ask("i\\w+m", { wholeWord: true, regex: true })), ["a:1:item", "a:3:my item."]);
      });

      it("matches both ends of lines whatever their ends and marks", async () => {
        plant({ crlf: "one\r\ntwo\r\n", bom: "\ufeffone", none: "one" });
        assert.deepEqual(await find(ask("^one$", { regex: true })), ["bom:1:one", "crlf:1:one", "none:1:one"]);
      });

      it("passes over what is ignored, binary, linked or secret, and finds what is hidden", async () => {
        plant({
          ".gitignore": "*.log\ngen/\n",
          "a.log": "needle",
          "gen/a.ts": "needle",
          "src/.gitignore": "local",
          "src/local": "needle",
          ".github/ci.yml": "needle",
          ".git/config": "needle",
          "node_modules/a/index.js": "needle",
          ".env": "needle",
          "deep/.env.local": "needle",
          ".env.example": "needle",
          id_rsa: "needle",
          "server.PEM": "needle",
          ".ssh/known_hosts": "needle",
          "credentials.json": "needle",
          binary: Buffer.from("needle\n\0\n"),
          "late-binary": Buffer.concat([Buffer.from(`needle\n${"x\n".repeat(100_000)}`), Buffer.from([0])]),
        });
        symlinkSync(folder.in("w", ".env"), folder.in("w", "link"));
        execFileSync("mkfifo", [folder.in("w", "pipe")]);
        assert.deepEqual(await find(ask("needle")), [".env.example:1:needle", ".github/ci.yml:1:needle"]);
      });

      it("reads UTF-16 with a mark, and bytes that are no UTF-8", async () => {
        plant({ wide: Buffer.from("\ufeffneedle ü\n", "utf16le"), odd: Buffer.from([0x6e, 0x65, 0x65, 0x64, 0x6c, 0x65, 0xff, 0x0a]) });
        assert.deepEqual(await find(ask("needle")), ["odd:1:needle\ufffd", "wide:1:needle ü"]);
      });

      it("keeps to the folder or file it is given, under the rules of the folders above", async () => {
        plant({
          ".gitignore": "skip\n",
          "a/x": "needle",
          "b/x": "needle",
          "b/skip": "needle",
          "b/skip.d/x": "needle",
          "dist/.gitignore": "*\n",
          "dist/x": "needle",
        });
        assert.deepEqual(await find(ask("needle", { path: "b" })), ["b/skip.d/x:1:needle", "b/x:1:needle"]);
        assert.deepEqual(await find(ask("needle", { path: "a/x" })), ["a/x:1:needle"]);
        assert.deepEqual(await find(ask("needle", { path: "b/skip" })), ["b/skip:1:needle"]);
        assert.deepEqual(await find(ask("needle", { path: "" })), ["a/x:1:needle", "b/skip.d/x:1:needle", "b/x:1:needle"]);
      });

      it("searches a secret file only when that very file is named", async () => {
        plant({ ".env": "TOKEN=1" });
        assert.deepEqual(await find(ask("TOKEN")), []);
        assert.deepEqual(await find(ask("TOKEN", { path: ".env" })), [".env:1:TOKEN=1"]);
      });

      it("keeps to the globs it is given, which never bring ignored files back", async () => {
        plant({
          ".gitignore": "*.gen.ts\n",
          "a.ts": "needle",
          "a.gen.ts": "needle",
          "src/b.ts": "needle",
          "src/c.js": "needle",
          "src/d.tsx": "needle",
        });
        assert.deepEqual(await find(ask("needle", { include: ["*.ts"] })), ["a.ts:1:needle", "src/b.ts:1:needle"]);
        assert.deepEqual(await find(ask("needle", { include: ["*.{js,tsx}"] })), ["src/c.js:1:needle", "src/d.tsx:1:needle"]);
        assert.deepEqual(await find(ask("needle", { include: ["src/**/*.ts", "*.js"] })), ["src/b.ts:1:needle", "src/c.js:1:needle"]);
        assert.deepEqual(await find(ask("needle", { include: ["src", "!*.js"] })), ["src/b.ts:1:needle", "src/d.tsx:1:needle"]);
      });

      it("searches outside the workspace by absolute paths", async () => {
        mkdirSync(folder.in("out"));
        writeFileSync(folder.in("out", "x"), "needle");
        assert.deepEqual(await find(ask("needle", { path: folder.in("out") })), [`${folder.in("out", "x")}:1:needle`]);
        assert.deepEqual(await find(ask("needle", { path: folder.in("out", "x") })), [`${folder.in("out", "x")}:1:needle`]);
      });

      it("gives no more than asked for, the first ones, and says so", async () => {
        plant(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`f${String(i).padStart(2, "0")}`, "needle\nneedle\n"])));
        const some = valueOf(await search.text(ask("needle", { limit: 3 }), never));
        assert.deepEqual(shown(some), ["f00:1:needle", "f00:2:needle", "f01:1:needle"]);
        assert.equal(some.truncated, true);
        assert.equal(valueOf(await search.text(ask("needle", { limit: 80 }), never)).truncated, false);
        plant({ f00: "needle\n".repeat(50_000) });
        const many = valueOf(await search.text(ask("needle", { limit: 10_000, path: "f00" }), never));
        assert.equal(many.matches.length, 10_000);
        assert.equal(many.truncated, true);
      });

      it("shows of a very long line the part around its match", async () => {
        plant({ long: `${"a".repeat(50_000)}ü needle ${"b".repeat(50_000)}` });
        const [line = ""] = await find(ask("needle"));
        assert.ok(line.length < 500);
        assert.match(line, /^long:1:…a+ü needle b+…$/);
      });

      it("survives a line of megabytes with a match in every letter", async () => {
        plant({ long: "a".repeat(2_000_000), short: "a" });
        const found = valueOf(await search.text(ask("a"), never));
        assert.equal(found.matches.at(-1)?.path, "short");
      });

      it("says what is wrong with a pattern or a path", async () => {
        plant({ a: "x" });
        assert.match(
          faultOf(await search.text(ask("(", { regex: true }), never)),
          /^invalid: The pattern is not a regular expression \(.+\); correct it, or search for it as plain text\.$/,
        );
        assert.match(faultOf(await search.text(ask(""), never)), /^invalid: The pattern is empty/);
        assert.match(faultOf(await search.text(ask("a\nb"), never)), /^invalid: The pattern has more than one line/);
        assert.match(faultOf(await search.text(ask("a\0"), never)), /^invalid: .*NUL/);
        assert.match(faultOf(await search.text(ask("a", { path: "none" }), never)), /^missing: none does not exist/);
      });

      it("does not run what its arguments could mean to a shell or to ripgrep", async () => {
        plant({ "$(touch hacked)": "needle", "-n": "needle" });
        assert.deepEqual(await find(ask("needle", { path: "-n" })), ["-n:1:needle"]);
        assert.deepEqual(await find(ask("needle", { include: ["$(touch hacked)", "--pre=touch"] })), ["$(touch hacked):1:needle"]);
        assert.deepEqual(await find(ask("--pre=touch")), []);
      });

      it("rejects with the reason when cancelled, before and while it searches", async () => {
        plant(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, "x\n".repeat(5000)])));
        const reason = new Error("enough");
        await assert.rejects(search.text(ask("x"), AbortSignal.abort(reason)), reason);
        const controller = new AbortController();
        const searching = search.text(ask("no such thing"), controller.signal);
        setImmediate(() => controller.abort(reason));
        await assert.rejects(searching, reason);
      });

      it("gives up after its time", async () => {
        plant(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, "x\n".repeat(5000)])));
        const hurried = searchWith(engine === "ripgrep" ? ripgrep : undefined, { timeoutMs: 0 });
        assert.match(faultOf(await hurried.text(ask("x"), never)), /^timeout: The search took longer than 0 seconds; narrow/);
      });
    });
  }

  it("walks plainly where ripgrep vanished or is too old", async () => {
    plant({ a: "needle" });
    assert.deepEqual(shown(valueOf(await searchWith(folder.in("none", "rg")).text(ask("needle"), never))), ["a:1:needle"]);
    writeFileSync(folder.in("rg"), "#!/bin/sh\necho \"error: Found argument '--engine' which wasn't expected\" >&2\nexit 2\n", {
      mode: 0o755,
    });
    assert.deepEqual(shown(valueOf(await searchWith(folder.in("rg")).text(ask("needle"), never))), ["a:1:needle"]);
  });

  it("leaves no ripgrep running when cancelled", async function () {
    if (process.platform === "win32") return this.skip();
    plant({ a: "x" });
    writeFileSync(folder.in("rg"), `#!/bin/sh\necho $$ > ${folder.in("pid")}\nexec sleep 600\n`, { mode: 0o755 });
    const controller = new AbortController();
    const searching = searchWith(folder.in("rg")).text(ask("x"), controller.signal);
    const pid = await appears(folder.in("pid"));
    controller.abort(new Error("enough"));
    await assert.rejects(searching, /enough/);
    while (isRunning(pid)) await new Promise((resolve) => setImmediate(resolve));
  });

  it("stops an expression that backtracks without end in the plain walk", async function () {
    this.timeout(10_000);
    plant({ a: `${"a".repeat(40)}!` });
    assert.match(
      faultOf(await searchWith(undefined).text(ask("(a+)+$", { regex: true }), never)),
      /^timeout: The pattern takes far too long/,
    );
  });
});

async function appears(file: string): Promise<number> {
  const { readFileSync } = await import("node:fs");
  for (;;) {
    try {
      const pid = Number(readFileSync(file, "utf8"));
      if (pid > 0) return pid;
    } catch {
      // Not yet.
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
