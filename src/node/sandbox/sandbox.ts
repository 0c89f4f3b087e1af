// The restricted task: turns a line into a launch that bubblewrap confines. Owns what is the same for all commands (the
// probe's answer, the view of the host, the filters) and what each leaves behind (placeholders, the audit afterwards).

import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fail, ok, type Result } from "../../agent/result.ts";
import type { Disturbance } from "../../agent/world.ts";
import { commandEnvironment } from "../shell/environment.ts";
import { bareOptions, closeLeaked, findShell, type Launch, runScript } from "../shell/launch.ts";
import { type Limits, limitWords } from "../shell/limits.ts";
import { statOrNothing } from "../shell/look.ts";
import { markName } from "../shell/process-tree.ts";
import type { Confined, Confiner, CopyDoor, Visit } from "./confiner.ts";
import { audit } from "./audit.ts";
import { Glance } from "./glance.ts";
import { checkProtectable, copyGround, nothingAbove, type Opening, repositoryAbove, repositoryGround, workspaceGround } from "./ground.ts";
import { type Empties, type Host, surveyHost } from "./host.ts";
import { Common, Loopback } from "./loopback.ts";
import { Neighbours } from "./neighbours.ts";
import { Placeholders } from "./placeholder.ts";
import { type Found, probe } from "./probe.ts";
import { type Bwrap, type Ground, sandboxArguments } from "./profile.ts";
import { guardedFolders } from "./protected.ts";
import { type Prints, type Shared, scanShared, scanWorkspace } from "./scan.ts";
import { filterArchitecture, seccompFilter } from "./seccomp.ts";

export interface SandboxOptions {
  /** Real path of the workspace. */
  readonly root: string;
  /** Folder of ours that outlives runs. */
  readonly cache: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly pass: readonly string[];
  /** Folders outside the workspace that commands may read. */
  readonly show: readonly string[];
  readonly limits: Limits;
}

export class Sandbox implements Confiner {
  readonly #options: SandboxOptions;
  readonly #bwrap: Bwrap;
  readonly #empty: Empties;
  readonly #placeholders: Placeholders;
  readonly #neighbours = new Neighbours();
  readonly #common: Common;
  readonly name: string;
  readonly copies = "mount";
  /** What is to be hidden, and what can be mounted over, changes with every upgrade of the system. */
  readonly #host: Glance<Host>;
  /** No confined command can make such a link: what is outside it cannot see. */
  readonly #shared: Glance<Result<Shared>>;

  /** Use `openSandbox`. */
  constructor(options: SandboxOptions, bwrap: Found) {
    this.#options = options;
    this.#bwrap = bwrap;
    this.name = `bubblewrap ${bwrap.version}`;
    this.#empty = emptiesIn(options.cache);
    this.#common = new Common(() => Loopback.open(bwrap.path));
    this.#placeholders = new Placeholders(join(options.cache, "placeholders"));
    this.#host = new Glance(() => viewHost(options, this.#empty));
    this.#shared = new Glance(() => scanShared(options.root, new AbortController().signal));
  }

  /** A fault where this workspace cannot be protected. The caller must `leave` in any case once it has entered. */
  async enter(command: Confined, signal: AbortSignal): Promise<Result<Visit>> {
    const { root } = this.#options;
    const begun = performance.now();
    const protectable = checkProtectable(root, this.#homes());
    if (!protectable.ok) return protectable;
    const [before, shared, above, host] = await Promise.all([
      scanWorkspace(root, signal),
      this.#shared.get(),
      repositoryAbove(root, this.#homes(), signal),
      this.#host.get(),
    ]);
    if (!before.ok) return before;
    if (!shared.ok) return shared;
    if (!above.ok) return above;
    const guard = this.#placeholders.take(guardedFolders.map((name) => join(root, name)));
    const ground = this.#neighbourly(workspaceGround(root, before.value, shared.value, above.value, guard));
    if (!ground.ok) {
      this.#placeholders.release(guard);
      return ground;
    }
    const ended = this.#neighbours.enter(mountedIn(ground.value));
    const common = command.network ? undefined : this.#common.join();
    const leave = async (): Promise<readonly Disturbance[]> => {
      ended();
      common?.release();
      this.#placeholders.release(guard);
      const after = await scanWorkspace(root, new AbortController().signal);
      if (!after.ok) return [{ path: ".", change: "changed" }];
      const real = (prints: Prints): Prints => new Map([...prints].filter(([path]) => !this.#placeholders.stoodSince(path, begun)));
      return audit(root, real(before.value.prints), real(after.value.prints));
    };
    const made = confinedLaunch(this.#bwrap, host, this.#empty, ground.value, { ...command, joins: common !== undefined }, this.#options);
    return ok({ launch: common ? common.loopback.enter(made) : made, leave });
  }

  forget(): void {
    this.#host.forget();
    this.#shared.forget();
  }

  /** From now until what it answers is called, commands without the network share one loopback. */
  share(): Promise<() => void> {
    return this.#common.hold();
  }

  /** Whether anything listens in the shared loopback; undefined while there is none. */
  listens(port: number): boolean | undefined {
    return this.#common.listens(port);
  }

  /** For git, which is told by us what to do and plants nothing for others: no look at the workspace before or after. */
  async enterRepository(command: Confined, opening: Opening): Promise<Result<Visit>> {
    const { root } = this.#options;
    const protectable = checkProtectable(root, this.#homes());
    if (!protectable.ok) return protectable;
    const launch = confinedLaunch(
      this.#bwrap,
      await this.#host.get(),
      this.#empty,
      repositoryGround(root, opening),
      command,
      this.#options,
    );
    return ok({ launch, leave: async () => [] });
  }

  /** How to start commands in private copies that take the workspace's place. One look at the host serves them all. */
  async enterCopies(signal: AbortSignal): Promise<Result<CopyDoor>> {
    const { root } = this.#options;
    const protectable = checkProtectable(root, this.#homes());
    if (!protectable.ok) return protectable;
    const [above, host] = await Promise.all([repositoryAbove(root, this.#homes(), signal), this.#host.get()]);
    if (!above.ok) return above;
    return ok((copy, plan, command) =>
      confinedLaunch(this.#bwrap, host, this.#empty, copyGround(copy, plan, above.value), command, this.#options),
    );
  }

  #neighbourly(ground: Result<Ground>): Result<Ground> {
    const path = ground.ok ? this.#neighbours.unsafe(mountedIn(ground.value)) : undefined;
    if (path === undefined) return ground;
    return fail(
      "unavailable",
      `${path} appeared while another command was running and cannot be protected yet; try again when that has ended.`,
      {
        retry: true,
      },
    );
  }

  #homes(): readonly string[] {
    return [homeOf(this.#options.env), homedir()];
  }
}

const mountedIn = ({ protect, mask }: Ground): readonly string[] => [...protect, ...mask];

/** The fault's message is the reason why commands are not confined here. */
export async function openSandbox(
  options: SandboxOptions,
  run: (launch: Launch, mark: string) => Promise<Result<void>>,
): Promise<Result<Sandbox>> {
  const empty = emptiesIn(options.cache);
  const mark = randomUUID();
  await makeEmpties(empty);
  const found = await probe({
    workspace: options.root,
    searchPath: options.env["PATH"] ?? "",
    stamp: join(options.cache, "sandbox.json"),
    attempt: async (bwrap, line) => {
      const scratch = await mkdtemp(join(tmpdir(), "proviso-probe-"));
      const ground: Ground = {
        folder: scratch,
        at: "/tmp/workspace",
        above: nothingAbove,
        protect: [],
        mask: [],
        guard: [],
        own: [],
        writable: true,
        overlay: [],
        scratch: [],
      };
      const command = { line, cwd: ground.at, mark, network: false, set: {} };
      try {
        return await run(confinedLaunch(bwrap, await viewHost(options, empty), empty, ground, command, options), mark);
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    },
  });
  return found.ok ? ok(new Sandbox(options, found.value)) : found;
}

function confinedLaunch(
  bwrap: Bwrap,
  host: Host,
  empty: Empties,
  ground: Ground,
  command: Confined & { readonly joins?: boolean },
  { env, pass, limits }: Pick<SandboxOptions, "env" | "pass" | "limits">,
): Launch {
  const words = sandboxArguments(bwrap, host, empty, { ground, cwd: command.cwd, network: command.network, joins: command.joins ?? false });
  const architecture = filterArchitecture(process.arch);
  if (architecture === undefined) throw new Error("a sandbox was opened without a system-call filter");
  const shell = findShell();
  const inner = [
    shell,
    ...bareOptions(shell),
    "-c",
    enter,
    "proviso",
    shell,
    limitWords(limits, "namespace"),
    command.line,
    ...(command.words ?? []),
  ];
  return {
    file: bwrap.path,
    args: ["--args", "5", "--seccomp", "6", "--json-status-fd", "3", "--", ...inner],
    env: commandEnvironment({ from: env, home: host.home, temp: "/tmp", pass, set: { ...command.set, [markName]: command.mark } }),
    cwd: "/",
    feeds: [
      Buffer.from(words.map((word) => `${word}\0`).join("")),
      seccompFilter({
        architecture,
        unixSockets: command.network ? "refused" : "allowed",
        setgid: host.root ? "refused" : "allowed",
      }),
    ],
    sandboxed: true,
  };
}

// First thing inside: say so; then let go of every descriptor but the three, and be the first to die when memory is short.
const enter = `printf + >&4
exec 3>&- 4>&-
${closeLeaked}
{ echo 1000 > /proc/self/oom_score_adj; } 2>/dev/null
eval "$2"
${runScript}`;

function viewHost({ env, show }: SandboxOptions, empty: Empties): Promise<Host> {
  return surveyHost({ home: homeOf(env), path: env["PATH"] ?? "", empty, show });
}

/** A home that is no folder of its own cannot be hidden by itself. */
function homeOf(env: Readonly<Record<string, string | undefined>>): string {
  const home = env["HOME"] ?? homedir();
  return home.startsWith("/") && home !== "/" ? home : "/home/proviso";
}

function emptiesIn(cache: string): Empties {
  return { file: join(cache, "empty"), folder: join(cache, "empty-folder") };
}

async function makeEmpties(empty: Empties): Promise<void> {
  if (statOrNothing(empty.file) !== undefined && statOrNothing(empty.folder) !== undefined) return;
  await mkdir(empty.folder, { recursive: true, mode: 0o755 });
  await writeFile(empty.file, "", { mode: 0o444, flag: "wx" }).catch((error: unknown) => {
    // another process of ours was faster
    if (statOrNothing(empty.file) === undefined) throw error;
  });
}
