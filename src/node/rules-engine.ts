// The embedded engine over this machine's grammars, loaded when it is first asked: most runs with a model never need it.

import type { Ask } from "../agent/model/ask.ts";

/** Needs no model, no network and no key. */
export function rulesEngine(): Ask {
  let engine: Promise<Ask> | undefined;
  const load = async (): Promise<Ask> => {
    const [{ createRules }, { createGrammars }] = await Promise.all([import("../agent/model/rules/engine.ts"), import("./grammar.ts")]);
    return createRules({ grammars: createGrammars() });
  };
  return async (request, signal) => (await (engine ??= load()))(request, signal);
}
