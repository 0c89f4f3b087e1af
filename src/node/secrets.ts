// Takes secrets out of a text before a model, a log or a card gets it. What is told instead says what stood there and is always the same;
// a secret of several lines is told by as many, so lines keep their numbers. Never touches a file.

import type { Secrets } from "../agent/world.ts";
import { label } from "../agent/secret-label.ts";
import { type Detect, loadDetector } from "./secrets/detector.ts";
import { findByPattern, type KnownSecret, knownFinder, type Secret, secretsOf } from "./secrets/patterns.ts";

/** The detector is loaded when the first text comes that could hold what it finds. `known`: secrets by their value. */
export function openSecrets(env: Readonly<Record<string, string | undefined>>, known: readonly KnownSecret[] = []): Secrets {
  const findKnown = knownFinder([...known, ...secretsOf(env)]);
  let loading: Promise<Detect> | undefined;
  return {
    async redact(text) {
      const own = [...findKnown(text), ...findByPattern(text)];
      const found = mayHold(text) ? [...own, ...(await (loading ??= loadDetector()))(text)] : own;
      return found.length === 0 ? text : replaced(text, found);
    },
  };
}

/** Whether there is anything in it that a rule could know: a long run of letters with digits, a name and password, a key. */
function mayHold(text: string): boolean {
  for (const [run] of text.matchAll(/[\w+/=.-]{16,}/g)) if (/\d/.test(run) && /[A-Za-z]/.test(run)) return true;
  return /:\/\/[^\s/@]*:[^\s/@]*@|PRIVATE KEY/.test(text);
}

function replaced(text: string, found: readonly Secret[]): string {
  let told = "";
  let at = 0;
  for (const { from, to, name } of merged(found)) {
    const lines = text.slice(from, to).split("\n");
    told += text.slice(at, from) + lines.map((line) => (line.trim() === "" ? line : label(name))).join("\n");
    at = to;
  }
  return told + text.slice(at);
}

/** In order and apart; of two that overlap the longer one names both. */
function merged(found: readonly Secret[]): readonly Secret[] {
  const apart: Secret[] = [];
  for (const next of found.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    const last = apart.at(-1);
    if (last === undefined || next.from >= last.to) apart.push(next);
    else {
      const name = next.to - next.from > last.to - last.from ? next.name : last.name;
      apart[apart.length - 1] = { from: last.from, to: Math.max(last.to, next.to), name };
    }
  }
  return apart;
}
