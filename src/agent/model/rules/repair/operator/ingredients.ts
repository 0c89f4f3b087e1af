// A value for another one the same routine already computes: the code that mends a bug is most often written nearby.

import { draft, isRead, isSound, replace, type Operator } from "../draft.ts";
import { fit } from "../kind.ts";

export const borrowExpression: Operator = function* (site) {
  const { node, routine, unit, shape } = site;
  if (!isRead(site) || node.field === "function" || shape.is === "group" || shape.is === "function" || node.text.length > 60) return;
  const parent = unit.dialect.shape(node.parent ?? node);
  if ((parent.is === "assign" || parent.is === "update") && parent.target === node) return;
  if (node.parent?.type === "expression_statement") return;
  const wanted = site.kind(node);
  const visible = new Set(site.names().map((name) => name.name));
  const offers = routine.expressions
    .filter(
      (one) => one.text !== node.text && !one.text.includes(node.text.length > 3 ? node.text : "\n") && isSound(one.text, visible, unit),
    )
    .filter((one) => !(unit.dialect.shape(one.node).is === "name" && shape.is === "name"))
    .map((one) => ({
      text: one.text,
      weight: fit(wanted, one.kind) * (1 / (1 + Math.abs(one.node.line - node.line) / 10)) * (one.text.length <= 20 ? 1 : 0.5),
    }))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, 16);
  for (const { text, weight } of offers) yield draft("expression", node, 0.5 * weight, replace(site, node, text));
};
