// A decision told part by part: what each does, to what, and which rule says what of it. Cards, rows and the terminal all tell these. Pure.

import type { Decision, PartDecision, Verdict } from "./policy/rules.ts";
import type { Effect } from "./tool/risk.ts";

export interface EffectRow {
  readonly verdict: Verdict;
  /** "writes"; empty for a doubt about the line, and in journals that did not say it. */
  readonly does: string;
  /** What it does that to. */
  readonly what: string;
  /** "new", or where a path really leads. */
  readonly more?: string;
  /** Which rule says what: "write.ask asks". */
  readonly says: string;
  /** False where no rule speaks of it. */
  readonly isRuled: boolean;
}

type Parts = Pick<Decision, "parts">;

export const effectRows = (decision: Parts): readonly EffectRow[] => partsInOrder(decision).map(effectRow);

/** In the order of the line; what stands nowhere in it comes last. */
export const partsInOrder = ({ parts }: Parts): readonly PartDecision[] => [...parts].sort((a, b) => startOf(a) - startOf(b));

const startOf = ({ spans }: PartDecision): number => spans?.[0]?.[0] ?? Number.MAX_SAFE_INTEGER;

export function effectRow({ part, verdict, rule, effect, named, leads, fresh = false }: PartDecision): EffectRow {
  const more = [...(leads === undefined ? [] : [`leads to ${leads}`]), ...(fresh ? ["new"] : [])];
  return {
    verdict,
    does: effect === undefined ? "" : acts[effect],
    what: effect === undefined ? part : (named ?? part),
    ...(more.length > 0 ? { more: more.join(", ") } : {}),
    says: rule === undefined ? "no rule allows it" : `${rule} ${verbs[verdict]}`,
    isRuled: rule !== undefined,
  };
}

const acts: Readonly<Record<Effect, string>> = {
  read: "reads",
  write: "writes",
  delete: "deletes",
  execute: "executes",
  network: "network",
};
const verbs: Readonly<Record<Verdict, string>> = { allow: "allows", ask: "asks", deny: "denies" };

/** "writes reports/junit.xml (new), rule write.ask asks". */
export function rowText({ does, what, more, says, isRuled }: EffectRow): string {
  const act = `${does === "" ? "" : `${does} `}${what}${more === undefined ? "" : ` (${more})`}`;
  return `${act}, ${isRuled ? "rule " : ""}${says}`;
}

/** A stretch of a line, with the strictest verdict of the parts that stand there; undefined where none does. */
export interface Stretch {
  readonly text: string;
  readonly verdict: Verdict | undefined;
}

/** The whole line, in stretches. A part whose place is not known is in none of them. */
export function stretches(line: string, { parts }: Parts): readonly Stretch[] {
  const edges = new Map<number, { readonly verdict: Verdict; readonly by: 1 | -1 }[]>([[line.length, []]]);
  const mark = (at: number, verdict: Verdict, by: 1 | -1): void => {
    const here = edges.get(at) ?? [];
    edges.set(at, here);
    here.push({ verdict, by });
  };
  for (const { spans = [], verdict } of parts)
    for (const [from, to] of spans) {
      mark(from, verdict, 1);
      mark(to, verdict, -1);
    }
  const found: Stretch[] = [];
  const open: Record<Verdict, number> = { allow: 0, ask: 0, deny: 0 };
  let start = 0;
  for (const [at, changes] of [...edges].sort(([a], [b]) => a - b)) {
    add(found, { text: line.slice(start, at), verdict: strictToLax.find((verdict) => open[verdict] > 0) });
    for (const { verdict, by } of changes) open[verdict] += by;
    start = at;
  }
  return found;
}

export const strictToLax: readonly Verdict[] = ["deny", "ask", "allow"];

/** Neighbours that were decided the same are one stretch. */
function add(found: Stretch[], { text, verdict }: Stretch): void {
  const last = found.at(-1);
  if (text === "") return;
  if (last && last.verdict === verdict) found[found.length - 1] = { verdict, text: last.text + text };
  else found.push({ text, verdict });
}
