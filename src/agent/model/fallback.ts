// Asks the next provider when one cannot answer: primary, secondary, ..., a cached answer, last the rules engine.
// Refuses to switch where another provider would fare no better (an invalid request, a spent budget), and to one that lacks
// what the request needs. Every switch is told, because a person must know who answered.

import { assertNever, fail, type Fault } from "../result.ts";
import type { Ask, AskRequest } from "./ask.ts";

export interface Provider {
  /** As shown to people: "openai/gpt-5.2", "rules". */
  readonly name: string;
  readonly ask: Ask;
  /** Why it cannot serve this very request ("has no tools"); undefined where it can. */
  readonly lacks?: (request: AskRequest) => Promise<string | undefined> | string | undefined;
}

/** The request's own `onSwitch` hears of every switch. */
export function fallback(providers: readonly Provider[]): Ask {
  return async (request, signal) => {
    let from: { readonly name: string; readonly because: string } | undefined;
    let first: Fault | undefined;
    for (const { name, ask, lacks } of providers) {
      const missing = await lacks?.(request);
      if (missing !== undefined) {
        // Whoever failed is what the person has to know of, rather than those who could not even try.
        from ??= { name, because: `${name} ${missing}` };
        continue;
      }
      if (from) {
        request.onSwitch?.({ from: from.name, to: name, because: from.because });
        request.onRestart?.();
      }
      const result = await ask(request, signal);
      if (result.ok || !otherMayAnswer(result.fault)) return result;
      // The first fault names what the person set up and can mend; later ones are only consequences.
      first ??= result.fault;
      from = { name, because: result.fault.message };
    }
    if (first) return { ok: false, fault: first };
    return fail("unavailable", `No configured model can serve this request${from ? ` (${from.because})` : ""}; choose another model.`);
  };
}

/** Whether the fault is the provider's own, so that another one may do better. */
function otherMayAnswer({ kind }: Fault): boolean {
  switch (kind) {
    case "unavailable":
    case "timeout":
    case "missing":
    case "broken":
      return true;
    case "invalid":
    case "denied":
    case "stale":
    case "budget":
      return false;
    default:
      return assertNever(kind);
  }
}
