// Small buggy programs for the rules engine: where they are kept, how one is laid out on disk, and whether a repair of it is right.
// A task is one text file, "-- path --" before each of its files. What is under hidden/ is not there while the engine works; it tells
// afterwards a right change from one that merely satisfies the tests it was given. A folder with a task.json is a task as well.

import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";

export interface RepairTask {
  readonly name: string;
  readonly line: string;
  readonly bug: string;
  /** Packages that its tests need, copied from this project's own. */
  readonly needs: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly hidden: Readonly<Record<string, string>>;
  /** A folder to copy besides. */
  readonly folder?: string;
}

export interface Verdict {
  /** The line passes and no test was changed. */
  readonly solved: boolean;
  /** The hidden tests pass too; undefined where there are none. */
  readonly right: boolean | undefined;
}

export function readTasks(folder: string): readonly RepairTask[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => a.name.localeCompare(b.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isFile() && entry.name.endsWith(".txt")) return [parseTask(basename(entry.name, ".txt"), readFileSync(path, "utf8"))];
      if (!entry.isDirectory() || !existsSync(join(path, "task.json"))) return [];
      const { line, bug = "" } = JSON.parse(readFileSync(join(path, "task.json"), "utf8")) as { line: string; bug?: string };
      return [{ name: entry.name, line, bug, needs: [], files: {}, hidden: {}, folder: path }];
    });
}

function parseTask(name: string, text: string): RepairTask {
  const [head = "", ...parts] = text.split(/^-- (.+) --\n/m);
  const files: Record<string, string> = {};
  for (let i = 0; i + 1 < parts.length; i += 2) files[parts[i] ?? ""] = parts[i + 1] ?? "";
  const said = (key: string): string => new RegExp(`^# ${key}: (.+)$`, "m").exec(head)?.[1] ?? "";
  const isHidden = ([path]: readonly [string, string]): boolean => path.startsWith("hidden/");
  const hidden = Object.entries(files)
    .filter(isHidden)
    .map(([path, body]) => [path.slice("hidden/".length), body] as const);
  return {
    name,
    line: said("line"),
    bug: said("bug"),
    needs: said("needs").split(" ").filter(Boolean),
    files: Object.fromEntries(Object.entries(files).filter((entry) => !isHidden(entry))),
    hidden: Object.fromEntries(hidden),
  };
}

/** Lays the task out in an empty folder. */
export function layOut(task: RepairTask, workspace: string): void {
  if (task.folder !== undefined) cpSync(task.folder, workspace, { recursive: true });
  putFiles(task.files, workspace);
  for (const name of task.needs) copyPackage(name, createRequire(import.meta.url), workspace);
}

/** Holds what the engine left against the tests, given and hidden. */
export async function judgeRepair(task: RepairTask, workspace: string): Promise<Verdict> {
  const untouched = Object.entries(task.files)
    .filter(([path]) => /(?:^|\/)tests?\//.test(path))
    .every(([path, text]) => readFileSync(join(workspace, path), "utf8") === text);
  const solved = untouched && (await runsClean(task.line, workspace));
  if (!solved || Object.keys(task.hidden).length === 0) return { solved, right: solved ? undefined : false };
  putFiles(task.hidden, workspace);
  return { solved, right: await runsClean(task.line, workspace) };
}

/** Exit 0 within half a minute; whatever it started is gone afterwards. */
export async function runsClean(line: string, cwd: string): Promise<boolean> {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PYTHONDONTWRITEBYTECODE: "1",
    PATH: `${join(cwd, "node_modules/.bin")}:${process.env["PATH"] ?? ""}`,
  };
  delete env["NODE_TEST_CONTEXT"];
  const child = spawn("sh", ["-c", line], { cwd, env, stdio: "ignore", detached: true });
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It is gone already.
    }
  };
  const late = setTimeout(kill, 30_000);
  const code = await new Promise((resolve) => child.once("exit", resolve).once("error", () => resolve(undefined)));
  clearTimeout(late);
  kill();
  return code === 0;
}

function putFiles(files: Readonly<Record<string, string>>, workspace: string): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), text);
  }
}

/** The package with all it depends on, and its programs in node_modules/.bin. */
function copyPackage(name: string, require: NodeJS.Require, workspace: string): void {
  const target = join(workspace, "node_modules", name);
  const source = findPackage(name, require);
  if (existsSync(target) || source === undefined) return;
  cpSync(source, target, { recursive: true, dereference: true, filter: (path) => !path.slice(source.length).includes("node_modules") });
  const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as {
    dependencies?: object;
    optionalDependencies?: object;
    bin?: string | Record<string, string>;
  };
  const programs = typeof manifest.bin === "string" ? { [name]: manifest.bin } : (manifest.bin ?? {});
  for (const [program, path] of Object.entries(programs)) {
    mkdirSync(join(workspace, "node_modules/.bin"), { recursive: true });
    writeFileSync(join(workspace, "node_modules/.bin", program), `#!/bin/sh\nexec "$(dirname "$0")/../${name}/${path}" "$@"\n`, {
      mode: 0o755,
    });
  }
  const next = createRequire(join(realpathSync(source), "package.json"));
  for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }))
    copyPackage(dependency, next, workspace);
}

function findPackage(name: string, require: NodeJS.Require): string | undefined {
  return (require.resolve.paths(name) ?? []).map((folder) => join(folder, name)).find((folder) => existsSync(join(folder, "package.json")));
}
