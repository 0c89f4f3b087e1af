import { strict as assert } from "node:assert";
import * as vscode from "vscode";
import { drive, Run } from "../../../src/agent/engine.ts";
import { defaultLimits } from "../../../src/agent/event.ts";
import { performers } from "../../../src/agent/performers.ts";
import { shippedPolicy } from "../../../src/agent/policy/defaults.ts";
import { emptyState, type RunState } from "../../../src/agent/state.ts";
import { standardCatalog } from "../../../src/agent/tool/standard.ts";
import { sha256 } from "../../../src/node/digest.ts";
import { openFiles } from "../../../src/node/files.ts";
import { rulesEngine } from "../../../src/node/rules-engine.ts";
import { createSearch } from "../../../src/node/search.ts";
import { overBuffers } from "../../../src/vscode/buffers.ts";
import { diagnosticsIn } from "../../../src/vscode/problems.ts";
import { codeActionsTool, renameTool } from "../../../src/vscode/tool/change.ts";
import { diagnosticsTool, referencesTool, symbolsTool } from "../../../src/vscode/tool/look.ts";
import { MemoryLog } from "../../support/memory-log.ts";
import { memoryWorld } from "../../support/memory-world.ts";
import { fileIn, textOf, uriIn, valueOf, workspaceFolder } from "./workspace.ts";

/** A small TypeScript project that nobody has opened in a tab, known to a real language server. */
const project = {
  "till/tsconfig.json": '{ "compilerOptions": { "strict": true, "module": "esnext", "target": "es2022", "noEmit": true } }\n',
  "till/coin.ts": "export const coinOf = (cents: number): string => `${cents} ct`;\n\nexport class Purse {\n  cents = 0;\n}\n",
  "till/pay.ts": 'export const paid = coinOf(5);\n\nexport const more = "coinOf";\n',
  "till/lock.ts": "export const lock: number = 'open';\n",
  "till/shelf.ts": 'import { Purse } from "./coin";\nimport { coinOf } from "./coin";\n\nexport const shelf = coinOf(1);\n',
};
const editorTools = [diagnosticsTool, symbolsTool, referencesTool, renameTool, codeActionsTool];

/** Plays the goal with the offline engine, everything approved. */
async function run(goal: string): Promise<RunState> {
  const files = overBuffers(valueOf(await openFiles(workspaceFolder())), sha256);
  const search = createSearch({ root: files.root, locate: (path) => files.locate(path), ripgrep: undefined });
  const world = {
    ...memoryWorld({ files: new Map(), ask: rulesEngine(), policy: shippedPolicy(), command: () => ({ exit: 0, output: "" }) }),
    files,
    search,
    diagnostics: diagnosticsIn(files.root),
  };
  const made = new Run({ world, tools: standardCatalog(editorTools), log: new MemoryLog(), state: emptyState });
  await made.append({
    type: "run.started",
    run: "r",
    goal,
    criteria: [],
    workspace: files.root,
    model: "rules",
    mode: "supervised",
    limits: { ...defaultLimits, attemptsPerStep: 1 },
    briefing: { entries: [] },
  });
  await drive(made, performers, new AbortController().signal);
  return made.state;
}

const lastWord = (state: RunState): string => Object.values(state.steps).at(-1)?.turns.at(-1)?.text ?? state.ended?.answer ?? "";
const proof = (state: RunState): string => Object.values(state.steps).at(-1)?.proof?.evidence.said ?? "";

describe("the offline engine with a real language server", function () {
  this.timeout(120_000);
  before(async () => {
    for (const [path, text] of Object.entries(project)) await fileIn(path, text);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("fixes a problem of a file that is not open, and proves it by what is reported afterwards", async () => {
    const state = await run("Fix the problems in till/pay.ts");
    assert.equal(state.ended?.outcome, "done", JSON.stringify([lastWord(state), proof(state), state.ended]));
    assert.match(await textOf(uriIn("till/pay.ts")), /^import \{ coinOf \} from ["']\.\/coin(?:\.ts)?["'];/);
    assert.match(lastWord(state), /^Fixed one problem:\n- till\/pay\.ts:1 Cannot find name 'coinOf'/);
    assert.equal(proof(state), "no errors in till/pay.ts");
  });

  it("says what has no fix, and the proof fails", async () => {
    const state = await run("Fix the problem at till/lock.ts:1: Type 'string' is not assignable to type 'number'.");
    assert.deepEqual([state.ended?.outcome, proof(state)], ["failed", "the problem is still reported at till/lock.ts:1"], lastWord(state));
    assert.match(lastWord(state), /^Nothing was fixed\. Left are one problem:\n- till\/lock\.ts:1/);
  });

  it("organises imports", async () => {
    const state = await run("Organise imports in till/shelf.ts");
    assert.equal(state.ended?.outcome, "done", JSON.stringify([lastWord(state), proof(state)]));
    assert.equal(await textOf(uriIn("till/shelf.ts")), 'import { coinOf } from "./coin";\n\nexport const shelf = coinOf(1);\n');
  });

  it("finds usages as the server knows them", async () => {
    const state = await run("Find usages of coinOf");
    assert.equal(state.ended?.outcome, "done", JSON.stringify([lastWord(state), proof(state)]));
    assert.match(lastWord(state), /as the language server knows it\.\nDefined at till\/coin\.ts:1\./);
    assert.match(lastWord(state), /till\/shelf\.ts:3/);
    assert.doesNotMatch(lastWord(state), /more = "coinOf"/);
  });

  it("says where a class is defined", async () => {
    assert.equal(lastWord(await run("Where is Purse defined?")), "Purse is defined here:\n- till/coin.ts:3 export class Purse {");
  });

  it("renames in every file, through the server", async () => {
    const state = await run("Rename coinOf to pieceOf");
    assert.match(lastWord(state), /^Renamed coinOf to pieceOf in 3 files, by the language server:/);
    assert.equal(state.ended?.outcome, "done", proof(state));
    assert.match(await textOf(uriIn("till/coin.ts")), /export const pieceOf/);
    assert.match(await textOf(uriIn("till/pay.ts")), /pieceOf\(5\);\n\nexport const more = "coinOf";/);
    assert.match(await textOf(uriIn("till/shelf.ts")), /import \{ pieceOf \}[^]*pieceOf\(1\)/);
  });
});
