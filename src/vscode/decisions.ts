// Approving and rejecting what waits, from wherever it is done: the card, a key, the palette, the diff's title. One meaning for all.
// What the person changed in a proposal's diff turns the approval into an amendment, which the policy judges anew; it is not asked again, because what would be asked is what the person just wrote.

import * as vscode from "vscode";
import type { ApprovalRequest, ApprovalSubject, Resolution } from "../agent/approval.ts";
import { merge } from "../agent/edit/merge.ts";
import { decode } from "../agent/edit/text.ts";
import { type Measured, measure } from "../agent/gate.ts";
import type { Plan } from "../agent/plan.ts";
import type { Rule } from "../agent/policy/rules.ts";
import { linesText } from "../agent/rebase.ts";
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
    const edited = this.#proposals.review(digest).find((file) => file.edited);
    const carried = edited && (await this.#carriedOver(edited));
    if (carried?.ok === false) return carried;
    const input = carried && amendedInput(request, carried.value);
    const resolution: Resolution = input
      ? { answer: "amend", input: input as never }
      : { answer: "approve", digest, by: "person", ...(remember ? { remember } : {}) };
    const done = this.#waiting.resolve(subject, digest, resolution);
    await this.#proposals.withdraw(digest);
    return done ? ok(undefined) : gone;
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

  /** What the person wrote, merged into what the file holds by now. A fault where both changed the same lines: the question keeps waiting. */
  async #carriedOver({ path, base, text }: Written): Promise<Result<Written>> {
    const files = this.#session.run?.world.files;
    const place = await files?.locate(path);
    const image = place?.ok ? await files?.read(place.value.real, { maxBytes: 50_000_000 }, new AbortController().signal) : undefined;
    const now = image?.ok ? decode(image.value.bytes) : undefined;
    if (!now?.ok || now.value.text === base) return ok({ path, base, text });
    const { text: merged, conflicts } = merge(base, now.value.text, text);
    const [conflict] = conflicts;
    if (!conflict) return ok({ path, base: now.value.text, text: merged });
    return fail(
      "stale",
      `${path}, ${linesText(conflict.from, conflict.to)}, changed after this was proposed, so what stands at the right was not written over it; undo one of the two, or reject and say what you want.`,
    );
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

const gone = fail("stale", "This no longer waits; what you see is from before. Nothing was done.");

/** A file as the person wrote it, and the text they had before them. */
interface Written {
  readonly path: string;
  readonly base: string;
  readonly text: string;
}

/** The person's own text as the call that writes it. */
function amendedInput(request: ApprovalRequest, edited: Written): Record<string, unknown> | undefined {
  if (request.tool === "create_file") return { path: edited.path, text: edited.text };
  if (request.tool === "edit_file") return { path: edited.path, blocks: [{ search: edited.base, replace: edited.text }] };
  return undefined;
}
