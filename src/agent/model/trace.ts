// Tells one listener about every call that reaches a provider: what for, which model, how long, how much, how it ended.
// Never sees text of the request or reply; a record is safe for logs.

import type { Fault } from "../result.ts";
import type { Clock } from "../world.ts";
import type { Layer, Purpose, Reply, Usage } from "./ask.ts";

export interface CallRecord {
  readonly purpose: Purpose;
  readonly step: string | undefined;
  /** Provider and model as asked for; the reply's own name is in `answeredBy`. */
  readonly provider: string;
  readonly model: string;
  readonly answeredBy: string | undefined;
  readonly at: number;
  readonly ms: number;
  /** Until the first sign of life; undefined where there was none. */
  readonly firstMs: number | undefined;
  readonly usage: Usage | undefined;
  readonly end:
    | { readonly is: "reply"; readonly finish: Reply["finish"]; readonly calls: number }
    | { readonly is: "fault"; readonly fault: Fault }
    | { readonly is: "cancelled" };
}

export interface TraceOptions {
  readonly clock: Clock;
  readonly provider: string;
  readonly model: string;
  readonly onCall: (record: CallRecord) => void;
}

export const trace =
  ({ clock, provider, model, onCall }: TraceOptions): Layer =>
  (next) =>
  async (request, signal) => {
    const at = clock.now();
    let first: number | undefined;
    const onActivity = (): void => {
      first ??= clock.now();
      request.onActivity?.();
    };
    const tell = (end: CallRecord["end"], reply?: Reply): void => {
      const firstMs = first === undefined ? undefined : first - at;
      const step = request.subject.step?.id;
      onCall({
        purpose: request.purpose,
        step,
        provider,
        model,
        answeredBy: reply?.model,
        at,
        ms: clock.now() - at,
        firstMs,
        usage: reply?.usage,
        end,
      });
    };
    try {
      const result = await next({ ...request, onActivity }, signal);
      if (result.ok) tell({ is: "reply", finish: result.value.finish, calls: result.value.calls.length }, result.value);
      else tell({ is: "fault", fault: result.fault });
      return result;
    } catch (error) {
      tell({ is: "cancelled" });
      throw error;
    }
  };
