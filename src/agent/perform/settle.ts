// Performs "settle": puts the plan to the person, or lets it pass where the policy allows all it could do.
// Approving a plan approves the command lines of its checks; a check the policy denies sends the plan back.

import { askPerson } from "../asking.ts";
import type { EventBody } from "../event.ts";
import type { Run } from "../engine.ts";
import { judgeCall } from "../judgement.ts";
import { type Check, Plan, validatePlan } from "../plan.ts";
import type { Decision } from "../policy/rules.ts";
import { rolesByName } from "../role/roles.ts";
import type { ApprovalRequest } from "../approval.ts";

export async function settle(run: Run, _command: { readonly do: "settle" }, signal: AbortSignal): Promise<EventBody | undefined> {
  const { state, world } = run;
  if (!state.plan) return undefined;
  const { plan, revision } = state.plan;

  const decisions = await judgeChecks(run, plan);
  const denied = decisions.find(({ decision }) => decision.verdict === "deny");
  if (denied)
    return {
      type: "plan.settled",
      answer: "rejected",
      by: "policy",
      why: `The check \`${denied.line}\` is denied: ${denied.decision.reason}`,
    };
  const harmless = plan.steps.every(({ role }) => rolesByName[role].ceiling.every((effect) => effect === "read"));
  if (harmless && decisions.every(({ decision }) => decision.verdict === "allow"))
    return { type: "plan.settled", answer: "approved", by: "policy" };

  const request: ApprovalRequest = {
    subject: { of: "plan", revision },
    // Parsed, so that the keys stand in one order whether the plan comes from the model or from the journal.
    digest: world.digest(JSON.stringify(Plan.parse(plan))),
    title: plan.steps.length === 1 ? "Start this step?" : `Start this plan of ${plan.steps.length} steps?`,
    why: "The plan changes files or runs commands. Approving it lets its checks run; every change and command still asks on its own.",
    risk: planRisk(plan),
    plan,
    undo: "Nothing happens until single calls are approved; a failed attempt is undone.",
    spend: state.spend,
  };
  const resolution = await askPerson(run, request, signal);
  switch (resolution.answer) {
    case "approve":
      if (resolution.digest !== request.digest)
        return { type: "plan.settled", answer: "rejected", by: "policy", why: "The plan changed after it was shown." };
      return { type: "plan.settled", answer: "approved", by: resolution.by };
    case "amend": {
      const edited = validatePlan(resolution.plan ?? plan, { diagnostics: world.diagnostics !== undefined });
      if (!edited.ok) return { type: "plan.settled", answer: "rejected", by: "policy", why: edited.fault.message };
      return { type: "plan.settled", answer: "edited", by: "person", plan: edited.value };
    }
    case "reject":
      return {
        type: "plan.settled",
        answer: "rejected",
        by: "person",
        why: resolution.why,
        ...(resolution.unattended ? { unattended: true } : {}),
      };
    case "timed out":
      return { type: "plan.settled", answer: "rejected", by: "policy", why: "Nobody answered in time.", unattended: true, late: true };
  }
}

async function judgeChecks(run: Run, plan: Plan): Promise<{ line: string; decision: Decision }[]> {
  const lines = [...plan.steps.map((step) => step.check), ...(run.state.run?.criteria ?? [])].flatMap(commandLine);
  return Promise.all(
    lines.map(async (line) => {
      const { decision } = await judgeCall(run, {
        tool: "run_command",
        risk: { effects: ["execute"], paths: [], line, reversible: false },
        role: "tester",
      });
      return { line, decision };
    }),
  );
}

const commandLine = (check: Check): string[] => (check.by === "command" ? [check.line] : []);

function planRisk(plan: Plan): NonNullable<ApprovalRequest["risk"]> {
  const effects = new Set(plan.steps.flatMap(({ role }) => rolesByName[role].ceiling));
  if (plan.steps.some(({ check }) => check.by === "command")) effects.add("execute");
  else effects.delete("execute");
  return { effects: [...effects].filter((effect) => effect !== "network"), paths: [], reversible: true };
}
