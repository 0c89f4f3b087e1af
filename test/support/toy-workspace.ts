// A workspace in memory with the toy runner behind its shell, and the rules engine at work in it, every call allowed.

import type { Message, ToolCall } from "../../src/agent/model/ask.ts";
import { createRules } from "../../src/agent/model/rules/engine.ts";
import { type Fault, fail, ok, type Result } from "../../src/agent/result.ts";
import type { Observation } from "../../src/agent/tool/observation.ts";
import { standardCatalog } from "../../src/agent/tool/standard.ts";
import { tryEdits } from "../../src/agent/tool/try-edits.ts";
import type { TrialOutcome, World } from "../../src/agent/world.ts";
import { noGrant } from "../../src/agent/tool/tool.ts";
import { createGrammars } from "../../src/node/grammar.ts";
import { memoryWorld } from "./memory-world.ts";
import { toyRun } from "./toy-runner.ts";

export interface Meddling {
  /** Answers a call instead of the tool; undefined leaves it to the tool. */
  readonly answer?: (call: ToolCall, input: unknown) => Result<Observation> | undefined;
  /** What is put to the engine instead of the messages so far. */
  readonly edit?: (messages: readonly Message[]) => readonly Message[];
}

export interface Played {
  readonly text: string;
  readonly fault: Fault | undefined;
  readonly calls: readonly {
    readonly tool: string;
    readonly input: Readonly<Record<string, unknown>>;
    readonly ok: boolean;
    readonly text: string;
  }[];
}

/** What a trial is said to take. */
const trialMs = 150;
const signal = new AbortController().signal;
let grammars: ReturnType<typeof createGrammars> | undefined;

export function toyWorld(files: Map<string, string>): World {
  const hung = 124;
  const command = (line: string, now: Map<string, string>): { exit: number; output: string } => {
    const { exit, output } = toyRun(now, line);
    return { exit: exit ?? hung, output };
  };
  const policy = { guard: [], workspace: [], personal: [] };
  const world = memoryWorld({ files, ask: async () => fail("unavailable", "No model here."), policy, command });
  let now = 0;
  return {
    ...world,
    // Time passes with trials alone, so that a budget means the same number of them on every machine.
    clock: { ...world.clock, now: () => now },
    shell: {
      ...world.shell,
      run: async (task, abort) => {
        const ending = await world.shell.run(task, abort);
        return ending.ok && ending.value.exit === hung ? ok({ ...ending.value, exit: null, killedBy: "timeout" as const }) : ending;
      },
      trial: async ({ line, candidates, enough, budgetMs, timeoutMs }) => {
        const outcomes: TrialOutcome[] = [];
        const started = now;
        for (const [candidate, { files: changed }] of candidates.entries()) {
          if (now - started >= budgetMs) break;
          const { exit, output } = toyRun(new Map([...files, ...Object.entries(changed)]), line);
          const ms = exit === null ? timeoutMs : trialMs;
          now += ms;
          outcomes.push({ candidate, exit, output, ms });
          if (outcomes.filter((outcome) => outcome.exit === 0).length >= enough) break;
        }
        return ok(outcomes);
      },
    },
  };
}

export async function playGoal(goal: string, files: Map<string, string>, { answer, edit }: Meddling = {}): Promise<Played> {
  const world = toyWorld(files);
  const catalog = standardCatalog([tryEdits]);
  grammars ??= createGrammars();
  const ask = createRules({ grammars });
  const step = { id: "s1", goal, role: "coder", check: { by: "command", line: "npm test" }, attempt: 1 } as const;
  const messages: Message[] = [
    { role: "system", text: "" },
    { role: "user", text: `Tests run with: npm test\nGoal: ${goal}` },
  ];
  const calls: Played["calls"][number][] = [];
  for (let turn = 0; turn < 40; turn++) {
    const subject = { run: "r", goal, step };
    const reply = await ask({ purpose: "act", messages: edit?.(messages) ?? messages, tools: catalog.specs("all"), subject }, signal);
    if (!reply.ok) return { text: "", fault: reply.fault, calls };
    const { text, calls: wanted } = reply.value;
    if (wanted.length === 0) return { text, fault: undefined, calls };
    messages.push({ role: "assistant", text, calls: wanted });
    for (const call of wanted) {
      const parsed = catalog.parseArgs(call.tool, call.args);
      const input = JSON.parse(call.args) as Record<string, unknown>;
      const result = answer?.(call, input) ?? (parsed.ok ? await use(world, parsed.value, files) : parsed);
      const [said, data] = result.ok ? [result.value.text, result.value.data] : [result.fault.message, undefined];
      calls.push({ tool: call.tool, input, ok: result.ok, text: said });
      messages.push({ role: "tool", call: call.id, tool: call.tool, ok: result.ok, text: said, ...(data === undefined ? {} : { data }) });
    }
  }
  throw new Error("the engine made 40 turns and was not done");
}

type ParsedCall = Extract<ReturnType<ReturnType<typeof standardCatalog>["parseArgs"]>, { ok: true }>["value"];

async function use(world: World, { tool, input }: ParsedCall, files: Map<string, string>): Promise<Result<Observation>> {
  if (tool.kind === "observe") return tool.execute(world, input, signal, { call: "s1.1.0.0", onOutput: () => undefined, grant: noGrant });
  const changes = await tool.change(world, input, signal);
  if (!changes.ok) return changes;
  for (const { shown, after } of changes.value) if (after) files.set(shown, new TextDecoder().decode(after));
  return ok({ text: changes.value.map(({ shown }) => `Changed ${shown}.`).join("\n"), trust: "workspace" });
}
