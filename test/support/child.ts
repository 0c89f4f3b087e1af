// Programs of the tests that must be processes of their own, because they are killed: built when first needed.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const built = new Map<string, Promise<string>>();

export interface Child {
  readonly process: ChildProcess;
  /** The next line it prints; undefined once it has ended. */
  line(): Promise<string | undefined>;
  /** Resolves when it is gone. */
  readonly ended: Promise<void>;
  kill(): Promise<void>;
}

/** Starts `test/support/<name>.ts` with the arguments. */
export async function startChild(name: string, args: readonly string[]): Promise<Child> {
  let program = built.get(name);
  if (program === undefined) {
    program = buildProgram(name);
    built.set(name, program);
  }
  const child = spawn(process.execPath, [await program, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    ended,
    line: async () => {
      const next = await lines.next();
      return next.done ? undefined : next.value;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function buildProgram(name: string): Promise<string> {
  const root = projectRoot(dirname(fileURLToPath(import.meta.url)));
  const outfile = join(root, "dist", "test-child", `${name}-${process.pid}.mjs`);
  process.once("exit", () => rmSync(outfile, { force: true }));
  await build({
    entryPoints: [join(root, "test", "support", `${name}.ts`)],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    logLevel: "warning",
  });
  return outfile;
}

function projectRoot(folder: string): string {
  return existsSync(join(folder, "package.json")) ? folder : projectRoot(dirname(folder));
}
