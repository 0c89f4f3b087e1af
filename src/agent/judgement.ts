// Brings a call before the policy: makes its paths real, adds what rules may look at, and returns the decision together with the
// risk as the policy understood it.

import type { Run } from "./engine.ts";
import { confidenceIn } from "./confidence.ts";
import type { RoleName } from "./plan.ts";
import { type Grade, gradeOf } from "./policy/grade.ts";
import { judge } from "./policy/judge.ts";
import { narrow } from "./policy/narrow.ts";
import { type Offer, offers } from "./policy/grants.ts";
import type { Subject } from "./policy/part.ts";
import { prepare, type Question } from "./policy/prepare.ts";
import type { Decision } from "./policy/rules.ts";
import { type CallState, findCall, type StepState } from "./state.ts";
import type { Risk } from "./tool/risk.ts";

/** Never fails: what cannot be understood is decided against. */
export async function judgeCall(run: Run, call: Called): Promise<Judgement> {
  const { subject, risk } = await prepare(questionOf(run, call), run.world.files);
  return { decision: judge(narrow(run.world.rules.policy(), call.role), subject), risk, grade: gradeOf(subject) };
}

export interface Judgement {
  readonly decision: Decision;
  readonly risk: Risk;
  readonly grade: Grade;
}

interface Called {
  readonly tool: string;
  readonly risk: Risk;
  readonly role: RoleName;
  /** Whose call it is, where it is one of a step. */
  readonly step?: StepState;
  /** How much it would write, where that is known. */
  readonly bytes?: number;
  /** False: as if there were no sandbox. */
  readonly confined?: boolean;
}

function questionOf({ world, state }: Run, { confined = true, step, ...call }: Called): Question {
  const mode = state.run?.mode ?? "supervised";
  const sandboxed = confined && world.shell.sandbox.active;
  const { tainted, disturbed } = state;
  return { ...call, mode, tainted, disturbed, sandboxed, usd: state.spend.usd, confidence: step && confidenceIn(step, state.steps) };
}

/** How many earlier calls an offered rule is measured against. */
const pastCalls = 20;

/** The rules that would spare the person questions like this one, narrow to wide; none where only a person may decide. */
export async function offersFor(run: Run, id: string): Promise<readonly Offer[]> {
  const found = findCall(run.state, id);
  const subject = found && (await subjectOf(run, found.call, found.step.step.role));
  if (!found || !subject) return [];
  const before = Object.values(run.state.steps).flatMap(({ step, past, turns }) =>
    [...past.flatMap((attempt) => attempt.turns), ...turns].flatMap((turn) => turn.calls.map((call) => ({ call, role: step.role }))),
  );
  const recent = before.filter(({ call }) => call.judged !== undefined && call.call !== id).slice(-pastCalls);
  const subjects = await Promise.all(recent.map(({ call, role }) => subjectOf(run, call, role)));
  return offers(
    narrow(run.world.rules.policy(), found.step.step.role),
    subject,
    subjects.filter((one) => one !== undefined),
  );
}

async function subjectOf(run: Run, call: CallState, role: RoleName): Promise<Subject | undefined> {
  const tool = run.tools.find(call.tool);
  if (!call.judged || !tool) return undefined;
  // The risk as the tool told it: what the policy made of it is already a reading.
  const risk = (tool.risk as (input: unknown) => Risk)(call.judged.input);
  return (await prepare(questionOf(run, { tool: tool.name, risk, role }), run.world.files)).subject;
}
