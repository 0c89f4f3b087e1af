// Performs "approve": shows a person exactly what would happen, bound to a digest of it, and waits for the answer.

import type { ApprovalRequest, ApprovalSubject, Resolution } from "../approval.ts";
import { confidenceIn } from "../confidence.ts";
import { askPerson } from "../asking.ts";
import { previewOf } from "../edit/preview.ts";
import type { EventBody } from "../event.ts";
import type { Run } from "../engine.ts";
import { inputDigest, keepImages, measure } from "../gate.ts";
import { amountOf, hitLimit, ownerOf } from "../limit.ts";
import { fail, ok, type Result } from "../result.ts";
import { type CallState, findCall, sameSubject } from "../state.ts";
import type { Preview } from "../tool/observation.ts";
import type { AnyTool } from "../tool/tool.ts";
import type { Touch } from "../touch.ts";
import { outsideRequest } from "../unconfined.ts";

export async function approve(
  run: Run,
  command: { readonly do: "approve"; readonly subject: ApprovalSubject },
  signal: AbortSignal,
): Promise<EventBody | undefined> {
  const { subject } = command;
  if (subject.of === "outside") return unconfine(run, subject, signal);
  const before = run.state.waiting.find((other) => sameSubject(other.subject, subject));
  // Where hunks are decided already, they are decided of what was shown; the files may have changed since.
  if (before?.touches && isBegun(run, before)) return put(run, before, signal);
  const request =
    subject.of === "call"
      ? await callRequest(run, subject.call, signal)
      : subject.of === "limit"
        ? limitRequest(run, subject)
        : stepRequest(run, subject);
  if (request === undefined) return undefined;
  if (!request.ok) {
    const call = subject.of === "call" ? subject.call : "";
    return { type: "call.ended", call, outcome: request, changed: [], effects: [], ms: 0 };
  }
  return put(run, request.value, signal);
}

const isBegun = ({ state }: Run, { subject }: ApprovalRequest): boolean =>
  subject.of === "call" && (findCall(state, subject.call)?.call.hunks?.length ?? 0) > 0;

async function put(run: Run, request: ApprovalRequest, signal: AbortSignal): Promise<EventBody> {
  const resolution = await askPerson(run, request, signal);
  if (resolution.answer === "approve" && resolution.remember) await run.world.rules.remember(resolution.remember);
  return { type: "approval.given", subject: request.subject, resolution: checked(resolution, request) };
}

/** Asks for one run outside the sandbox; never remembered, and only a person may say yes. */
async function unconfine(
  run: Run,
  subject: Extract<ApprovalSubject, { of: "outside" }>,
  signal: AbortSignal,
): Promise<EventBody | undefined> {
  const call = findCall(run.state, subject.call)?.call;
  const tool = call && run.tools.find(call.tool);
  if (!call || tool?.kind !== "observe") return undefined;
  const request = await outsideRequest(run, call, tool, signal);
  if (!request)
    return { type: "approval.given", subject, resolution: { answer: "reject", why: "The policy denies it now.", unattended: false } };
  const resolution = checked(await askPerson(run, request, signal), request);
  if (resolution.answer !== "approve") return { type: "approval.given", subject, resolution };
  const { digest, by } = resolution;
  return by === "person"
    ? { type: "approval.given", subject, resolution: { answer: "approve", digest, by } }
    : { type: "approval.given", subject, resolution: { answer: "reject", why: "Only a person may say yes to this.", unattended: false } };
}

/** An approval of anything but what was shown is none. */
const checked = (resolution: Resolution, request: ApprovalRequest): Resolution =>
  resolution.answer === "approve" && resolution.digest !== request.digest
    ? { answer: "reject", why: "What was approved is not what was shown; it has to be asked again.", unattended: false }
    : resolution;

async function callRequest(run: Run, id: string, signal: AbortSignal): Promise<Result<ApprovalRequest> | undefined> {
  const found = findCall(run.state, id);
  if (!found?.call.judged) return undefined;
  const { call, step } = found;
  const confidence = confidenceIn(step, run.state.steps);
  const tool = run.tools.find(call.tool);
  if (!tool) return fail("missing", `There is no tool ${call.tool}.`);
  const shown = await show(run, tool, call, signal);
  if (!shown.ok) return shown;
  const { risk, decision, input, grade } = found.call.judged;
  return ok({
    subject: { of: "call", call: id },
    digest: shown.value.digest,
    title: titleOf(tool, call),
    tool: tool.name,
    input: input as never,
    risk,
    decision,
    grade,
    ...(confidence === undefined ? {} : { confidence }),
    ...(shown.value.preview ? { preview: shown.value.preview } : {}),
    ...(shown.value.touches ? { touches: [...shown.value.touches] } : {}),
    undo:
      tool.kind === "change"
        ? "The files as they were are kept; a failed attempt is undone by itself."
        : (tool.undo ??
          (run.world.lookout
            ? "What it changes in the workspace can be put back, large and ignored files aside; nothing undoes the rest."
            : "Nothing undoes what a command does.")),
    spend: run.state.spend,
  });
}

interface Shown {
  readonly digest: string;
  readonly preview?: Preview;
  readonly touches?: readonly Touch[];
}

async function show(run: Run, tool: AnyTool, call: CallState, signal: AbortSignal): Promise<Result<Shown>> {
  const input = call.judged?.input;
  if (tool.kind === "change") {
    const measured = await measure(run.world, tool, input, signal);
    if (!measured.ok) return measured;
    const { digest, changes, touches } = measured.value;
    // Kept already: what is approved can then be carried over to what the files become while the question waits.
    const kept = await keepImages(run.world, changes);
    return kept.ok ? ok({ digest, preview: previewOf(changes), touches }) : kept;
  }
  const digest = inputDigest(run.world, tool.name, input);
  const preview = await tool.preview?.(run.world, input, signal);
  if (preview && !preview.ok) return preview;
  return ok(preview ? { digest, preview: preview.value } : { digest });
}

function titleOf(tool: AnyTool, call: CallState): string {
  const named = (tool.title as ((input: unknown) => string) | undefined)?.(call.judged?.input);
  if (named !== undefined) return named;
  const risk = call.judged?.risk;
  // What a command touches is only a part of what it does.
  if (risk?.line !== undefined) return risk.effects.includes("network") ? "Run a command with the network?" : "Run a command?";
  const what = risk?.paths.length === 1 ? ` ${risk.paths[0]}` : risk && risk.paths.length > 1 ? ` ${risk.paths.length} files` : "";
  if (risk?.effects.includes("delete") && risk.effects.includes("write") && !risk.effects.includes("execute"))
    return `Change, rename or delete${what}?`;
  if (risk?.effects.includes("delete")) return `Delete${what}?`;
  if (risk?.effects.includes("write")) return `Change${what}?`;
  if (risk?.effects.includes("execute")) return risk.effects.includes("network") ? "Run a command with the network?" : "Run a command?";
  return risk?.effects.includes("read") ? `Read${what}?` : `Use ${tool.name}?`;
}

function stepRequest(run: Run, subject: ApprovalSubject): Result<ApprovalRequest> | undefined {
  const step = subject.of === "step" ? run.state.steps[subject.step] : undefined;
  if (!step) return undefined;
  const lesson = run.state.lessons.findLast((one) => one.step === step.step.id);
  return ok({
    subject,
    digest: run.world.digest(JSON.stringify([subject, lesson ?? null])),
    title: `Try "${step.step.goal}" again?`,
    why: lesson ? `${lesson.because} ${lesson.lesson}` : "The check failed.",
    spend: run.state.spend,
  });
}

/** What was hit, and what it would be raised to: nothing goes on before a person says so. */
function limitRequest(run: Run, subject: Extract<ApprovalSubject, { of: "limit" }>): Result<ApprovalRequest> {
  const { state, world } = run;
  const { what, from, to } = subject;
  return ok({
    subject,
    digest: world.digest(JSON.stringify(subject)),
    title: `Raise the limit of ${ownerOf(subject)} from ${amountOf(what, from)} to ${amountOf(what, to)}?`,
    why: hitLimit(state, world.clock.now())?.diagnosis ?? "The limit was hit.",
    undo: "Reject stops the run here; it can be resumed at any time.",
    spend: state.spend,
  });
}
