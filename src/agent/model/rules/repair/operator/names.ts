// Wrong names: another variable in scope, another attribute, a missing or superfluous owner, the wrong target of an assignment.

import { draft, isRead, replace, type Operator, type Site } from "../draft.ts";
import { fit } from "../kind.ts";

const otherVariable: Operator = function* (site) {
  const { shape, node, unit } = site;
  if (shape.is !== "name" || !isNameSpot(site)) return;
  const isCallee = node.field === "function";
  const wanted = isCallee ? "function" : site.kind(node);
  const offers = site.names().filter((name) => name.name !== shape.name && name.name !== unit.dialect.self);
  for (const [rank, name] of offers.slice(0, 24).entries()) {
    if (name.role === "import" && !isCallee) continue;
    const known = name.role === "function" || name.role === "class" ? (isCallee ? 1 : 0.1) : 1;
    const later = name.at > node.start && name.role === "local" ? 0.4 : 1;
    yield draft("variable", node, fit(wanted, name.kind) * known * later * alike(shape.name, name.name) * 0.95 ** rank, {
      start: node.start,
      end: node.end,
      text: name.name,
    });
  }
};

/** A name that is read, or the plain target of a later assignment. */
function isNameSpot(site: Site): boolean {
  if (isRead(site)) return true;
  const { unit, node } = site;
  const parent = unit.dialect.shape(node.parent ?? node);
  return (parent.is === "assign" && !parent.declares && parent.target === node) || (parent.is === "update" && parent.target === node);
}

/** Names that look alike are mistaken for each other a little more often. */
function alike(a: string, b: string): number {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()];
  if (x === y) return 1.3;
  return x.startsWith(y) || y.startsWith(x) || x.endsWith(y) || y.endsWith(x) || (a.length === 1 && b.length === 1) ? 1.2 : 1;
}

const otherAttribute: Operator = function* (site) {
  const { shape, node, unit } = site;
  if (shape.is !== "member" || node.type === "jsx_attribute") return;
  const parent = unit.dialect.shape(node.parent ?? node);
  const called = parent.is === "call" && parent.callee === node;
  const said = new Set([shape.property.text]);
  const sameObject = unit.members.filter((one) => one.object === shape.object.text && one.called === called);
  const anyObject = unit.members.filter((one) => one.called === called);
  for (const [members, weight] of [
    [sameObject, 0.9],
    [anyObject, 0.35],
  ] as const) {
    for (const { property } of members) {
      if (said.has(property)) continue;
      said.add(property);
      yield draft("attribute", node, weight, { start: shape.property.start, end: shape.property.end, text: property });
    }
  }
  if (called) return;
  // The owner itself, or another owner's attribute of that name.
  yield draft("attribute", node, 0.25, replace(site, node, shape.object.text));
  for (const name of site.names().slice(0, 10)) {
    if (name.name === shape.object.text || name.role === "function" || name.role === "import") continue;
    yield draft("attribute", node, 0.3 * fit(site.kind(shape.object), name.kind), {
      start: shape.object.start,
      end: shape.object.end,
      text: name.name,
    });
  }
};

/** `x` for `self.x`, `node` for `node.next`, and a local name for the owner's. */
const addOwner: Operator = function* (site) {
  const { shape, node, unit } = site;
  if (shape.is !== "name" || !isNameSpot(site) || node.field === "function") return;
  const said = new Set<string>();
  for (const { object, property, called } of unit.members) {
    if (called) continue;
    const key = `${object}.${property}`;
    if (said.has(key) || said.size > 16) continue;
    if (property === shape.name || object === shape.name) {
      said.add(key);
      yield draft("attribute", node, property === shape.name ? 0.6 : 0.5, replace(site, node, key));
    }
  }
  const weight = site.kind(node) === "unknown" ? 0.2 : 0.05;
  for (const { property, called } of unit.members) {
    const key = `${shape.name}.${property}`;
    if (called || said.has(key) || said.size > 24) continue;
    said.add(key);
    yield draft("attribute", node, weight, replace(site, node, key));
  }
};

export const otherName: readonly Operator[] = [otherVariable, otherAttribute, addOwner];
