// Which changes can be looked at without a run of their own: a change that puts another value where one is used can be computed beside
// it in the traced run. One that never differs there mends nothing; one that throws at once seldom does. Only expressions without side
// effects are computed so.

import { ancestors, type Syntax } from "../syntax.ts";
import { applyEdits } from "../text.ts";
import type { Draft } from "./draft.ts";
import type { Unit } from "./unit.ts";

/** How values are compared: by themselves, by whether they count as true, or as a guard before a statement. */
export type WatchMode = "value" | "truth" | "guard";

/** One alternative: at this place, this text instead (or, for a guard, besides). */
export interface Alternative {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly mode: WatchMode;
  readonly text: string;
  /** For a guard: when the code would do something else than before. */
  readonly changes: "when true" | "when false" | "when different";
}

/** The draft as something to be computed beside the code; undefined where that cannot be done or would disturb it. */
export function alternativeOf(unit: Unit, { at, edits, when }: Draft): Alternative | undefined {
  if (when)
    return isPure(when.condition) && isQuiet(unit, at)
      ? { path: unit.path, start: at.start, end: at.start, mode: "guard", text: when.condition, changes: when.changes }
      : undefined;
  if (!unit.dialect.isExpression(at) || unit.dialect.isBinding(at) || !isMovable(unit, at)) return undefined;
  if (edits.some((edit) => edit.start < at.start || edit.end > at.end)) return undefined;
  const inside = [...edits]
    .sort((a, b) => a.start - b.start)
    .map((edit) => ({ ...edit, start: edit.start - at.start, end: edit.end - at.start }));
  const text = applyEdits(at.text, inside);
  if (!isPure(text)) return undefined;
  return { path: unit.path, start: at.start, end: at.end, mode: isDeciding(unit, at) ? "truth" : "value", text, changes: "when different" };
}

function isDeciding(unit: Unit, node: Syntax): boolean {
  for (const outer of [node.parent, node.parent?.parent]) {
    if (!outer) continue;
    const shape = unit.dialect.shape(outer);
    if (shape.is === "if" || shape.is === "while" || shape.is === "choice") return shape.condition === node;
  }
  return false;
}

/** Whether the expression can be put into a function that is called on the spot. */
function isMovable(unit: Unit, node: Syntax): boolean {
  if (/\b(?:await|yield|super|arguments|async)\b|:=|\?\./.test(node.text) || node.text.length > 200) return false;
  const parent = node.parent;
  if (!parent || node.field === "function" || node.field === "constructor" || parent.type === "expression_statement") return false;
  if (/^(?:delete|typeof|void)\b/.test(parent.text) && parent.type === "unary_expression") return false;
  if (/^(?:pair|keyword_argument)$/.test(parent.type) && (node.field === "key" || node.field === "name")) return false;
  return isQuiet(unit, node);
}

const noisy =
  /^(?:interpolation|format_expression|jsx_\w+|del_statement|delete_statement|decorator|type|type_annotation|as_expression|satisfies_expression|import_statement|import_from_statement|global_statement|nonlocal_statement|class_heritage|case_pattern|enum_body)$/;

/** Not inside something that reads its parts by itself, and not straight in a class, whose names functions inside it do not see. */
function isQuiet(unit: Unit, node: Syntax): boolean {
  let inFunction = false;
  for (const outer of ancestors(node)) {
    if (noisy.test(outer.type)) return false;
    if (unit.dialect.shape(outer).is === "function") inFunction = true;
    if (unit.dialect.family === "python" && outer.type === "class_definition" && !inFunction) return false;
    if (unit.dialect.isBody(outer) && inFunction) break;
  }
  return true;
}

const harmless = new Set(
  (
    "len abs int str float bool isinstance range round ord chr repr min max divmod not and or in is if else " +
    "get lower upper strip lstrip rstrip startswith endswith keys values items count find index split join title isdigit isalpha isalnum copy " +
    "floor ceil trunc sign sqrt slice includes has indexOf lastIndexOf toLowerCase toUpperCase trim at charAt charCodeAt startsWith endsWith String Number Boolean parseInt parseFloat isArray isInteger " +
    "isFinite isNaN padStart padEnd substring concat toString hypot"
  ).split(" "),
);

/** Computing it changes nothing, ends, and needs no more than what is at hand. */
export function isPure(text: string): boolean {
  if (text === "" || text.length > 120 || text.startsWith("...") || text.startsWith("*") || text.startsWith("{")) return false;
  if (
    /[\n`]|=>|\+\+|--|\*\*|<<|:=|\b(?:await|yield|new|delete|lambda|function|class|import|throw|async)\b|[\])]\s*\(|(?<![=!<>])=(?!=)|\.\.\./.test(
      text.replace(/(["'])(?:\\.|(?!\1).)*\1/g, "''"),
    )
  )
    return false;
  return [...text.matchAll(/([\w$]+)\s*\(/g)].every(([, name = ""]) => harmless.has(name));
}
