// One walk over a folder by the system's `find`, in a process of its own so that nothing of ours waits for it.
// Reports the few entries whose names or links matter to the sandbox; what they mean is decided elsewhere.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { fail, ok, type Result } from "../../agent/result.ts";
import {
  packageFolders,
  protectedFiles,
  protectedFolders,
  protectedPlainFiles,
  protectedSuffix,
  protectedTails,
  secretPatterns,
} from "./protected.ts";

export interface Entry {
  readonly why: "packages" | "protected" | "secret" | "head" | "linked";
  /** Absolute. */
  readonly path: string;
  readonly kind: "file" | "folder" | "link" | "other";
  readonly inode: string;
  /** How many names the file has. */
  readonly names: number;
  /** Differs after any change of content, name or permissions. */
  readonly state: string;
}

const longestMs = 10_000;
const mostBytes = 64 * 1024 * 1024;

export function survey(root: string, signal: AbortSignal): Promise<Result<readonly Entry[]>> {
  return find(root, named(), signal);
}

/** Files with more than one name. Needs a look at every single file, so it takes several times as long. */
export function surveyLinks(root: string, signal: AbortSignal): Promise<Result<readonly Entry[]>> {
  return find(root, linked(), signal);
}

async function find(root: string, expression: readonly string[], signal: AbortSignal): Promise<Result<readonly Entry[]>> {
  try {
    const { stdout } = await promisify(execFile)("find", [root, "-mindepth", "1", ...expression], {
      encoding: "utf8",
      maxBuffer: mostBytes,
      timeout: longestMs,
      killSignal: "SIGKILL",
      env: { PATH: "/usr/bin:/bin", LC_ALL: "C" },
      signal,
    });
    return parse(root, stdout);
  } catch (error) {
    signal.throwIfAborted();
    // folders that may not be entered, or that vanish meanwhile, are out of the command's reach too
    if (error instanceof Error && "code" in error && error.code === 1 && "stdout" in error) return parse(root, String(error.stdout));
    return fail("unavailable", `The sandbox could not look over the whole of ${root} and so cannot protect it; open a smaller folder.`);
  }
}

function parse(root: string, listing: string): Result<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const record of listing.split("\0")) {
    if (record === "") continue;
    const [why, type, inode, names, ctime, size, mode, ...rest] = record.split("|");
    const path = join(root, rest.join("|"));
    if (path.includes("\ufffd")) {
      return fail("unavailable", `The sandbox cannot protect ${path}, because its name is not valid UTF-8; rename it.`);
    }
    entries.push({
      why: why as Entry["why"],
      path,
      kind: type === "f" ? "file" : type === "d" ? "folder" : type === "l" ? "link" : "other",
      inode: inode ?? "",
      names: Number(names),
      state: `${ctime} ${size} ${mode}`,
    });
  }
  return ok(entries);
}

const report = (why: Entry["why"]): readonly string[] => ["-printf", `${why}|%y|%D:%i|%n|%C@|%s|%m|%P\\0`];

const any = (test: "-name" | "-iname" | "-path", patterns: readonly string[]): readonly string[] => [
  "(",
  ...patterns.flatMap((pattern, index) => (index === 0 ? [test, pattern] : ["-o", test, pattern])),
  ")",
];

/** Nearly every name that matters begins with a dot, so that an ordinary one costs few comparisons. */
function named(): readonly string[] {
  const tails = protectedTails.map((tail) => `*/${tail}`);
  const tests: readonly (readonly string[])[] = [
    ["-type", "d", ...any("-name", packageFolders), ...report("packages"), "-prune"],
    // in any case: where a file system does not tell them apart, editors obey each
    ["-name", ".*", ...any("-iname", [...protectedFolders, ...protectedFiles]), ...report("protected"), "-prune"],
    [...any("-name", [`*${protectedSuffix}`, ...protectedPlainFiles]), ...report("protected"), "-prune"],
    ["-path", "*/.*/*", ...any("-path", tails), ...report("protected"), "-prune"],
    ["!", "-type", "d", ...any("-iname", secretPatterns), ...report("secret")],
    ["-name", "HEAD", "!", "-type", "d", ...report("head")],
  ];
  return tests.flatMap((test, index) => (index === 0 ? test : ["-o", ...test]));
}

/** Passes over packages, which are told by a sample, and over what is mounted read-only in any case. */
function linked(): readonly string[] {
  const passed = any("-name", [...packageFolders, ...protectedFolders]);
  return ["-type", "d", ...passed, "-prune", "-o", "-type", "f", "-links", "+1", ...report("linked")];
}
