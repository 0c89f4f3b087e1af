// The person, as the editor sees them: questions wait here until a button, a key, the diff or a command answers them.
// Invariants: one question per subject; an answer to a question that is gone, or for other bytes than are shown now, does nothing.

import * as vscode from "vscode";
import type { ApprovalRequest, ApprovalSubject, Resolution } from "../agent/approval.ts";
import { fail, ok, type Result } from "../agent/result.ts";
import type { Person } from "../agent/world.ts";

interface Pending {
  readonly request: ApprovalRequest;
  readonly resolve: (resolution: Resolution) => void;
}

export class WaitingRoom implements Person, vscode.Disposable {
  readonly #pending = new Map<string, Pending>();
  /** Inputs a person wrote themselves, by subject: when the policy asks about one, it has been answered. */
  readonly #agreed = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onChange = this.#changed.event;
  readonly attended = true;
  readonly patienceMs: () => number | undefined;

  /** `patienceMs`: how long a question waits, where the person set that. */
  constructor({ patienceMs }: { readonly patienceMs: () => number | undefined }) {
    this.patienceMs = patienceMs;
  }

  /** Questions that wait, oldest first. */
  get waiting(): readonly ApprovalRequest[] {
    return [...this.#pending.values()].map((pending) => pending.request);
  }

  decide(request: ApprovalRequest, signal: AbortSignal): Promise<Resolution> {
    const key = keyOf(request.subject);
    if (request.input !== undefined && this.#agreed.get(key) === JSON.stringify(request.input)) {
      this.#agreed.delete(key);
      return Promise.resolve({ answer: "approve", digest: request.digest, by: "person" });
    }
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const leave = (): void => {
        this.#pending.delete(key);
        this.#changed.fire();
        reject(signal.reason as Error);
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#pending.set(key, {
        request,
        resolve: (resolution) => {
          signal.removeEventListener("abort", leave);
          this.#pending.delete(key);
          this.#changed.fire();
          resolve(resolution);
        },
      });
      this.#changed.fire();
    });
  }

  /** False when nothing waits under that subject any more, or what waits is not what was shown. */
  resolve(subject: ApprovalSubject, digest: string, resolution: Resolution): boolean {
    const pending = this.#pending.get(keyOf(subject));
    if (!pending || pending.request.digest !== digest) return false;
    if (resolution.answer === "amend" && resolution.input !== undefined) this.#agreed.set(keyOf(subject), JSON.stringify(resolution.input));
    pending.resolve(resolution);
    return true;
  }

  find(subject: ApprovalSubject): ApprovalRequest | undefined {
    return this.#pending.get(keyOf(subject))?.request;
  }

  async answer(question: string, options: readonly string[], signal: AbortSignal): Promise<Result<string>> {
    const source = new vscode.CancellationTokenSource();
    const cancel = (): void => source.cancel();
    signal.addEventListener("abort", cancel, { once: true });
    try {
      const said =
        options.length > 0
          ? await vscode.window.showQuickPick(
              [...options],
              { title: "Proviso asks", placeHolder: question, ignoreFocusOut: true },
              source.token,
            )
          : await vscode.window.showInputBox({ title: "Proviso asks", prompt: question, ignoreFocusOut: true }, source.token);
      signal.throwIfAborted();
      return said === undefined ? fail("denied", "The user closed the question without an answer; decide for yourself or stop.") : ok(said);
    } finally {
      signal.removeEventListener("abort", cancel);
      source.dispose();
    }
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

const keyOf = (subject: ApprovalSubject): string => JSON.stringify(subject);
