import { strict as assert } from "node:assert";
import * as vscode from "vscode";
import type { Tool } from "../../../src/agent/tool/tool.ts";
import type { World } from "../../../src/agent/world.ts";
import { sha256 } from "../../../src/node/digest.ts";
import { openFiles } from "../../../src/node/files.ts";
import { overBuffers } from "../../../src/vscode/buffers.ts";
import { diagnosticsIn } from "../../../src/vscode/problems.ts";
import { codeActionsTool, renameTool } from "../../../src/vscode/tool/change.ts";
import { diagnosticsTool, referencesTool, symbolsTool } from "../../../src/vscode/tool/look.ts";
import { fileIn, uriIn, until, valueOf, workspaceFolder } from "./workspace.ts";

const signal = new AbortController().signal;

/** A small TypeScript project with one mistake, known to a real language server. */
const project = {
  "shop/tsconfig.json": '{ "compilerOptions": { "strict": true, "module": "esnext", "target": "es2022", "noEmit": true } }\n',
  "shop/price.ts":
    "export function priceOf(cents: number): string {\n  return (cents / 100).toFixed(2);\n}\n\nexport const twice = (cents: number): number => 2 * cents;\n",
  "shop/bill.ts":
    'import { priceOf, twice } from "./price";\n\nexport const bill = priceOf(100);\nexport const wrong: number = priceOf(5);\n',
};

describe("tools that only an editor has", function () {
  this.timeout(120_000);
  let world: World;
  const look = async <S>(tool: Extract<Tool<S>, { kind: "observe" }> | Tool<S>, input: S): Promise<string> => {
    assert.equal(tool.kind, "observe");
    return tool.kind === "observe" ? valueOf(await tool.execute(world, input, signal, undefined as never)).text : "";
  };
  const change = async <S>(tool: Tool<S>, input: S): Promise<Readonly<Record<string, string>>> => {
    if (tool.kind !== "change") throw new Error("not a change");
    const changes = valueOf(await tool.change(world, input, signal));
    return Object.fromEntries(changes.map(({ shown, after }) => [shown, after ? new TextDecoder().decode(after) : ""]));
  };

  before(async () => {
    for (const [path, text] of Object.entries(project)) await fileIn(path, text);
    world = { files: overBuffers(valueOf(await openFiles(workspaceFolder())), sha256) } as unknown as World;
    await vscode.window.showTextDocument(uriIn("shop/bill.ts"));
    await until(() =>
      vscode.languages.getDiagnostics(uriIn("shop/bill.ts")).some(({ severity }) => severity === vscode.DiagnosticSeverity.Error),
    );
  });

  it("diagnostics tells what the language server reports, with its line", async () => {
    assert.match(
      await look(diagnosticsTool, { path: "shop/bill.ts" }),
      /shop\/bill\.ts:4: error: Type 'string' is not assignable to type 'number'/,
    );
  });

  it("problems are waited for, as a check needs them", async () => {
    const problems = valueOf(await diagnosticsIn(world.files.root).problems(["shop/bill.ts", "shop/price.ts"], signal));
    assert.deepEqual(
      problems.filter(({ severity }) => severity === "error").map(({ path, line }) => `${path}:${line}`),
      ["shop/bill.ts:4"],
    );
  });

  it("symbols lists the definitions of a file and finds one by name", async () => {
    assert.match(await look(symbolsTool, { path: "shop/price.ts" }), /shop\/price\.ts:1: Function priceOf/);
    await until(async () => /price\.ts:1: Function priceOf/.test(await look(symbolsTool, { query: "priceOf" })));
  });

  it("references finds every use, in other files too", async () => {
    const uses = await look(referencesTool, { name: "priceOf", path: "shop/price.ts" });
    assert.match(uses, /shop\/bill\.ts:1: import/);
    assert.match(uses, /shop\/bill\.ts:3:/);
    assert.match(uses, /shop\/bill\.ts:4:/);
  });

  it("rename changes every file, and touches none before it is approved", async () => {
    const changes = await change(renameTool, { name: "priceOf", to: "formatted", path: "shop/price.ts" });
    assert.deepEqual(Object.keys(changes).sort(), ["shop/bill.ts", "shop/price.ts"]);
    assert.equal(changes["shop/bill.ts"]?.match(/formatted/g)?.length, 3);
    assert.doesNotMatch((await vscode.workspace.openTextDocument(uriIn("shop/bill.ts"))).getText(), /formatted/);
  });

  it("code_actions organises imports", async () => {
    const changes = await change(codeActionsTool, { path: "shop/bill.ts", kind: "source.organizeImports" });
    assert.match(changes["shop/bill.ts"] ?? "", /import \{ priceOf \} from/);
  });

  it("a name that does not stand there is refused with what to do", async () => {
    if (renameTool.kind !== "change") throw new Error("not a change");
    const renamed = await renameTool.change(world, { name: "nowhere", to: "x", path: "shop/price.ts" }, signal);
    assert.match(renamed.ok ? "" : renamed.fault.message, /search for it/);
  });
});
