// Approving and rejecting what waits, from wherever it is done: the card, a key, the palette, the diff's title. One meaning for all.
// What the person changed in a proposal's diff turns the approval into an amendment, which the policy judges anew; it is not asked again, because what would be asked is what the person just wrote.

import * as vscode from "vscode";
import type { ApprovalRequest, ApprovalSubject, Resolution } from "../agent/approval.ts";
import { type Measured, measure } from "../agent/gate.ts";
import type { Plan } from "../agent/plan.ts";
import type { Rule } from "../agent/policy/rules.ts";
import { fail, ok, type Result } from "../agent/result.ts";
import type { WaitingRoom } from "./person.ts";
import type { Proposals } from "./proposals.ts";
import type { Session } from "./session.ts";

const editableTools: readonly string[] = ["edit_file", "create_file"];

export class Decisions {
  readonly #waiting: WaitingRoom;
  readonly #proposals: Proposals;
  readonly #session: Session;

  constructor(parts: { readonly waiting: WaitingRoom; readonly proposals: Proposals; readonly session: Session }) {
    this.#waiting = parts.waiting;
    this.#proposals = parts.proposals;
    this.#session = parts.session;
  }

  /** Puts a change into the editor as a diff, as it was proposed. False when there is nothing a diff could show. */
  async show(request: ApprovalRequest, options: { readonly focus: boolean }): Promise<boolean> {
    const measured = await this.#measured(request);
    if (measured?.ok && measured.value.digest === request.digest)
      this.#proposals.offer(request.digest, measured.value.changes, {
        editable: editableTools.includes(request.tool ?? "") && measured.value.changes.length === 1,
      });
    return this.#proposals.show(request.digest, options);
  }

  /** The digest is of what the person saw. */
  async approve(subject: ApprovalSubject, digest: string, remember?: Rule): Promise<Result<void>> {
    const asked = await this.#asked(subject, digest);
    if (!asked.ok) return asked;
    const request = asked.value;
    const changed = await this.#changedMeanwhile(request);
    const edited = this.#proposals.review(digest).find((file) => file.edited);
    const input = edited && amendedInput(request, edited);
    const resolution: Resolution = input
      ? { answer: "amend", input: input as never }
      : { answer: "approve", digest, by: "person", ...(remember ? { remember } : {}) };
    if (input && changed) return keepsWaiting(changed);
    const done = this.#waiting.resolve(subject, digest, resolution);
    await this.#proposals.withdraw(digest);
    if (!done) return gone;
    return changed ? proposedAnew(changed) : ok(undefined);
  }

  async reject(subject: ApprovalSubject, digest: string, why: string): Promise<Result<void>> {
    const asked = await this.#asked(subject, digest);
    if (!asked.ok) return asked;
    const done = this.#waiting.resolve(subject, digest, {
      answer: "reject",
      why: why.trim() === "" ? "no reason given." : why.trim(),
      unattended: false,
    });
    await this.#proposals.withdraw(digest);
    return done ? ok(undefined) : gone;
  }

  async amend(subject: ApprovalSubject, digest: string, input: unknown): Promise<Result<void>> {
    const asked = await this.#asked(subject, digest);
    if (!asked.ok) return asked;
    const done = this.#waiting.resolve(subject, digest, { answer: "amend", input: input as never });
    await this.#proposals.withdraw(digest);
    return done ? ok(undefined) : gone;
  }

  /** Approves a plan as the person edited it. */
  async settle(request: ApprovalRequest, plan: Plan): Promise<Result<void>> {
    const asked = await this.#asked(request.subject, request.digest);
    if (!asked.ok) return asked;
    return this.#waiting.resolve(request.subject, request.digest, { answer: "amend", plan }) ? ok(undefined) : gone;
  }

  /** The question, once it can be answered: a run that a restart has interrupted, or that is only being shown, goes on and asks it again. */
  async #asked(subject: ApprovalSubject, digest: string): Promise<Result<ApprovalRequest>> {
    const found = (): ApprovalRequest | undefined => {
      const request = this.#waiting.find(subject);
      return request?.digest === digest ? request : undefined;
    };
    const answer = (): Result<ApprovalRequest> => {
      const request = found();
      return request ? ok(request) : gone;
    };
    const waits = (): boolean => this.#session.state.waiting.some((request) => request.digest === digest);
    const run = this.#session.state.run?.id;
    if (found() || !waits() || run === undefined) return answer();
    const resumed = this.#session.driving ? ok(undefined) : await this.#session.resume(run);
    if (!resumed.ok) return resumed;
    return new Promise((resolve) => {
      const settle = (): void => {
        if (!found() && waits() && this.#session.driving) return;
        heard.dispose();
        resolve(answer());
      };
      const heard = vscode.Disposable.from(this.#waiting.onChange(settle), this.#session.onChange(settle));
      settle();
    });
  }

  /** The path of a proposed change whose file is no longer what it was proposed for. */
  async #changedMeanwhile(request: ApprovalRequest): Promise<string | undefined> {
    // What a server computes takes as long as it likes; the gate finds out by itself.
    if (!editableTools.includes(request.tool ?? "")) return undefined;
    const measured = await this.#measured(request);
    if (!measured || (measured.ok && measured.value.digest === request.digest)) return undefined;
    return request.preview?.kind === "diff" ? request.preview.files[0]?.path : undefined;
  }

  /** Undefined for what changes no file. */
  async #measured(request: ApprovalRequest): Promise<Result<Measured> | undefined> {
    const run = this.#session.run;
    const tool = request.tool === undefined ? undefined : run?.tools.find(request.tool);
    if (!run || tool?.kind !== "change" || request.subject.of !== "call") return undefined;
    return measure(run.world, tool, request.input, new AbortController().signal);
  }

  /** Asks for a reason; Escape keeps the question open. */
  async rejectWithReason(request: ApprovalRequest): Promise<void> {
    const why = await vscode.window.showInputBox({
      title: `Reject: ${request.title}`,
      prompt: "Why? The agent is told word for word. Leave it empty to give no reason.",
      ignoreFocusOut: true,
    });
    if (why === undefined) return;
    const done = await this.reject(request.subject, request.digest, why);
    if (!done.ok) void vscode.window.showWarningMessage(done.fault.message);
  }
}

const proposedAnew = (path: string): Result<never> =>
  fail("stale", `${path} changed after this was proposed, so nothing was written; the agent looks at it again and proposes anew.`);
const keepsWaiting = (path: string): Result<never> =>
  fail(
    "stale",
    `${path} changed after this was proposed, so what you wrote at the right was not written over it; put the file back as it was and accept again, or reject with what you want.`,
  );
const gone = fail("stale", "This no longer waits; what you see is from before. Nothing was done.");

/** The person's own text as the call that writes it. */
function amendedInput(
  request: ApprovalRequest,
  edited: { readonly path: string; readonly base: string; readonly text: string },
): Record<string, unknown> | undefined {
  if (request.tool === "create_file") return { path: edited.path, text: edited.text };
  if (request.tool === "edit_file") return { path: edited.path, blocks: [{ search: edited.base, replace: edited.text }] };
  return undefined;
}
