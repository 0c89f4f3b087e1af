// Plays one run in memory: a goal, a model as a function of the request, files, commands; gives back all there is to assert on.

import { drive, Run } from "../../src/agent/engine.ts";
import { defaultLimits, type Event, type Limits } from "../../src/agent/event.ts";
import type { AskRequest, Reply } from "../../src/agent/model/ask.ts";
import { performers } from "../../src/agent/performers.ts";
import { shippedPolicy } from "../../src/agent/policy/defaults.ts";
import type { Policy } from "../../src/agent/policy/rules.ts";
import type { Check, Step } from "../../src/agent/plan.ts";
import { fold } from "../../src/agent/reduce.ts";
import { type Fault, ok } from "../../src/agent/result.ts";
import type { RunState } from "../../src/agent/state.ts";
import type { AnyTool } from "../../src/agent/tool/tool.ts";
import { standardCatalog } from "../../src/agent/tool/standard.ts";
import type { Problem, World } from "../../src/agent/world.ts";
import { MemoryLog } from "./memory-log.ts";
import { type MemoryParts, memoryRoot, memoryWorld, type MemoryWorld } from "./memory-world.ts";
import { transcript } from "./transcript.ts";

/** What a scripted model says: words, calls as [tool, input], a structured answer, or a fault. */
export type Said = string | readonly (readonly [tool: string, input: unknown])[] | { readonly answer: unknown } | { readonly fault: Fault };

export interface Play {
  readonly goal?: string;
  readonly say: (request: AskRequest, turn: number) => Said | Promise<Said>;
  readonly files?: Readonly<Record<string, string>>;
  readonly limits?: Partial<Limits>;
  readonly criteria?: readonly Check[];
  readonly test?: string;
  readonly command?: MemoryParts["command"];
  readonly decide?: MemoryParts["decide"];
  readonly secrets?: MemoryParts["secrets"];
  readonly attended?: boolean;
  /** Puts other ports before those in memory. */
  readonly around?: (world: World) => World;
  readonly clock?: MemoryParts["clock"];
  readonly patienceMs?: MemoryParts["patienceMs"];
  readonly policy?: Policy;
  readonly tools?: readonly AnyTool[];
  /** What an editor reports of the files; without it no editor is there. */
  readonly problems?: (files: ReadonlyMap<string, string>) => readonly Problem[];
  /** Journal of an earlier session, to go on from. */
  readonly events?: readonly Event[];
  /** It goes on with a new plan. */
  readonly replan?: true;
  readonly onEvent?: (event: Event, run: Run, stop: AbortController) => void;
}

export interface Played {
  readonly state: RunState;
  readonly events: readonly Event[];
  readonly text: string;
  readonly files: Map<string, string>;
  readonly world: MemoryWorld;
  readonly requests: readonly AskRequest[];
}

export async function play(script: Play): Promise<Played> {
  const files = new Map(Object.entries(script.files ?? {}));
  const requests: AskRequest[] = [];
  const log = new MemoryLog(script.events);
  const world = memoryWorld({
    files,
    policy: script.policy ?? shippedPolicy(),
    attended: script.attended ?? true,
    ask: async (request) => {
      requests.push(request);
      const said = await script.say(request, request.messages.filter((message) => message.role === "assistant").length);
      return typeof said === "object" && "fault" in said ? { ok: false, fault: said.fault } : ok(reply(said, requests.length));
    },
    ...(script.command ? { command: script.command } : {}),
    ...(script.clock ? { clock: script.clock } : {}),
    ...(script.patienceMs === undefined ? {} : { patienceMs: script.patienceMs }),
    ...(script.decide ? { decide: script.decide } : {}),
    ...(script.secrets ? { secrets: script.secrets } : {}),
  });
  const { problems } = script;
  const seen = problems
    ? { ...world, diagnostics: { problems: async () => ok(problems(files)), known: () => undefined, caughtUp: async () => undefined } }
    : world;
  const run = new Run({ world: script.around?.(seen) ?? seen, tools: standardCatalog(script.tools), log, state: fold(log.events) });
  const stop = new AbortController();
  run.onEvent((event) => script.onEvent?.(event, run, stop));
  if (run.state.seq === 0) {
    const briefing = { ...(script.test === undefined ? {} : { test: script.test }), entries: [...files.keys()] };
    const limits = { ...defaultLimits, ...script.limits };
    const goal = script.goal ?? "Do this and then that";
    await run.append({
      type: "run.started",
      run: "r",
      goal,
      criteria: [...(script.criteria ?? [])],
      workspace: memoryRoot,
      model: "m",
      mode: "supervised",
      limits,
      briefing,
    });
  } else
    await run.append({
      type: "run.resumed",
      ...(script.limits ? { limits: { ...defaultLimits, ...script.limits } } : {}),
      ...(script.replan ? { replan: script.replan } : {}),
    });
  await drive(run, performers, stop.signal).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return { state: run.state, events: log.events, text: transcript(log.events), files, world, requests };
}

function reply(said: Exclude<Said, { fault: Fault }>, nth: number): Reply {
  const base = { text: "", calls: [], usage: { input: 10, output: 5, usd: 0.01 }, model: "m", finish: "stop" as const };
  if (typeof said === "string") return { ...base, text: said };
  if ("answer" in said) return { ...base, answer: said.answer };
  return {
    ...base,
    calls: said.map(([tool, input], i) => ({ id: `c${nth}-${i}`, tool, args: typeof input === "string" ? input : JSON.stringify(input) })),
    finish: "calls",
  };
}

/** A step for plans in tests: a coder proved by `check` unless said otherwise. */
export const step = (id: string, more: Partial<Step> = {}): Step => ({
  id,
  goal: `do ${id}`,
  role: "coder",
  needs: [],
  check: { by: "command", line: "check" },
  ...more,
});
