// A real repository for the git tools: made by git itself, with a person's own settings beside it, and a world that works on it.

import { execFileSync } from "node:child_process";
import type { World } from "../../src/agent/world.ts";
import { createGit } from "../../src/node/git.ts";
import { openShell } from "../../src/node/shell.ts";
import { Scratch } from "./scratch.ts";
import { toolWorld } from "./tool-world.ts";

export class TestRepository {
  readonly scratch = new Scratch();
  readonly #env: Readonly<Record<string, string | undefined>>;

  constructor(files: Readonly<Record<string, string>>) {
    this.scratch.with({ "home/.gitconfig": "[user]\n  name = Ada\n  email = ada@example.invalid\n[init]\n  defaultBranch = main\n" });
    this.#env = { PATH: process.env["PATH"], HOME: this.scratch.at("home"), GIT_CONFIG_NOSYSTEM: "1" };
    this.write(files);
    this.git("init", "--quiet");
    this.git("add", ".");
    this.git("commit", "--quiet", "-m", "first");
  }

  get folder(): string {
    return this.scratch.at("home", "work");
  }

  at(...names: readonly string[]): string {
    return this.scratch.at("home", "work", ...names);
  }

  write(files: Readonly<Record<string, string>>): void {
    this.scratch.with(Object.fromEntries(Object.entries(files).map(([name, text]) => [`home/work/${name}`, text])));
  }

  /** Git as a person runs it, hooks and all; answers what it says. */
  git(...args: readonly string[]): string {
    return this.gitIn(this.folder, ...args);
  }

  gitIn(cwd: string, ...args: readonly string[]): string {
    return execFileSync("git", [...args], { cwd, env: this.#env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }

  /** A world whose git works in the folder, confined or not. */
  async world(confine: "where possible" | "never", folder = this.folder): Promise<World> {
    const at = (name: string): string => this.scratch.at(name);
    const env = this.#env;
    const shell = await openShell({ workspace: folder, spill: at("spill"), pids: at("pids"), cache: at("cache"), env, confine });
    return { ...(await toolWorld(folder)), shell, git: createGit({ shell, root: folder, env }) };
  }
}
