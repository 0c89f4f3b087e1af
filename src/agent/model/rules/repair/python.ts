// Python as repair sees it: which nodes are what, which words are mistaken for each other, and how new code is spelt.

import { descendants } from "../syntax.ts";
import { infixes, shape } from "./python-shape.ts";
import type { Dialect } from "./shape.ts";

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
  boundNames: (target) =>
    [...descendants(target)]
      .filter((node) => node.type === "identifier" && !["attribute", "subscript"].includes(node.parent?.type ?? ""))
      .map((node) => node.text),

  operators: {
    comparison: [
      ["<", "<=", ">", ">="],
      ["==", "!="],
      ["is", "is not", "=="],
      ["in", "not in"],
    ],
    arithmetic: [
      ["+", "-"],
      ["*", "/", "//", "%", "**"],
      ["+", "*"],
      ["-", "/"],
      ["-", "%"],
    ],
    logical: [["and", "or"]],
    bitwise: [
      ["&", "|", "^"],
      ["<<", ">>"],
    ],
  },
  updates: [
    ["+=", "-=", "="],
    ["*=", "/=", "//=", "%=", "="],
    ["+=", "*="],
    ["&=", "|=", "^=", "="],
    ["<<=", ">>="],
  ],
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
    if (kind === "string")
      return [
        `${x}.lower()`,
        `${x}.strip()`,
        `${x}.upper()`,
        `int(${x})`,
        `${x}[::-1]`,
        `len(${x})`,
        `float(${x})`,
        `list(${x})`,
        `re.escape(${x})`,
      ];
    if (kind === "list")
      return [
        `sorted(${x})`,
        `list(${x})`,
        `len(${x})`,
        `${x}[::-1]`,
        `reversed(${x})`,
        `set(${x})`,
        `sum(${x})`,
        `${x}[1:]`,
        `${x}[:-1]`,
        `${x}[0]`,
        `${x}[-1]`,
        `[${x}]`,
        `enumerate(${x})`,
        `tuple(${x})`,
      ];
    if (kind === "record")
      return [`${x}.items()`, `${x}.values()`, `${x}.keys()`, `dict(${x})`, `len(${x})`, `sorted(${x})`, `${x}.copy()`];
    if (kind === "set") return [`sorted(${x})`, `list(${x})`, `set(${x})`, `len(${x})`];
    if (kind === "boolean") return [`not ${x}`, `int(${x})`];
    if (kind === "function") return [`${x}()`];
    return [
      `len(${x})`,
      `list(${x})`,
      `str(${x})`,
      `sorted(${x})`,
      `int(${x})`,
      `[${x}]`,
      `${x}[0]`,
      `${x}[-1]`,
      `abs(${x})`,
      `${x}[::-1]`,
      `${x}[1:]`,
      `set(${x})`,
      `tuple(${x})`,
      `${x}()`,
      `bool(${x})`,
    ];
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
