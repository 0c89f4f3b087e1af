// The two ways an operation can end when the other side must act on it.
// A Fault is written for whoever acts next, the model or the user: one sentence that says what to do.
// Bugs and cancellation are not Faults; they are thrown.

import * as z from "zod";

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

/** The limit that a call would have passed: whose, on what, and how much that call may take. */
export type Cap = z.infer<typeof Cap>;
export const Cap = z.object({
  scope: z.enum(["step", "run", "day"]),
  what: z.enum(["usd", "tokens", "requests", "minutes"]),
  need: z.number(),
});

/** Why an operation did not do what was asked. `retry` says whether the very same request may succeed later. */
export type Fault = z.infer<typeof Fault>;
export const Fault = z.object({
  kind: z.enum(["invalid", "missing", "denied", "stale", "timeout", "unavailable", "budget", "broken"]),
  message: z.string(),
  retry: z.boolean(),
  /** How long the other side asked to wait before the next try. */
  retryAfterMs: z.number().nonnegative().optional(),
  /** The sandbox is why, and nothing less than a run outside it would help. */
  outsideHelps: z.boolean().optional(),
  /** The request was too long for the model: a shorter one may do. */
  tooLong: z.literal(true).optional(),
  /** The person stopped it. */
  stopped: z.literal(true).optional(),
  /** Set where a budget was the reason. */
  cap: Cap.optional(),
});

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

/** A failed Result. `retry` is false unless said: most faults need a different request, not the same one again. */
export const fail = (
  kind: Fault["kind"],
  message: string,
  options: Partial<Pick<Fault, "retry" | "retryAfterMs" | "outsideHelps" | "tooLong" | "stopped" | "cap">> = {},
): { ok: false; fault: Fault } => ({
  ok: false,
  fault: { kind, message, retry: false, ...options },
});

/** Marks a branch the types say cannot be reached; throws if data from outside reached it all the same. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
