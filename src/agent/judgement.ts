// Brings a call before the policy: makes its paths real, adds what rules may look at, and returns the decision together with the
// risk as the policy understood it.

import type { Run } from "./engine.ts";
import type { RoleName } from "./plan.ts";
import { judge } from "./policy/judge.ts";
import { narrow } from "./policy/narrow.ts";
import { prepare } from "./policy/prepare.ts";
import type { Decision } from "./policy/rules.ts";
import type { Risk } from "./tool/risk.ts";

/** Never fails: what cannot be understood is decided against. */
export async function judgeCall(
  run: Run,
  call: { readonly tool: string; readonly risk: Risk; readonly role: RoleName },
): Promise<{ readonly decision: Decision; readonly risk: Risk }> {
  const { world, state } = run;
  const question = { ...call, mode: state.run?.mode ?? "supervised", tainted: state.tainted, sandboxed: world.shell.sandbox.active, usd: state.spend.usd };
  const { subject, risk } = await prepare(question, world.files);
  return { decision: judge(narrow(world.rules.policy(), call.role), subject), risk };
}
