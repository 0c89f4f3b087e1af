// The fuses in words, the same for the card, the panel and the terminal.

import type { FuseName } from "../event.ts";

/** Its name, and what it says when it has blown. */
export const fuseWords: Readonly<Record<FuseName, { readonly name: string; readonly title: string }>> = {
  repeat: { name: "repeats", title: "Going in circles" },
  cycle: { name: "cycles", title: "Going in circles" },
  idle: { name: "no progress", title: "No progress" },
  error: { name: "same error", title: "The same error again" },
  model: { name: "provider", title: "The model cannot be asked" },
  usd: { name: "money", title: "The budget is spent" },
  tokens: { name: "tokens", title: "The token limit is reached" },
  minutes: { name: "time", title: "The time is up" },
  calls: { name: "calls", title: "Too many calls" },
  turns: { name: "turns", title: "Too many turns" },
  plans: { name: "plans", title: "No plan got there" },
  internal: { name: "internal", title: "Proviso itself failed" },
};
