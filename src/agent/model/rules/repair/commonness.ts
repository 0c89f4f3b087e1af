// How often a one-place fix is of which kind, and how the way a test fails shifts that. Rounded from what studies of small real fixes
// report; only the order matters.

import type { Failure } from "../report/failure.ts";
import type { Change } from "./draft.ts";

const usual: Readonly<Record<Change, number>> = {
  "from the error": 3,
  operator: 1,
  "off by one": 1,
  variable: 1.2,
  "argument order": 0.8,
  number: 0.8,
  method: 0.7,
  negation: 0.7,
  attribute: 0.7,
  operand: 0.6,
  literal: 0.6,
  argument: 0.6,
  condition: 0.5,
  unwrapping: 0.5,
  insertion: 0.5,
  guard: 0.5,
  wrapping: 0.5,
  expression: 0.5,
  deletion: 0.45,
  order: 0.45,
  grouping: 0.4,
  default: 0.3,
};

interface Shift {
  readonly when: (failure: Failure) => boolean;
  readonly factors: Partial<Record<Change, number>>;
}

const shifts: readonly Shift[] = [
  // Something was missing where a value was expected.
  { when: ({ message }) => /undefined|null\b|None\b|KeyError/.test(message), factors: { default: 3, guard: 1.3, attribute: 1.3 } },
  {
    when: ({ message }) => /IndexError|out of range|RangeError/.test(message),
    factors: { "off by one": 1.5, guard: 1.3, operator: 1.2, default: 1.5 },
  },
  { when: ({ message }) => /RecursionError|Maximum call stack|recursion depth/.test(message), factors: { guard: 2.5, condition: 1.3 } },
  { when: ({ message }) => /ZeroDivision|division by zero|NaN\b/.test(message), factors: { guard: 1.6, default: 1.5 } },
  { when: ({ message }) => message === "does not end", factors: { insertion: 1.5, operator: 1.2, variable: 1.2, condition: 1.2 } },
  // Nothing came out where something was wanted: a result is computed and not handed on.
  { when: ({ actual }) => /^(?:undefined|None|null)$/.test(actual ?? ""), factors: { insertion: 2 } },
  { when: ({ actual, expected }) => Math.abs(Number(actual) - Number(expected)) === 1, factors: { "off by one": 1.5, number: 1.3 } },
  {
    when: ({ actual, expected }) => Number(actual) === -Number(expected) && Number(actual) !== 0,
    factors: { operator: 1.4, operand: 1.5, "argument order": 1.4 },
  },
  {
    when: ({ actual, expected }) => /^(?:true|false)$/i.test(actual ?? "") && /^(?:true|false)$/i.test(expected ?? ""),
    factors: { condition: 1.5, negation: 1.4, operator: 1.2 },
  },
];

export function commonnessFor(failure: Failure): Readonly<Record<Change, number>> {
  const found: Record<Change, number> = { ...usual };
  for (const { when, factors } of shifts) {
    if (!when(failure)) continue;
    for (const [change, factor] of Object.entries(factors)) found[change as Change] *= factor;
  }
  return found;
}
