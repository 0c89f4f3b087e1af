// Asks the model on behalf of a performer, and writes down at once when another one answers than should have.
// The one way from performers to models.

import type { Run } from "./engine.ts";
import type { AskRequest, Reply, Switch } from "./model/ask.ts";
import type { Result } from "./result.ts";

export async function consult(run: Run, request: AskRequest, signal: AbortSignal): Promise<Result<Reply>> {
  const switches: Switch[] = [];
  const reply = await run.world.ask({ ...request, onSwitch: (change) => void switches.push(change) }, signal);
  for (const { from, to, because } of switches) {
    const step = request.subject.step?.id;
    await run.append({
      type: "model.switched",
      purpose: request.purpose,
      ...(step === undefined ? {} : { step }),
      from,
      to,
      because,
    });
  }
  return reply;
}
