// Brings a call before the policy: makes its paths real, adds what the rules may look at, and returns the decision with the
// risk as the policy understood it.

import type { Run } from "./engine.ts";
import type { RoleName } from "./plan.ts";
import type { Decision } from "./policy/rules.ts";
import type { Risk } from "./tool/tool.ts";

/** Never fails: what cannot be understood is decided against. */
export async function judgeCall(
  run: Run,
  call: { readonly tool: string; readonly risk: Risk; readonly role: RoleName },
  signal: AbortSignal,
): Promise<{ readonly decision: Decision; readonly risk: Risk }> {
  signal.throwIfAborted();
  const places = await Promise.all(call.risk.paths.map((path) => run.world.files.locate(path)));
  const inside = places.every((place) => place.ok && place.value.inside);
  const reads = call.risk.effects.every((effect) => effect === "read");
  const decision: Decision = { verdict: reads && inside ? "allow" : "ask", list: "personal", rule: reads ? "read.workspace" : "ask.effects", reason: "interim", parts: [] };
  return { decision, risk: call.risk };
}
