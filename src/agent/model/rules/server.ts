// What the editor's language servers know of a name, asked through its tools: where it is defined and where it is used, in any language
// that has a server. Empty answers mean that no server knows, never that there is nothing.

import { ask, type Answer, type Script } from "./script.ts";

/** Names of the tools the engine may call in this step. */
export type Tools = ReadonlySet<string>;

export interface ServerPlace {
  readonly path: string;
  readonly line: number;
  /** The line's text, or for a symbol its kind and name. */
  readonly text: string;
}

const mostAnchors = 5;

/** Every use of the name that stands at one of the places, each line once, in the order of files and lines. */
export async function* referencesAt(
  name: string,
  anchors: readonly { readonly path: string; readonly line: number }[],
): Script<readonly ServerPlace[]> {
  const calls = anchors.slice(0, mostAnchors).map(({ path, line }) => ({ tool: "references", args: { name, path, line } }));
  if (calls.length === 0) return [];
  const answers = yield { say: `Asking the language server where ${name} is used.`, calls };
  const places = new Map(answers.flatMap(placesIn).map((place) => [keyOf(place), place]));
  return [...places.values()].sort((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1));
}

/** Definitions of exactly that name: in the whole workspace, or, where the server tells none, in the files given. */
export async function* symbolsNamed(name: string, files: readonly string[]): Script<readonly ServerPlace[]> {
  const everywhere = yield* ask(`Asking the language server where ${name} is defined.`, "symbols", { query: name });
  const found = placesIn(everywhere).filter((place) => names(place, name));
  if (found.length > 0 || files.length === 0) return found;
  const answers = yield {
    say: "Asking about the files that mention it.",
    calls: files.slice(0, mostAnchors).map((path) => ({ tool: "symbols", args: { path } })),
  };
  return answers.flatMap(placesIn).filter((place) => names(place, name));
}

export const keyOf = ({ path, line }: { readonly path: string; readonly line: number }): string => `${path}:${line}`;

/** `path:line: text` per line; places outside the workspace and in installed packages are left out. */
function placesIn(answer: Answer): ServerPlace[] {
  if (!answer.ok) return [];
  return answer.text.split("\n").flatMap((line) => {
    const [, path, number, text = ""] = /^(.+?):(\d+): ?(.*)$/.exec(line) ?? [];
    return path === undefined || /^(?:\/|[A-Za-z]:[\\/])|(?:^|\/)node_modules\//.test(path) ? [] : [{ path, line: Number(number), text }];
  });
}

/** "Function parse()", "Method Reader.parse": the last part of the name counts. */
function names({ text }: ServerPlace, name: string): boolean {
  const symbol = text.replace(/^\S+ /, "").replace(/\(.*$/, "");
  return symbol === name || symbol.endsWith(`.${name}`) || symbol.endsWith(`::${name}`);
}
