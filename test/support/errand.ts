// One small job done by a given model from beginning to end: plan, one change, last words. For tests of what can happen on the way.

import { drive, Run } from "../../src/agent/engine.ts";
import { defaultLimits, type Event, type Limits } from "../../src/agent/event.ts";
import type { Ask } from "../../src/agent/model/ask.ts";
import { performers } from "../../src/agent/performers.ts";
import { shippedPolicy } from "../../src/agent/policy/defaults.ts";
import { emptyState as emptyRun, type RunState } from "../../src/agent/state.ts";
import { standardCatalog } from "../../src/agent/tool/standard.ts";
import type { Clock } from "../../src/agent/world.ts";
import { MemoryLog } from "./memory-log.ts";
import { memoryRoot, memoryWorld } from "./memory-world.ts";
import type { Cue, Line } from "./script.ts";

export const lastWords = ["It is ", "mended ", "now, and ", "that is all."];

export interface ErrandParts {
  readonly ask: (state: () => RunState) => Ask;
  readonly clock: Clock;
  readonly limits?: Partial<Limits>;
}

export interface Done {
  readonly state: RunState;
  readonly events: readonly Event[];
  readonly file: string;
  /** Effects on files, in order. */
  readonly effects: readonly string[];
}

/** What the model says for each request of the job; the change can be made once only, and shows if it was made twice. */
export function errandLine(cue: Cue): Line {
  if (cue.answer === "plan") {
    const check = { by: "content", path: "a.txt", matches: "^n = 1$" };
    return { answer: { steps: [{ id: "only", goal: "Count on", role: "coder", needs: [], check }] } };
  }
  if (cue.answer === "reflection") return { answer: { because: "It is not there.", lesson: "Count.", then: "give up" } };
  if (cue.turn === 0) return { calls: [{ tool: "edit_file", args: { path: "a.txt", blocks: [{ search: "n = 0", replace: "n = 1" }] } }] };
  return { text: lastWords };
}

export async function errand({ ask, clock, limits = {} }: ErrandParts): Promise<Done> {
  const files = new Map([["a.txt", "n = 0\n"]]);
  const effects: string[] = [];
  const log = new MemoryLog();
  const holder: { run?: Run } = {};
  const state = (): RunState => holder.run?.state ?? emptyRun;
  const world = memoryWorld({
    files,
    clock,
    policy: shippedPolicy(),
    onEffect: (what) => void effects.push(what),
    decide: async ({ subject, digest }) =>
      subject.of === "limit"
        ? { answer: "reject", why: "That is enough.", unattended: false }
        : { answer: "approve", digest, by: "person" },
    ask: (request, signal) => asking(request, signal),
  });
  const run = new Run({ world, tools: standardCatalog(), log, state: emptyRun });
  holder.run = run;
  const asking = ask(state);
  await run.append({
    type: "run.started",
    run: "r",
    goal: "Count on in the file, please",
    criteria: [],
    workspace: memoryRoot,
    model: "m",
    mode: "supervised",
    limits: { ...defaultLimits, attemptsPerStep: 1, ...limits },
    briefing: { entries: ["a.txt"] },
  });
  await drive(run, performers, new AbortController().signal);
  return { state: run.state, events: log.events, file: files.get("a.txt") ?? "", effects };
}
