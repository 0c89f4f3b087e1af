// Every place where a name stands in the code of a file, and what it is there: its definition, an import, a call, a plain use, a property.
// Strings and comments are not code and are not places.

import { ancestors, childAt, descendants, type Syntax, type Tree } from "./syntax.ts";
import { createUnit, type Unit } from "./repair/unit.ts";

export type Use = "definition" | "import" | "export" | "call" | "write" | "read" | "property" | "type";

export interface NamePlace {
  readonly path: string;
  readonly line: number;
  /** Offsets of the name itself. */
  readonly start: number;
  readonly end: number;
  readonly use: Use;
  readonly node: Syntax;
  readonly text: string;
}

const nameTypes = new Set(
  "identifier property_identifier private_property_identifier shorthand_property_identifier shorthand_property_identifier_pattern type_identifier statement_identifier".split(
    " ",
  ),
);

export function placesOf(path: string, tree: Tree, name: string): readonly NamePlace[] {
  const unit = createUnit(path, tree);
  const lines = tree.text.split("\n");
  return [...descendants(tree.root)]
    .filter((node) => nameTypes.has(node.type) && node.text === name)
    .map((node) => ({
      path,
      line: node.line,
      start: node.start,
      end: node.end,
      use: useOf(unit, node),
      node,
      text: lines[node.line - 1]?.trim() ?? "",
    }));
}

function useOf(unit: Unit, node: Syntax): Use {
  const parent = node.parent;
  if (!parent) return "read";
  for (const outer of ancestors(node)) {
    if (/^(?:import_statement|import_from_statement|import_clause|import_specifier)$/.test(outer.type)) return "import";
    if (outer.type === "export_specifier" || outer.type === "export_clause") return "export";
    if (unit.dialect.isStatement(outer)) break;
  }
  if (/^(?:type_identifier)$/.test(node.type))
    return /declaration$|definition$/.test(parent.type) && node.field === "name" ? "definition" : "type";
  if (
    node.field === "name" &&
    /(?:declaration|definition|declarator|signature|function_expression|enum_assignment|default_parameter)$/.test(parent.type)
  )
    return "definition";
  if (node.type === "shorthand_property_identifier_pattern") return isRequired(node) ? "import" : "definition";
  if (parent.type === "pair" && node.field === "key") return "definition";
  if (/^(?:field_definition|public_field_definition)$/.test(parent.type)) return "definition";
  const isProperty =
    (parent.type === "member_expression" && node.field === "property") || (parent.type === "attribute" && node.field === "attribute");
  const whole = isProperty ? parent : node;
  const around = unit.dialect.shape(whole.parent ?? whole);
  if (around.is === "call" && around.callee === whole) return "call";
  if (around.is === "assign" && around.target === whole) return isProperty ? "write" : isFirstBinding(unit, node) ? "definition" : "write";
  if (around.is === "update" && around.target === whole) return "write";
  if (isProperty) return "property";
  if (unit.dialect.isBinding(node)) return "definition";
  return "read";
}

function isFirstBinding(unit: Unit, node: Syntax): boolean {
  return unit.names.some(
    (name) =>
      name.name === node.text && name.at <= node.start && node.start <= name.at + (node.parent ? node.start - node.parent.start : 0) + 1,
  );
}

/** `const { name } = require("./file")` is an import in all but spelling. */
function isRequired(node: Syntax): boolean {
  for (const outer of ancestors(node))
    if (outer.type === "variable_declarator") return /^(?:await\s+)?(?:require|import)\(/.test(childAt(outer, "value")?.text ?? "");
  return false;
}
