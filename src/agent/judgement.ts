// Brings a call before the policy: makes its paths real, adds what the rules may look at, and returns the decision with the
// risk as the policy understood it.

import type { Run } from "./engine.ts";
import type { RoleName } from "./plan.ts";
import { judge } from "./policy/judge.ts";
import { prepare } from "./policy/prepare.ts";
import type { Decision } from "./policy/rules.ts";
import { rolesByName } from "./role/roles.ts";
import type { Risk } from "./tool/tool.ts";

/** Never fails: what cannot be understood is decided against. */
export async function judgeCall(
  run: Run,
  call: { readonly tool: string; readonly risk: Risk; readonly role: RoleName },
  signal: AbortSignal,
): Promise<{ readonly decision: Decision; readonly risk: Risk }> {
  const { world, state } = run;
  void signal;
  void rolesByName;
  void prepare;
  void judge;
  void state;
  void world;
  throw new Error("to be joined with the policy room");
}
