// The VS Code harness of tools/vscode, typed for tests. Loaded from where it stands, because it finds VS Code beside itself and a bundle would move it.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { BrowserContext, LaunchOptions } from "@playwright/test";

export interface Server {
  readonly pid: number;
  readonly gone: Promise<number | string>;
  readonly authority: string;
  address(folder: string | undefined, payload?: readonly (readonly [string, string])[]): string;
  stop(): Promise<void>;
}

export interface Harness {
  makeHome(settings?: Readonly<Record<string, unknown>>): { readonly path: string; remove(): void };
  installVsix(home: string, vsix: string): void;
  startServer(options: {
    readonly home: string;
    readonly port?: number;
    readonly development?: boolean;
    readonly trust?: boolean;
    readonly env?: Readonly<Record<string, string>>;
  }): Promise<Server>;
  readonly chromiumOptions: LaunchOptions;
  onlyLoopback(context: BrowserContext): Promise<void>;
}

export const projectRoot = (): string => rootAbove(dirname(fileURLToPath(import.meta.url)));

export async function loadHarness(): Promise<Harness> {
  return (await import(pathToFileURL(join(projectRoot(), "tools/vscode/harness.mjs")).href)) as Harness;
}

const rootAbove = (folder: string): string => (existsSync(join(folder, "package.json")) ? folder : rootAbove(dirname(folder)));
