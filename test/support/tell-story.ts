// Tells the story in memory, from an empty journal or from what a killed telling left behind.

import type { ApprovalRequest, Resolution } from "../../src/agent/approval.ts";
import { drive, Run } from "../../src/agent/engine.ts";
import { defaultLimits, type Event, type Limits } from "../../src/agent/event.ts";
import type { Ask } from "../../src/agent/model/ask.ts";
import { performers } from "../../src/agent/performers.ts";
import { shippedPolicy } from "../../src/agent/policy/defaults.ts";
import { fold } from "../../src/agent/reduce.ts";
import type { RunState } from "../../src/agent/state.ts";
import { standardCatalog } from "../../src/agent/tool/standard.ts";
import type { Clock } from "../../src/agent/world.ts";
import { type Kill, Killed, MemoryLog } from "./memory-log.ts";
import { memoryRoot, memoryWorld } from "./memory-world.ts";
import { storyCommand, storyFiles, storyGoal, storyModel } from "./story.ts";

export interface Telling {
  readonly events?: readonly Event[];
  readonly files?: Map<string, string>;
  readonly blobs?: Map<string, Uint8Array>;
  readonly kill?: Kill;
  readonly ask?: Ask;
  /** Models behind layers, which want to know the run as it is at any moment. */
  readonly models?: (about: { readonly state: () => RunState; readonly clock: Clock }) => Ask;
  readonly clock?: Clock;
  readonly limits?: Partial<Limits>;
  /** Every effect on a file or by a command, in order, over all tellings. */
  readonly effects?: string[];
  readonly decide?: (request: ApprovalRequest, signal: AbortSignal) => Promise<Resolution>;
}

export interface Told {
  readonly events: readonly Event[];
  readonly files: Map<string, string>;
  readonly blobs: Map<string, Uint8Array>;
  readonly state: RunState;
  readonly killed: boolean;
  readonly asked: readonly ApprovalRequest[];
}

export async function tellStory(telling: Telling): Promise<Told> {
  const files = telling.files ?? storyFiles();
  const blobs = telling.blobs ?? new Map<string, Uint8Array>();
  const log = new MemoryLog(telling.events, telling.kill);
  const world = memoryWorld({
    files,
    blobs,
    ask: (request, signal) => ask(request, signal),
    ...(telling.clock ? { clock: telling.clock } : {}),
    command: storyCommand,
    policy: shippedPolicy(),
    onEffect: (what) => {
      log.alive();
      telling.effects?.push(what);
    },
    ...(telling.decide ? { decide: telling.decide } : {}),
  });
  const run = new Run({ world, tools: standardCatalog(), log, state: fold(log.events) });
  const ask = telling.models?.({ state: () => run.state, clock: world.clock }) ?? telling.ask ?? storyModel;
  try {
    if (run.state.seq === 0) {
      const briefing = { test: "node test.js", entries: [...files.keys()] };
      await run.append({
        type: "run.started",
        run: "story",
        goal: storyGoal,
        criteria: [],
        workspace: memoryRoot,
        model: "scripted",
        mode: "supervised",
        limits: { ...defaultLimits, ...telling.limits },
        briefing,
      });
    } else if (!run.state.ended) await run.append({ type: "run.resumed" });
    await drive(run, performers, new AbortController().signal);
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    return { events: log.events, files, blobs, state: run.state, killed: true, asked: world.asked };
  }
  return { events: log.events, files, blobs, state: run.state, killed: false, asked: world.asked };
}
