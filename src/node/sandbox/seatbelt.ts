// macOS: commands under Seatbelt, with the profile that @anthropic-ai/sandbox-runtime makes. Loaded on macOS alone. What may be read
// and written is ours to say: the home is hidden but for tool chains, writes go to the workspace and a folder of ours, what other
// programs obey is denied by pattern whether it exists or not, secrets are unreadable. No network, not even loopback, unless granted.

import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, relative } from "node:path";
import { fail, ok, type Result } from "../../agent/result.ts";
import { commandEnvironment } from "../shell/environment.ts";
import { findShell, type Launch, plainLaunch } from "../shell/launch.ts";
import { markName } from "../shell/process-tree.ts";
import type { Confined, Confiner } from "./confiner.ts";
import { checkProtectable, type Opening } from "./ground.ts";
import { homeTools } from "./host.ts";
import { protectedFiles, protectedFolders, protectedPlainFiles, protectedSuffix, protectedTails, secretPatterns } from "./protected.ts";
import type { SandboxOptions } from "./sandbox.ts";

/** The part of the library that is used: it makes the profile and the line around a command, and nothing else. */
export type Wrap = (params: {
  readonly command: string;
  readonly needsNetworkRestriction: boolean;
  readonly allowLocalBinding: boolean;
  readonly readConfig: { denyOnly: string[]; allowWithinDeny: string[] };
  readonly writeConfig: { allowOnly: string[]; denyWithinAllow: string[] };
  readonly binShell: string;
}) => string;

const version = "0.0.83";
const seatbelt = "/usr/bin/sandbox-exec";
/** Nothing of the home may be written, and the workspace may. */
const proof = `! { : > "$PROVISO_PROBE"; } 2>/dev/null && ! { : > /usr/local/.proviso; } 2>/dev/null && [ -w . ]`;

/** The fault's message is the reason why commands are not confined here. */
export async function openSeatbelt(
  options: SandboxOptions,
  run: (launch: Launch, mark: string) => Promise<Result<void>>,
): Promise<Result<Confiner>> {
  if (!existsSync(seatbelt)) return fail("unavailable", `${seatbelt} is not there, so commands cannot be confined on this macOS`);
  const { wrapCommandWithSandboxMacOS } = await import("@anthropic-ai/sandbox-runtime/dist/sandbox/macos-sandbox-utils.js");
  const confiner = new Seatbelt(options, wrapCommandWithSandboxMacOS);
  const set = { PROVISO_PROBE: join(homeOf(options), ".proviso-probe") };
  const stood = await run(confiner.launch({ line: proof, cwd: options.root, mark: "probe", network: false, set }, usual(options)), "probe");
  return stood.ok ? ok(confiner) : fail("unavailable", `Seatbelt did not confine what it should: ${stood.fault.message}`);
}

/** What a command may touch. Absolute paths and patterns over them. */
interface Reach {
  readonly write: readonly string[];
  readonly frozen: readonly string[];
  readonly hidden: readonly string[];
  /** A folder in the place of the workspace. */
  readonly folder: string;
}

export class Seatbelt implements Confiner {
  readonly name = `Seatbelt (sandbox-runtime ${version})`;
  readonly copies = "link";
  readonly #options: SandboxOptions;
  readonly #wrap: Wrap;
  #jobs = 0;

  constructor(options: SandboxOptions, wrap: Wrap) {
    this.#options = options;
    this.#wrap = wrap;
  }

  async enter(command: Confined): ReturnType<Confiner["enter"]> {
    const protectable = checkProtectable(this.#options.root, [homeOf(this.#options), homedir()]);
    return protectable.ok ? ok({ launch: this.launch(command, usual(this.#options)), leave: async () => [] }) : protectable;
  }

  async enterRepository(command: Confined, { folders, access, frozen }: Opening): ReturnType<Confiner["enterRepository"]> {
    const { root } = this.#options;
    const write = access === "write" ? [root, ...folders] : [];
    return ok({ launch: this.launch(command, { write, frozen, hidden: [], folder: root }, folders), leave: async () => [] });
  }

  async enterCopies(): ReturnType<Confiner["enterCopies"]> {
    const { root } = this.#options;
    return ok((copy, _plan, command) => {
      const place = { ...command, cwd: join(copy, relative(root, command.cwd)) };
      return this.launch(place, { write: [copy], frozen: [], hidden: secretsIn(root), folder: copy });
    });
  }

  /** The loopback is the machine's own: it is opened for jobs, and for what runs beside them, while there are any. */
  async share(): Promise<() => void> {
    this.#jobs += 1;
    let held = true;
    return () => {
      if (held) this.#jobs -= 1;
      held = false;
    };
  }

  listens(): undefined {
    return undefined;
  }

  launch(command: Confined, reach: Reach, shown: readonly string[] = []): Launch {
    const { root, cache, env, pass, show, limits } = this.#options;
    const home = homeOf(this.#options);
    const [temp, own] = [join(cache, "tmp"), join(cache, "home")];
    for (const folder of [temp, own]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    const shell = findShell();
    const wrapped = this.#wrap({
      // the library names a folder for temporary files that is not ours
      command: `export TMPDIR=${quoted(temp)}\n${command.line}`,
      needsNetworkRestriction: !command.network,
      allowLocalBinding: this.#jobs > 0,
      readConfig: {
        denyOnly: [home, "/Users", "/Volumes", ...reach.hidden],
        allowWithinDeny: [root, reach.folder, temp, own, ...homeTools.map((name) => join(home, name)), ...show, ...shown],
      },
      writeConfig: { allowOnly: [...reach.write, temp, own], denyWithinAllow: [...reach.frozen] },
      binShell: shell,
    });
    const set = { ...command.set, [markName]: command.mark };
    const place = { shell, cwd: command.cwd, env: commandEnvironment({ from: env, home: own, temp, pass, set }) };
    return { ...plainLaunch({ line: `${wrapped} ${shell} "$@"`, words: command.words }, place, limits), sandboxed: true };
  }
}

const usual = ({ root }: SandboxOptions): Reach => ({ write: [root], frozen: obeyedIn(root), hidden: secretsIn(root), folder: root });

/** By pattern, so that what does not exist yet cannot come to be. */
function obeyedIn(root: string): string[] {
  const names = [...protectedFolders, ...protectedFiles, ...protectedPlainFiles, ...protectedTails];
  return [...names.flatMap((name) => [join(root, name), join(root, "**", name)]), join(root, "**", `*${protectedSuffix}`)];
}

const secretsIn = (root: string): string[] => secretPatterns.flatMap((name) => [join(root, name), join(root, "**", name)]);

const homeOf = ({ env }: SandboxOptions): string => env["HOME"] ?? homedir();

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
