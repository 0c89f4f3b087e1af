// A change at the desk where it is reviewed: a run in memory over real files and buffers, decided hunk by hunk.

import { strict as assert } from "node:assert";
import { setTimeout as sleep } from "node:timers/promises";
import * as vscode from "vscode";
import { drive, Run } from "../../../src/agent/engine.ts";
import { defaultLimits } from "../../../src/agent/event.ts";
import type { Reply } from "../../../src/agent/model/ask.ts";
import { performers } from "../../../src/agent/performers.ts";
import { shippedPolicy } from "../../../src/agent/policy/defaults.ts";
import { Queue } from "../../../src/agent/queue.ts";
import { ok } from "../../../src/agent/result.ts";
import { emptyState } from "../../../src/agent/state.ts";
import { standardCatalog } from "../../../src/agent/tool/standard.ts";
import { sha256 } from "../../../src/node/digest.ts";
import { openFiles } from "../../../src/node/files.ts";
import { overBuffers } from "../../../src/vscode/buffers.ts";
import { WaitingRoom } from "../../../src/vscode/person.ts";
import { act, type ReviewParts } from "../../../src/vscode/review/actions.ts";
import { type HunkRef, ReviewDesk } from "../../../src/vscode/review/desk.ts";
import { Session } from "../../../src/vscode/session.ts";
import { MemoryLog } from "../../support/memory-log.ts";
import { memoryWorld } from "../../support/memory-world.ts";
import { fileIn, textOf, until, valueOf, workspaceFolder } from "./workspace.ts";

const before = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n";
const blocks = [
  { search: "one", replace: "ONE" },
  { search: "four", replace: "FOUR" },
  { search: "seven", replace: "SEVEN" },
];
const planOf = (path: string) => ({
  steps: [{ id: "a", goal: "Mend", role: "coder", needs: [], check: { by: "content", path, matches: "o" } }],
});

interface Sitting extends vscode.Disposable {
  readonly desk: ReviewDesk;
  readonly session: Session;
  readonly uri: vscode.Uri;
  readonly path: string;
  readonly key: string;
  told(): string;
}

/** A run that has come to its change; the plan is approved on the way. Each in a file of its own, which no editor still holds. */
async function sit(path: string): Promise<Sitting> {
  const uri = await fileIn(path, before);
  const waiting = new WaitingRoom({ patienceMs: () => undefined });
  const heard: string[] = [];
  const disk = valueOf(await openFiles(workspaceFolder()));
  const base = { usage: { input: 1, output: 1 }, model: "m", text: "", calls: [] };
  const world = {
    ...memoryWorld({
      files: new Map(),
      policy: shippedPolicy(),
      ask: async (request) => {
        heard.push(request.messages.at(-1)?.text ?? "");
        if (request.answer) return ok<Reply>({ ...base, answer: planOf(path), finish: "stop" });
        if (request.messages.some((message) => message.role === "assistant")) return ok<Reply>({ ...base, text: "Done.", finish: "stop" });
        const args = JSON.stringify({ path, blocks });
        return ok<Reply>({ ...base, calls: [{ id: "c1", tool: "edit_file", args }], finish: "calls" });
      },
    }),
    files: overBuffers(disk, sha256),
    person: waiting,
  };
  const run = new Run({ world, tools: standardCatalog(), log: new MemoryLog(), state: emptyState });
  await run.append({
    type: "run.started",
    run: "r",
    goal: "Mend the words and say which",
    criteria: [],
    workspace: disk.root,
    model: "m",
    mode: "supervised",
    limits: { ...defaultLimits, attemptsPerStep: 1 },
    briefing: { entries: [] },
  });
  const runs: Partial<ConstructorParameters<typeof Session>[0]["runs"]> = {
    create: async () =>
      ok({ run, drive: (signal: AbortSignal) => drive(run, performers, signal), context: () => undefined, close: async () => undefined }),
  };
  const session = new Session({
    runs: runs as ConstructorParameters<typeof Session>[0]["runs"],
    around: () => {
      throw new Error("nothing is shown here");
    },
    log: vscode.window.createOutputChannel("review test", { log: true }),
  });
  const desk = new ReviewDesk({ session, waiting });
  valueOf(await session.start("Mend the words and say which"));
  await until(() => waiting.waiting.length > 0);
  const [question] = waiting.waiting;
  assert.ok(question);
  if (question.subject.of === "plan") {
    waiting.resolve(question.subject, question.digest, { answer: "approve", digest: question.digest, by: "person" });
    await until(() => waiting.waiting[0]?.subject.of === "call");
  }
  const key = waiting.waiting[0]?.digest ?? "";
  assert.ok(await desk.load(key));
  const dispose = (): void => void vscode.Disposable.from(desk, waiting, session).dispose();
  return { desk, session, uri, path, key, told: () => heard.join("\n"), dispose };
}

describe("a change at the review desk", () => {
  let here: Sitting;
  let sittings = 0;
  beforeEach(async () => {
    here = await sit(`words-${++sittings}.txt`);
  });
  afterEach(async () => {
    await here.session.stop();
    here.dispose();
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });
  /** VS Code empties a file before it writes it, so what it holds in between says nothing. */
  const written = (text: string): Promise<void> => until(async () => (await textOf(here.uri)) === text);
  const moods = (): readonly string[] => here.desk.rows(here.key, here.path)?.hunks.map(({ mood }) => mood) ?? [];
  const decide = async (hunk: number, is: "accepted" | "rejected" | "open"): Promise<void> =>
    valueOf(await here.desk.decide(here.key, [{ file: here.path, hunk, decision: is === "open" ? null : { is } }]));

  it("is decided hunk by hunk, taken back and decided anew, and written only when it is applied", async () => {
    await decide(0, "accepted");
    await decide(1, "rejected");
    await decide(0, "open");
    assert.deepEqual(moods(), ["open", "rejected", "open"]);
    const early = await here.desk.apply(here.key);
    assert.match(early.ok ? "" : early.fault.message, /2 of the hunks are not decided/);
    assert.equal(await textOf(here.uri), before);
    valueOf(await here.desk.comment({ key: here.key, file: here.path, hunk: 2 }, "well done"));
    valueOf(await here.desk.apply(here.key, { rest: "accepted" }));
    await written("ONE\ntwo\nthree\nfour\nfive\nsix\nSEVEN\neight\n");
    await until(() => here.told().includes("2 accepted, 1 rejected"));
    assert.match(here.told(), /the user's comment: well done/);
  });

  it("follows what is typed in the file, unsaved too, and asks only where it meets a hunk", async () => {
    await decide(1, "accepted");
    const document = await vscode.workspace.openTextDocument(here.uri);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(here.uri, new vscode.Position(1, 3), "!");
    edit.replace(here.uri, new vscode.Range(3, 0, 3, 4), "mine");
    await vscode.workspace.applyEdit(edit);
    assert.ok(document.isDirty);
    await until(() => moods()[1] === "conflict");
    assert.deepEqual(moods(), ["open", "conflict", "open"]);
    const refused = await here.desk.apply(here.key, { rest: "accepted" });
    assert.match(refused.ok ? "" : refused.fault.message, /A hunk meets lines that you changed meanwhile/);
    await decide(1, "accepted");
    assert.deepEqual(moods(), ["open", "accepted", "open"]);
    valueOf(await here.desk.apply(here.key, { rest: "rejected" }));
    await written(before.replace("two", "two!").replace("four", "FOUR"));
  });

  it("words typed in a diff, which does not show what the person changed meanwhile, do not replace it until they are taken where it is seen", async () => {
    const edit = new vscode.WorkspaceEdit();
    await vscode.workspace.openTextDocument(here.uri);
    edit.replace(here.uri, new vscode.Range(3, 0, 3, 4), "mine");
    await vscode.workspace.applyEdit(edit);
    await until(() => moods()[1] === "conflict");
    const typed = { file: here.path, hunk: 1, decision: { is: "changed", text: "FOUR!\n" } } as const;
    valueOf(await here.desk.decide(here.key, [typed], "diff"));
    assert.equal(moods()[1], "conflict");
    assert.equal((await here.desk.apply(here.key, { rest: "accepted" })).ok, false);
    await decide(1, "accepted");
    valueOf(await here.desk.apply(here.key, { rest: "rejected" }));
    await written(before.replace("four", "FOUR!"));
  });

  it("a key pressed while the one before is at work steps on from where that arrives, and decides nothing", async () => {
    const refOf = (hunk: number): HunkRef => ({ key: here.key, file: here.path, hunk });
    const sight: { target: HunkRef; readonly reviewing: boolean } = { target: refOf(0), reviewing: true };
    const pages = {
      show: async (ref: HunkRef): Promise<boolean> => {
        await sleep(20);
        sight.target = ref;
        return true;
      },
    };
    const parts = { desk: here.desk, pages, sight, turns: new Queue() } as unknown as ReviewParts;
    const press = async (name: string): Promise<void> => void valueOf(await act(parts, `proviso.${name}`, undefined));
    // Rejected; on its way, the tab is sent on and back, and a key that comes too early answers nothing.
    await Promise.all([press("rejectHunk"), press("nextHunk"), press("previousHunk"), press("acceptHunk")]);
    assert.deepEqual(moods(), ["rejected", "open", "open"]);
    assert.deepEqual(sight.target, refOf(0), "the tab moves on by itself only from a page that is in front");
    await press("nextHunk");
    await press("acceptHunk");
    assert.deepEqual(moods(), ["rejected", "accepted", "open"]);
  });

  it("nothing accepted is a rejection, and the file keeps its bytes", async () => {
    valueOf(await here.desk.apply(here.key, { rest: "rejected" }));
    await until(() => here.told().includes("3 rejected"));
    assert.equal(await textOf(here.uri), before);
  });
});
