// All changes worth trying, best first. A candidate's score is how common such a change is as a bug fix, how likely this variant is
// among its siblings at the same place, and how suspicious the place is. Pure and deterministic: equal input, equal order.

import type { Parser, Syntax } from "../syntax.ts";
import { applyEdits } from "../text.ts";
import type { Failure } from "../report/failure.ts";
import { type Alternative, alternativeOf } from "./alternatives.ts";
import { commonnessFor } from "./commonness.ts";
import { type Change, createRoutine, createSite, type Draft, type Edit, type Operator, type Routine } from "./draft.ts";
import { draftsFromFailure } from "./hints.ts";
import { shiftByOne } from "./operator/bounds.ts";
import { callOrNot, changeCall } from "./operator/calls.ts";
import { changeBranch, changeCondition } from "./operator/conditions.ts";
import { borrowExpression } from "./operator/ingredients.ts";
import { completeFunction, completeLoop, completeStatement } from "./operator/insertions.ts";
import { replaceLiteral } from "./operator/literals.ts";
import { otherName } from "./operator/names.ts";
import { replaceOperator, replaceSign, replaceUpdate } from "./operator/operators.ts";
import { changeLeaving, changeStatement } from "./operator/statements.ts";
import { changePattern, changeYield, unwrapValue, wrapValue } from "./operator/wraps.ts";
import { routineAround, type Unit } from "./unit.ts";

export interface Candidate {
  readonly path: string;
  readonly change: Change;
  /** Ascending and apart. */
  readonly edits: readonly Edit[];
  readonly line: number;
  /** How likely the change is, wherever it stands. */
  readonly prior: number;
  /** The prior, by how suspicious the place is and what a traced run told. */
  readonly score: number;
  readonly alternative: Alternative | undefined;
}

/** How suspicious a line is: 0 = cannot be the cause, 1 = as suspicious as it gets. */
export type Suspicion = (path: string, line: number) => number;

const operators: readonly Operator[] = [
  replaceOperator,
  replaceUpdate,
  replaceSign,
  replaceLiteral,
  shiftByOne,
  changeCall,
  callOrNot,
  ...otherName,
  changeCondition,
  changeBranch,
  changeStatement,
  changeLeaving,
  completeFunction,
  completeLoop,
  completeStatement,
  wrapValue,
  unwrapValue,
  changeYield,
  changePattern,
  borrowExpression,
];

/** The `most` best candidates over all files. */
export function propose(units: readonly Unit[], suspicion: Suspicion, failure: Failure, most: number): readonly Candidate[] {
  const commonness = commonnessFor(failure);
  const found = units.flatMap((unit) =>
    routinesOf(unit, suspicion).flatMap((routine) => weigh(unit, draftsOf(routine, suspicion), suspicion, commonness)),
  );
  const hinted = draftsFromFailure(units, failure).flatMap(({ unit, draft }) => weigh(unit, [draft], suspicion, commonness));
  const best = new Map<string, Candidate>();
  for (const candidate of [...hinted, ...found].sort((a, b) => b.score - a.score)) {
    const key = `${candidate.path} ${JSON.stringify(candidate.edits)}`;
    if (!best.has(key)) best.set(key, candidate);
    if (best.size >= most) break;
  }
  return [...best.values()];
}

/** The candidates again, in the light of a traced run; those it rules out are gone. */
export function rerank(
  candidates: readonly Candidate[],
  suspicion: Suspicion,
  promise: (alternative: Alternative | undefined) => number,
): readonly Candidate[] {
  return candidates
    .map((candidate) => ({
      ...candidate,
      score: candidate.prior * suspicion(candidate.path, candidate.line) * promise(candidate.alternative),
    }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
}

/** Outermost functions, and what stands outside of all functions, where anything in them is suspicious. */
function routinesOf(unit: Unit, suspicion: Suspicion): Routine[] {
  const outermost = unit.functions.filter(({ node }) => routineAround(unit, node) === node).map(({ node }) => node);
  return [...outermost, unit.tree.root].filter((node) => isSuspicious(unit, node, suspicion)).map((node) => createRoutine(unit, node));
}

function isSuspicious(unit: Unit, node: Syntax, suspicion: Suspicion): boolean {
  for (let line = node.line; line <= node.endLine; line++) if (suspicion(unit.path, line) > 0) return true;
  return false;
}

function draftsOf(routine: Routine, suspicion: Suspicion): Draft[] {
  const drafts: Draft[] = [];
  for (const node of routine.nodes) {
    if (!node.named || suspicion(routine.unit.path, node.line) === 0) continue;
    const site = createSite(routine, node);
    for (const operator of operators) for (const draft of operator(site)) if (draft.weight > 0) drafts.push(draft);
  }
  return drafts;
}

/** Variants of one change at one place share its likelihood, though less than fairly: many variants are more chances. */
function weigh(unit: Unit, drafts: readonly Draft[], suspicion: Suspicion, commonness: Readonly<Record<Change, number>>): Candidate[] {
  const groupOf = (draft: Draft): string => `${draft.change} ${draft.at.start} ${draft.at.end}`;
  const sums = new Map<string, number>();
  for (const draft of drafts) sums.set(groupOf(draft), (sums.get(groupOf(draft)) ?? 0) + draft.weight);
  return drafts.flatMap((draft): Candidate[] => {
    const edits = tidy(unit.text, draft.edits);
    if (edits.length === 0) return [];
    const crowd = Math.max(1, sums.get(groupOf(draft)) ?? 1) ** 0.5;
    const prior = (commonness[draft.change] * draft.weight) / crowd;
    return [
      {
        path: unit.path,
        change: draft.change,
        edits,
        line: draft.at.line,
        prior,
        score: prior * suspicion(unit.path, draft.at.line),
        alternative: alternativeOf(unit, draft),
      },
    ];
  });
}

/** Cuts from each edit what it does not change, so that equal changes look equal. */
function tidy(text: string, edits: readonly Edit[]): Edit[] {
  return edits
    .map((edit) => {
      let { start, end, text: put } = edit;
      while (start < end && put !== "" && text[start] === put[0]) {
        start++;
        put = put.slice(1);
      }
      while (start < end && put !== "" && text[end - 1] === put.at(-1)) {
        end--;
        put = put.slice(0, -1);
      }
      return { start, end, text: put };
    })
    .filter((edit) => edit.start !== edit.end || edit.text !== "")
    .sort((a, b) => a.start - b.start);
}

/** Whether the changed code still parses. Looks only at the outermost statements touched. */
export function stillParses(unit: Unit, edits: readonly Edit[], parser: Parser): boolean {
  const [first, last] = [edits[0], edits.at(-1)];
  if (!first || !last) return false;
  if (edits.some((edit, i) => i > 0 && edit.start < (edits[i - 1]?.end ?? 0))) return false;
  const top = unit.tree.root.children;
  const from = top.findLast((node) => node.start <= first.start)?.start ?? 0;
  const to = top.find((node) => node.end >= last.end)?.end ?? unit.text.length;
  const part = applyEdits(
    unit.text.slice(from, to),
    edits.map((edit) => ({ ...edit, start: edit.start - from, end: edit.end - from })),
  );
  return !parser.isBroken(part);
}
