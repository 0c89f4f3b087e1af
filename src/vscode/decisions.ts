// Approving and rejecting what waits, from wherever it is done: the card, a key, the palette, the diff's title. One meaning for all.
// A change that is approved whole has each of its hunks accepted that was not decided otherwise; an amended call is judged anew, and is not
// asked again, because what would be asked is what the person just wrote.

import * as vscode from "vscode";
import type { ApprovalRequest, ApprovalSubject, Resolution } from "../agent/approval.ts";
import type { Plan } from "../agent/plan.ts";
import type { Rule } from "../agent/policy/rules.ts";
import { fail, ok, type Result } from "../agent/result.ts";
import type { WaitingRoom } from "./person.ts";
import type { ReviewDesk } from "./review/desk.ts";
import type { Reviewing } from "./review/review.ts";
import type { Session } from "./session.ts";

export class Decisions {
  readonly #waiting: WaitingRoom;
  readonly #reviewing: Reviewing;
  readonly #session: Session;

  constructor(parts: { readonly waiting: WaitingRoom; readonly reviewing: Reviewing; readonly session: Session }) {
    this.#waiting = parts.waiting;
    this.#reviewing = parts.reviewing;
    this.#session = parts.session;
  }

  /** Puts a change into the editor to be reviewed. False when there is nothing an editor could show. */
  async show(request: ApprovalRequest, options: { readonly focus: boolean }): Promise<boolean> {
    return request.touches !== undefined && this.#reviewing.show(request.digest, options);
  }

  /** The digest is of what the person saw. */
  async approve(subject: ApprovalSubject, digest: string, remember?: Rule): Promise<Result<void>> {
    const asked = await this.#asked(subject, digest);
    if (!asked.ok) return asked;
    if (asked.value.touches && (await this.#reviewing.desk.load(digest)))
      return this.#reviewing.apply(digest, { rest: "accepted", remember });
    const resolution: Resolution = { answer: "approve", digest, by: "person", ...(remember ? { remember } : {}) };
    return this.#waiting.resolve(subject, digest, resolution) ? ok(undefined) : gone;
  }

  /** The desk at which the change can be decided hunk by hunk; a run that was only being shown goes on first. */
  async review(request: ApprovalRequest): Promise<Result<ReviewDesk>> {
    const asked = await this.#asked(request.subject, request.digest);
    if (!asked.ok) return asked;
    return (await this.#reviewing.desk.load(asked.value.digest)) ? ok(this.#reviewing.desk) : gone;
  }

  /** Writes what is decided of a change. Hunks that are open are rejected, or keep it waiting. */
  apply(digest: string, rest: "rejected" | undefined): Promise<Result<void>> {
    return this.#reviewing.apply(digest, rest === undefined ? {} : { rest });
  }

  async reject(subject: ApprovalSubject, digest: string, why: string): Promise<Result<void>> {
    const asked = await this.#asked(subject, digest);
    if (!asked.ok) return asked;
    const done = this.#waiting.resolve(subject, digest, {
      answer: "reject",
      why: why.trim() === "" ? "no reason given." : why.trim(),
      unattended: false,
    });
    return done ? ok(undefined) : gone;
  }

  async amend(subject: ApprovalSubject, digest: string, input: unknown): Promise<Result<void>> {
    const asked = await this.#asked(subject, digest);
    if (!asked.ok) return asked;
    const done = this.#waiting.resolve(subject, digest, { answer: "amend", input: input as never });
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

const gone = fail("stale", "This no longer waits; what you see is from before. Nothing was done.");
