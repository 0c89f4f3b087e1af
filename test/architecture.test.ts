// The walls of the house, checked by walking every import of src; the linter holds the same walls while one types.
// A test that finds nothing may be blind, so each rule is first shown a file that breaks it.

import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { sep } from "node:path";
import { parseSource, type SourceFile } from "./support/source-file.ts";
import { cyclesOf, loadedBefore, offencesOf, rooms } from "./support/walls.ts";

describe("the architecture", () => {
  const paths = new Set(listSource());
  const files = [...paths].filter((path) => /\.tsx?$/.test(path)).map((path) => parseSource(path, readFileSync(path, "utf8")));

  it("was looked at", () => {
    const imports = files.flatMap((file) => file.imports);
    assert.ok(files.length > 50, `only ${files.length} files were found`);
    assert.ok(imports.length > files.length, `only ${imports.length} imports were found`);
    assert.ok(imports.some((specifier) => specifier.startsWith("node:")) && imports.some((specifier) => specifier.startsWith("../")));
  });

  for (const room of Object.keys(rooms)) {
    it(`holds in ${room}`, () => {
      const own = files.filter((file) => file.path.startsWith(`src/${room}/`));
      assert.deepEqual(
        own.flatMap((file) => offencesOf(file, (path) => paths.has(path))),
        [],
      );
    });
  }

  it("has no file outside its rooms", () => {
    assert.deepEqual(
      files.filter((file) => !((file.path.split("/")[1] ?? "") in rooms)).map((file) => file.path),
      [],
    );
  });

  // Every window starts with these; whatever is added here is waited for by people who ask for nothing.
  it("starts the editor's extension with registrations alone", () => {
    assert.deepEqual([...loadedBefore("src/vscode/extension.ts", files)].sort(), [
      "node:crypto",
      "src/vscode/chat-page.ts",
      "src/vscode/commands.ts",
      "src/vscode/page.ts",
      "src/vscode/policy/policy-document.ts",
      "src/vscode/policy/policy-tree.ts",
      "src/vscode/problem-fixes.ts",
      "src/vscode/status.ts",
      "vscode",
    ]);
  });

  it("shows the chat without the engine, the policy or this machine's adapters", () => {
    const loaded = [...loadedBefore("src/vscode/desk.ts", files)];
    assert.ok(loaded.includes("src/vscode/chat-view.ts"), "the desk was looked at");
    const heavy =
      /^src\/node\/|^src\/agent\/(?:policy|tool|perform|model|role|retrieval|observe(?!\/amount\.ts))\/|^src\/agent\/(?:engine|reduce|next|performers)\.ts$|^unbash$/;
    assert.deepEqual(
      loaded.filter((each) => heavy.test(each)),
      [],
    );
  });

  it("has no circle of imports", () => {
    assert.deepEqual(cyclesOf(files), []);
  });
});

describe("the architecture test", () => {
  const exists = (path: string): boolean => /\/(plan|think|journal|main|card|flow)\.tsx?$/.test(path);
  const header = "// Owns an example.\n\n";

  const bad: readonly (readonly [code: string, says: RegExp, path?: string])[] = [
    [`import { readFile } from "node:fs/promises";`, /agent may import zod/],
    [`import type { Stats } from "node:fs";`, /agent may import zod/],
    [`const load = () => import("node:fs");`, /agent may import zod/],
    [`type Fs = typeof import("node:fs");`, /agent may import zod/],
    [`const load = (name: string) => import(name);`, /write the specifier out/],
    [`import lodash from "lodash";`, /agent may import zod/],
    [`import { z } from "zodiac";`, /agent may import zod/],
    [`import type { Uri } from "vscode";`, /only src\/vscode knows the editor/],
    [`import type { Uri } from "vscode";`, /only src\/vscode knows the editor/, "src/node/shell.ts"],
    [`import { join } from "path";`, /write node: before it/, "src/node/shell.ts"],
    [`import { open } from "../../node/journal.ts";`, /agent may not import node/],
    [`import type { Journal } from "../../node/journal.ts";`, /agent may not import node/],
    [`type Journal = import("../../node/journal.ts").Journal;`, /agent may not import node/],
    [`import { main } from "../cli/main.ts";`, /node may not import cli/, "src/node/shell.ts"],
    [`import { plan } from "../agent/plan.ts";`, /webview may not import agent/, "src/webview/card.tsx"],
    [`import { main } from "../cli/main.ts";`, /vscode may not import cli/, "src/vscode/extension.ts"],
    [`import { card } from "../protocol/card.ts";`, /cli may not import protocol/, "src/cli/run.ts"],
    [`import { plan } from "../agent/plan";`, /there is no such file/, "src/node/shell.ts"],
    [`import { plan } from "../../test/flow.ts";`, /src imports nothing from outside/, "src/node/shell.ts"],
    [`import { think } from "./think.ts";`, /a performer never calls another/, "src/agent/perform/judge.ts"],
    [`export { plan } from "../plan.ts";`, /passes on \.\.\/plan\.ts/],
    [`export * from "../plan.ts";`, /passes on/],
    [`export default 1;`, /default export/],
    [`const a = 1;\nexport { a as default };`, /default export/],
    [`export enum Verdict { Allow }`, /has an enum/],
    [`export const now = () => Date.now();`, /touches Date/],
    [`export const today = () => new Date();`, /touches Date/],
    [`export const wait = () => setTimeout(() => {}, 1);`, /touches setTimeout/],
    [`export const dice = () => Math.random();`, /touches Math\.random/],
    [`export const soon = () => AbortSignal.timeout(1);`, /touches AbortSignal\.timeout/],
    [`export const home = () => process.env;`, /touches process/],
    [`export const home = () => globalThis["process"];`, /touches globalThis/],
    [`export const pick = () => ({ fetch });`, /touches fetch/],
    [`export const here = () => import.meta.url;`, /touches import\.meta/],
    [`export const log = (text: string) => console.log(text);`, /touches console/, "src/protocol/card.ts"],
    [`register();`, /does something when imported/],
    [`for (const each of []) each;`, /does something when imported/],
    [`export let count = 0;`, /does something when imported/],
    [`export const a = 1;\n`.repeat(300), /has 302 lines/],
    [``, /is not one word or kebab-case/, "src/agent/policy/shellParts.ts"],
    [``, /a name that says nothing/, "src/agent/policy/shell-utils.ts"],
    [``, /a name that says nothing/, "src/agent/common/paths.ts"],
    [``, /there is no room "shared"/, "src/shared/paths.ts"],
  ];
  for (const [code, says, path = "src/agent/policy/example.ts"] of bad) {
    it(`finds what is wrong with ${code.trim().split("\n")[0] || path}`, () => {
      const found = offencesOf(parseSource(path, header + code), exists);
      assert.match(found.join("\n"), says);
    });
  }

  it("finds a file without a header", () => {
    assert.match(offencesOf(parseSource("src/agent/example.ts", "export const a = 1;"), exists).join(), /does not open with a comment/);
  });

  const good: readonly (readonly [code: string, path?: string])[] = [
    [`import * as z from "zod";\nimport type { Plan } from "../plan.ts";\nexport const read = (plan: Plan) => z.string().parse(plan);`],
    [`// Date.now() and import "node:fs" in a comment are nothing.\nexport const text = 'import "node:fs"; process.exit()';`],
    [`export const later = (clock: { readonly Date: () => number }) => clock.Date();`],
    [`export const fits = (window: number, used: number) => used < window;`],
    [`export interface Run { process(line: string): void }\nexport const run = (it: Run) => it.process("x");`],
    [`import { readFile } from "node:fs/promises";\nexport const now = () => [Date.now(), readFile, process.pid];`, "src/node/journal.ts"],
    [`await Promise.resolve();`, "src/cli/main.ts"],
    [`import manifest from "../../package.json" with { type: "json" };\nexport const { version } = manifest;`, "src/cli/version.ts"],
    [`let index: ReadonlySet<string> | undefined;\nexport const names = () => (index ??= new Set(["a"]));`],
  ];
  for (const [code, path = "src/agent/policy/example.ts"] of good) {
    it(`finds nothing wrong with ${code.split("\n")[0]}`, () => {
      assert.deepEqual(offencesOf(parseSource(path, header + code), exists), []);
    });
  }

  it("knows what is loaded before a file runs, which types and dynamic imports are not", () => {
    const a = `import { b } from "./b.ts";\nimport type { T } from "./t.ts";\nimport { type U } from "./u.ts";\nconst later = () => import("./c.ts");`;
    const files = [
      parseSource("src/agent/a.ts", a),
      parseSource("src/agent/b.ts", `import * as z from "zod";\nexport * from "./d.ts";`),
      parseSource("src/agent/c.ts", `import "unbash";`),
      parseSource("src/agent/d.ts", `import { a } from "./a.ts";`),
    ];
    assert.deepEqual([...loadedBefore("src/agent/a.ts", files)].sort(), ["src/agent/a.ts", "src/agent/b.ts", "src/agent/d.ts", "zod"]);
  });

  it("finds circles, of types too, and of any length", () => {
    const file = (path: string, to: string): SourceFile => parseSource(path, `import type { A } from "./${to}.ts";`);
    const circle = [file("src/agent/a.ts", "b"), file("src/agent/b.ts", "c"), file("src/agent/c.ts", "a"), file("src/agent/d.ts", "a")];
    assert.deepEqual(cyclesOf(circle), [["src/agent/a.ts", "src/agent/b.ts", "src/agent/c.ts"]]);
    assert.deepEqual(cyclesOf(circle.slice(1)), []);
  });
});

function listSource(): readonly string[] {
  return readdirSync("src", { recursive: true, encoding: "utf8" }).map((file) => `src/${file.replaceAll(sep, "/")}`);
}
