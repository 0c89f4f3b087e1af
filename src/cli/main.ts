// The command line's composition root: the real process, its streams and signals around one subcommand. Nothing else may touch them.
// A first interrupt asks the command to end well; a second one does not wait.

import { dispatch } from "./commands.ts";
import { exit, type Io } from "./io.ts";

void start();

async function start(): Promise<void> {
  const stop = new AbortController();
  const cwd = whereabouts();
  if (cwd === undefined) {
    process.stderr.write("proviso: The folder you are in does not exist any more; change to another one.\n");
    process.exit(exit.usage);
  }
  const io: Io = {
    // Opening it is felt in the start, and most commands never read it.
    get stdin() {
      return watched(process.stdin);
    },
    stdout: process.stdout,
    stderr: process.stderr,
    cwd,
    env: process.env,
    interrupt: () => interrupt(),
    suspend,
  };
  const interrupt = (): void => {
    if (stop.signal.aborted) process.exit(exit.cancelled);
    stop.abort(new DOMException("interrupted", "AbortError"));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupt);
  // Who read our output has gone, or the terminal itself: nobody waits for the rest, but the run must end well.
  const lost = (error: NodeJS.ErrnoException): void => {
    if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
    if (!stop.signal.aborted) interrupt();
  };
  const watched = <Stream extends NodeJS.EventEmitter>(stream: Stream): Stream => {
    if (!stream.listeners("error").includes(lost)) stream.on("error", lost);
    return stream;
  };
  watched(process.stdout);
  watched(process.stderr);
  const code = await run(io, stop.signal);
  await Promise.all([drained(process.stdout), drained(process.stderr)]);
  process.exit(code);
}

async function run(io: Io, signal: AbortSignal): Promise<number> {
  try {
    return await dispatch(process.argv.slice(2), io, signal);
  } catch (error) {
    if (signal.aborted) return exit.cancelled;
    io.stderr.write(
      `proviso: this is a fault of Proviso itself: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return exit.failed;
  }
}

/** Stops the whole job as a terminal does it. The wait is short, but while everything stands still it does not pass. */
async function suspend(): Promise<void> {
  process.kill(0, "SIGTSTP");
  await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Undefined where the folder was deleted: it has no name then, and a remembered one may belong to another by now. */
function whereabouts(): string | undefined {
  try {
    return process.cwd();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** What was written may still wait in the pipe, and would be lost with the process. */
function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => (stream.writable ? stream.write("", () => resolve()) : resolve()));
}
