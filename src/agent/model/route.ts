// Sends each request to the cheapest of the models set up for its purpose that can serve it, and the others after it where that one fails.
// A step that has failed before, and a second opinion, pass over so many of the cheaper ones (`above`). Models without a known price
// come after those with one, in the order they were given: unknown is not free.

import type { Ask, AskRequest, Purpose } from "./ask.ts";
import { type Capability, costOf, lacking, type Needs, needsOf } from "./capability.ts";
import { fallback, type Provider } from "./fallback.ts";

export interface Candidate {
  readonly name: string;
  readonly ask: Ask;
  /** Found out when it is first wanted. */
  readonly capability: (signal: AbortSignal) => Promise<Capability>;
}

interface Known extends Omit<Candidate, "capability"> {
  readonly capability: Capability;
}

export interface Routes {
  /** Where a purpose has none, the first of `chain` serves it. */
  readonly by: Partial<Readonly<Record<Purpose, readonly Candidate[]>>>;
  /** In order: primary, secondary, ...; asked when all for the purpose failed. */
  readonly chain: readonly Candidate[];
  /** Asked when no model can answer: a cached answer, the rules engine. */
  readonly last: readonly Provider[];
  /** Tokens of a request; exact where it comes near the smallest context there is. */
  readonly size: (request: AskRequest, context: number) => Promise<number>;
}

export function route({ by, chain, last, size }: Routes): Ask {
  const know = (candidates: readonly Candidate[], signal: AbortSignal): Promise<readonly Known[]> =>
    Promise.all(candidates.map(async (one) => ({ ...one, capability: await one.capability(signal) })));
  return async (request, signal) => {
    const [wanted, others] = await Promise.all([know(by[request.purpose] ?? [], signal), know(chain, signal)]);
    const smallest = Math.min(...[...wanted, ...others].map(({ capability }) => capability.context ?? Number.POSITIVE_INFINITY));
    const needs = needsOf(request, await size(request, smallest));
    const group = ranked(wanted, needs, request.above ?? 0);
    const rest = others.filter(({ name }) => !group.some((one) => one.name === name));
    return fallback([...[...group, ...rest].map((one) => providerOf(one, needs)), ...last])(request, signal);
  };
}

/** Those that can serve, the cheapest first; `above` of them go to the end, for when the better ones fail. */
function ranked(candidates: readonly Known[], needs: Needs, above: number): readonly Known[] {
  const able = candidates
    .filter(({ capability }) => lacking(capability, needs) === undefined)
    .map((candidate) => ({ candidate, cost: costOf(candidate.capability, needs) ?? Number.POSITIVE_INFINITY }))
    .sort((a, b) => (a.cost === b.cost ? 0 : a.cost - b.cost))
    .map(({ candidate }) => candidate);
  const skipped = Math.min(above, Math.max(0, able.length - 1));
  return [...able.slice(skipped), ...able.slice(0, skipped)];
}

const providerOf = ({ name, ask, capability }: Known, needs: Needs): Provider => ({
  name,
  ask,
  lacks: () => lacking(capability, needs),
});
