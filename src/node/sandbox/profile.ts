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
  /** The host's folder that is mounted writable, and where: elsewhere for a private copy. */
  readonly folder: string;
  readonly at: string;
  /** Words before the workspace is mounted: what lies above it and may be read. */
  readonly above: readonly string[];
  /** Paths inside, as seen in the sandbox. */
  readonly protect: readonly string[];
  readonly mask: readonly string[];
  /** Folders that look empty, because they must not come into being. */
  readonly guard: readonly string[];
  /** Read-only folders of the host laid over the copy. */
  readonly overlay: readonly { readonly from: string; readonly at: string }[];
  /** Existing folders in an overlay that must be writable; what is written there vanishes. */
  readonly scratch: readonly string[];
}

const MiB = 1024 * 1024;

export function sandboxArguments(
  bwrap: Bwrap,
  host: Host,
  empty: Empties,
  request: { readonly ground: Ground; readonly cwd: string; readonly network: boolean },
): readonly string[] {
  const { ground } = request;
  const memory = (path: string, size: number): readonly string[] => [...(bwrap.sizes ? ["--size", String(size * MiB)] : []), "--tmpfs", path];
  return [
    ...["--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
    ...(request.network ? [] : ["--unshare-net"]),
    ...(bwrap.disableUserns ? ["--disable-userns"] : []),
    ...["--cap-drop", "ALL", "--die-with-parent", "--new-session", "--hostname", "sandbox"],
    ...host.system,
    ...["--proc", "/proc", "--dev", "/dev"],
    ...host.kernel,
    ...memory("/dev/shm", 256),
    ...["--remount-ro", "/dev"],
    ...["--ro-bind-try", "/sys/devices/system/cpu", "/sys/devices/system/cpu"],
    ...memory("/tmp", 1024),
    ...["--dir", "/var", "--symlink", "/tmp", "/var/tmp", "--dir", "/run", "--symlink", "/run", "/var/run"],
    ...memory(host.home, 512),
    ...host.tools,
    ...(request.network ? resolverFile() : []),
    ...ground.above,
    ...groundArguments(ground, empty),
    ...ground.scratch.flatMap((path) => memory(path, 256)),
    ...visibleSockets([ground.folder, ...host.visible]).flatMap((path) => ["--ro-bind", empty.file, path]),
    ...["--remount-ro", "/", "--chdir", request.cwd],
  ];
}

function groundArguments({ folder, at, protect, mask, guard, overlay }: Ground, empty: Empties): readonly string[] {
  const masked = new Set(mask);
  return [
    ...pins(at, [...protect, ...mask]).flatMap((path) => ["--ro-bind", path, path]),
    ...["--bind", folder, at],
    ...outermostFirst(protect.filter((path) => !masked.has(path))).flatMap((path) => ["--ro-bind", path, path]),
    ...mask.flatMap((path) => ["--ro-bind", empty.file, path]),
    ...guard.flatMap((path) => ["--ro-bind", empty.folder, path]),
    ...overlay.flatMap(({ from, at: to }) => ["--ro-bind", from, to]),
  ];
}

/**
 * Every folder between the workspace and what is protected. Mounted before the workspace, so buried under it: such a mount
 * changes nothing that can be seen, but the kernel refuses to rename or remove a folder that is a mount point.
 */
function pins(root: string, paths: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const path of paths) {
    for (let folder = dirname(path); folder !== root && contains(root, folder); folder = dirname(folder)) found.add(folder);
  }
  return outermostFirst([...found]);
}

function outermostFirst(paths: readonly string[]): readonly string[] {
  return [...paths].sort((a, b) => a.length - b.length);
}
