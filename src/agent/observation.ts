// Runs an observing tool under its time-out and output cap, and turns every ending, cancellation included, into one event.

import type { EventBody } from "./event.ts";
import type { Run } from "./engine.ts";
import { fail, type Result } from "./result.ts";
import type { CallState } from "./state.ts";
import { earlierResult } from "./tool/earlier.ts";
import type { Observation } from "./tool/observation.ts";
import type { Risk } from "./tool/risk.ts";
import type { AnyObservingTool, Grant } from "./tool/tool.ts";

/** The call must have begun. Ends in call.ended; a stop by the user is an ending too, since the tool is known to be dead by then. */
export async function observe(
  run: Run,
  call: CallState,
  tool: AnyObservingTool,
  signal: AbortSignal,
): Promise<Extract<EventBody, { type: "call.ended" }>> {
  const { world } = run;
  const started = world.clock.now();
  const watch = call.judged && mayDisturb(call.judged.risk) ? await world.lookout?.watch(signal) : undefined;
  const result = await runLimited(run, call, tool, signal);
  const seen = await watch?.ended();
  const outcome = result.ok ? { ok: true as const, observation: capped(trusted(result.value, call), tool.outputChars) } : result;
  return {
    type: "call.ended",
    call: call.call,
    outcome,
    changed: [...(seen?.changed ?? [])],
    ...(seen && seen.unkept.length > 0 ? { unkept: [...seen.unkept] } : {}),
    effects: call.judged?.risk.effects ?? [],
    ms: world.clock.now() - started,
  };
}

/** What the policy knows to only look changes nothing that would have to be found. */
const mayDisturb = ({ effects, reversible }: Risk): boolean =>
  effects.some((effect) => effect === "write" || effect === "delete" || (effect === "execute" && !reversible));

async function runLimited(run: Run, call: CallState, tool: AnyObservingTool, signal: AbortSignal): Promise<Result<Observation>> {
  const { world } = run;
  const limit = new AbortController();
  const finished = new AbortController();
  const expired = world.clock.sleep(tool.timeoutMs, finished.signal).then(
    () => limit.abort(new DOMException("time limit", "TimeoutError")),
    () => undefined,
  );
  try {
    const context = {
      call: call.call,
      onOutput: (chunk: string) => world.watch({ of: "output", call: call.call, chunk }),
      grant: grantOf(call),
      earlier: (id: string) => earlierResult(run.state, id),
    };
    return await tool.execute(world, call.judged?.input, AbortSignal.any([signal, limit.signal]), context);
  } catch (error) {
    if (limit.signal.aborted && !signal.aborted)
      return fail("timeout", `${tool.name} was stopped after ${Math.round(tool.timeoutMs / 1000)} s; ask for less.`);
    if (signal.aborted)
      return fail("unavailable", `${tool.name} was stopped before it ended; what it had done by then is unknown.`, { stopped: true });
    throw error;
  } finally {
    finished.abort();
    await expired;
  }
}

const grantOf = (call: CallState): Grant => ({
  network: call.judged?.risk.effects.includes("network") ?? false,
  outside: call.outside === "approved",
});

/** What had the network, or the whole machine, may tell anybody's words. */
function trusted(observation: Observation, call: CallState): Observation {
  const { network, outside } = grantOf(call);
  return network || outside ? { ...observation, trust: "foreign" } : observation;
}

function capped(observation: Observation, most: number): Observation {
  if (observation.text.length <= most) return observation;
  return { ...observation, text: `${observation.text.slice(0, most)}\n[cut: ${observation.text.length - most} more characters]` };
}
