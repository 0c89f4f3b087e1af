// Translates the nodes of Python's tree-sitter grammar into shapes.

import { childAt, descendants, partsOf, type Syntax } from "../syntax.ts";
import type { Infix, Parameter, Shape } from "./shape.ts";

export function shape(node: Syntax): Shape {
  const at = (field: string): Syntax | undefined => childAt(node, field);
  switch (node.type) {
    case "identifier":
      return { is: "name", name: node.text };
    case "integer":
    case "float":
      return { is: "number", value: Number(node.text.replaceAll("_", "")) };
    case "string":
      return { is: "string", inner: innerOf(node) };
    case "true":
    case "false":
      return { is: "boolean", value: node.type === "true" };
    case "none":
      return { is: "nothing" };
    case "list":
    case "tuple":
    case "expression_list":
      return { is: "list", items: partsOf(node) };
    case "dictionary":
      return { is: "record" };
    case "not_operator":
      return given(at("argument"), (operand) => ({ is: "not", operand }));
    case "unary_operator":
      return given(at("argument"), (operand) => given(node.children[0], (operator) => ({ is: "sign", operator, operand })));
    case "call":
      return given(at("function"), (callee) =>
        given(at("arguments"), (list) => ({
          is: "call",
          callee,
          args: list.type === "argument_list" ? partsOf(list) : [list],
          list,
          creates: false,
        })),
      );
    case "attribute":
      return given(at("object"), (object) => given(at("attribute"), (property) => ({ is: "member", object, property })));
    case "subscript":
      return subscript(node);
    case "conditional_expression": {
      const [yes, condition, no] = partsOf(node);
      return yes && condition && no ? { is: "choice", condition, yes, no } : other;
    }
    case "parenthesized_expression":
      return given(partsOf(node)[0], (inner) => ({ is: "group", inner }));
    case "await":
      return given(partsOf(node)[0], (operand) => ({ is: "wait", operand }));
    case "list_splat":
      return given(partsOf(node)[0], (operand) => ({ is: "spread", operand }));
    case "assignment":
      return given(at("left"), (target) => given(at("right"), (value) => ({ is: "assign", target, value, declares: false })));
    case "augmented_assignment":
      return given(at("left"), (target) => given(at("operator"), (operator) => ({ is: "update", target, operator, value: at("right") })));
    case "if_statement":
    case "elif_clause":
      return given(at("condition"), (condition) =>
        given(at("consequence"), (then) => ({
          is: "if",
          condition,
          then,
          otherwise: node.children.find((child) => child.field === "alternative"),
        })),
      );
    case "while_statement":
      return given(at("condition"), (condition) => given(at("body"), (body) => ({ is: "while", condition, body })));
    case "for_statement":
      return given(at("left"), (target) =>
        given(at("right"), (source) => given(at("body"), (body) => ({ is: "each", target, source, body }))),
      );
    case "return_statement":
      return { is: "return", value: partsOf(node)[0] };
    case "yield":
      return { is: "yield", value: partsOf(node)[0], many: node.children.some((child) => child.type === "from") };
    case "break_statement":
    case "continue_statement":
      return { is: "leave", word: node.type === "break_statement" ? "break" : "continue" };
    case "function_definition":
    case "lambda":
      return given(at("body"), (body) => ({ is: "function", name: at("name")?.text, parameters: parametersOf(at("parameters")), body }));
    default:
      return other;
  }
}

const other: Shape = { is: "other" };

const given = <T>(value: T | undefined, make: (value: T) => Shape): Shape => (value === undefined ? other : make(value));

function innerOf(node: Syntax): string {
  const open = node.children.find((child) => child.type === "string_start");
  const close = node.children.find((child) => child.type === "string_end");
  return open && close ? node.text.slice(open.end - node.start, close.start - node.start) : "";
}

function subscript(node: Syntax): Shape {
  const object = childAt(node, "value");
  const index = node.children.filter((child) => child.field === "subscript" && child.named);
  const only = index[0];
  if (!object || !only || index.length > 1) return other;
  if (only.type !== "slice") return { is: "index", object, index: only };
  const colons = only.children.filter((child) => child.type === ":");
  const parts = partsOf(only);
  const first = colons[0]?.start ?? only.end;
  const second = colons[1]?.start ?? only.end + 1;
  return {
    is: "slice",
    object,
    slice: only,
    from: parts.find((part) => part.end <= first),
    to: parts.find((part) => part.start > first && part.end <= second),
  };
}

export function infixes(node: Syntax): Infix[] {
  if (node.type === "binary_operator" || node.type === "boolean_operator") {
    const [left, operator, right] = [
      childAt(node, "left"),
      node.children.find((child) => child.field === "operator"),
      childAt(node, "right"),
    ];
    if (!left || !operator || !right) return [];
    const family = node.type === "boolean_operator" ? "logical" : /^(?:[&|^]|<<|>>)$/.test(operator.text) ? "bitwise" : "arithmetic";
    return [{ node, left, operator, right, family }];
  }
  if (node.type !== "comparison_operator") return [];
  const found: Infix[] = [];
  for (const [i, operator] of node.children.entries()) {
    const [left, right] = [node.children[i - 1], node.children[i + 1]];
    if (operator.field === "operators" && left && right) found.push({ node, left, operator, right, family: "comparison" });
  }
  return found;
}

function parametersOf(list: Syntax | undefined): Parameter[] {
  return partsOf(list ?? emptyNode).flatMap((part): Parameter[] => {
    if (part.type === "identifier") return [{ name: part.text, optional: false }];
    const name = childAt(part, "name")?.text ?? [...descendants(part)].find((node) => node.type === "identifier")?.text;
    return name === undefined ? [] : [{ name, optional: part.type !== "typed_parameter" }];
  });
}

const emptyNode: Syntax = {
  type: "",
  named: false,
  field: undefined,
  start: 0,
  end: 0,
  line: 0,
  endLine: 0,
  text: "",
  parent: undefined,
  children: [],
};
