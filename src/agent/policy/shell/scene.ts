// Where a command of a line runs, as far as that is known: possible folders, known variables, and how a path text becomes a target.
// A folder that may have failed to be entered leaves both possibilities; a folder computed at run time leaves none known.

import type { Span, Target } from "../part.ts";
import { type Arg, computed, literal, printable } from "./word.ts";

export interface Scene {
  /** Absolute folders it may run in; undefined = unknown. Empty = never reached. */
  readonly folders: readonly string[] | undefined;
  /** Values of variables the line sets. */
  readonly bound: ReadonlyMap<string, Arg>;
  readonly home: string | undefined;
  /** Lines within lines. */
  readonly depth: number;
  /** Where the command stands whose doing all this is; undefined where the line says it itself. */
  readonly within?: readonly Span[];
}

/** The scene after a command that succeeded, and after one that failed. */
export interface Flow {
  readonly done: Scene;
  readonly failed: Scene;
}

export const steady = (scene: Scene): Flow => ({ done: scene, failed: scene });

const mostFolders = 4;

export function merge(a: Scene, b: Scene): Scene {
  const bound = a.bound === b.bound ? a.bound : common(a.bound, b.bound);
  if (a.folders === b.folders) return bound === a.bound ? a : { ...a, bound };
  if (!a.folders || !b.folders) return { ...a, bound, folders: undefined };
  const folders = [...new Set([...a.folders, ...b.folders])];
  return { ...a, bound, folders: folders.length > mostFolders ? undefined : folders };
}

/** What both say; a variable that may have one value or another has none that is known. */
function common(a: ReadonlyMap<string, Arg>, b: ReadonlyMap<string, Arg>): ReadonlyMap<string, Arg> {
  const names = [...new Set([...a.keys(), ...b.keys()])];
  return new Map(
    names.map((name) => {
      const value = a.get(name);
      return [name, value && value === b.get(name) ? value : computed(`$${name}`)];
    }),
  );
}

export const sameFolders = (a: Scene, b: Scene): boolean => a.folders?.join("\0") === b.folders?.join("\0");

/** The targets a path argument may name from here; undefined where that is not known before the line runs. */
export function targetsOf(scene: Scene, arg: Arg, deep: boolean): readonly Target[] | undefined {
  if (arg.form === "fed") {
    const folders = arg.from?.map((folder) => targetsOf(scene, folder, true));
    return folders?.every((found) => found !== undefined) ? folders.flat() : undefined;
  }
  if (arg.form !== "literal" && arg.form !== "pattern") return undefined;
  const { base, glob } = arg.form === "pattern" ? splitPattern(arg.text) : { base: arg.text, glob: undefined };
  if (glob !== undefined && glob.split("/").includes("..")) return undefined;
  return absolute(scene, base)?.map((path) => ({ path, walk: "kernel", deep, ...(glob === undefined ? {} : { glob }) }));
}

/** Absolute forms of a path; the folders are prefixed, nothing is folded away. */
export function absolute(scene: Scene, path: string): readonly string[] | undefined {
  if (path.startsWith("/")) return [path];
  if (path === "~" || path.startsWith("~/")) return [scene.home === undefined ? path : scene.home + path.slice(1)];
  if (path.startsWith("~")) return [path];
  return scene.folders?.map((folder) => (path === "" || path === "." ? folder : `${folder}/${path}`));
}

function splitPattern(pattern: string): { readonly base: string; readonly glob: string } {
  const segments = pattern.split("/");
  const wild = segments.findIndex((segment) => /(^|[^\\])(\\\\)*[*?[]/.test(segment));
  const base = segments.slice(0, wild).join("/").replace(/\\(.)/g, "$1");
  return { base: base === "" && pattern.startsWith("/") ? "/" : base, glob: segments.slice(wild).join("/") };
}

/** Folds "." and ".." away by text alone, as `cd` does. */
export function foldPath(path: string): string {
  const folded: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") folded.pop();
    else if (segment !== "" && segment !== ".") folded.push(segment);
  }
  return `/${folded.join("/")}`;
}

/** The value of a variable here. $HOME and $PWD are known as long as nothing in the line sets them; a line that does is asked anyway. */
export function valueOf(name: string, scene: Scene): Arg | undefined {
  const bound = scene.bound.get(name);
  if (bound) return bound;
  if (name === "HOME" && scene.home !== undefined) return literal(scene.home);
  if (name === "PWD" && scene.folders?.length === 1 && scene.folders[0]) return literal(scene.folders[0]);
  return printable.has(name) ? { text: `$${name}`, form: "printable", one: true } : undefined;
}

/** The same variables, of which one is known no longer. */
export function without(bound: ReadonlyMap<string, Arg>, name: string): ReadonlyMap<string, Arg> {
  return new Map(bound).set(name, computed(`$${name}`));
}
