// The measuring end of probe.ts: packs it as an extension and asks it questions about the extension host it runs in.

import { readdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createVSIX } from "@vscode/vsce";
import { build } from "esbuild";

export interface HostUsage {
  /** The longest time the host could do nothing else, and the processor time it used, since the last reset. */
  readonly longestMs: number;
  readonly cpuMs: number;
}
export interface HostMemory {
  readonly heapMb: number;
  readonly rssMb: number;
}
export interface Activation {
  readonly loadMs: number;
  readonly activateMs: number;
}

/** Packs the probe below the folder and answers its package. */
export async function packProbe(root: string, folder: string): Promise<string> {
  const cwd = join(folder, "probe");
  await build({
    entryPoints: [join(root, "bench/probe.ts")],
    outfile: join(cwd, "probe.cjs"),
    bundle: true,
    platform: "node",
    format: "cjs",
  });
  const manifest = {
    name: "probe",
    publisher: "proviso",
    version: "0.0.1",
    description: "Answers what the extension host it runs in costs.",
    engines: { vscode: "^1.104.0" },
    main: "./probe.cjs",
    activationEvents: ["*"],
    extensionKind: ["workspace"],
  };
  writeFileSync(join(cwd, "package.json"), JSON.stringify(manifest));
  const packed = join(folder, "probe.vsix");
  await createVSIX({
    cwd,
    packagePath: packed,
    dependencies: false,
    allowMissingRepository: true,
    skipLicense: true,
    allowStarActivation: true,
  });
  return packed;
}

export class HostProbe {
  readonly #ask: (question: string) => Promise<unknown>;
  readonly close: () => void;

  /** Waits for an extension host whose probe has not been spoken with. */
  static async next(folder: string, known: Set<string>): Promise<HostProbe> {
    for (;;) {
      const found = readdirSync(folder).find((name) => name.endsWith(".sock") && !known.has(name));
      if (found !== undefined) {
        known.add(found);
        return new HostProbe(join(folder, found));
      }
      await pause(50);
    }
  }

  private constructor(path: string) {
    const socket = connect(path);
    const waiting: ((line: string) => void)[] = [];
    createInterface({ input: socket }).on("line", (line) => waiting.shift()?.(line));
    this.#ask = (question) =>
      new Promise((resolve) => {
        waiting.push((line) => resolve(JSON.parse(line)));
        socket.write(`${question}\n`);
      });
    this.close = () => socket.destroy();
  }

  /** What VS Code itself noted of the extension's start; waits for it. */
  async activation(extension: string): Promise<Activation> {
    for (;;) {
      const marks = (await this.#ask("marks")) as readonly { readonly name: string; readonly startTime: number }[];
      const at = (name: string): number => marks.find((mark) => mark.name === `code/extHost/${name}/${extension}`)?.startTime ?? Number.NaN;
      const loadMs = at("didLoadExtensionCode") - at("willLoadExtensionCode");
      const activateMs = at("didActivateExtension") - at("willActivateExtension");
      if (!Number.isNaN(activateMs)) return { loadMs, activateMs };
      await pause(100);
    }
  }

  async reset(): Promise<void> {
    await this.#ask("reset");
  }

  usage = async (): Promise<HostUsage> => (await this.#ask("usage")) as HostUsage;

  memory = async (): Promise<HostMemory> => (await this.#ask("memory")) as HostMemory;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
