// JavaScript and TypeScript as repair sees them: translates the tree-sitter grammars' nodes into shapes and spells new code.

import { childAt, descendants, partsOf, type Syntax } from "../syntax.ts";
import type { Dialect, Infix, Parameter, Shape } from "./shape.ts";

const expressions = new Set(
  (
    "identifier number string template_string regex true false null undefined this binary_expression unary_expression update_expression call_expression new_expression member_expression " +
    "subscript_expression array object ternary_expression arrow_function function_expression parenthesized_expression await_expression yield_expression assignment_expression " +
    "augmented_assignment_expression as_expression non_null_expression satisfies_expression"
  ).split(" "),
);

const statements = new Set(
  (
    "expression_statement return_statement if_statement while_statement do_statement for_statement for_in_statement break_statement continue_statement throw_statement try_statement " +
    "switch_statement lexical_declaration variable_declaration function_declaration generator_function_declaration class_declaration export_statement import_statement labeled_statement"
  ).split(" "),
);

const functions = new Set(
  "function_declaration generator_function_declaration function_expression generator_function arrow_function method_definition".split(" "),
);

const bindings: Readonly<Record<string, readonly string[]>> = {
  variable_declarator: ["name"],
  function_declaration: ["name"],
  generator_function_declaration: ["name"],
  function_expression: ["name"],
  class_declaration: ["name"],
  class: ["name"],
  formal_parameters: ["*"],
  required_parameter: ["pattern", "name"],
  optional_parameter: ["pattern", "name"],
  arrow_function: ["parameter"],
  array_pattern: ["*"],
  object_pattern: ["*"],
  pair_pattern: ["*"],
  rest_pattern: ["*"],
  assignment_pattern: ["left"],
  assignment_expression: ["left"],
  augmented_assignment_expression: ["left"],
  update_expression: ["argument"],
  for_in_statement: ["left"],
  catch_clause: ["parameter"],
  import_specifier: ["*"],
  import_clause: ["*"],
  namespace_import: ["*"],
  export_specifier: ["*"],
  labeled_statement: ["label"],
  break_statement: ["label"],
  continue_statement: ["label"],
  pair: ["key"],
  import_statement: ["*"],
  export_statement: ["source"],
  literal_type: ["*"],
  type_arguments: ["*"],
};

export const javascript: Dialect = {
  family: "javascript",
  shape,
  infixes,
  isExpression: (node) => node.named && expressions.has(node.type),
  isBinding(node) {
    const fields = node.parent ? bindings[node.parent.type] : undefined;
    return fields !== undefined && (fields.includes("*") || fields.includes(node.field ?? ""));
  },
  isStatement: (node) => statements.has(node.type),
  isBody: (node) => node.type === "statement_block" || node.type === "program" || node.type === "switch_case" || node.type === "switch_default",
  boundNames: (target) =>
    [...descendants(target)]
      .filter((node) => (node.type === "identifier" || node.type === "shorthand_property_identifier_pattern") && !["member_expression", "subscript_expression", "type_annotation"].includes(node.parent?.type ?? ""))
      .map((node) => node.text),

  operators: {
    comparison: [["<", "<=", ">", ">="], ["===", "!==", "==", "!="], ["in", "instanceof"]],
    arithmetic: [["+", "-"], ["*", "/", "%", "**"], ["+", "*"], ["-", "/"], ["-", "%"]],
    logical: [["&&", "||"], ["||", "??"]],
    bitwise: [["&", "|", "^"], ["<<", ">>", ">>>"]],
  },
  updates: [["+=", "-=", "="], ["*=", "/=", "%=", "="], ["+=", "*="], ["&=", "|=", "^=", "="], ["<<=", ">>=", ">>>="], ["||=", "&&=", "??=", "="], ["++", "--"]],
  families: [
    ["push", "unshift", "concat"],
    ["pop", "shift"],
    ["slice", "splice", "substring", "substr"],
    ["min", "max"],
    ["floor", "ceil", "round", "trunc"],
    ["some", "every"],
    ["map", "filter", "forEach", "flatMap", "find"],
    ["find", "findIndex", "findLast", "findLastIndex", "filter"],
    ["indexOf", "lastIndexOf", "findIndex", "search"],
    ["includes", "startsWith", "endsWith", "indexOf"],
    ["keys", "values", "entries"],
    ["toLowerCase", "toUpperCase"],
    ["trim", "trimStart", "trimEnd"],
    ["padStart", "padEnd"],
    ["charAt", "charCodeAt", "codePointAt", "at"],
    ["add", "set", "delete"],
    ["get", "has"],
    ["length", "size"],
    ["reduce", "reduceRight"],
    ["sort", "reverse", "toSorted", "toReversed"],
    ["parseInt", "parseFloat", "Number"],
    ["replace", "replaceAll"],
    ["match", "matchAll"],
    ["test", "exec", "match"],
    ["setTimeout", "setInterval", "setImmediate"],
    ["clearTimeout", "clearInterval"],
    ["all", "allSettled", "race", "any"],
    ["resolve", "reject"],
    ["then", "catch", "finally"],
    ["call", "apply", "bind"],
    ["assign", "freeze", "create"],
    ["stringify", "parse"],
    ["isNaN", "isFinite", "isInteger", "isSafeInteger"],
    ["getDate", "getDay"],
    ["getHours", "getUTCHours"],
    ["getMonth", "getUTCMonth"],
    ["getFullYear", "getUTCFullYear", "getYear"],
    ["on", "once", "off"],
    ["Set", "Map", "WeakSet", "WeakMap"],
    ["sqrt", "cbrt", "log", "log2", "log10", "exp"],
    ["sin", "cos", "tan"],
    ["encodeURI", "encodeURIComponent"],
    ["decodeURI", "decodeURIComponent"],
    ["flat", "flatMap"],
    ["join", "toString", "concat"],
  ],
  nothing: ["undefined", "null"],
  truth: { yes: "true", no: "false" },
  infinity: ["Infinity", "-Infinity"],
  self: "this",
  and: "&&",
  or: "||",
  not: (expression) => `!${expression}`,
  lengthOf: (expression) => `${expression}.length`,
  isNothing: (expression) => `${expression} == null`,
  isEmpty: (expression, kind) => (kind === "number" ? `${expression} === 0` : kind === "list" ? `${expression}.length === 0` : `!${expression}`),
  wraps(x, kind) {
    if (kind === "number") return [`Math.abs(${x})`, `Math.floor(${x})`, `Math.round(${x})`, `Math.ceil(${x})`, `String(${x})`, `Math.max(0, ${x})`, `Math.trunc(${x})`, `-${x}`];
    if (kind === "string") return [`${x}.toLowerCase()`, `${x}.trim()`, `Number(${x})`, `${x}.toUpperCase()`, `${x}.length`, `[...${x}]`, `parseInt(${x}, 10)`, `encodeURIComponent(${x})`];
    if (kind === "list") return [`[...${x}]`, `${x}.slice()`, `${x}.reverse()`, `${x}.length`, `${x}.slice(1)`, `${x}.slice(0, -1)`, `${x}[0]`, `${x}.at(-1)`, `${x}.sort((a, b) => a - b)`, `${x}.sort()`, `...${x}`, `${x}.flat()`, `[${x}]`, `${x}.filter(Boolean)`];
    if (kind === "record") return [`{ ...${x} }`, `Object.keys(${x})`, `Object.values(${x})`, `Object.entries(${x})`];
    if (kind === "set") return [`[...${x}]`, `${x}.size`, `new Set(${x})`];
    if (kind === "boolean") return [`!${x}`, `Boolean(${x})`];
    if (kind === "function") return [`${x}()`];
    return [`${x}.length`, `[...${x}]`, `String(${x})`, `Number(${x})`, `[${x}]`, `${x}[0]`, `${x}()`, `Math.abs(${x})`, `${x}.slice()`, `...${x}`, `Boolean(${x})`];
  },
  emptyValues(kind) {
    if (kind === "number") return ["0", "1", "-1"];
    if (kind === "string") return ['""'];
    if (kind === "list") return ["[]", "[[]]"];
    if (kind === "record") return ["{}"];
    if (kind === "set") return ["new Set()"];
    if (kind === "boolean") return ["false", "true"];
    return ["0", "[]", '""', "null", "false", "true", "1", "{}"];
  },
  isBuiltin: (name) => builtins.has(name),
  statement: (text) => `${text};`,
  guard: (condition, action) => `if (${condition}) ${action};`,
  adds(collection, kind, value) {
    if (kind === "set") return [`${collection}.add(${value})`];
    if (kind === "list") return [`${collection}.push(${value})`];
    if (kind === "record") return [`${collection}[${value}] = true`];
    return [];
  },
};

const builtins = new Set(
  (
    "Array Boolean Date Error Infinity JSON Map Math NaN Number Object Promise Proxy RangeError Reflect RegExp Set String Symbol TypeError URL WeakMap WeakSet BigInt console globalThis isFinite isNaN " +
    "parseFloat parseInt process require module exports setTimeout setInterval clearTimeout clearInterval structuredClone encodeURIComponent decodeURIComponent Buffer undefined arguments"
  ).split(" "),
);

function shape(node: Syntax): Shape {
  const at = (field: string): Syntax | undefined => childAt(node, field);
  if (functions.has(node.type)) {
    const parameters = at("parameters") ?? at("parameter");
    return given(at("body"), (body) => ({ is: "function", name: at("name")?.text ?? assignedName(node), parameters: parametersOf(parameters), body }));
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
      return node.children.some((child) => child.type === "template_substitution") ? other : { is: "string", inner: node.text.slice(1, -1) };
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
      return given(at("argument"), (operand) => given(at("operator"), (operator) => (operator.text === "!" ? { is: "not", operand } : { is: "sign", operator, operand })));
    case "call_expression":
    case "new_expression":
      return given(at("function") ?? at("constructor"), (callee) => given(at("arguments"), (list) => ({ is: "call", callee, args: partsOf(list), list, creates: node.type === "new_expression" })));
    case "member_expression":
      return given(at("object"), (object) => given(at("property"), (property) => ({ is: "member", object, property })));
    case "subscript_expression":
      return given(at("object"), (object) => given(at("index"), (index) => ({ is: "index", object, index })));
    case "ternary_expression":
      return given(at("condition"), (condition) => given(at("consequence"), (yes) => given(at("alternative"), (no) => ({ is: "choice", condition, yes, no }))));
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
      return given(bare(at("condition")), (condition) => given(at("consequence"), (then) => ({ is: "if", condition, then, otherwise: at("alternative") })));
    case "while_statement":
    case "do_statement":
    case "for_statement":
      return given(bare(at("condition")), (condition) => given(at("body"), (body) => ({ is: "while", condition, body })));
    case "for_in_statement":
      return given(at("left"), (target) => given(at("right"), (source) => given(at("body"), (body) => ({ is: "each", target, source, body }))));
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

function infixes(node: Syntax): Infix[] {
  if (node.type !== "binary_expression") return [];
  const [left, operator, right] = [childAt(node, "left"), node.children.find((child) => child.field === "operator"), childAt(node, "right")];
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
    const optional = part.type === "assignment_pattern" || part.type === "optional_parameter" || part.type === "rest_pattern" || part.children.some((child) => child.type === "=");
    const target = part.type === "identifier" ? part : (childAt(part, "left") ?? childAt(part, "pattern") ?? part);
    const name = target.type === "identifier" ? target.text : javascript.boundNames(target)[0];
    return name === undefined ? [] : [{ name, optional }];
  });
}
