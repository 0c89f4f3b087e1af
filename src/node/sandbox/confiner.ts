// What confines commands, whatever the platform: bubblewrap on Linux, Seatbelt on macOS. A command is confined by the launch it gets;
// where a launch cannot be had that is a fault, and the command does not run.

import type { Result } from "../../agent/result.ts";
import type { Disturbance } from "../../agent/world.ts";
import type { CopyPlan } from "../shell/copy.ts";
import type { Launch, Script } from "../shell/launch.ts";
import type { Opening } from "./ground.ts";

export interface Confiner {
  /** Name and version, for people. */
  readonly name: string;
  /** Whether a private copy takes the workspace's place, or is a folder of its own that packages are linked into. */
  readonly copies: "mount" | "link";
  /** A fault where this workspace cannot be protected. The caller must `leave` in any case once it has entered. */
  enter(command: Confined, signal: AbortSignal): Promise<Result<Visit>>;
  /** For git, which is told by us what to do. */
  enterRepository(command: Confined, opening: Opening): Promise<Result<Visit>>;
  /** How to start commands in private copies. */
  enterCopies(signal: AbortSignal): Promise<Result<CopyDoor>>;
  /** What was seen of the machine no longer fits: whoever enters next has it looked at anew. */
  forget?(): void;
  /** From now until what it answers is called, commands without the network share one loopback. */
  share(): Promise<() => void>;
  /** Whether anything listens in the shared loopback; undefined where that is the machine's own. */
  listens(port: number): boolean | undefined;
}

export interface Confined extends Script {
  /** Real path inside the workspace. */
  readonly cwd: string;
  readonly mark: string;
  readonly network: boolean;
  readonly set: Readonly<Record<string, string>>;
}

/** A command in the sandbox: how to start it, and what to do once nothing of it runs any more. */
export interface Visit {
  readonly launch: Launch;
  leave(): Promise<readonly Disturbance[]>;
}

export type CopyDoor = (copy: string, plan: CopyPlan, command: Confined) => Launch;
