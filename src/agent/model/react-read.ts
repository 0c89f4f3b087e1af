// Reads what a model wrote in place of tool calls, in ReAct's words or in any of the forms that models fall into by habit. Forgiving about
// form, strict about content: arguments are passed on as they were written, broken or not, and judged where calls are judged; JSON is
// never repaired. What a model only talks about is no call: forms without a label count only with the name of a tool that exists.

import { closingBracket } from "./brackets.ts";

export interface Words {
  /** What was said besides: the thought, or the answer. */
  readonly text: string;
  readonly calls: readonly WordedCall[];
}

export interface WordedCall {
  readonly tool: string;
  readonly args: string;
}

/** Never throws; a text without calls is the answer. */
export function readWords(raw: string, tools: readonly string[]): Words {
  const spoken = raw.replace(/<think(?:ing)?>[\s\S]*?(?:<\/think(?:ing)?>|$)/gi, "").replaceAll("\r\n", "\n");
  const said = untilObservation(spoken);
  for (const read of [labelled, tagged, bracketed, bare]) {
    const found = read(said, tools);
    if (found && found.calls.length > 0) return { text: plain(found.text), calls: found.calls };
  }
  return { text: plain(said), calls: [] };
}

/** Results a model makes up for itself are not heard. */
function untilObservation(text: string): string {
  const at = /^[*_# ]*Observation\b[^\n]*:/im.exec(text);
  return at && /^[*_# ]*Action\b[*_ ]*:/im.test(text.slice(0, at.index)) ? text.slice(0, at.index) : text;
}

const plain = (text: string): string =>
  text
    .replace(/^[*_# ]*(?:Thought|Final Answer|Answer)[*_ ]*:[*_ ]*/gim, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();

/** "Action: tool" and "Action Input: {…}", with the marks of Markdown models like to add. */
function labelled(text: string, tools: readonly string[]): Words | undefined {
  const calls: WordedCall[] = [];
  const action = /^[*_#>\- ]*Action(?: \d+)?[*_ ]*:[*_ ]*(.*)$/gim;
  let first: number | undefined;
  for (let found = action.exec(text); found; found = action.exec(text)) {
    const rest = (found[1] ?? "").trim();
    if (/^(?:none|n\/a|no action|finish|final answer)\b/i.test(rest)) continue;
    const end = found.index + found[0].length;
    const inline = /^[`"'*]*([\w.:-]+)[`"'*]*\s*[([]/.exec(rest);
    if (inline) {
      const open = text.indexOf(rest, found.index) + inline[0].length - 1;
      const { args, end: after } = argumentsAt(text, open);
      calls.push({ tool: nameOf(inline[1] ?? "", tools), args });
      action.lastIndex = Math.max(end, after);
    } else {
      const json = /^[`"'*]*[\w.:-]+[`"'*]*\s*(\{)/.exec(rest);
      const tool = rest.startsWith("{") ? "" : nameOf((/[\w.:-]+/.exec(rest) ?? [""])[0].replace(/[.:]+$/, ""), tools);
      const { args, end: after } = json ? valueAt(text, text.indexOf("{", found.index)) : inputAfter(text, end);
      if (tool !== "") calls.push({ tool, args });
      else {
        // The whole call as one object behind the label.
        const object = rest.startsWith("{") ? callIn(valueAt(text, text.indexOf("{", found.index)).args, tools) : undefined;
        if (object) calls.push(object);
      }
      action.lastIndex = Math.max(end, after);
    }
    first ??= found.index;
  }
  return first === undefined ? undefined : { text: text.slice(0, first), calls };
}

/** What follows "Action Input:"; an empty object where nothing does. */
function inputAfter(text: string, from: number): { readonly args: string; readonly end: number } {
  const label = /^\s*[*_#>\- ]*(?:Action[ _]?Input|Input|Arguments|Args|Parameters)(?: \d+)?[*_ ]*:[*_ ]*/i.exec(text.slice(from));
  const start = from + (label?.[0].length ?? 0);
  const opening = /^\s*(?:```[\w-]*\s*)?(?=[{["])/.exec(text.slice(start));
  if (opening) return valueAt(text, start + opening[0].length);
  if (!label) return { args: "{}", end: from };
  const next = /^[*_#>\- ]*(?:Action|Thought|Observation|Final Answer)\b[^\n]*:/im.exec(text.slice(start));
  const stop = next ? start + next.index : text.length;
  const line = text.slice(start, stop).trim();
  return { args: line === "" || /^(?:none|null|\(none\))$/i.test(line) ? "{}" : line, end: stop };
}

/** The value that opens here; to the end of the text where it never closes. */
function valueAt(text: string, open: number): { readonly args: string; readonly end: number } {
  const close = text[open] === '"' ? text.indexOf("\n", open) - 1 : closingBracket(text, open);
  const end = close === undefined || close < open ? text.length : close + 1;
  const fence = /\s*```\s*$/;
  return {
    args: unwrapped(
      text
        .slice(open, end)
        .replace(close === undefined ? fence : /(?!)/, "")
        .trim(),
    ),
    end,
  };
}

/** `tool({...})` and `tool(name="value")`. */
function argumentsAt(text: string, open: number): { readonly args: string; readonly end: number } {
  const close = closingBracket(text, open);
  const inner = text.slice(open + 1, close ?? text.length).trim();
  return { args: inner === "" ? "{}" : (keywords(inner) ?? unwrapped(inner)), end: (close ?? text.length - 1) + 1 };
}

/** `path="a", line=3` as an object; undefined where it is anything else. */
function keywords(inner: string): string | undefined {
  const pair = /\s*([A-Za-z_]\w*)\s*=\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|-?\d+(?:\.\d+)?|true|false|True|False|null|None)\s*(?:,|$)/y;
  const pairs: [string, unknown][] = [];
  while (pair.lastIndex < inner.length) {
    const found = pair.exec(inner);
    if (!found) return undefined;
    pairs.push([found[1] ?? "", scalar(found[2] ?? "")]);
  }
  return JSON.stringify(Object.fromEntries(pairs));
}

function scalar(text: string): unknown {
  if (text.startsWith('"')) return parse(text) ?? text.slice(1, -1);
  if (text.startsWith("'")) return text.slice(1, -1).replace(/\\(['\\])/g, "$1");
  const words: Readonly<Record<string, unknown>> = { True: true, False: false, None: null };
  return text in words ? words[text] : parse(text);
}

const tags: readonly RegExp[] = [
  /<(tool_call|function_call|tool|call|action)>\s*([\s\S]*?)(?:<\/\1>|$)/gi,
  /<\|(?:tool_call|python_tag|tool_call_begin)\|>\s*([\s\S]*?)(?=<\||$)/gi,
  /\[TOOL_CALLS?\]\s*([\s\S]*)$/gi,
];

/** Calls between tags, as the templates of many open models have them. */
function tagged(text: string, tools: readonly string[]): Words | undefined {
  const named = namedTags(text, tools);
  if (named) return named;
  for (const tag of tags) {
    tag.lastIndex = 0;
    const found = [...text.matchAll(tag)];
    const calls = found.flatMap((one) => callsIn(stripFence(one.at(-1) ?? ""), tools));
    if (calls.length > 0) return { text: text.slice(0, found[0]?.index ?? 0), calls };
  }
  return undefined;
}

/** `<function=name>…`, `<invoke name="name">…` with one tag for each parameter, or JSON inside. */
function namedTags(text: string, tools: readonly string[]): Words | undefined {
  const tag = /<(function|invoke|tool|call)(?:=|\s+name=)["']?([\w.:-]+)["']?\s*>([\s\S]*?)(?:<\/\1>|$)/gi;
  const found = [...text.matchAll(tag)];
  if (found.length === 0) return undefined;
  const calls = found.map(([, , name = "", body = ""]) => {
    const parameters = [...body.matchAll(/<parameter(?:=|\s+name=)["']?([\w.-]+)["']?\s*>\n?([\s\S]*?)\n?<\/parameter>/gi)];
    const pairs = parameters.map(([, key = "", value = ""]) => [key, looseValue(value)] as const);
    const args = pairs.length > 0 ? JSON.stringify(Object.fromEntries(pairs)) : unwrapped(stripFence(body)) || "{}";
    return { tool: nameOf(name, tools), args };
  });
  const first = found[0]?.index ?? 0;
  return { text: text.slice(0, first).replace(/<(?:tool_call|function_calls|antml:function_calls)>\s*$/i, ""), calls };
}

/** A parameter between tags: numbers, truth and JSON as such, everything else as the text it is. */
function looseValue(text: string): unknown {
  const value = /^\s*(?:-?\d+(?:\.\d+)?|true|false|null|[[{][\s\S]*[\]}])\s*$/.test(text) ? parse(text) : undefined;
  return value === undefined ? text : value;
}

/** A fenced object that names a tool. */
function bracketed(text: string, tools: readonly string[]): Words | undefined {
  const found = [...text.matchAll(/```[\w-]*\s*\n?([\s\S]*?)(?:```|$)/g)];
  const calls = found.flatMap(([, inner = ""]) => callsIn(inner.trim(), tools));
  return calls.length > 0
    ? { text: text.slice(0, found.find(([, inner = ""]) => callsIn(inner.trim(), tools).length > 0)?.index ?? 0), calls }
    : undefined;
}

/** An object, or a list of them, that ends the reply and names a tool. */
function bare(text: string, tools: readonly string[]): Words | undefined {
  for (const found of text.matchAll(/^[ \t]*([{[])/gm)) {
    const open = found.index + found[0].length - 1;
    const close = closingBracket(text, open);
    if (close === undefined || text.slice(close + 1).trim().length > 200) continue;
    const calls = callsIn(text.slice(open, close + 1), tools);
    if (calls.length > 0) return { text: text.slice(0, open), calls };
  }
  return undefined;
}

function callsIn(text: string, tools: readonly string[]): readonly WordedCall[] {
  const value = parse(text);
  if (Array.isArray(value)) return value.map((one) => callOf(one, tools)).filter((one) => one !== undefined);
  const whole = callOf(value, tools);
  if (whole) return [whole];
  // Several objects, one after the other.
  return value === undefined ? text.split(/\n+/).flatMap((line) => callOf(parse(line), tools) ?? []) : [];
}

const callIn = (text: string, tools: readonly string[]): WordedCall | undefined => callOf(parse(text), tools);

/** `{"name": …, "arguments": {…}}` under the names that models give these two; the tool must exist. */
function callOf(value: unknown, tools: readonly string[]): WordedCall | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const record = value as Readonly<Record<string, unknown>>;
  const inner = record["function"];
  if (typeof inner === "object" && inner !== null) return callOf(inner, tools);
  const name = ["name", "tool", "action", "function", "tool_name"].map((key) => record[key]).find((one) => typeof one === "string");
  const tool = typeof name === "string" ? nameOf(name, tools) : "";
  if (!tools.includes(tool)) return undefined;
  const keys = ["arguments", "args", "parameters", "action_input", "input", "params", "tool_input"];
  const args = keys.map((key) => record[key]).find((one) => one !== undefined);
  return { tool, args: args === undefined ? "{}" : typeof args === "string" ? unwrapped(args) : JSON.stringify(args) };
}

/** The tool that is meant: marks, case, "functions." in front and dashes for underscores do not matter. */
function nameOf(written: string, tools: readonly string[]): string {
  const key = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const last = written.split(/[.:]/).at(-1) ?? "";
  return tools.find((tool) => tool === written) ?? tools.find((tool) => key(tool) === key(written) || key(tool) === key(last)) ?? written;
}

/** JSON text of an object that was put into a string. */
function unwrapped(text: string): string {
  const value = text.startsWith('"') ? parse(text) : undefined;
  return typeof value === "string" ? value : text;
}

const stripFence = (text: string): string =>
  text
    .trim()
    .replace(/^```[\w-]*\s*/, "")
    .replace(/\s*```$/, "")
    .trim();

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
