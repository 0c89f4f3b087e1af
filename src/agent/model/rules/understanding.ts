// Whether the rules engine can take over a request that was meant for a model: it serves what it understands, and leaves alone the rest.

import type { Provider } from "../fallback.ts";
import type { Ask, AskRequest } from "../ask.ts";
import { readIntents } from "./intent.ts";

/** The engine as the last of a chain. */
export const rulesProvider = (rules: Ask): Provider => ({ name: "rules", ask: rules, lacks: notUnderstood });

/** Why it cannot serve this request; undefined where it can. */
function notUnderstood({ purpose, subject }: AskRequest): string | undefined {
  if (purpose === "judge" || purpose === "summarise") return `cannot ${purpose} without a language model`;
  const goal = purpose === "act" ? (subject.step?.goal ?? subject.goal) : subject.goal;
  return readIntents(goal) ? undefined : "does not understand this goal";
}
