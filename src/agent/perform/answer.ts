// Performs "answer": ends the run with what was found and the ledger of evidence. Asks no model: an ending is a fold of the journal.

import type { EventBody, Outcome } from "../event.ts";
import type { Run } from "../engine.ts";
import { closingAnswer, ledgerOf } from "../ledger.ts";

export async function answer(run: Run, command: { readonly do: "answer"; readonly outcome: Outcome }): Promise<EventBody> {
  await run.world.jobs.stop("all", "run ended");
  const { state } = run;
  return { type: "run.ended", outcome: command.outcome, answer: closingAnswer(state, command.outcome), ledger: [...ledgerOf(state)] };
}
