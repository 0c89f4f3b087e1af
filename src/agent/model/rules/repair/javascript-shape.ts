// Translates the nodes of the tree-sitter grammars of JavaScript and TypeScript into shapes.

import { childAt, descendants, partsOf, type Syntax } from "../syntax.ts";
import type { Infix, Parameter, Shape } from "./shape.ts";

const functions = new Set(
  "function_declaration generator_function_declaration function_expression generator_function arrow_function method_definition".split(" "),
);

export function shape(node: Syntax): Shape {
  const at = (field: string): Syntax | undefined => childAt(node, field);
  if (functions.has(node.type)) {
    const parameters = at("parameters") ?? at("parameter");
    return given(at("body"), (body) => ({
      is: "function",
      name: at("name")?.text ?? assignedName(node),
      parameters: parametersOf(parameters),
      body,
    }));
  }
  switch (node.type) {
    case "identifier":
    case "this":
      return { is: "name", name: node.text };
    case "number":
      return { is: "number", value: Number(node.text.replaceAll("_", "")) };
    case "string":
      return { is: "string", inner: node.text.slice(1, -1) };
    case "template_string":
      return node.children.some((child) => child.type === "template_substitution")
        ? other
        : { is: "string", inner: node.text.slice(1, -1) };
    case "true":
    case "false":
      return { is: "boolean", value: node.type === "true" };
    case "null":
    case "undefined":
      return { is: "nothing" };
    case "array":
      return { is: "list", items: partsOf(node) };
    case "object":
      return { is: "record" };
    case "unary_expression":
      return given(at("argument"), (operand) =>
        given(at("operator"), (operator) => (operator.text === "!" ? { is: "not", operand } : { is: "sign", operator, operand })),
      );
    case "call_expression":
    case "new_expression":
      return given(at("function") ?? at("constructor"), (callee) =>
        given(at("arguments"), (list) => ({ is: "call", callee, args: partsOf(list), list, creates: node.type === "new_expression" })),
      );
    case "member_expression":
      return given(at("object"), (object) => given(at("property"), (property) => ({ is: "member", object, property })));
    case "subscript_expression":
      return given(at("object"), (object) => given(at("index"), (index) => ({ is: "index", object, index })));
    case "ternary_expression":
      return given(at("condition"), (condition) =>
        given(at("consequence"), (yes) => given(at("alternative"), (no) => ({ is: "choice", condition, yes, no }))),
      );
    case "parenthesized_expression":
      return given(partsOf(node)[0], (inner) => ({ is: "group", inner }));
    case "await_expression":
      return given(partsOf(node)[0], (operand) => ({ is: "wait", operand }));
    case "spread_element":
      return given(partsOf(node)[0], (operand) => ({ is: "spread", operand }));
    case "variable_declarator":
      return given(at("name"), (target) => given(at("value"), (value) => ({ is: "assign", target, value, declares: true })));
    case "assignment_expression":
      return given(at("left"), (target) => given(at("right"), (value) => ({ is: "assign", target, value, declares: false })));
    case "augmented_assignment_expression":
      return given(at("left"), (target) => given(at("operator"), (operator) => ({ is: "update", target, operator, value: at("right") })));
    case "update_expression":
      return given(at("argument"), (target) => given(at("operator"), (operator) => ({ is: "update", target, operator, value: undefined })));
    case "if_statement":
      return given(bare(at("condition")), (condition) =>
        given(at("consequence"), (then) => ({ is: "if", condition, then, otherwise: at("alternative") })),
      );
    case "while_statement":
    case "do_statement":
    case "for_statement":
      return given(bare(at("condition")), (condition) => given(at("body"), (body) => ({ is: "while", condition, body })));
    case "for_in_statement":
      return given(at("left"), (target) =>
        given(at("right"), (source) => given(at("body"), (body) => ({ is: "each", target, source, body }))),
      );
    case "return_statement":
      return { is: "return", value: partsOf(node)[0] };
    case "yield_expression":
      return { is: "yield", value: partsOf(node)[0], many: node.children.some((child) => child.type === "*") };
    case "break_statement":
    case "continue_statement":
      return { is: "leave", word: node.type === "break_statement" ? "break" : "continue" };
    default:
      return other;
  }
}

const other: Shape = { is: "other" };

const given = <T>(value: T | undefined, make: (value: T) => Shape): Shape => (value === undefined ? other : make(value));

/** Without the brackets a statement's condition stands in; nothing for an empty `for` condition. */
function bare(condition: Syntax | undefined): Syntax | undefined {
  if (condition?.type === "parenthesized_expression") return partsOf(condition)[0];
  return condition?.named ? condition : undefined;
}

/** `const f = () => …` and `{ f: () => … }` name their function. */
function assignedName(node: Syntax): string | undefined {
  const holder = node.parent;
  if (holder?.type === "variable_declarator") return childAt(holder, "name")?.text;
  if (holder?.type === "pair") return childAt(holder, "key")?.text;
  return holder?.type === "assignment_expression" ? childAt(holder, "left")?.text : undefined;
}

export function infixes(node: Syntax): Infix[] {
  if (node.type !== "binary_expression") return [];
  const [left, operator, right] = [
    childAt(node, "left"),
    node.children.find((child) => child.field === "operator"),
    childAt(node, "right"),
  ];
  return left && operator && right ? [{ node, left, operator, right, family: familyOf(operator.text) }] : [];
}

function familyOf(operator: string): Infix["family"] {
  if (/^(?:&&|\|\||\?\?)$/.test(operator)) return "logical";
  if (/^(?:[&|^]|<<|>>>?)$/.test(operator)) return "bitwise";
  return /^(?:[<>]=?|[!=]==?|in|instanceof)$/.test(operator) ? "comparison" : "arithmetic";
}

function parametersOf(list: Syntax | undefined): Parameter[] {
  if (!list) return [];
  if (list.type === "identifier") return [{ name: list.text, optional: false }];
  return partsOf(list).flatMap((part): Parameter[] => {
    const optional =
      part.type === "assignment_pattern" ||
      part.type === "optional_parameter" ||
      part.type === "rest_pattern" ||
      part.children.some((child) => child.type === "=");
    const target = part.type === "identifier" ? part : (childAt(part, "left") ?? childAt(part, "pattern") ?? part);
    const name = target.type === "identifier" ? target.text : boundNames(target)[0];
    return name === undefined ? [] : [{ name, optional }];
  });
}

export const boundNames = (target: Syntax): readonly string[] =>
  [...descendants(target)]
    .filter(
      (node) =>
        (node.type === "identifier" || node.type === "shorthand_property_identifier_pattern") &&
        !["member_expression", "subscript_expression", "type_annotation"].includes(node.parent?.type ?? ""),
    )
    .map((node) => node.text);
