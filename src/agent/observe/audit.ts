// Who asked for what, who decided by which rule, what was shown, and what came of it: every decision, question, answer and effect of a
// run, and nothing else. A pure fold of the journal, whose own chain says that none of it was changed since.

import type { ApprovalSubject } from "../approval.ts";
import type { Event, Evidence } from "../event.ts";
import { amountOf, ownerOf } from "../limit.ts";
import { reduce } from "../reduce.ts";
import { emptyState, findCall, type RunState } from "../state.ts";
import type { Touch } from "../touch.ts";
import { callWords, touchWords } from "./call-words.ts";
import { countsOf } from "../review/told.ts";

export interface AuditEntry {
  /** The line of the journal. */
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** `begun` is the intent, journaled before anything was touched; where no effect follows, how it ended is unknown. */
  readonly kind: "run" | "decision" | "question" | "approval" | "begun" | "effect";
  /** What it was about: "run_command npm test", "plan 1". */
  readonly of: string;
  /** Who: a list of the policy with its rule, the person, `--approve`, or the agent. */
  readonly by: string;
  /** allow, ask, deny, approve, amend, reject, timed out; or what happened: "changed src/a.js", "exit 0". */
  readonly said: string;
  readonly why: string;
  /** Digest of what was shown, where something was asked or approved; of what was done, where something began. */
  readonly digest?: string;
  /** The call's id in its run. */
  readonly call?: string;
  readonly tool?: string;
  /** Who wanted the call: the role and step it was made for, and the model that made it. */
  readonly askedBy?: string;
  /** The list and rule that decided. */
  readonly list?: string;
  readonly rule?: string;
  /** Of a command; null where it was killed. */
  readonly exit?: number | null;
  /** Whether the operating system confined the command. */
  readonly sandboxed?: boolean;
  /** Digest of a command's output, or of what a check looked at. */
  readonly output?: string;
  /** Files with their digests; null: there was none. */
  readonly files?: readonly { readonly path: string; readonly before: string | null; readonly after: string | null }[];
}

type Body = Omit<AuditEntry, "seq" | "at">;

export function audit(events: readonly Event[]): readonly AuditEntry[] {
  let state = emptyState;
  const models = new Map<string, string>();
  return events.flatMap((event) => {
    const before = state;
    state = reduce(before, event);
    if (event.type === "model.replied") for (const { call } of event.calls) models.set(call, event.model);
    const body = bodyOf(event, before, models);
    return body ? [{ seq: event.seq, at: event.at, ...body }] : [];
  });
}

function bodyOf(event: Event, state: RunState, models: ReadonlyMap<string, string>): Body | undefined {
  switch (event.type) {
    case "run.started":
      return { kind: "run", of: event.goal, by: "person", said: "started", why: `${event.mode}, ${event.model}` };
    case "run.resumed":
      return { kind: "run", of: state.run?.goal ?? "", by: "person", said: "resumed", why: event.limits ? "with new limits" : "" };
    case "run.imported":
      return {
        kind: "run",
        of: state.run?.goal ?? "",
        by: "person",
        said: "imported",
        why: `it came from ${state.run?.workspace ?? "elsewhere"}`,
      };
    case "fuse.blown":
      return { kind: "run", of: `the ${event.fuse} fuse`, by: "agent", said: "blown", why: event.diagnosis.split("\n")[0] ?? "" };
    case "run.ended":
      return { kind: "run", of: state.run?.goal ?? "", by: "agent", said: event.outcome, why: "" };
    case "call.judged": {
      const { list, rule, verdict, reason } = event.decision;
      const found = findCall(state, event.call);
      const model = models.get(event.call);
      return {
        kind: "decision",
        of: wordsOf(state, event.call, event.input),
        by: `${list}${rule ? ` ${rule}` : ""}`,
        said: verdict,
        why: reason,
        call: event.call,
        ...(found
          ? { tool: found.call.tool, askedBy: `${found.step.step.role} of ${found.step.step.id}${model ? `, ${model}` : ""}` }
          : {}),
        list,
        ...(rule === undefined ? {} : { rule }),
      };
    }
    case "approval.asked": {
      const { subject, digest, title, decision, tool } = event.request;
      return {
        kind: "question",
        of: subjectWords(state, subject),
        by: decision ? `${decision.list}${decision.rule ? ` ${decision.rule}` : ""}` : "agent",
        said: "asked",
        why: title,
        digest,
        ...callOf(subject),
        ...(tool === undefined ? {} : { tool }),
      };
    }
    case "approval.given":
      return approvalOf(event, state);
    case "plan.settled":
      return {
        kind: "approval",
        of: `plan ${state.plan?.revision ?? ""}`.trim(),
        by: event.unattended ? "nobody" : event.by,
        said: event.answer,
        why: event.why ?? "",
      };
    case "call.begun": {
      const call = findCall(state, event.call)?.call;
      if (!call?.judged?.risk.effects.some((effect) => effect !== "read")) return undefined;
      return {
        kind: "begun",
        of: wordsOf(state, event.call),
        by: "agent",
        said: "begun",
        why: "",
        digest: event.digest,
        call: event.call,
        tool: call.tool,
        ...filesOf(event.touches),
      };
    }
    case "call.ended":
      return effectOf(event, state);
    case "step.checked":
      return checkOf(event.evidence, `check of ${event.step}`);
    case "criterion.checked":
      return checkOf(event.evidence, `criterion ${event.criterion + 1}`);
    case "step.restored":
      return event.restored.length > 0
        ? {
            kind: "effect",
            of: `step ${event.step}`,
            by: "agent",
            said: `undone ${event.restored.join(", ")}`,
            why: `attempt ${event.attempt} failed`,
          }
        : undefined;
    case "restore.ended":
      return event.changed.length > 0
        ? {
            kind: "effect",
            of: `restore to ${state.restoring?.point ?? "an earlier point"}`,
            by: "person",
            said: event.changed.map(touchWords).join(", "),
            why: "",
          }
        : undefined;
    default:
      return undefined;
  }
}

function approvalOf({ subject, resolution }: Extract<Event, { type: "approval.given" }>, state: RunState): Body {
  const by =
    resolution.answer === "approve" && resolution.by === "policy"
      ? "--approve"
      : resolution.answer === "timed out" || (resolution.answer === "reject" && resolution.unattended)
        ? "nobody"
        : "person";
  const given = resolution.answer === "approve" ? resolution : undefined;
  const why = [
    ...(resolution.answer === "reject" ? [resolution.why] : []),
    ...(given?.hunks ? [countsOf(given.hunks, given.hunks.length)] : []),
    ...(given?.remember ? [`remembered as ${given.remember.id}`] : []),
  ].join("; ");
  const tool = "call" in subject ? findCall(state, subject.call)?.call.tool : undefined;
  return {
    kind: "approval",
    of: subjectWords(state, subject),
    by,
    said: resolution.answer,
    why,
    ...(resolution.answer === "approve" ? { digest: resolution.digest } : {}),
    ...callOf(subject),
    ...(tool === undefined ? {} : { tool }),
  };
}

/** Nothing for what only looked and had not to be asked about. */
function effectOf(event: Extract<Event, { type: "call.ended" }>, state: RunState): Body | undefined {
  const call = findCall(state, event.call)?.call;
  if (!call?.begun) return undefined;
  const { outcome, changed } = event;
  if (changed.length === 0 && call.approved === undefined && !event.effects.some((effect) => effect !== "read")) return undefined;
  const said = outcome.ok ? changed.map(touchWords).join(", ") || firstLine(outcome.observation.text) : outcome.fault.kind;
  return {
    kind: "effect",
    of: wordsOf(state, event.call),
    by: "agent",
    said,
    why: outcome.ok ? "" : outcome.fault.message,
    digest: call.begun.digest,
    call: event.call,
    tool: call.tool,
    ...(outcome.ok ? commandFacts(outcome.observation.data) : {}),
    ...filesOf(changed),
  };
}

function checkOf({ check, said, exit, digest }: Evidence, by: string): Body | undefined {
  if (check.by !== "command") return undefined;
  return {
    kind: "effect",
    of: check.line,
    by,
    said,
    why: "",
    ...(exit === undefined ? {} : { exit }),
    ...(digest === undefined ? {} : { output: digest }),
  };
}

/** What a command's tool says of how it ended. */
function commandFacts(data: unknown): Pick<AuditEntry, "exit" | "sandboxed" | "output"> {
  if (typeof data !== "object" || data === null) return {};
  const { exit, sandboxed, digest } = data as Readonly<Record<string, unknown>>;
  return {
    ...(typeof exit === "number" || exit === null ? { exit } : {}),
    ...(typeof sandboxed === "boolean" ? { sandboxed } : {}),
    ...(typeof digest === "string" ? { output: digest } : {}),
  };
}

const filesOf = (touches: readonly Touch[]): Pick<AuditEntry, "files"> =>
  touches.length === 0 ? {} : { files: touches.map(({ shown, before, after }) => ({ path: shown, before, after })) };

const callOf = (subject: ApprovalSubject): Pick<AuditEntry, "call"> => ("call" in subject ? { call: subject.call } : {});

function subjectWords(state: RunState, subject: ApprovalSubject): string {
  switch (subject.of) {
    case "call":
    case "recovery":
      return wordsOf(state, subject.call);
    case "outside":
      return `${wordsOf(state, subject.call)} outside the sandbox`;
    case "step":
      return `step ${subject.step} attempt ${subject.attempt + 1}`;
    case "limit":
      return `limit of ${ownerOf(subject)} from ${amountOf(subject.what, subject.from)} to ${amountOf(subject.what, subject.to)}`;
    case "plan":
      return `plan ${subject.revision}`;
  }
}

function wordsOf(state: RunState, id: string, input?: unknown): string {
  const call = findCall(state, id)?.call;
  return call ? callWords(call.tool, input ?? call.judged?.input ?? call.args) : id;
}

const firstLine = (text: string): string => text.split("\n")[0] ?? "";
