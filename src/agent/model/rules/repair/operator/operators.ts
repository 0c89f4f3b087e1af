// Wrong operators: comparison, arithmetic, logical, bitwise, compound assignment, sign, negation, grouping, a superfluous operand.

import type { Syntax } from "../../syntax.ts";
import { type Draft, draft, isRead, operand, replace, type Operator, type Site } from "../draft.ts";
import type { Infix } from "../shape.ts";

export const replaceOperator: Operator = function* (site) {
  for (const infix of site.unit.dialect.infixes(site.node)) {
    yield* otherOperators(site, infix);
    yield* otherOperands(site, infix);
  }
  yield* regroup(site);
};

function* otherOperators(site: Site, infix: Infix): Generator<Draft> {
  const { operator, family, node } = infix;
  const to = (text: string, weight: number): Draft => draft("operator", node, weight, { start: operator.start, end: operator.end, text });
  const said = new Set([operator.text]);
  const all = { ...site.unit.dialect.operators };
  for (const group of all[family]) {
    if (!group.includes(operator.text)) continue;
    for (const other of group) {
      if (said.has(other)) continue;
      said.add(other);
      yield to(other, closeness(operator.text, other));
    }
  }
  if (family === "comparison" && /^[<>=!]/.test(operator.text)) {
    const [equal, unequal] = site.unit.dialect.family === "python" ? ["==", "!="] : ["===", "!=="];
    for (const other of /^[<>]/.test(operator.text) ? [equal, unequal] : ["<", ">", "<=", ">="])
      if (other && !said.has(other)) yield to(other, 0.25);
  }
  if (family === "bitwise" && /^[&|]$/.test(operator.text))
    yield to(operator.text === "&" ? site.unit.dialect.and : site.unit.dialect.or, 0.5);
  if (family === "bitwise" || (family === "arithmetic" && /^(?:\*\*|\^)$/.test(operator.text)))
    for (const other of ["+", "-", "**"]) if (!said.has(other)) yield to(other, 0.15);
}

/** How often one operator is written for the other. */
function closeness(from: string, to: string): number {
  if (to === `${from}=` || from === `${to}=`) return /^[<>]/.test(from) ? 1 : 0.3;
  if (/^[<>]/.test(from) && /^[<>]/.test(to)) return from.length === to.length ? 0.7 : 0.4;
  const pair = [from, to].sort().join(" ");
  return /^(?:\+ -|\* \/|&& \|\||and or|!== ===|!= ==|is is not|in not in|\/ \/\/)$/.test(pair) ? 0.8 : 0.35;
}

function* otherOperands(site: Site, { node, left, right, operator, family }: Infix): Generator<Draft> {
  const isChain = site.unit.dialect.infixes(node).length > 1;
  if (isChain) return;
  const commutes =
    /^(?:\*|==|!=|===|!==|&|\||\^|in|not in|instanceof|is|is not)$/.test(operator.text) ||
    (operator.text === "+" && site.kind(left) === "number" && site.kind(right) === "number");
  if (!commutes) {
    const swapped = `${operand(site, right)} ${operator.text} ${operand(site, left)}`;
    yield draft("operand", node, family === "logical" ? 0.25 : 0.45, { start: node.start, end: node.end, text: swapped });
  }
  if (family === "comparison") return;
  for (const kept of [left, right]) yield draft("operand", node, family === "logical" ? 0.7 : 0.35, replace(site, node, kept.text));
}

/** `a + b * c` for `(a + b) * c` and the other way round. */
function* regroup(site: Site): Generator<Draft> {
  const { dialect } = site.unit;
  const [outer] = dialect.infixes(site.node);
  if (!outer || outer.family === "comparison") return;
  const inner = (side: Syntax): Infix | undefined => {
    const shape = dialect.shape(side);
    return dialect.infixes(shape.is === "group" ? shape.inner : side)[0];
  };
  const [left, right] = [inner(outer.left), inner(outer.right)];
  const write = (text: string): Draft => draft("grouping", site.node, 0.4, { start: site.node.start, end: site.node.end, text });
  if (left && left.family !== "comparison")
    yield write(`${left.left.text} ${left.operator.text} (${left.right.text} ${outer.operator.text} ${outer.right.text})`);
  if (right && right.family !== "comparison")
    yield write(`(${outer.left.text} ${outer.operator.text} ${right.left.text}) ${right.operator.text} ${right.right.text}`);
}

export const replaceUpdate: Operator = function* (site) {
  const { shape, unit, node } = site;
  if (shape.is === "update") {
    const { operator } = shape;
    const said = new Set([operator.text]);
    for (const group of unit.dialect.updates) {
      if (!group.includes(operator.text)) continue;
      for (const other of group) {
        if (said.has(other)) continue;
        said.add(other);
        yield draft("operator", node, other === "=" ? 0.4 : 0.8, { start: operator.start, end: operator.end, text: other });
      }
    }
    if (shape.value === undefined && shape.target.start < operator.start && node.parent?.type !== "expression_statement") {
      yield draft("operator", node, 0.4, { start: node.start, end: node.end, text: `${operator.text}${shape.target.text}` });
    } else if (shape.value === undefined && shape.target.start > operator.start) {
      yield draft("operator", node, 0.4, { start: node.start, end: node.end, text: `${shape.target.text}${operator.text}` });
    }
  }
  if (shape.is === "assign" && !shape.declares) {
    const gap = unit.text.slice(shape.target.end, shape.value.start);
    const at = shape.target.end + gap.indexOf("=");
    const isFirst = site.names().some((name) => name.name === shape.target.text && name.at === node.start);
    if (gap.includes("=") && !isFirst)
      for (const [other, weight] of [
        ["+=", 0.3],
        ["-=", 0.12],
        ["*=", 0.06],
        ["|=", 0.05],
      ] as const)
        yield draft("operator", node, shape.target.text.includes(".") ? weight / 3 : weight, { start: at, end: at + 1, text: other });
  }
};

export const replaceSign: Operator = function* (site) {
  const { shape, node } = site;
  if (shape.is === "sign" && /^[-+~]$/.test(shape.operator.text))
    yield draft("operator", node, 0.6, replace(site, node, shape.operand.text));
  if (shape.is === "not") yield draft("negation", node, 0.8, replace(site, node, shape.operand.text));
  if (!isRead(site) || node.text.length > 40) return;
  const kind = site.kind(node);
  if (kind === "number" && shape.is !== "sign" && shape.is !== "group")
    yield draft("operator", node, 0.12, replace(site, node, `-${operand(site, node)}`));
};
