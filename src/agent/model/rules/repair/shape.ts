// What a piece of code is, whatever its language: the shapes that repair operators look for, and a dialect that knows how one
// language spells them. Owns the vocabulary; javascript.ts and python.ts translate their grammars into it.

import type { Syntax } from "../syntax.ts";

export type Shape =
  | { readonly is: "name"; readonly name: string }
  | { readonly is: "number"; readonly value: number }
  /** `inner` is the text between the quotes. */
  | { readonly is: "string"; readonly inner: string }
  | { readonly is: "boolean"; readonly value: boolean }
  /** None, null, undefined. */
  | { readonly is: "nothing" }
  | { readonly is: "list"; readonly items: readonly Syntax[] }
  | { readonly is: "record" }
  | { readonly is: "not"; readonly operand: Syntax }
  | { readonly is: "sign"; readonly operator: Syntax; readonly operand: Syntax }
  | { readonly is: "call"; readonly callee: Syntax; readonly args: readonly Syntax[]; readonly list: Syntax; readonly creates: boolean }
  | { readonly is: "member"; readonly object: Syntax; readonly property: Syntax }
  | { readonly is: "index"; readonly object: Syntax; readonly index: Syntax }
  | {
      readonly is: "slice";
      readonly object: Syntax;
      readonly from: Syntax | undefined;
      readonly to: Syntax | undefined;
      readonly slice: Syntax;
    }
  | { readonly is: "choice"; readonly condition: Syntax; readonly yes: Syntax; readonly no: Syntax }
  | { readonly is: "group"; readonly inner: Syntax }
  | { readonly is: "wait"; readonly operand: Syntax }
  | { readonly is: "spread"; readonly operand: Syntax }
  | { readonly is: "assign"; readonly target: Syntax; readonly value: Syntax; readonly declares: boolean }
  /** `x += 1`, and `x++` with no value. */
  | { readonly is: "update"; readonly target: Syntax; readonly operator: Syntax; readonly value: Syntax | undefined }
  | { readonly is: "if"; readonly condition: Syntax; readonly then: Syntax; readonly otherwise: Syntax | undefined }
  | { readonly is: "while"; readonly condition: Syntax; readonly body: Syntax }
  | { readonly is: "each"; readonly target: Syntax; readonly source: Syntax; readonly body: Syntax }
  | { readonly is: "return"; readonly value: Syntax | undefined }
  | { readonly is: "yield"; readonly value: Syntax | undefined; readonly many: boolean }
  | { readonly is: "leave"; readonly word: "break" | "continue" }
  | { readonly is: "function"; readonly name: string | undefined; readonly parameters: readonly Parameter[]; readonly body: Syntax }
  | { readonly is: "other" };

export interface Parameter {
  readonly name: string;
  readonly optional: boolean;
}

export interface Infix {
  readonly node: Syntax;
  readonly left: Syntax;
  readonly operator: Syntax;
  readonly right: Syntax;
  readonly family: "arithmetic" | "comparison" | "logical" | "bitwise";
}

/** What a value probably is, guessed from how it is used. */
export type Kind = "number" | "string" | "list" | "record" | "set" | "boolean" | "function" | "unknown";

/** One language as repair sees it. Text it makes is valid where its name says it goes. */
export interface Dialect {
  readonly family: "javascript" | "python";
  shape(node: Syntax): Shape;
  /** The operator applications in this very node: several in a chained comparison. */
  infixes(node: Syntax): readonly Infix[];
  isExpression(node: Syntax): boolean;
  /** A name that is bound or named here instead of read: targets, parameters, declared and imported names, keys. */
  isBinding(node: Syntax): boolean;
  isStatement(node: Syntax): boolean;
  /** A list of statements: a block or the whole file. */
  isBody(node: Syntax): boolean;
  /** Names bound by a pattern or target. */
  boundNames(target: Syntax): readonly string[];

  readonly operators: Readonly<Record<Infix["family"], readonly (readonly string[])[]>>;
  /** Operators of `x += 1`, in families. */
  readonly updates: readonly (readonly string[])[];
  /** Names of methods and functions that are mistaken for each other. */
  readonly families: readonly (readonly string[])[];
  readonly nothing: readonly string[];
  readonly truth: { readonly yes: string; readonly no: string };
  readonly infinity: readonly string[];
  readonly self: string;
  readonly and: string;
  readonly or: string;
  not(expression: string): string;
  lengthOf(expression: string): string;
  isNothing(expression: string): string;
  isEmpty(expression: string, kind: Kind): string;
  /** Ways to wrap a value of that kind, e.g. "abs(x)"; none of them needs brackets around it. */
  wraps(expression: string, kind: Kind): readonly string[];
  emptyValues(kind: Kind): readonly string[];
  /** An exchange of two variables, as statements. */
  isBuiltin(name: string): boolean;
  statement(text: string): string;
  /** An `if` statement around one statement; lines are joined by "\n", inner lines indented by `unit`. */
  guard(condition: string, action: string, unit: string): string;
  /** Methods that add to a collection, with the text of the statement. */
  adds(collection: string, kind: Kind, value: string): readonly string[];
}
