// "Find usages of X" and "where is X defined": a text search narrows the files, their syntax trees tell what each place is. Where the
// editor's language servers can be asked, what they know goes before that.

import { fail, ok, type Result } from "../../result.ts";
import { readSources } from "./desk.ts";
import { type NamePlace, placesOf, type Use } from "./names.ts";
import { ask, type Script } from "./script.ts";
import { keyOf, referencesAt, type ServerPlace, symbolsNamed, type Tools } from "./server.ts";
import { type Grammars, languageOf } from "./syntax.ts";

const mostFiles = 60;
const mostLines = 60;

/** What a look-up may use. */
export interface Means {
  readonly grammars: Grammars;
  readonly tools: Tools;
}

export interface Found {
  readonly places: readonly NamePlace[];
  /** Files of other languages, where only the text was searched. */
  readonly loose: readonly { readonly path: string; readonly line: number; readonly text: string }[];
  readonly texts: ReadonlyMap<string, string>;
  readonly partial: boolean;
}

/** All places of the name in the workspace. A fault where it could not be searched, which says nothing about the name. */
export async function* locateName(grammars: Grammars, name: string, signal: AbortSignal): Script<Result<Found>> {
  const answer = yield* ask(`Looking for ${name}.`, "search_text", {
    pattern: `(?<![\\w$])${name.replaceAll("$", "\\$")}(?![\\w$])`,
    regex: true,
  });
  // Some search engines know no look-behind; plain text finds at least as much.
  const matches = answer.ok ? answer : yield* ask(`Looking for ${name}.`, "search_text", { pattern: name });
  if (!matches.ok)
    return fail("unavailable", `The workspace could not be searched for ${name}, so nothing is known of it: ${matches.text}`);
  const lines = matches.text.split("\n");
  const hits = lines.flatMap((line) => {
    const [, path, number, text = ""] = /^(.+?):(\d+): (.*)$/.exec(line) ?? [];
    return path === undefined ? [] : [{ path, line: Number(number), text }];
  });
  const paths = [...new Set(hits.map((hit) => hit.path))];
  const code = paths.filter((path) => languageOf(path) !== undefined).slice(0, mostFiles);
  const sources =
    code.length === 0
      ? []
      : yield* readSources(`Reading the ${code.length === 1 ? "file" : `${code.length} files`} that mention it.`, code);
  const places: NamePlace[] = [];
  const texts = new Map<string, string>();
  for (const source of sources) {
    const language = source && languageOf(source.path);
    if (!source || !language) continue;
    const parser = await grammars.parser(language, signal);
    texts.set(source.path, source.text);
    places.push(...placesOf(source.path, parser.parse(source.text), name));
  }
  const isWord = new RegExp(`(?<![\\w$])${name.replaceAll("$", "\\$")}(?![\\w$])`);
  return ok({
    places,
    loose: hits.filter((hit) => !texts.has(hit.path) && isWord.test(hit.text)),
    texts,
    partial:
      lines.some((line) => line.startsWith("[the first ")) || paths.filter((path) => languageOf(path) !== undefined).length > code.length,
  });
}

/** Where to ask a language server about the name: its definitions as the trees tell, else as the editor does, else where it first stands. */
export async function* anchorsOf(
  { tools }: Pick<Means, "tools">,
  name: string,
  { places, loose }: Found,
): Script<readonly { readonly path: string; readonly line: number }[]> {
  const definitions = places.filter((place) => place.use === "definition");
  if (definitions.length > 0) return definitions;
  const code = loose.filter(({ path }) => !/\.(?:md|txt|rst|json|ya?ml|toml|lock|csv|svg|log)$/i.test(path));
  const symbols = tools.has("symbols") ? yield* symbolsNamed(name, [...new Set(code.map(({ path }) => path))]) : [];
  return symbols.length > 0 ? symbols : [...places, ...code].slice(0, 1);
}

export async function* findUsages(means: Means, name: string, signal: AbortSignal): Script<Result<string>> {
  const located = yield* locateName(means.grammars, name, signal);
  return located.ok ? ok(yield* tellUsages(means, name, located.value)) : located;
}

async function* tellUsages(means: Means, name: string, found: Found): Script<string> {
  const { places, loose } = found;
  if (places.length === 0 && loose.length === 0) return `Nothing in this workspace is called ${name}.`;
  if (means.tools.has("references")) {
    const anchors = yield* anchorsOf(means, name, found);
    const known = yield* referencesAt(name, anchors);
    if (known.length > 0) return describeKnown(name, anchors, known, found);
  }
  const definitions = places.filter((place) => place.use === "definition");
  const uses = places.filter((place) => place.use !== "definition");
  const files = new Set(uses.map((place) => place.path)).size;
  const head = `${name} is used in ${count(uses.length, "place")} in ${count(files, "file")}${summary(uses)}.`;
  const defined =
    definitions.length === 0
      ? "Its definition is not in the code I can read."
      : `Defined at ${definitions.slice(0, 5).map(cite).join(", ")}.`;
  return [
    head,
    defined,
    ...uses.slice(0, mostLines).map((place) => `- ${cite(place)} (${place.use}) ${place.text.slice(0, 120)}`),
    ...rest(uses.length),
    ...looseLines(loose),
    ...caveat(found),
  ].join("\n");
}

/** What language servers say, with what the trees can add to it. */
function describeKnown(
  name: string,
  anchors: readonly { readonly path: string; readonly line: number }[],
  known: readonly ServerPlace[],
  { places, texts }: Found,
): string {
  const uses = new Map(places.map((place) => [keyOf(place), place.use]));
  const isDefinition = new Set(anchors.map(keyOf));
  const defined = known.filter((place) => isDefinition.has(keyOf(place)));
  const used = known.filter((place) => !isDefinition.has(keyOf(place)));
  const seen = new Set([...known, ...anchors].map(keyOf));
  const others = places.filter((place) => !seen.has(keyOf(place)));
  const files = new Set(used.map((place) => place.path)).size;
  const line = (place: ServerPlace): string =>
    `- ${cite(place)}${uses.has(keyOf(place)) ? ` (${uses.get(keyOf(place))})` : ""} ${place.text.slice(0, 120)}`;
  return [
    `${name} is used in ${count(used.length, "place")} in ${count(files, "file")}, as the language server knows it.`,
    ...(defined.length === 0 ? [] : [`Defined at ${defined.slice(0, 5).map(cite).join(", ")}.`]),
    ...used.slice(0, mostLines).map(line),
    ...rest(used.length),
    ...(others.length === 0 || texts.size === 0
      ? []
      : [
          `The same name stands in ${count(others.length, "other place")} that the server does not count, first at ${others.slice(0, 1).map(cite).join("")}.`,
        ]),
  ].join("\n");
}

export async function* findDefinition(means: Means, name: string, signal: AbortSignal): Script<Result<string>> {
  const located = yield* locateName(means.grammars, name, signal);
  return located.ok ? ok(yield* tellDefinition(means, name, located.value)) : located;
}

async function* tellDefinition(means: Means, name: string, found: Found): Script<string> {
  const definitions = found.places.filter((place) => place.use === "definition");
  const mentioned = [...new Set(found.loose.map(({ path }) => path))];
  const known =
    means.tools.has("symbols") && (definitions.length > 0 || mentioned.length > 0 || found.places.length > 0)
      ? yield* symbolsNamed(name, definitions.length > 0 ? [] : mentioned)
      : [];
  if (known.length > 0) return describeSymbols(name, known, definitions, found);
  if (definitions.length > 0) {
    const lines = [...definitions].sort((a, b) => rank(a) - rank(b)).map((place) => `- ${cite(place)} ${place.text.slice(0, 120)}`);
    return [
      definitions.length === 1 ? `${name} is defined here:` : `${name} is defined in ${count(definitions.length, "place")}:`,
      ...lines.slice(0, mostLines),
      ...caveat(found),
    ].join("\n");
  }
  const imports = found.places.filter((place) => place.use === "import");
  if (imports.length > 0)
    return [
      `${name} is not defined in this workspace; it is imported:`,
      ...imports.slice(0, 10).map((place) => `- ${cite(place)} ${place.text.slice(0, 120)}`),
    ].join("\n");
  if (found.loose.length > 0)
    return [`I cannot read the language ${name} stands in; its text is here:`, ...looseLines(found.loose)].join("\n");
  return found.places.length > 0
    ? `${name} is used (first at ${found.places.slice(0, 1).map(cite).join("")}) but not defined in this workspace.`
    : `Nothing in this workspace is called ${name}.`;
}

/** What the servers call a definition, and what the trees find in files of which the servers say nothing. */
function describeSymbols(name: string, known: readonly ServerPlace[], definitions: readonly NamePlace[], { texts, loose }: Found): string {
  const told = new Set(known.map((place) => place.path));
  const unread = definitions.filter((place) => !told.has(place.path)).sort((a, b) => rank(a) - rank(b));
  const textOf = ({ path, line, text }: ServerPlace): string =>
    texts.get(path)?.split("\n")[line - 1]?.trim() ?? loose.find((hit) => hit.path === path && hit.line === line)?.text.trim() ?? text;
  const lines = [
    ...known.map((place) => `- ${cite(place)} ${textOf(place).slice(0, 120)}`),
    ...unread.map((place) => `- ${cite(place)} ${place.text.slice(0, 120)}`),
  ];
  return [
    lines.length === 1 ? `${name} is defined here:` : `${name} is defined in ${count(lines.length, "place")}:`,
    ...lines.slice(0, mostLines),
  ].join("\n");
}

/** Functions, classes and types before variables, variables before keys of objects. */
const rank = ({ node }: NamePlace): number =>
  /function|class|method|interface|type_alias|enum/.test(node.parent?.type ?? "") ? 0 : node.parent?.type === "pair" ? 2 : 1;

const cite = ({ path, line }: { readonly path: string; readonly line: number }): string => `${path}:${line}`;

const count = (n: number, noun: string): string => (n === 1 ? `one ${noun}` : `${n} ${noun}s`);

function summary(uses: readonly NamePlace[]): string {
  const counts = new Map<Use, number>();
  for (const { use } of uses) counts.set(use, (counts.get(use) ?? 0) + 1);
  return counts.size === 0
    ? ""
    : ` (${[...counts].map(([use, n]) => count(n, use === "property" && n > 1 ? "propertie" : use)).join(", ")})`;
}

const rest = (total: number): string[] => (total > mostLines ? [`and ${total - mostLines} more`] : []);

const looseLines = (loose: Found["loose"]): string[] =>
  loose.length === 0
    ? []
    : ["Also as text, in files I cannot parse:", ...loose.slice(0, 15).map((hit) => `- ${cite(hit)} ${hit.text.slice(0, 120)}`)];

const caveat = ({ partial }: Found): string[] =>
  partial ? ["There are more matches than one search returns, so this list is not complete."] : [];
