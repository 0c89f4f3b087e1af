// Whether this machine can confine commands, found out by doing it once. Success is remembered in a stamp file under
// everything it depends on; failure is not, and costs the next process another look. A wrong stamp does no harm: a sandbox
// that does not stand never runs its command.

import { execFile } from "node:child_process";
import { constants, statSync } from "node:fs";
import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import { release } from "node:os";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";
import { fail, ok, type Result } from "../../agent/result.ts";
import { textOrNothing } from "../shell/look.ts";
import { contains } from "../shell/path.ts";
import type { Bwrap } from "./profile.ts";
import { filterArchitecture } from "./seccomp.ts";

const Stamp = z.object({ key: z.string(), version: z.string(), sizes: z.boolean(), disableUserns: z.boolean() });
export type Found = Bwrap & { readonly version: string };

export interface ProbeRequest {
  readonly workspace: string;
  readonly searchPath: string;
  readonly stamp: string;
  /** Runs a line in a sandbox around an empty folder; answers what was said if it did not stand or the line failed. */
  readonly attempt: (bwrap: Bwrap, line: string) => Promise<Result<void>>;
}

/** What must hold inside: no privileges to be had, the filter loaded, nothing writable outside, no way out. */
const proof = [
  "grep -q '^NoNewPrivs:[^0-9]*1$' /proc/self/status",
  "grep -q '^Seccomp:[^0-9]*2$' /proc/self/status",
  "grep -q '^CapEff:[^0-9]*0*$' /proc/self/status",
  "! { : > /usr/.proviso; } 2>/dev/null",
  "! { : > /.proviso; } 2>/dev/null",
  '[ "$(grep -c : /proc/net/dev)" = 1 ]',
].join(" && ");

/** The fault's message is the reason to show: what is missing and what would help. */
export async function probe(request: ProbeRequest): Promise<Result<Found>> {
  if (process.platform !== "linux") return unavailable("this platform has no sandbox yet");
  if (filterArchitecture(process.arch) === undefined) return unavailable(`no system-call filter exists for ${process.arch}`);
  const path = await findBwrap(request);
  if (path === undefined) return unavailable(`bubblewrap is not installed; ${installLine()}`);
  if ((statSync(path).mode & 0o4000) !== 0) return unavailable(`${path} is setuid root, which is not safe to use; install it without`);
  const key = keyOf(path);
  const stamped = await readStamp(request.stamp);
  if (stamped?.key === key) return ok({ path, ...stamped });
  const { stdout: help } = await promisify(execFile)(path, ["--help"], { timeout: 3000 });
  const { stdout: version } = await promisify(execFile)(path, ["--version"], { timeout: 3000 });
  const bwrap = { path, sizes: help.includes("--size"), disableUserns: help.includes("--disable-userns") };
  const stood = await request.attempt(bwrap, proof);
  if (!stood.ok) return unavailable(explain(stood.fault.message));
  const found = { ...bwrap, version: /\d+(\.\d+)+/.exec(version)?.[0] ?? "unknown" };
  await writeStamp(request.stamp, { key, ...found });
  return ok(found);
}

const unavailable = (reason: string): ReturnType<typeof fail> => fail("unavailable", reason);

/** Distributions make exceptions for the program at its usual place, so that comes first; never one from the workspace. */
async function findBwrap({ workspace, searchPath }: ProbeRequest): Promise<string | undefined> {
  const folders = ["/usr/bin", "/usr/local/bin", "/run/current-system/sw/bin", ...searchPath.split(delimiter)];
  for (const folder of folders) {
    if (!isAbsolute(folder) || contains(workspace, folder)) continue;
    const path = join(folder, "bwrap");
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}

/** Everything the answer depends on and that can be had without starting a process. */
function keyOf(path: string): string {
  const { mtimeMs, size, ino } = statSync(path);
  const settings = [
    "/proc/sys/kernel/unprivileged_userns_clone",
    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
    "/proc/sys/user/max_user_namespaces",
    "/proc/self/attr/current",
  ];
  return [proof, path, mtimeMs, size, ino, release(), process.geteuid?.(), ...settings.map(textOrNothing)].join("|");
}

async function readStamp(path: string): Promise<z.infer<typeof Stamp> | undefined> {
  try {
    return Stamp.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return undefined;
  }
}

async function writeStamp(path: string, stamp: z.infer<typeof Stamp>): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, JSON.stringify(Stamp.parse(stamp)), { mode: 0o600 });
}

function explain(said: string): string {
  if (/setting up uid map|RTM_NEWADDR/i.test(said)) {
    return "the system forbids user namespaces (AppArmor); install its profile for bubblewrap (package apparmor-profiles, profile bwrap-userns-restrict)";
  }
  if (/No permissions to create new namespace|creating new namespace failed|No space left/i.test(said)) {
    return "the system forbids user namespaces; in a container, start it so that they are allowed";
  }
  if (/mount proc/i.test(said)) return "the container hides parts of /proc, so no new one can be mounted";
  return `the sandbox did not start: ${said}`;
}

function installLine(): string {
  const id = /^ID(?:_LIKE)?=.*$/gm;
  const system = (textOrNothing("/etc/os-release").match(id) ?? []).join(" ");
  if (/debian|ubuntu/.test(system)) return "sudo apt install bubblewrap";
  if (/fedora|rhel|centos/.test(system)) return "sudo dnf install bubblewrap";
  if (/arch/.test(system)) return "sudo pacman -S bubblewrap";
  if (/suse/.test(system)) return "sudo zypper install bubblewrap";
  if (/alpine/.test(system)) return "apk add bubblewrap";
  return "install it with your package manager";
}
