// What the rules engine would try on a piece of code, as whole texts in their order. For tests of the operators.

import { propose, stillParses } from "../../src/agent/model/rules/repair/candidate.ts";
import { createUnit, type Unit } from "../../src/agent/model/rules/repair/unit.ts";
import type { Failure } from "../../src/agent/model/rules/report/failure.ts";
import { type Language, languageOf } from "../../src/agent/model/rules/syntax.ts";
import { applyEdits } from "../../src/agent/model/rules/text.ts";
import { createGrammars } from "../../src/node/grammar.ts";

const grammars = createGrammars();
const signal = new AbortController().signal;

export const someFailure: Failure = {
  titles: ["it"],
  file: undefined,
  id: undefined,
  message: "",
  expected: undefined,
  actual: undefined,
  frames: [],
};

export async function parseUnit(path: string, text: string): Promise<Unit> {
  const language: Language | undefined = languageOf(path);
  if (!language) throw new Error(`no grammar for ${path}`);
  return createUnit(path, (await grammars.parser(language, signal)).parse(text));
}

export async function variantsOf(path: string, text: string, failure: Failure = someFailure): Promise<readonly string[]> {
  const unit = await parseUnit(path, text);
  const parser = await grammars.parser(unit.tree.language, signal);
  return propose([unit], () => 1, failure, 10_000)
    .filter(({ edits }) => stillParses(unit, edits, parser))
    .map(({ edits }) => applyEdits(text, edits));
}
