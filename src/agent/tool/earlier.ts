// What an earlier call told, read again under the call's name: the prompt shortens old results and names them so.

import type { RunState } from "../state.ts";
import type { Observation } from "./observation.ts";

/** `read_file output:CALL` reads the whole result of an earlier call. */
export const outputPrefix = "output:";

/** What the call of this id told, in whichever attempt; undefined where there is none, or it failed. */
export function earlierResult(state: Pick<RunState, "steps">, id: string): Observation | undefined {
  const [stepId = "", attempt] = id.split(".");
  const step = state.steps[stepId];
  const turns = step?.attempt === Number(attempt) ? step.turns : (step?.past.find((one) => one.attempt === Number(attempt))?.turns ?? []);
  const outcome = turns.flatMap(({ calls }) => calls).find(({ call }) => call === id)?.ended?.outcome;
  return outcome?.ok ? outcome.observation : undefined;
}
