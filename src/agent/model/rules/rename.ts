// "Rename X to Y": changes the name where it stands in code and means the same thing, in all files at once, and nothing else. Refuses
// when the new name is taken or when the old one means several things. A language server that knows the name does it; else syntax trees.

import { fail, ok, type Result } from "../../result.ts";
import { isTestFile } from "./desk.ts";
import type { Intent } from "./intent.ts";
import { anchorsOf, type Found, locateName, type Means } from "./lookup.ts";
import type { NamePlace } from "./names.ts";
import { occurrencesOf } from "./occurrences.ts";
import { ask, type Script } from "./script.ts";
import { keyOf, referencesAt, type ServerPlace } from "./server.ts";
import type { Grammars } from "./syntax.ts";
import { type TextEdit, toBlocks } from "./text.ts";

type Rename = Extract<Intent, { do: "rename" }>;

export async function* rename(means: Means, wish: Rename, signal: AbortSignal): Script<Result<string>> {
  const { grammars, tools } = means;
  const { from, to, path } = wish;
  if (from === to) return fail("invalid", "The new name is the old one.");
  if (reserved.has(to)) return fail("invalid", `${to} is a reserved word; choose another name.`);
  const located = yield* locateName(grammars, from, signal);
  if (!located.ok) return located;
  const found = located.value;
  if (tools.has("rename") && tools.has("references")) {
    const done = yield* renameByServer(means, wish, found, signal);
    if (done) return done;
  }
  if (found.places.length === 0)
    return fail("missing", `Nothing in this workspace's JavaScript, TypeScript or Python code is called ${from}; nothing was changed.`);
  if (found.partial)
    return fail("invalid", `${from} stands in more places than one search returns, so a rename would be incomplete; nothing was changed.`);
  const meant = occurrencesOf(found.places, path);
  if (!meant.ok) return meant;
  const taken = yield* checkFree(grammars, to, new Set(meant.value.map((place) => place.path)), signal);
  if (!taken.ok) return taken;
  const edits = editsByFile(meant.value, to);
  for (const [file, list] of edits) {
    const text = found.texts.get(file) ?? "";
    const answer = yield* ask(`Renaming ${from} to ${to} in ${file}.`, "edit_file", { path: file, blocks: toBlocks(text, list) });
    if (!answer.ok) return fail("denied", `${file} was not changed: ${answer.text} The rename is incomplete.`);
  }
  return ok(describe(from, to, meant.value, found));
}

/** By the language server; undefined where none knows the name. What it or the person refuses is not done another way. */
async function* renameByServer(
  { grammars, tools }: Means,
  { from, to, path }: Rename,
  found: Found,
  signal: AbortSignal,
): Script<Result<string> | undefined> {
  const all = yield* anchorsOf({ tools }, from, found);
  const anchors = path === undefined ? all : all.filter((anchor) => anchor.path === path || anchor.path.endsWith(`/${path}`));
  const [anchor] = anchors;
  if (!anchor) return undefined;
  const known = yield* referencesAt(from, [anchor]);
  if (known.length === 0) return undefined;
  const isKnown = new Set(known.map(keyOf));
  const others = anchors.filter((other) => keyOf(other) !== keyOf(anchor) && !isKnown.has(keyOf(other)));
  if (others.length > 0)
    return fail(
      "invalid",
      `${from} is several things: ${[anchor, ...others].slice(0, 6).map(keyOf).join(", ")}. Say which, for example: rename ${from} to ${to} in ${anchor.path}.`,
    );
  const taken = yield* checkFree(grammars, to, new Set(known.map((place) => place.path)), signal);
  if (!taken.ok) return taken;
  const answer = yield* ask(`Renaming ${from} to ${to} everywhere.`, "rename", { name: from, to, path: anchor.path, line: anchor.line });
  if (answer.ok) return ok(describeKnown(from, to, known));
  return answer.text.startsWith("No language server") ? undefined : fail("denied", `Nothing was renamed: ${answer.text}`);
}

/** Whether no place in those files uses the new name already. */
async function* checkFree(grammars: Grammars, name: string, files: ReadonlySet<string>, signal: AbortSignal): Script<Result<void>> {
  const found = yield* locateName(grammars, name, signal);
  if (!found.ok) return found;
  const clash = found.value.places.find((place) => files.has(place.path));
  return clash
    ? fail("invalid", `${name} is already taken at ${clash.path}:${clash.line}; choose another name. Nothing was changed.`)
    : ok(undefined);
}

function editsByFile(places: readonly NamePlace[], to: string): ReadonlyMap<string, readonly TextEdit[]> {
  const edits = new Map<string, TextEdit[]>();
  for (const place of [...places].sort((a, b) => a.start - b.start))
    edits.set(place.path, [...(edits.get(place.path) ?? []), { start: place.start, end: place.end, text: newText(place, to) }]);
  return edits;
}

/** `{ name }` as a value keeps its key where the object is not what the module hands out. */
function newText({ node }: NamePlace, to: string): string {
  if (node.type === "private_property_identifier") return `#${to}`;
  if (node.type !== "shorthand_property_identifier") return to;
  const holder = node.parent?.parent;
  const isExport = holder?.type === "assignment_expression" && /^(?:module\.)?exports\b/.test(holder.children[0]?.text ?? "");
  return isExport ? to : `${node.text}: ${to}`;
}

function describeKnown(from: string, to: string, known: readonly ServerPlace[]): string {
  const files = [...new Set(known.map((place) => place.path))];
  const lines = files.map((file) => {
    const [first, ...more] = known.filter((place) => place.path === file);
    return `- ${file}:${first?.line ?? 1}${more.length > 0 ? ` and ${more.length} more ${more.length === 1 ? "line" : "lines"} there` : ""}${isTestFile(file) ? " (a test)" : ""}`;
  });
  return [
    `Renamed ${from} to ${to} in ${files.length === 1 ? "one file" : `${files.length} files`}, by the language server:`,
    ...lines,
  ].join("\n");
}

function describe(from: string, to: string, places: readonly NamePlace[], found: Found): string {
  const files = [...new Set(places.map((place) => place.path))];
  const lines = files.map(
    (file) =>
      `- ${file}:${places.find((place) => place.path === file)?.line ?? 1} and ${places.filter((place) => place.path === file).length - 1} more there${isTestFile(file) ? " (a test)" : ""}`,
  );
  const left = found.places.length - places.length + found.loose.length;
  const rest = left > 0 ? [`${left} other places called ${from} mean something else or are not code I can parse, and stay.`] : [];
  return [
    `Renamed ${from} to ${to} in ${places.length} places in ${files.length === 1 ? "one file" : `${files.length} files`}:`,
    ...lines.map((line) => line.replace(" and 0 more there", "")),
    ...rest,
  ].join("\n");
}

const reserved = new Set(
  (
    "break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof new null return super switch this throw true try typeof var void " +
    "while with yield let static await async None True False and as assert def del elif except from global is lambda nonlocal not or pass raise undefined NaN Infinity arguments eval self"
  ).split(" "),
);
