// Starts a launch and hands out its ends: the process, its output streams and the two descriptors it reports on.

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { Launch } from "./launch.ts";
import { closePipe, type PipeStore } from "./pipes.ts";

export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** JSON lines of the supervisor or the sandbox. */
  readonly status: Readable;
  /** One byte once all that confines the command stands. */
  readonly standing: Readable;
  /** Lets go of every stream, whoever still holds the other end. */
  destroy(): void;
}

/** Rejects with the system's error where the program cannot be started. */
export async function spawnLaunch(launch: Launch, pipes: PipeStore): Promise<Child> {
  const pair = await pipes.takePair();
  try {
    const output = pair === undefined ? ["pipe" as const, "pipe" as const] : pair.map((pipe) => pipe.write);
    const child = spawn(launch.file, launch.args, {
      cwd: launch.cwd,
      env: launch.env,
      detached: true,
      stdio: ["ignore", ...output, "pipe", "pipe", ...launch.feeds.map(() => "pipe" as const)],
    });
    if (child.pid === undefined) {
      throw await new Promise<Error>((resolve) => child.once("error", resolve));
    }
    for (const pipe of pair ?? []) closeSync(pipe.write);
    for (const [index, feed] of launch.feeds.entries()) feedInto(child, 5 + index, feed);
    const [stdout, stderr] =
      pair === undefined ? [child.stdout, child.stderr] : pair.map((pipe) => new Socket({ fd: pipe.read, writable: false }));
    return endsOf(child, child.pid, [stdout, stderr, child.stdio[3], child.stdio[4]]);
  } catch (error) {
    for (const pipe of pair ?? []) closePipe(pipe);
    throw error;
  }
}

function endsOf(child: ChildProcess, pid: number, streams: readonly unknown[]): Child {
  const [stdout, stderr, status, standing] = streams as readonly Readable[];
  if (!stdout || !stderr || !status || !standing) throw new Error("a child was started without all of its streams");
  const all = [stdout, stderr, status, standing];
  // a reader that is let go of while the other end still writes reports it; there is nobody to tell
  for (const stream of all) stream.on("error", () => undefined);
  child.on("error", () => undefined);
  return {
    process: child,
    pid,
    stdout,
    stderr,
    status,
    standing,
    destroy: () => {
      for (const stream of all) stream.destroy();
    },
  };
}

function feedInto(child: ChildProcess, descriptor: number, bytes: Uint8Array): void {
  const stream = child.stdio[descriptor];
  if (!stream || !("write" in stream)) throw new Error(`descriptor ${descriptor} of a child cannot be written`);
  // it may end before it has read everything; its exit tells more than this error would
  stream.on("error", () => undefined);
  stream.end(bytes);
}
