// Approving and rejecting what waits, from wherever it is done: the card, a key, the palette, the diff's title. One meaning for all.
// What the person changed in a proposal's diff turns the approval into an amendment, which the policy judges anew; it is not asked again, because what would be asked is what the person just wrote.

import * as vscode from "vscode";
import type { ApprovalRequest, ApprovalSubject, Resolution } from "../agent/approval.ts";
import { measure } from "../agent/gate.ts";
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

  /** Puts a change into the editor as a diff. False when there is nothing a diff could show. */
  async show(request: ApprovalRequest, options: { readonly focus: boolean }): Promise<boolean> {
    const run = this.#session.run;
    const tool = request.tool === undefined ? undefined : run?.tools.find(request.tool);
    if (!run || tool?.kind !== "change" || request.subject.of !== "call") return false;
    const measured = await measure(run.world, tool, request.input, new AbortController().signal);
    if (!measured.ok || measured.value.digest !== request.digest) return false;
    this.#proposals.offer(request.digest, measured.value.changes, {
      editable: editableTools.includes(tool.name) && measured.value.changes.length === 1,
    });
    return this.#proposals.show(request.digest, options);
  }

  /** The digest is of what the person saw. */
  async approve(subject: ApprovalSubject, digest: string, remember?: Rule): Promise<Result<void>> {
    const request = await this.#asked(subject, digest);
    if (!request) return gone;
    const edited = this.#proposals.review(digest).find((file) => file.edited);
    const input = edited && amendedInput(request, edited);
    const resolution: Resolution = input
      ? { answer: "amend", input: input as never }
      : { answer: "approve", digest, by: "person", ...(remember ? { remember } : {}) };
    const done = this.#waiting.resolve(subject, digest, resolution);
    await this.#proposals.withdraw(digest);
    return done ? ok(undefined) : gone;
  }

  async reject(subject: ApprovalSubject, digest: string, why: string): Promise<Result<void>> {
    await this.#asked(subject, digest);
    const done = this.#waiting.resolve(subject, digest, {
      answer: "reject",
      why: why.trim() === "" ? "no reason given." : why.trim(),
      unattended: false,
    });
    await this.#proposals.withdraw(digest);
    return done ? ok(undefined) : gone;
  }

  async amend(subject: ApprovalSubject, digest: string, input: unknown): Promise<Result<void>> {
    await this.#asked(subject, digest);
    const done = this.#waiting.resolve(subject, digest, { answer: "amend", input: input as never });
    await this.#proposals.withdraw(digest);
    return done ? ok(undefined) : gone;
  }

  /** Approves a plan as the person edited it. */
  async settle(request: ApprovalRequest, plan: Plan): Promise<Result<void>> {
    await this.#asked(request.subject, request.digest);
    return this.#waiting.resolve(request.subject, request.digest, { answer: "amend", plan }) ? ok(undefined) : gone;
  }

  /** The question, once it can be answered: a run that a restart has interrupted, or that is only being shown, goes on and asks it again. */
  async #asked(subject: ApprovalSubject, digest: string): Promise<ApprovalRequest | undefined> {
    const found = (): ApprovalRequest | undefined => {
      const request = this.#waiting.find(subject);
      return request?.digest === digest ? request : undefined;
    };
    const waits = (): boolean => this.#session.state.waiting.some((request) => request.digest === digest);
    const run = this.#session.state.run?.id;
    if (found() || !waits() || run === undefined) return found();
    if (!this.#session.driving && !(await this.#session.resume(run)).ok) return undefined;
    return new Promise((resolve) => {
      const settle = (): void => {
        if (!found() && waits() && this.#session.driving) return;
        heard.dispose();
        resolve(found());
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
    if (why !== undefined) await this.reject(request.subject, request.digest, why);
  }
}

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
