// The arguments for bubblewrap: an allow-list root built from nothing, with the workspace as the only writable folder of the
// host. Invariants: every mount inside the workspace is on a real, existing path (bwrap < 0.12 follows planted links when it
// makes one); roots never come from the command; what lies above a protected path is pinned, so that it cannot be moved away.

import { dirname } from "node:path";
import { contains } from "../shell/path.ts";
import { type Empties, type Host, resolverFile, visibleSockets } from "./host.ts";

export interface Bwrap {
  readonly path: string;
  /** Options that older versions lack. */
  readonly sizes: boolean;
  readonly disableUserns: boolean;
}

export interface Ground {
  /** The host's folder that is worked in, and where it is mounted: elsewhere for a private copy. */
  readonly folder: string;
  readonly at: string;
  readonly above: Above;
  /** Paths inside, as seen in the sandbox. */
  readonly protect: readonly string[];
  readonly mask: readonly string[];
  /** Folders that look empty, because they must not come into being. */
  readonly guard: readonly string[];
  /** Folders outside, shown for git alone. */
  readonly own: readonly string[];
  /** Whether `folder` and `own` are; what is protected in them never is. */
  readonly writable: boolean;
  /** Folders of the workspace itself, laid over a copy read-only. */
  readonly overlay: readonly string[];
  /** Existing folders in an overlay that must be writable; what is written there vanishes. */
  readonly scratch: readonly string[];
}

/** What lies above the workspace and may be read: the rest of its repository, without the files that hold secrets. */
export interface Above {
  readonly folders: readonly string[];
  readonly hidden: readonly string[];
}

const MiB = 1024 * 1024;

export function sandboxArguments(
  bwrap: Bwrap,
  host: Host,
  empty: Empties,
  request: { readonly ground: Ground; readonly cwd: string; readonly network: boolean; readonly joins?: boolean },
): readonly string[] {
  const { ground } = request;
  const memory = (path: string, size: number): readonly string[] => [
    ...(bwrap.sizes ? ["--size", String(size * MiB)] : []),
    "--tmpfs",
    path,
  ];
  const groups: readonly (readonly string[])[] = [
    ["--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
    request.network || request.joins ? [] : ["--unshare-net"],
    bwrap.disableUserns ? ["--disable-userns"] : [],
    ["--cap-drop", "ALL", "--die-with-parent", "--new-session", "--hostname", "sandbox"],
    host.system,
    ["--proc", "/proc", "--dev", "/dev"],
    host.kernel,
    memory("/dev/shm", 256),
    ["--remount-ro", "/dev"],
    ["--ro-bind-try", "/sys/devices/system/cpu", "/sys/devices/system/cpu"],
    memory("/tmp", 1024),
    ["--dir", "/var", "--symlink", "/tmp", "/var/tmp", "--dir", "/run", "--symlink", "/run", "/var/run"],
    memory(host.home, 512),
    host.tools,
    request.network ? resolverFile() : [],
    groundArguments(ground, empty),
    ground.scratch.flatMap((path) => memory(path, 256)),
    hide(visibleSockets([ground.folder, ...ground.above.folders, ...ground.overlay, ...host.visible]), empty),
    ["--remount-ro", "/", "--chdir", request.cwd],
  ];
  return groups.flat();
}

function groundArguments({ folder, at, above, protect, mask, guard, own, writable, overlay }: Ground, empty: Empties): readonly string[] {
  const masked = new Set(mask);
  return [
    ...show(above.folders),
    ...hide(above.hidden, empty),
    ...pinWords(folder, at, [...protect, ...mask]),
    writable ? "--bind" : "--ro-bind",
    folder,
    at,
    ...own.flatMap((path) => [writable ? "--bind" : "--ro-bind", path, path]),
    ...show(outermostFirst(protect.filter((path) => !masked.has(path)))),
    ...hide(mask, empty),
    ...guard.flatMap((path) => ["--ro-bind", empty.folder, path]),
    ...show(overlay),
  ];
}

const show = (paths: readonly string[]): readonly string[] => paths.flatMap((path) => ["--ro-bind", path, path]);
const hide = (files: readonly string[], empty: Empties): readonly string[] => files.flatMap((path) => ["--ro-bind", empty.file, path]);

/**
 * Pins every folder between the workspace and what is protected, so that it cannot be renamed or removed: the kernel refuses
 * that for a mount point. They are mounted on a first mount of the workspace that a second one then covers, so that nothing
 * of them is seen and files can be moved across; the folders, the same below both, stay mount points all the same.
 */
function pinWords(folder: string, at: string, paths: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const path of paths) {
    for (let above = dirname(path); above !== at && contains(at, above); above = dirname(above)) found.add(above);
  }
  return found.size === 0 ? [] : ["--bind", folder, at, ...show(outermostFirst([...found]))];
}

function outermostFirst(paths: readonly string[]): readonly string[] {
  return [...paths].sort((a, b) => a.length - b.length);
}
