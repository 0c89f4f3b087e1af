// How one call ends: refused, answered by a person, or with what its tool told. Pure parts of the fold in reduce.ts.

import type { ApprovalRequest, Resolution } from "./approval.ts";
import type { CallOutcome } from "./event.ts";
import { fingerprint } from "./fingerprint.ts";
import type { Decision } from "./policy/rules.ts";
import { signatureOf } from "./fuse/signature.ts";
import { withNote } from "./mention.ts";
import { withAnswers } from "./review/answers.ts";
import type { HunkAnswer } from "./review/decision.ts";
import { assertNever, type Fault, fail } from "./result.ts";
import type { CallEnding, CallState } from "./state.ts";
import type { Risk } from "./tool/risk.ts";
import type { Touch } from "./touch.ts";

export function denial(decision: Decision): Fault {
  const rule = decision.rule ? `rule ${decision.rule} (${decision.list})` : `the ${decision.list} list, which has no rule for it`;
  return fail("denied", `Denied by ${rule}: ${decision.reason} Nothing was done; find another way.`).fault;
}

export const refused = (call: CallState, fault: Fault, seq: number): CallEnding => ending(call, { ok: false, fault }, [], seq, 0);

export function ending(call: CallState, outcome: CallOutcome, changed: readonly Touch[], seq: number, ms: number): CallEnding {
  const said = outcome.ok ? outcome.observation.text : outcome.fault.message;
  // From where a number begins: a megabyte of digits is otherwise tried from each of them.
  const timeless = said.replace(/(?<!\d)\d+(?:\.\d+| ?ms\b)/g, "");
  return { outcome, changed, seq, ms, fingerprint: fingerprint(call.tool, call.args, timeless), error: errorOf(outcome) };
}

/** A refused call is no error of its own, nor is a command that found nothing and said nothing. */
function errorOf(outcome: CallOutcome): string | undefined {
  if (!outcome.ok) return outcome.fault.kind === "denied" ? undefined : signatureOf(outcome.fault.message);
  const { data, text } = outcome.observation;
  const { exit, killedBy }: { exit?: unknown; killedBy?: unknown } =
    typeof data === "object" && data !== null && !Array.isArray(data) ? data : {};
  const failed = (typeof exit === "number" && exit !== 0) || typeof killedBy === "string";
  return failed && !/^[^\n]*\n\(no output\)/.test(text) ? signatureOf(text) : undefined;
}

/** After the question whether it may run once without the sandbox: if so, it is to be executed again; else it has ended as it did. */
export const unconfined = (call: CallState, { answer }: Resolution): CallState =>
  answer === "approve"
    ? { ...call, outside: "approved", begun: undefined, ended: undefined, changedBefore: call.ended?.changed ?? [] }
    : { ...call, outside: "declined" };

/** What was decided of another proposal says nothing of this one. */
export const put = (call: CallState, request: ApprovalRequest): CallState => ({
  ...call,
  asked: request,
  hunks: call.asked?.digest === request.digest ? call.hunks : undefined,
});

/** Decisions about a proposal that no longer waits are too late. */
export const draft = (call: CallState, digest: string, answers: readonly HunkAnswer[]): CallState =>
  call.asked?.digest === digest && call.approved === undefined && !call.ended
    ? { ...call, hunks: withAnswers(call.hunks ?? [], answers) }
    : call;

/** Whether it made or changed something that other programs obey. */
export function disturbs(outcome: CallOutcome): boolean {
  const data = outcome.ok ? outcome.observation.data : undefined;
  return typeof data === "object" && data !== null && "disturbed" in data;
}

/** Whether text from outside the workspace came with it; a fault may quote what its call looked at. */
export function bringsForeign(outcome: CallOutcome, risk: Risk | undefined): boolean {
  if (outcome.ok) return outcome.observation.trust === "foreign";
  return risk !== undefined && (risk.effects.includes("network") || risk.paths.some((path) => /^(?:[\\/~]|[A-Za-z]:)/.test(path)));
}

export function answered(call: CallState, resolution: Resolution, seq: number): CallState {
  switch (resolution.answer) {
    case "approve":
      return { ...call, approved: resolution.digest, hunks: resolution.hunks };
    case "amend":
      return { ...call, amended: resolution.input, judged: undefined, asked: undefined, hunks: undefined };
    case "reject": {
      const who = resolution.unattended ? "Nobody is here to approve this" : "The user rejected this";
      return {
        ...call,
        ended: refused(call, fail("denied", withNote(`${who}: ${resolution.why} Nothing was done or changed.`)).fault, seq),
      };
    }
    case "timed out":
      return {
        ...call,
        ended: refused(call, fail("denied", "Nobody answered in time, which counts as a rejection. Nothing was done.").fault, seq),
      };
    default:
      return assertNever(resolution);
  }
}
