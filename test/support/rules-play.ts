// Plays the rules engine against a real folder without the loop around it: real files, real processes, every call allowed.
// What the loop adds (policy, approval, journal) is tested elsewhere; this is for what the engine makes of its results.

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Ask, Message, ToolCall } from "../../src/agent/model/ask.ts";
import { createRules } from "../../src/agent/model/rules/engine.ts";
import type { Step } from "../../src/agent/plan.ts";
import type { Fault, Result } from "../../src/agent/result.ts";
import { standardCatalog } from "../../src/agent/tool/standard.ts";
import type { Observation } from "../../src/agent/tool/observation.ts";
import { type AnyTool, noGrant } from "../../src/agent/tool/tool.ts";
import { tryEdits } from "../../src/agent/tool/try-edits.ts";
import type { Shell, World } from "../../src/agent/world.ts";
import { createGrammars } from "../../src/node/grammar.ts";
import { openShell } from "../../src/node/shell.ts";
import { toolWorld } from "./tool-world.ts";

export interface RulesPlay {
  readonly workspace: string;
  readonly goal: string;
  /** The shell line that proves the step. */
  readonly line?: string;
  readonly role?: Step["role"];
  readonly trialSeconds?: number;
  /** Answers calls instead of the real tools; undefined leaves a call to them. */
  readonly meddle?: (call: ToolCall, input: unknown) => Result<Observation> | undefined;
  readonly said?: readonly string[];
}

export interface RulesPlayed {
  readonly text: string;
  readonly fault: Fault | undefined;
  readonly calls: readonly { readonly tool: string; readonly input: unknown; readonly ok: boolean; readonly text: string }[];
  readonly ms: number;
}

const mostTurns = 40;
let grammars: ReturnType<typeof createGrammars> | undefined;

export async function playRules(play: RulesPlay): Promise<RulesPlayed> {
  const scratch = await mkdtemp(join(tmpdir(), "proviso-rules-"));
  try {
    const folders = { spill: join(scratch, "spill"), pids: join(scratch, "pids"), cache: join(scratch, "cache") };
    for (const folder of Object.values(folders)) await mkdir(folder);
    const shell = await openShell({ workspace: play.workspace, ...folders, env: process.env, confine: "where possible" });
    return await converse(play, { ...(await toolWorld(play.workspace)), shell, clock: realClock });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const realClock: World["clock"] = { now: () => Date.now(), sleep: async () => undefined };

async function converse(play: RulesPlay, world: World & { readonly shell: Shell }): Promise<RulesPlayed> {
  grammars ??= createGrammars();
  const ask: Ask = createRules({ grammars, ...(play.trialSeconds === undefined ? {} : { trialSeconds: play.trialSeconds }) });
  const catalog = standardCatalog([tryEdits]);
  const check = play.line === undefined ? ({ by: "citation" } as const) : ({ by: "command", line: play.line } as const);
  const step = { id: "s1", goal: play.goal, role: play.role ?? "coder", check, attempt: 1 } as const;
  const messages: Message[] = [
    { role: "system", text: "" },
    ...(play.said ?? [`Goal: ${play.goal}`]).map((text): Message => ({ role: "user", text })),
  ];
  const calls: RulesPlayed["calls"][number][] = [];
  const started = Date.now();
  const signal = new AbortController().signal;
  for (let turn = 0; turn < mostTurns; turn++) {
    const reply = await ask(
      { purpose: "act", messages, tools: catalog.specs("all"), subject: { run: "r", goal: play.goal, step } },
      signal,
    );
    if (!reply.ok) return { text: "", fault: reply.fault, calls, ms: Date.now() - started };
    const { text, calls: wanted } = reply.value;
    if (wanted.length === 0) return { text, fault: undefined, calls, ms: Date.now() - started };
    messages.push({ role: "assistant", text, calls: wanted });
    for (const call of wanted) {
      const parsed = catalog.parseArgs(call.tool, call.args);
      const input: unknown = parsed.ok ? parsed.value.input : JSON.parse(call.args);
      const result = play.meddle?.(call, input) ?? (parsed.ok ? await use(parsed.value.tool, world, parsed.value.input, signal) : parsed);
      const [said, data] = result.ok ? [result.value.text, result.value.data] : [result.fault.message, undefined];
      calls.push({ tool: call.tool, input, ok: result.ok, text: said });
      messages.push({
        role: "tool",
        call: call.id,
        tool: call.tool,
        ok: result.ok,
        text: said,
        data: data === undefined ? undefined : JSON.parse(JSON.stringify(data)),
      });
    }
  }
  throw new Error(`the engine made ${mostTurns} turns and was not done`);
}

async function use(tool: AnyTool, world: World, input: never, signal: AbortSignal): Promise<Result<Observation>> {
  if (tool.kind === "observe") return tool.execute(world, input, signal, { call: "s1.1.0.0", onOutput: () => undefined, grant: noGrant });
  const changes = await tool.change(world, input, signal);
  if (!changes.ok) return changes;
  for (const { path, before, after } of changes.value) {
    await mkdir(dirname(path), { recursive: true });
    const swapped = await world.files.swap(path, before?.digest ?? null, after);
    if (!swapped.ok) return swapped;
  }
  return { ok: true, value: { text: changes.value.map(({ shown }) => `Changed ${shown}.`).join("\n"), trust: "workspace" } };
}
