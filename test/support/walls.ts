// The house rules a machine can check: which room may import what and touch what, and the form every source file has.
// The table is that of ARCHITECTURE.md. Each offence is one sentence that names the file and says what to do instead.

import { builtinModules } from "node:module";
import { posix } from "node:path";
import type { SourceFile } from "./source-file.ts";

interface Room {
  /** Rooms it may import besides itself. */
  readonly imports: readonly string[];
  /** Packages it may import: a list, or any but the editor's. `node:` stands for Node's own modules. */
  readonly packages: readonly string[] | "any";
  /** A pure room takes time, randomness, the network and the process from the World only. */
  readonly pure: boolean;
}

export const rooms: Readonly<Record<string, Room>> = {
  agent: { imports: [], packages: ["zod", "cockatiel", "diff", "unbash"], pure: true },
  protocol: { imports: ["agent"], packages: ["zod"], pure: true },
  node: { imports: ["agent"], packages: "any", pure: false },
  webview: { imports: ["protocol"], packages: ["preact", "@preact/signals", "marked", "highlight.js", "zod"], pure: false },
  vscode: { imports: ["agent", "node", "protocol"], packages: ["vscode", "node:", "zod"], pure: false },
  cli: { imports: ["agent", "node"], packages: "any", pure: false },
};

/** The protocol may pass on words of the agent: the page knows no other room to get them from. */
const passesOn = (path: string): boolean => path.startsWith("src/protocol/");

/** Where a program starts, and so the only files that do something when they are imported. The page is one program with one state. */
const startsByItself = (path: string): boolean =>
  ["src/cli/launch.ts", "src/cli/main.ts"].includes(path) || path.startsWith("src/webview/");

const ambient: readonly string[] = (
  "Date setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate performance fetch XMLHttpRequest WebSocket " +
  "EventSource Worker crypto Math.random AbortSignal.timeout process console Buffer global globalThis require module __dirname " +
  "__filename import.meta window document navigator localStorage sessionStorage"
).split(" ");

const forbiddenWords = new Set(["util", "utils", "helper", "helpers", "manager", "service", "impl", "types", "common", "misc", "index"]);

/** Everything wrong with one file. `exists` tells whether a path of the project names a file. */
export function offencesOf(file: SourceFile, exists: (path: string) => boolean): readonly string[] {
  const [, name = ""] = file.path.split("/");
  const room = rooms[name];
  if (room === undefined) return [`${file.path}: there is no room "${name}"; a new one needs a row in the table.`];
  return [
    ...formOffences(file),
    ...file.imports.flatMap((specifier) => importOffences(file, name, room, specifier, exists)),
    ...(room.pure
      ? ambient.filter((each) => file.globals.has(each)).map((each) => `${file.path}: touches ${each}; take it from the World.`)
      : []),
  ];
}

function formOffences(file: SourceFile): readonly string[] {
  const segments = file.path.split("/").slice(1);
  const words = segments.flatMap((segment) => segment.replace(/\.tsx?$/, "").split("-"));
  const misnamed = segments.some((segment) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.tsx?)?$/.test(segment));
  const rules: readonly (readonly [boolean, string])[] = [
    [misnamed, "is not one word or kebab-case."],
    [words.some((word) => forbiddenWords.has(word)), "has a name that says nothing; name it for what it exports."],
    [file.lines > 300, `has ${file.lines} lines; look for the second noun in it (the limit is 300).`],
    [file.headerLines === 0, "does not open with a comment that says what it owns."],
    [file.hasDefaultExport, "has a default export; export it by name."],
    [file.hasEnum, "has an enum; use a union of strings."],
    [
      file.reexports.length > 0 && !passesOn(file.path),
      `passes on ${file.reexports.join(", ")}; whoever wants that imports it where it is made.`,
    ],
    [
      !startsByItself(file.path) && file.doings.length > 0,
      `does something when imported (${file.doings.join(", ")}); put it into a function.`,
    ],
  ];
  return rules.filter(([broken]) => broken).map(([, words]) => `${file.path}: ${words}`);
}

function importOffences(
  file: SourceFile,
  name: string,
  room: Room,
  specifier: string,
  exists: (path: string) => boolean,
): readonly string[] {
  const offence = (words: string): readonly string[] => [`${file.path}: imports ${specifier}; ${words}`];
  if (specifier === "(computed)") return offence("write the specifier out.");
  if (specifier.startsWith(".")) {
    const target = resolveImport(file.path, specifier);
    const [top, targetRoom = ""] = target.split("/");
    if (target === "package.json" && !room.pure) return [];
    if (!exists(target)) return offence("there is no such file (a relative import ends in .ts).");
    if (top !== "src") return offence("src imports nothing from outside itself.");
    if (targetRoom !== name && !room.imports.includes(targetRoom)) return offence(`${name} may not import ${targetRoom}.`);
    const isPerformer = (path: string): boolean => path.startsWith("src/agent/perform/");
    if (isPerformer(file.path) && isPerformer(target)) return offence("a performer never calls another: it appends, and next decides.");
    return [];
  }
  if (builtinModules.includes(specifier)) return offence("write node: before it.");
  if (name !== "vscode" && specifier === "vscode") return offence("only src/vscode knows the editor.");
  if (room.packages === "any") return [];
  const allowed = room.packages.some((each) => specifier === each || specifier.startsWith(each.endsWith(":") ? each : `${each}/`));
  return allowed ? [] : offence(`${name} may import ${room.packages.join(", ")} only.`);
}

/** The path of the project that a relative specifier means. */
function resolveImport(from: string, specifier: string): string {
  return posix.join(posix.dirname(from), specifier);
}

/** What is loaded before this file runs: files of the project by path, packages by name, itself left out. */
export function loadedBefore(path: string, files: readonly SourceFile[]): ReadonlySet<string> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const loaded = new Set<string>();
  const visit = (at: string): void => {
    for (const specifier of byPath.get(at)?.loads ?? []) {
      const target = specifier.startsWith(".") ? resolveImport(at, specifier) : specifier;
      if (loaded.has(target)) continue;
      loaded.add(target);
      visit(target);
    }
  };
  visit(path);
  return loaded;
}

/** Each circle of imports once, as the files along it; types count, since what needs each other's types is one thing in two files. */
export function cyclesOf(files: readonly SourceFile[]): readonly (readonly string[])[] {
  const targets = new Map(
    files.map((file) => [file.path, file.imports.filter((each) => each.startsWith(".")).map((each) => resolveImport(file.path, each))]),
  );
  const cycles = new Map<string, readonly string[]>();
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start !== -1) {
      const cycle = trail.slice(start);
      cycles.set([...cycle].sort().join(), cycle);
      return;
    }
    if (done.has(path)) return;
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of targets.keys()) visit(path, []);
  return [...cycles.values()];
}
