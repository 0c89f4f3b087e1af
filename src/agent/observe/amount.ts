// Amounts in words: every number with its measure, as short as it can be read.

import type { Spend } from "../approval.ts";

/** "340 ms", "1.8 s", "2 min 5 s". */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${seconds % 60} s`;
}

/** What is left until a deadline, counting down: "45 s", "4:07 min", "3 h 5 min". */
export function timeLeft(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${String(seconds % 60).padStart(2, "0")} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** "1 file", "3 files". */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** "$0.0042", "$1.20". */
export const money = (usd: number): string => `$${usd.toFixed(usd > 0 && usd < 0.1 ? 4 : 2)}`;

/** "940 tokens", "12.3k tokens", "1.2M tokens". */
export function tokens(n: number): string {
  if (n < 1000) return count(n, "token");
  return n < 1_000_000 ? `${(n / 1000).toFixed(1)}k tokens` : `${(n / 1_000_000).toFixed(1)}M tokens`;
}

/** "$0.02 · 12.3k tokens · 9 requests"; what has no known price is named, never counted as free. */
export function spendText(spend: Spend): string {
  const unpriced = spend.unpriced > 0 ? ` (${count(spend.unpriced, "request")} without a known price)` : "";
  return `${money(spend.usd)}${unpriced} · ${tokens(spend.inputTokens + spend.outputTokens)} · ${count(spend.requests, "request")}`;
}
