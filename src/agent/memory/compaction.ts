// When the older turns of a step are to be summed up: before the prompt is so full that the ladder would have to take from it.
// Pure; asked by next.ts after every event.

import { rulesModel } from "../model/ask.ts";
import type { RunState, StepState } from "../state.ts";
import { requestBudget } from "./budget.ts";
import { total } from "./piece.ts";
import { turnPieces } from "./turn.ts";

/** The latest turns stay as they are, and fewer than that many more are not worth a request. */
const kept = 4;
const worth = 6;
/** How full the conversation may make a request before it is summed up. */
const full = 0.6;

/** How many of the step's turns, from the first on, shall be summed up before it goes on; undefined where none need be. */
export function summaryDue(state: RunState, step: StepState): number | undefined {
  const turns = step.turns.length - kept;
  if (turns - step.summarised < worth || state.run?.model === rulesModel) return undefined;
  const room = full * requestBudget(state.window, state.squeezed[step.step.id]);
  const size = step.turns.slice(step.summary?.turns ?? 0).reduce((sum, turn) => sum + total(turnPieces(turn, "whole", none)), 0);
  return size > room ? turns : undefined;
}

const none: ReadonlyMap<string, string> = new Map();
