// The journal told to a person: what each event means, in lines with tones and marks. Pure, so that what is shown live and what
// `show` tells later are the same words. What a person must decide on is told in full by card.ts, not here.

import type { ApprovalRequest, ApprovalSubject, Resolution } from "../approval.ts";
import type { Event, Evidence, LedgerEntry, Limits, Outcome } from "../event.ts";
import { checkText } from "../check-text.ts";
import type { Plan, Step } from "../plan.ts";
import { amountOf, ownerOf } from "../limit.ts";
import { reduce } from "../reduce.ts";
import { assertNever } from "../result.ts";
import { emptyState, findCall, type RunState } from "../state.ts";
import { foundText } from "../doubt.ts";
import { count, duration, money, spendText } from "./amount.ts";
import { callFact, callWords, touchWords } from "./call-words.ts";
import { endText } from "../job-fold.ts";
import { block, type Line, line, type Mark, marked } from "./line.ts";
import { countsOf } from "../review/told.ts";

/** The whole run in lines. */
export function transcript(events: readonly Event[]): readonly Line[] {
  let state = emptyState;
  return events.flatMap((event) => {
    const before = state;
    state = reduce(before, event);
    return tell(event, before, state);
  });
}

/** What one event adds to the transcript; `before` and `after` are the state around it. */
export function tell(event: Event, before: RunState, after: RunState): readonly Line[] {
  switch (event.type) {
    case "run.started": {
      const criteria = event.criteria.map((check) => line(1, ["quiet", `met when ${checkText(check)}`]));
      return [
        marked("run", 0, ["strong", event.goal]),
        line(1, ["quiet", `run ${event.run} · model ${event.model} · ${limitText(event.limits)}`]),
        ...criteria,
      ];
    }
    case "run.resumed":
      return [marked("run", 0, "resumed", ["quiet", event.limits ? ` · ${limitText(event.limits)}` : ""])];
    case "user.said":
      return [marked("said", 0, event.text)];
    case "plan.made":
      return [
        marked("plan", 0, ["strong", `Plan of ${count(event.plan.steps.length, "step")}`], ["quiet", ` by ${event.model ?? event.by}`]),
        ...planLines(event.plan),
      ];
    case "plan.settled":
      return settled(event, before);
    case "model.replied":
      return [...stepHeading(event.step, before, after), ...block(2, "quiet", event.text)];
    case "model.failed":
      // The fuse that this blows tells it.
      return [];
    case "model.switched":
      return [marked("waits", 1, ["waits", `${event.from} gave way to ${event.to}: `], event.because)];
    case "call.judged":
      return event.decision.verdict === "deny"
        ? [marked("denied", 1, ["failed", "denied "], wordsOf(after, event.call), ["quiet", ` · ${ruleText(event.decision)}`])]
        : [];
    case "approval.asked":
      return asked(event.request, after);
    case "hunks.decided":
      // The answer says it all again.
      return [];
    case "approval.given":
      return given(event.subject, event.resolution, before);
    case "call.begun":
      return [];
    case "call.ended": {
      const words = wordsOf(before, event.call);
      const [only, ...others] = event.changed;
      // The words name the file already.
      const fact =
        only && others.length === 0 && !event.effects.includes("execute") && words.endsWith(` ${only.shown}`)
          ? (touchWords(only).split(" ")[0] ?? "")
          : callFact(event);
      return [event.outcome.ok ? line(2, words, ["quiet", `  ${fact}`]) : marked("failed", 1, words, ["quiet", "  "], ["failed", fact])];
    }
    case "job.ended": {
      const job = before.jobs.find((one) => one.job === event.job);
      const fact = ` ${event.said ?? endText(event)}`;
      return [line(2, `job ${job?.line ?? event.job}`, ["quiet", `${fact}, ${duration(event.ms)}`])];
    }
    case "step.summarised":
      return event.text === undefined ? [] : [line(2, ["quiet", `the first ${event.turns} turns are summed up from here on`])];
    case "step.checked":
      return checked(
        `step ${numberOf(after, event.step)}`,
        event.evidence,
        before.steps[event.step]?.status === "verified" ? " again, after the last write" : "",
      );
    case "criterion.checked":
      return checked(`criterion ${event.criterion + 1}`, event.evidence, "");
    case "step.reflected":
      return [marked("learnt", 1, ["learnt", "learnt: "], `${event.because} ${event.lesson}`, ["quiet", ` · next: ${event.then}`])];
    case "step.restored":
      return [...restored(event.restored, event.kept), ...wayBack(event.commanded ?? [], event.seq - 1)];
    case "restore.begun":
      return [line(0, ["strong", `you restored files to ${event.point}`])];
    case "restore.ended":
      return restored(
        event.changed.map((touch) => touch.shown),
        event.kept.map((left) => left.shown),
      );
    case "run.forked":
      return [line(0, ["strong", `you went on from here, apart from run ${event.from}`])];
    case "run.imported":
      return [
        line(
          0,
          ["strong", `you brought this run here from ${before.run?.workspace ?? "elsewhere"}`],
          ["quiet", "  what stands above was done there"],
        ),
      ];
    case "fuse.blown":
      return [marked("fuse", 0, ["failed", `the ${event.fuse} fuse blew: `], event.diagnosis)];
    case "run.ended":
      return ending(event, after);
    default:
      return assertNever(event);
  }
}

/** The steps of a plan, numbered, each with its proof. */
export function planLines(plan: Plan): readonly Line[] {
  const numbers = new Map(plan.steps.map((step, i) => [step.id, i + 1]));
  return plan.steps.flatMap((step, i) => [
    line(1, `${i + 1}  ${step.goal}`, ["quiet", ` · ${step.role}${after(step, numbers)}`]),
    line(2, ["quiet", `   done when ${checkText(step.check)}`]),
  ]);
}

function after(step: Step, numbers: ReadonlyMap<string, number>): string {
  return step.needs.length === 0 ? "" : `, after ${step.needs.map((id) => numbers.get(id) ?? id).join(" and ")}`;
}

const limitText = ({ usd, minutes, calls }: Limits): string => `at most ${money(usd)}, ${minutes} min, ${count(calls, "call")}`;

/** Which list and rule decided, and why. */
export const ruleText = (decision: { readonly list: string; readonly rule?: string | undefined; readonly reason: string }): string =>
  `${decision.rule ? `rule ${decision.rule} (${decision.list})` : `the ${decision.list} list, which has no rule for it`}: ${decision.reason}`;

function settled(event: Extract<Event, { type: "plan.settled" }>, before: RunState): readonly Line[] {
  const wasAsked = before.waiting.some(({ subject }) => subject.of === "plan");
  const by = event.by === "person" ? "by you" : wasAsked && event.answer === "approved" ? "by --approve" : "by policy";
  switch (event.answer) {
    case "approved":
      return [marked("answered", 0, ["quiet", `plan approved ${by}`])];
    case "edited":
      return [marked("answered", 0, ["quiet", `plan changed ${by}`]), ...(event.plan ? planLines(event.plan) : [])];
    case "rejected":
      return [
        event.unattended
          ? marked("waits", 0, ["waits", "the plan waits for you"], `: ${event.why ?? ""}`)
          : marked("denied", 0, ["failed", `plan sent back ${by}`], `: ${event.why ?? ""}`),
      ];
  }
}

/** A heading wherever the telling turns to a step, or to its next attempt. */
function stepHeading(id: string, before: RunState, after: RunState): readonly Line[] {
  const step = after.steps[id];
  const begun = (before.steps[id]?.turns.length ?? 0) > 0;
  if (!step || begun) return [];
  const attempt = step.attempt > 1 ? ` (attempt ${step.attempt})` : "";
  return [marked("working", 0, ["moving", `step ${numberOf(after, id)}${attempt}`], ` ${step.step.goal}`)];
}

function asked(request: ApprovalRequest, state: RunState): readonly Line[] {
  const { subject, decision } = request;
  const what = "call" in subject ? ` ${wordsOf(state, subject.call)}` : "";
  const why = decision ? ruleText(decision) : (request.why ?? "");
  return [marked("waits", subject.of === "plan" ? 0 : 1, ["waits", request.title], what, ["quiet", ` · ${why}`])];
}

function given(subject: ApprovalSubject, resolution: Resolution, before: RunState): readonly Line[] {
  const indent = subject.of === "plan" ? 0 : 1;
  const what =
    "call" in subject
      ? ` ${wordsOf(before, subject.call)}${subject.of === "outside" ? " outside the sandbox" : ""}`
      : subject.of === "limit"
        ? ` the limit of ${ownerOf(subject)} at ${amountOf(subject.what, subject.to)}`
        : "";
  switch (resolution.answer) {
    case "approve": {
      const rule = resolution.remember ? ` and remembered as rule ${resolution.remember.id}` : "";
      const hunks = resolution.hunks && resolution.hunks.length > 1 ? ` (${countsOf(resolution.hunks, resolution.hunks.length)})` : "";
      return [
        marked("answered", indent, ["quiet", `approved by ${resolution.by === "person" ? "you" : "--approve"}${rule}${hunks}:${what}`]),
      ];
    }
    case "amend":
      return [marked("answered", indent, ["quiet", `changed by you, to be judged anew:${what}`])];
    case "reject":
      return [
        resolution.unattended
          ? marked("waits", indent, ["waits", `not approved:${what}`], ["quiet", ` · ${resolution.why}`])
          : marked("denied", indent, ["failed", `rejected by you:${what}`], resolution.why ? ` · ${resolution.why}` : ""),
      ];
    case "timed out":
      return [marked("denied", indent, ["failed", `nobody answered in time:${what}`])];
    default:
      return assertNever(resolution);
  }
}

function checked(what: string, evidence: Evidence, again: string): readonly Line[] {
  const fact: readonly ["quiet", string] = ["quiet", `  ${duration(evidence.ms)}`];
  if (!evidence.pass)
    return [
      marked("failed", 0, ["failed", `${what} not proved`], `: ${foundText(evidence)}`, fact),
      ...block(2, "quiet", lastLines(evidence.tail ?? "")),
    ];
  const standing = evidence.hollow ? "unverified" : "verified";
  return [marked(standing, 0, [evidence.hollow ? "waits" : "proved", `${what} ${standing}${again}`], `: ${foundText(evidence)}`, fact)];
}

const lastLines = (text: string): string => text.trimEnd().split("\n").slice(-12).join("\n");

function restored(files: readonly string[], kept: readonly string[]): readonly Line[] {
  const left =
    kept.length > 0 ? [marked("unverified", 1, ["waits", "left alone, because someone else changed it: "], kept.join(", "))] : [];
  return files.length > 0 ? [marked("undone", 1, ["quiet", `undone: ${files.join(", ")}`]), ...left] : left;
}

const wayBack = (commanded: readonly string[], to: number): readonly Line[] =>
  commanded.length === 0
    ? []
    : [
        line(2, [
          "quiet",
          `a command had changed ${commanded.join(", ")}; what you wrote there meanwhile is kept: "proviso restore --to ${to}" brings it back`,
        ]),
      ];

const endings: Readonly<Record<Outcome, readonly [Mark, "proved" | "waits" | "failed" | "quiet", string]>> = {
  done: ["verified", "proved", "done, proved"],
  unproved: ["unverified", "waits", "finished, but not everything is proved"],
  failed: ["failed", "failed", "failed"],
  stopped: ["waits", "waits", "stopped, something waits for your approval"],
  fuse: ["fuse", "failed", "stopped by a fuse"],
  cancelled: ["stopped", "quiet", "stopped by you"],
};

function ending(event: Extract<Event, { type: "run.ended" }>, state: RunState): readonly Line[] {
  const hollow = event.outcome === "done" && event.ledger.some((entry) => entry.status !== "verified");
  const [mark, tone, word] = hollow ? (["unverified", "waits", "done, unverified"] as const) : endings[event.outcome];
  return [
    marked(mark, 0, [tone, word], ["quiet", ` · ${spendText(state.spend)} · ${duration(state.workedMs)} of work`]),
    // What blew a fuse has just been told.
    ...(event.outcome === "fuse" ? [] : block(1, "plain", event.answer)),
    ...(event.ledger.length > 0 ? [line(1, ["strong", "Evidence"])] : []),
    ...event.ledger.map(entryLine),
  ];
}

function entryLine({ goal, status, evidence }: LedgerEntry): Line {
  const tone = { verified: "proved", unverified: "waits", failed: "failed", dropped: "quiet" } as const;
  const found = evidence ? `${foundText(evidence)}, ${duration(evidence.ms)}` : "nothing was checked";
  return marked(status, 1, [tone[status], status], ` ${goal}`, ["quiet", ` · ${found}`]);
}

function wordsOf(state: RunState, id: string): string {
  const call = findCall(state, id)?.call;
  return call ? callWords(call.tool, call.judged?.input ?? call.amended ?? call.args) : id;
}

/** A step's place in its plan, as people count. */
function numberOf(state: RunState, id: string): string {
  const steps = state.plan?.plan.steps ?? [];
  const place = steps.findIndex((step) => step.id === id);
  return place === -1 ? id : `${place + 1} of ${steps.length}`;
}
