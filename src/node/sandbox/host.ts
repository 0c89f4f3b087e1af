// What of the host a sandbox shows: system folders, tool chains in the home, and nothing else. Everything read-only.
// As root the same files are hidden that an ordinary user could not read, for inside it would still own them.

import { execFile } from "node:child_process";
import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import { realOrNothing, statOrNothing, textOrNothing } from "../shell/look.ts";
import { contains } from "../shell/path.ts";

export interface Host {
  readonly home: string;
  readonly root: boolean;
  /** Words for bwrap that build the system part of the root. */
  readonly system: readonly string[];
  /** Words that cover what root could still write or read below /proc. */
  readonly kernel: readonly string[];
  /** Words that show the tool chains of the home; after the home itself. */
  readonly tools: readonly string[];
  /** Every folder of the host that is visible in whole. */
  readonly visible: readonly string[];
}

export interface HostRequest {
  readonly home: string;
  readonly path: string;
  /** An empty file and an empty folder of ours. */
  readonly empty: Empties;
  /** Further folders that the user chose to show. */
  readonly show: readonly string[];
}

export interface Empties {
  readonly file: string;
  readonly folder: string;
}

const systemFolders = [
  "/usr",
  "/bin",
  "/sbin",
  "/lib",
  "/lib32",
  "/lib64",
  "/libx32",
  "/etc",
  "/opt",
  "/nix",
  "/snap",
  "/home/linuxbrew",
  "/run/current-system",
];

/** Data that programs of /usr keep under /var and cannot run without. */
const systemData = ["/var/lib/texmf", "/var/lib/ghc", "/var/lib/gems", "/var/cache/fontconfig"];

/** Tool chains and package caches, never the credential files beside them. */
export const homeTools: readonly string[] = [
  ".nvm",
  ".volta",
  ".fnm",
  ".local/share/fnm",
  ".asdf",
  ".local/share/mise",
  ".pyenv",
  ".rbenv",
  ".rvm",
  ".sdkman",
  ".rustup",
  ".cargo/bin",
  ".cargo/registry",
  ".cargo/git",
  "go/pkg",
  "go/bin",
  ".local/bin",
  ".local/lib",
  ".local/share/uv",
  ".local/share/pnpm",
  ".local/pipx",
  ".bun/bin",
  ".bun/install",
  ".deno/bin",
  ".dotnet",
  ".m2/repository",
  ".gradle/caches",
  ".gradle/wrapper",
  ".npm/_cacache/content-v2",
  ".npm/_cacache/index-v5",
  ".cache/pip",
  ".cache/ms-playwright",
  ".cache/node",
  "miniconda3",
  "anaconda3",
  ".conda/envs",
];

export async function surveyHost(request: HostRequest): Promise<Host> {
  const root = process.geteuid?.() === 0;
  const folders = systemFolders.filter((path) => existsSync(path));
  const data = systemData.filter((path) => existsSync(path));
  const tools = toolFolders(request, folders);
  return {
    home: request.home,
    root,
    system: [
      ...folders.flatMap((path) =>
        statOrNothing(path)?.isSymbolicLink() === true ? ["--symlink", readlinkSync(path), path] : ["--ro-bind", path, path],
      ),
      ...data.flatMap((path) => ["--ro-bind", path, path]),
      ...(root ? await hideFromRoot(["/etc", "/opt", "/usr/local/etc"], request.empty) : []),
    ],
    kernel: root ? coverKernel(request.empty) : [],
    tools: tools.flatMap(({ real, at }) => ["--ro-bind", real, at]),
    visible: [...folders, ...data, ...tools.map(({ at }) => at)],
  };
}

/** Sockets of host processes below what is visible. Connecting works through a read-only mount, so each must be covered. */
export function visibleSockets(folders: readonly string[]): readonly string[] {
  const bound = textOrNothing("/proc/net/unix")
    .split("\n")
    .flatMap((line) => /^(?:\S+\s+){7}(\/.*)$/.exec(line)?.[1] ?? []);
  return [...new Set(bound)].filter((path) => folders.some((folder) => contains(folder, path)) && statOrNothing(path)?.isSocket() === true);
}

/** Name servers may be described by a link into a folder that is not shown. */
export function resolverFile(): readonly string[] {
  const real = realOrNothing("/etc/resolv.conf");
  return real === undefined || contains("/etc", real) ? [] : ["--ro-bind", real, real];
}

/** The known places in the home, and what the search path names there with the library folder beside it. */
function toolFolders(request: HostRequest, system: readonly string[]): readonly { readonly real: string; readonly at: string }[] {
  const { home } = request;
  const onPath = request.path.split(delimiter).filter((path) => isAbsolute(path) && contains(home, path) && path !== home);
  const beside = onPath.flatMap((path) => (path.endsWith("/bin") && dirname(path) !== home ? [path, join(dirname(path), "lib")] : [path]));
  const wanted = [...homeTools.map((path) => join(home, path)), ...beside, ...request.show];
  const found = new Map<string, string>();
  for (const at of wanted) {
    const real = realOrNothing(at);
    if (real === undefined || contains(real, home) || [...found.keys()].some((other) => contains(other, at))) continue;
    if (request.show.includes(at) || contains(home, real) || system.some((folder) => contains(folder, real))) found.set(at, real);
  }
  return [...found].map(([at, real]) => ({ at, real }));
}

/** What is not for everybody to read looks empty. Files that come and go meanwhile are no reason to fail. */
async function hideFromRoot(folders: readonly string[], empty: Empties): Promise<readonly string[]> {
  const present = folders.filter((folder) => existsSync(folder));
  const secret = ["(", "-type", "f", "!", "-empty", "!", "-perm", "-o=r", "-o", "-type", "d", "!", "-perm", "-o=rx", "-prune", ")"];
  const found = promisify(execFile)("find", [...present, ...secret, "-printf", "%y|%p\\0"]);
  const { stdout } = await found.catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === 1 && "stdout" in error) return { stdout: String(error.stdout) };
    throw error;
  });
  const hidden = stdout.split("\0").filter((line) => line !== "" && existsSync(line.slice(2)));
  return hidden.flatMap((line) => ["--ro-bind", line.startsWith("d") ? empty.folder : empty.file, line.slice(2)]);
}

/** The kernel lets whoever is root by number write here, and that number is root's inside too. */
function coverKernel(empty: Empties): readonly string[] {
  const folders = ["/proc/sys", "/proc/irq", "/proc/bus", "/proc/acpi", "/proc/fs"].filter((path) => existsSync(path));
  const files = readdirSync("/proc")
    .filter((name) => !/^\d+$/.test(name))
    .map((name) => join("/proc", name))
    .filter((path) => {
      const found = statOrNothing(path);
      return found?.isFile() === true && (found.mode & 0o222) !== 0;
    });
  return [...folders.flatMap((path) => ["--ro-bind", path, path]), ...files.flatMap((path) => ["--ro-bind", empty.file, path])];
}
