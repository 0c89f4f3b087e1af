// Guesses what values are from how they are used: enough to try the likelier replacement first. A wrong guess costs order, never correctness.

import { descendants, type Syntax } from "../syntax.ts";
import type { Dialect, Kind } from "./shape.ts";

/** Kinds of names by how often the code uses them so; keyed by plain name. */
export function guessKinds(root: Syntax, dialect: Dialect): ReadonlyMap<string, Kind> {
  const votes = new Map<string, Map<Kind, number>>();
  const vote = (node: Syntax | undefined, kind: Kind, weight: number): void => {
    if (!node || kind === "unknown") return;
    const shape = dialect.shape(node);
    const name = shape.is === "name" ? shape.name : shape.is === "member" ? node.text : undefined;
    if (name === undefined) return;
    const of = votes.get(name) ?? new Map<Kind, number>();
    votes.set(name, of.set(kind, (of.get(kind) ?? 0) + weight));
  };
  for (const node of descendants(root)) voteOn(node, dialect, vote);
  return new Map([...votes].map(([name, of]) => [name, [...of].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "unknown"]));
}

/** The kind of an expression; `known` tells the kinds of names. */
export function kindOf(node: Syntax, dialect: Dialect, known: (name: string) => Kind | undefined): Kind {
  const shape = dialect.shape(node);
  switch (shape.is) {
    case "name":
      return known(shape.name) ?? kindByName(shape.name);
    case "member":
      return shape.property.text === "length" || shape.property.text === "size" ? "number" : (known(node.text) ?? "unknown");
    case "number":
    case "update":
      return "number";
    case "sign":
      return shape.operator.text === "typeof" ? "string" : "number";
    case "string":
      return "string";
    case "boolean":
    case "not":
      return "boolean";
    case "list":
      return "list";
    case "record":
      return "record";
    case "group":
      return kindOf(shape.inner, dialect, known);
    case "choice":
      return kindOf(shape.yes, dialect, known);
    case "slice":
      return kindOf(shape.object, dialect, known);
    case "call":
      return kindOfCall(shape.callee, dialect);
    case "function":
      return "function";
    default:
      break;
  }
  const infix = dialect.infixes(node)[0];
  if (!infix) return /comprehension|generator/.test(node.type) ? "list" : node.type === "set" ? "set" : "unknown";
  if (infix.family === "comparison") return "boolean";
  if (infix.family === "bitwise") return "number";
  const left = kindOf(infix.left, dialect, known);
  if (infix.family === "logical") return left;
  if (infix.operator.text !== "+") return "number";
  return left === "unknown" ? kindOf(infix.right, dialect, known) : left;
}

/** Whether a value of one kind may stand where the other is expected: 1 surely, less where it is doubtful. */
export function fit(wanted: Kind, offered: Kind): number {
  if (wanted === offered) return wanted === "unknown" ? 0.6 : 1;
  return wanted === "unknown" || offered === "unknown" ? 0.6 : 0.15;
}

function kindOfCall(callee: Syntax, dialect: Dialect): Kind {
  const shape = dialect.shape(callee);
  const name = shape.is === "member" ? shape.property.text : callee.text;
  return kindsOfCalls.get(name) ?? "unknown";
}

const kindsOfCalls: ReadonlyMap<string, Kind> = new Map(
  Object.entries({
    number:
      "len abs int float round sum min max floor ceil trunc sqrt count index indexOf findIndex lastIndexOf parseInt parseFloat Number ord charCodeAt pow hash push",
    string:
      "str join lower upper strip lstrip rstrip title capitalize chr repr format String toString toLowerCase toUpperCase trim padStart padEnd charAt repeat toFixed substring hex bin typeof",
    list: "list sorted reversed range split map filter slice concat keys values items entries flat flatMap tuple zip enumerate Array from reverse sort splitlines readlines match splice",
    boolean:
      "bool any all isinstance startswith endswith includes startsWith endsWith some every has isdigit isalpha isalnum isArray isNaN isInteger test hasOwnProperty",
    record: "dict Map defaultdict Counter OrderedDict fromEntries parse",
    set: "set frozenset Set",
  } satisfies Partial<Record<Kind, string>>).flatMap(([kind, names]) => names.split(" ").map((name) => [name, kind as Kind] as const)),
);

const kindsByMethod: ReadonlyMap<string, Kind> = new Map(
  Object.entries({
    list: "append extend insert push unshift shift map filter forEach some every reduce splice sort reverse length appendleft popleft",
    string:
      "lower upper strip split startswith endswith toLowerCase toUpperCase trim charAt charCodeAt replace startsWith endsWith padStart isdigit isalpha join substring format",
    record: "items keys values get setdefault",
    set: "add discard union intersection difference",
  } satisfies Partial<Record<Kind, string>>).flatMap(([kind, names]) => names.split(" ").map((name) => [name, kind as Kind] as const)),
);

/** What names mean by custom; the weakest of all hints. */
export function kindByName(name: string): Kind {
  const last =
    name
      .replace(/([a-z\d])([A-Z])/g, "$1_$2")
      .toLowerCase()
      .split("_")
      .filter(Boolean)
      .at(-1) ?? "";
  if (
    /^(?:[ijkmn]|idx|index|count|num|number|total|sum|size|length|len|width|height|max|min|low|lo|high|hi|mid|left|right|start|end|begin|pos|offset|limit|step|depth|level|age|price|amount|rate|score|year|month|day|ms|seconds)$/.test(
      last,
    )
  )
    return "number";
  if (
    /^(?:arr|array|list|items|elements|values|nums|numbers|words|lines|rows|results?|queue|stack|args|parts|tokens|nodes|edges|children|keys|entries|path|buf|buffer|xs|ys)$/.test(
      last,
    )
  )
    return "list";
  if (/^(?:str|string|text|name|word|char|ch|line|prefix|suffix|message|msg|title|label|email|url|input|sep|separator|token)$/.test(last))
    return "string";
  if (/^(?:map|dict|table|cache|memo|counts|options|opts|config|settings|lookup|mapping|graph)$/.test(last)) return "record";
  if (/^(?:seen|visited|unique|set)$/.test(last)) return "set";
  if (/^(?:is|has|found|done|ok|valid|flag|enabled|active)$/.test(last) || /^(?:is|has|can|should)[A-Z_]/.test(name)) return "boolean";
  if (/^(?:fn|func|callback|cb|predicate|comparator|handler|key_fn)$/.test(last)) return "function";
  return "unknown";
}

type Vote = (node: Syntax | undefined, kind: Kind, weight: number) => void;

function voteOn(node: Syntax, dialect: Dialect, vote: Vote): void {
  const shape = dialect.shape(node);
  const plain = (value: Syntax): Kind => kindOf(value, dialect, () => undefined);
  for (const { left, right, family, operator } of dialect.infixes(node)) {
    if (family === "bitwise" || (family === "arithmetic" && operator.text !== "+" && operator.text !== "*"))
      for (const side of [left, right]) vote(side, "number", 2);
    else if (family === "comparison" && /^[<>]/.test(operator.text)) for (const side of [left, right]) vote(side, "number", 1);
    else if (family === "comparison" && operator.text.endsWith("in")) vote(right, "list", 1);
    else if (family !== "logical") {
      vote(left, plain(right), 2);
      vote(right, plain(left), 2);
    }
  }
  if (shape.is === "assign") vote(shape.target, plain(shape.value), 3);
  else if (shape.is === "update") vote(shape.target, shape.value ? plain(shape.value) : "number", 2);
  else if (shape.is === "not") vote(shape.operand, "boolean", 0.5);
  else if (shape.is === "sign") vote(shape.operand, "number", 2);
  else if (shape.is === "index") {
    vote(shape.index, plain(shape.index) === "string" ? "string" : "number", 1);
    vote(shape.object, plain(shape.index) === "string" ? "record" : "list", 1.5);
  } else if (shape.is === "slice") {
    vote(shape.object, "list", 2);
    for (const bound of [shape.from, shape.to]) vote(bound, "number", 3);
  } else if (shape.is === "each") {
    vote(shape.source, "list", 2);
    if (shape.source.text.startsWith("range(")) vote(shape.target, "number", 3);
  } else if (shape.is === "member") vote(shape.object, kindsByMethod.get(shape.property.text) ?? "unknown", 2);
  else if (shape.is === "call") {
    vote(shape.callee, "function", 3);
    if (/^(?:range|Math\.\w+|abs|round)$/.test(shape.callee.text)) for (const argument of shape.args) vote(argument, "number", 2);
    if (/^(?:len|sorted|sum|enumerate|list|reversed)$/.test(shape.callee.text)) vote(shape.args[0], "list", 2);
  }
}
