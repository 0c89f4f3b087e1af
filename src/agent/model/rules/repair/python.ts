// Python as repair sees it: translates the tree-sitter grammar's nodes into shapes and spells new code.

import { childAt, descendants, partsOf, type Syntax } from "../syntax.ts";
import type { Dialect, Infix, Parameter, Shape } from "./shape.ts";

const expressions = new Set(
  (
    "identifier integer float string concatenated_string true false none binary_operator boolean_operator comparison_operator not_operator unary_operator call attribute " +
    "subscript list tuple dictionary set list_comprehension set_comprehension dictionary_comprehension generator_expression conditional_expression lambda " +
    "parenthesized_expression await yield named_expression"
  ).split(" "),
);

const statements = new Set(
  (
    "expression_statement return_statement if_statement while_statement for_statement pass_statement break_statement continue_statement raise_statement assert_statement " +
    "delete_statement try_statement with_statement function_definition class_definition decorated_definition import_statement import_from_statement global_statement nonlocal_statement match_statement"
  ).split(" "),
);

/** Parents in which an identifier in that field is bound, not read; "*" is any field. */
const bindings: Readonly<Record<string, readonly string[]>> = {
  function_definition: ["name"],
  class_definition: ["name"],
  parameters: ["*"],
  lambda_parameters: ["*"],
  default_parameter: ["name"],
  typed_parameter: ["*"],
  typed_default_parameter: ["name", "type"],
  list_splat_pattern: ["*"],
  dictionary_splat_pattern: ["*"],
  keyword_argument: ["name"],
  attribute: ["attribute"],
  assignment: ["left", "type"],
  augmented_assignment: ["left"],
  named_expression: ["name"],
  for_statement: ["left"],
  for_in_clause: ["left"],
  pattern_list: ["*"],
  tuple_pattern: ["*"],
  list_pattern: ["*"],
  dotted_name: ["*"],
  aliased_import: ["*"],
  as_pattern_target: ["*"],
  global_statement: ["*"],
  nonlocal_statement: ["*"],
  type: ["*"],
};

export const python: Dialect = {
  family: "python",
  shape,
  infixes,
  isExpression: (node) => node.named && expressions.has(node.type),
  isBinding(node) {
    const fields = node.parent ? bindings[node.parent.type] : undefined;
    return fields !== undefined && (fields.includes("*") || fields.includes(node.field ?? ""));
  },
  isStatement: (node) => statements.has(node.type),
  isBody: (node) => node.type === "block" || node.type === "module",
  boundNames: (target) => [...descendants(target)].filter((node) => node.type === "identifier" && !["attribute", "subscript"].includes(node.parent?.type ?? "")).map((node) => node.text),

  operators: {
    comparison: [["<", "<=", ">", ">="], ["==", "!="], ["is", "is not", "=="], ["in", "not in"]],
    arithmetic: [["+", "-"], ["*", "/", "//", "%", "**"], ["+", "*"], ["-", "/"], ["-", "%"]],
    logical: [["and", "or"]],
    bitwise: [["&", "|", "^"], ["<<", ">>"]],
  },
  updates: [["+=", "-=", "="], ["*=", "/=", "//=", "%=", "="], ["+=", "*="], ["&=", "|=", "^=", "="], ["<<=", ">>="]],
  families: [
    ["min", "max"],
    ["any", "all"],
    ["append", "extend", "insert", "add"],
    ["add", "update", "discard", "remove"],
    ["append", "appendleft"],
    ["pop", "popleft"],
    ["sorted", "reversed", "list"],
    ["sort", "reverse"],
    ["keys", "values", "items"],
    ["floor", "ceil", "round", "trunc", "int"],
    ["int", "float", "str", "bool"],
    ["sum", "len", "max"],
    ["union", "intersection", "difference", "symmetric_difference"],
    ["startswith", "endswith"],
    ["strip", "lstrip", "rstrip"],
    ["split", "rsplit", "splitlines", "partition"],
    ["find", "rfind", "index", "rindex"],
    ["lower", "upper", "title", "capitalize", "swapcase", "casefold"],
    ["isalpha", "isdigit", "isalnum", "isupper", "islower", "isspace", "isnumeric"],
    ["get", "setdefault", "pop"],
    ["count", "index"],
    ["zip", "enumerate", "map", "filter"],
    ["ljust", "rjust", "center"],
    ["sin", "cos", "tan"],
    ["log", "log2", "log10", "exp", "sqrt"],
    ["heappush", "heappop", "heappushpop", "heapreplace"],
    ["bisect", "bisect_left", "bisect_right"],
    ["combinations", "permutations", "product", "combinations_with_replacement"],
    ["match", "search", "fullmatch", "findall"],
    ["extend", "extendleft", "append"],
    ["removeprefix", "removesuffix"],
    ["list", "set", "tuple", "dict"],
    ["isinstance", "issubclass"],
    ["getattr", "hasattr"],
    ["read", "readline", "readlines"],
  ],
  nothing: ["None"],
  truth: { yes: "True", no: "False" },
  infinity: ["float('inf')", "float('-inf')"],
  self: "self",
  and: "and",
  or: "or",
  not: (expression) => `not ${expression}`,
  lengthOf: (expression) => `len(${expression})`,
  isNothing: (expression) => `${expression} is None`,
  isEmpty: (expression, kind) => (kind === "number" ? `${expression} == 0` : `not ${expression}`),
  wraps(x, kind) {
    if (kind === "number") return [`abs(${x})`, `int(${x})`, `round(${x})`, `str(${x})`, `max(0, ${x})`, `-${x}`, `float(${x})`];
    if (kind === "string") return [`${x}.lower()`, `${x}.strip()`, `${x}.upper()`, `int(${x})`, `${x}[::-1]`, `len(${x})`, `float(${x})`, `list(${x})`, `re.escape(${x})`];
    if (kind === "list") return [`sorted(${x})`, `list(${x})`, `len(${x})`, `${x}[::-1]`, `reversed(${x})`, `set(${x})`, `sum(${x})`, `${x}[1:]`, `${x}[:-1]`, `${x}[0]`, `${x}[-1]`, `[${x}]`, `enumerate(${x})`, `tuple(${x})`];
    if (kind === "record") return [`${x}.items()`, `${x}.values()`, `${x}.keys()`, `dict(${x})`, `len(${x})`, `sorted(${x})`, `${x}.copy()`];
    if (kind === "set") return [`sorted(${x})`, `list(${x})`, `set(${x})`, `len(${x})`];
    if (kind === "boolean") return [`not ${x}`, `int(${x})`];
    if (kind === "function") return [`${x}()`];
    return [`len(${x})`, `list(${x})`, `str(${x})`, `sorted(${x})`, `int(${x})`, `[${x}]`, `${x}[0]`, `${x}[-1]`, `abs(${x})`, `${x}[::-1]`, `${x}[1:]`, `set(${x})`, `tuple(${x})`, `${x}()`, `bool(${x})`];
  },
  emptyValues(kind) {
    if (kind === "number") return ["0", "1", "-1"];
    if (kind === "string") return ["''"];
    if (kind === "list") return ["[]", "[[]]"];
    if (kind === "record") return ["{}"];
    if (kind === "set") return ["set()"];
    if (kind === "boolean") return ["False", "True"];
    return ["0", "[]", "''", "False", "True", "1", "{}", "[[]]", "set()"];
  },
  isBuiltin: (name) => builtins.has(name),
  statement: (text) => text,
  guard: (condition, action, unit) => `if ${condition}:\n${unit}${action}`,
  adds(collection, kind, value) {
    if (kind === "set") return [`${collection}.add(${value})`];
    if (kind === "list") return [`${collection}.append(${value})`];
    if (kind === "record") return [`${collection}[${value}] = True`];
    return [];
  },
};

const builtins = new Set(
  (
    "abs all any bool bytes callable chr dict dir divmod enumerate filter float format frozenset getattr hasattr hash hex id input int isinstance issubclass iter len list map max min next " +
    "object oct open ord pow print property range repr reversed round set setattr slice sorted staticmethod classmethod str sum super tuple type vars zip Exception ValueError TypeError KeyError " +
    "IndexError StopIteration RuntimeError ZeroDivisionError AttributeError NotImplementedError OSError ArithmeticError LookupError"
  ).split(" "),
);

function shape(node: Syntax): Shape {
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
      return given(at("function"), (callee) => given(at("arguments"), (list) => ({ is: "call", callee, args: list.type === "argument_list" ? partsOf(list) : [list], list, creates: false })));
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
      return given(at("condition"), (condition) => given(at("consequence"), (then) => ({ is: "if", condition, then, otherwise: node.children.find((child) => child.field === "alternative") })));
    case "while_statement":
      return given(at("condition"), (condition) => given(at("body"), (body) => ({ is: "while", condition, body })));
    case "for_statement":
      return given(at("left"), (target) => given(at("right"), (source) => given(at("body"), (body) => ({ is: "each", target, source, body }))));
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
  return { is: "slice", object, slice: only, from: parts.find((part) => part.end <= first), to: parts.find((part) => part.start > first && part.end <= second) };
}

function infixes(node: Syntax): Infix[] {
  if (node.type === "binary_operator" || node.type === "boolean_operator") {
    const [left, operator, right] = [childAt(node, "left"), node.children.find((child) => child.field === "operator"), childAt(node, "right")];
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

const emptyNode: Syntax = { type: "", named: false, field: undefined, start: 0, end: 0, line: 0, endLine: 0, text: "", parent: undefined, children: [] };
