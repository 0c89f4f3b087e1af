// The Git port: one git command at a time, its words made by us, run confined where the platform can. A repository is somebody else's:
// nothing that its configuration names is run, and what could make it run something later is not written. Never touches the network.

import { execFile } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { fail, ok, type Result } from "../agent/result.ts";
import type { Git, GitRequest, GitSaid } from "../agent/git.ts";
import type { Ending } from "../agent/world.ts";
import { armour, filterDrivers, readListing } from "./git/armour.ts";
import { findRepository, frozenIn, type Repository } from "./git/repository.ts";
import { enclosingRepository } from "./sandbox/ground.ts";
import type { HostShell } from "./shell.ts";
import { textOrNothing } from "./shell/look.ts";

export interface GitParts {
  readonly shell: HostShell;
  /** Real path of the workspace. */
  readonly root: string;
  /** Our own environment: where the person's own settings of git are found. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

type Listing = ReturnType<typeof readListing>;

const timeoutMs = 60_000;
/** Sections that may name a filter, or say who commits and how. */
const telling = /^\s*\[\s*(filter|include|includeif|user|commit)\b/im;
const own = /^(user\.name|user\.email|commit\.gpgsign)$/i;

export function createGit(parts: GitParts): Git {
  const homes = [parts.env["HOME"] ?? homedir(), homedir()];
  return {
    async run(request, signal) {
      const found = findRepository(parts.root, (root) => enclosingRepository(root, homes));
      if (!found.ok) return found;
      const repository = found.value;
      if (request.access === "write" && repository.top !== parts.root)
        return fail("denied", `The repository is ${repository.top}, above the open folder; only looking is possible from here.`);
      const listing = await list(parts, repository, request.call, signal);
      if (!listing.ok) return listing;
      const personal = request.args[0] === "commit" ? await settingsOfPerson(parts, signal) : [];
      const extra = Object.fromEntries(
        personal.filter(([key]) => key.startsWith("user.") && !listing.value.some(([name]) => name === key)),
      );
      const words = armour(repository, { drivers: filterDrivers(listing.value), extra });
      const ending = await launch(parts, repository, { ...request, words }, signal);
      if (!ending.ok) return ending;
      const said = saidOf(ending.value, request);
      const signs = [...personal, ...listing.value].some(([key, value]) => key === "commit.gpgsign" && value !== "false");
      return ok(request.args[0] === "commit" && signs ? { ...said, unsigned: true } : said);
    },
  };
}

/** The repository's own configuration, and what it includes. Reading it runs nothing; most have nothing in them that matters here. */
async function list(parts: GitParts, repository: Repository, call: string, signal: AbortSignal): Promise<Result<Listing>> {
  const files = [join(repository.common, "config"), join(repository.git, "config.worktree")].map(textOrNothing);
  if (!files.some((text) => telling.test(text))) return ok([]);
  const request: GitRequest = { call, args: ["config", "--null", "--list", "--includes"], access: "read", binary: true };
  const ending = await launch(parts, repository, { ...request, words: armour(repository, { drivers: [] }) }, signal);
  if (!ending.ok) return ending;
  const { exit, bytes, err } = saidOf(ending.value, request);
  return exit === 0
    ? ok(readListing(Buffer.from(bytes ?? []).toString("utf8")))
    : fail("unavailable", `The repository's configuration cannot be read: ${err.trim()}`);
}

async function launch(
  { shell, root }: GitParts,
  repository: Repository,
  { call, args, access, message, binary = false, words }: GitRequest & { readonly words: readonly string[] },
  signal: AbortSignal,
): Promise<Result<Ending>> {
  const { top, git, common } = repository;
  const folders = top === root ? [common, git] : [top];
  const program = {
    call,
    line: lineOf({ message: message !== undefined, binary }),
    words: [...(message === undefined ? [] : [message]), ...words, "git", ...args],
    cwd: root,
    timeoutMs,
    repository: { folders, access, frozen: frozenIn(repository) },
  };
  const ending = await shell.program(program, signal);
  if (!ending.ok) return fail(ending.fault.kind, ending.fault.message, { retry: ending.fault.retry });
  if (ending.value.killedBy) return fail("timeout", `git was stopped (${ending.value.killedBy}); ask for less.`);
  if (ending.value.exit === 127) return fail("missing", "git is not installed; ask the person to install it.");
  if (!binary || !ending.value.truncated) return ending;
  const whole = await shell.output(call, signal);
  return whole.ok ? ok({ ...ending.value, stdout: dataOf(whole.value) }) : whole;
}

/** What is fed is a word, never a part of the line. Bytes travel as text, which is all that an output may be; the exit code is git's. */
function lineOf({ message, binary }: { readonly message: boolean; readonly binary: boolean }): string {
  if (message) return `printf %s "$1" | { shift; exec env "$@"; }`;
  if (!binary) return `exec env "$@"`;
  return `{ code=$({ { env "$@" 3>&- 4>&-; echo $? >&3; } | base64 >&4 3>&-; } 3>&1); } 4>&1; exit "$code"`;
}

/** Of an output that was kept as one: what is base64. */
const dataOf = (text: string): string =>
  text
    .split("\n")
    .filter((line) => /^[A-Za-z0-9+/]+=*$/.test(line))
    .join("");

function saidOf({ exit, stdout, stderr, truncated }: Ending, { binary = false }: GitRequest): GitSaid {
  const said = { exit: exit ?? 1, err: stderr };
  return binary ? { ...said, out: "", truncated: false, bytes: Buffer.from(stdout, "base64") } : { ...said, out: stdout, truncated };
}

/** Who commits, and whether commits are usually signed: from the person's own settings, which no workspace can write. */
async function settingsOfPerson({ env }: GitParts, signal: AbortSignal): Promise<Listing> {
  const words = ["config", "--global", "--includes", "--null", "--list"];
  const told = await promisify(execFile)("git", words, { env: { ...env }, cwd: "/", signal, timeout: timeoutMs }).catch(() => undefined);
  signal.throwIfAborted();
  return told ? readListing(told.stdout).filter(([key]) => own.test(key)) : [];
}
