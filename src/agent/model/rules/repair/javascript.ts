// JavaScript and TypeScript as repair sees them: which nodes are what, which words are mistaken for each other, and how new code is spelt.

import { boundNames, infixes, shape } from "./javascript-shape.ts";
import type { Dialect } from "./shape.ts";

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
  isBody: (node) =>
    node.type === "statement_block" || node.type === "program" || node.type === "switch_case" || node.type === "switch_default",
  boundNames,

  operators: {
    comparison: [
      ["<", "<=", ">", ">="],
      ["===", "!==", "==", "!="],
      ["in", "instanceof"],
    ],
    arithmetic: [
      ["+", "-"],
      ["*", "/", "%", "**"],
      ["+", "*"],
      ["-", "/"],
      ["-", "%"],
    ],
    logical: [
      ["&&", "||"],
      ["||", "??"],
    ],
    bitwise: [
      ["&", "|", "^"],
      ["<<", ">>", ">>>"],
    ],
  },
  updates: [
    ["+=", "-=", "="],
    ["*=", "/=", "%=", "="],
    ["+=", "*="],
    ["&=", "|=", "^=", "="],
    ["<<=", ">>=", ">>>="],
    ["||=", "&&=", "??=", "="],
    ["++", "--"],
  ],
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
  isEmpty: (expression, kind) =>
    kind === "number" ? `${expression} === 0` : kind === "list" ? `${expression}.length === 0` : `!${expression}`,
  wraps(x, kind) {
    if (kind === "number")
      return [
        `Math.abs(${x})`,
        `Math.floor(${x})`,
        `Math.round(${x})`,
        `Math.ceil(${x})`,
        `String(${x})`,
        `Math.max(0, ${x})`,
        `Math.trunc(${x})`,
        `-${x}`,
      ];
    if (kind === "string")
      return [
        `${x}.toLowerCase()`,
        `${x}.trim()`,
        `Number(${x})`,
        `${x}.toUpperCase()`,
        `${x}.length`,
        `[...${x}]`,
        `parseInt(${x}, 10)`,
        `encodeURIComponent(${x})`,
      ];
    if (kind === "list")
      return [
        `[...${x}]`,
        `${x}.slice()`,
        `${x}.reverse()`,
        `${x}.length`,
        `${x}.slice(1)`,
        `${x}.slice(0, -1)`,
        `${x}[0]`,
        `${x}.at(-1)`,
        `${x}.sort((a, b) => a - b)`,
        `${x}.sort()`,
        `...${x}`,
        `${x}.flat()`,
        `[${x}]`,
        `${x}.filter(Boolean)`,
      ];
    if (kind === "record") return [`{ ...${x} }`, `Object.keys(${x})`, `Object.values(${x})`, `Object.entries(${x})`];
    if (kind === "set") return [`[...${x}]`, `${x}.size`, `new Set(${x})`];
    if (kind === "boolean") return [`!${x}`, `Boolean(${x})`];
    if (kind === "function") return [`${x}()`];
    return [
      `${x}.length`,
      `[...${x}]`,
      `String(${x})`,
      `Number(${x})`,
      `[${x}]`,
      `${x}[0]`,
      `${x}()`,
      `Math.abs(${x})`,
      `${x}.slice()`,
      `...${x}`,
      `Boolean(${x})`,
    ];
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
