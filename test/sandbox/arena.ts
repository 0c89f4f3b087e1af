// The scene of one attempt: a home with secrets, a folder outside with a file that must stay as it is, a workspace, and
// a place for what the host records. Made from a template for each attempt, and taken down with every process it started.

import { execFileSync, type ChildProcess, spawn } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface Arena {
  readonly path: string;
  readonly home: string;
  readonly workspace: string;
  readonly outside: string;
  readonly state: string;
  readonly canary: string;
  readonly tcp: number;
  readonly udp: number;
  victim?: ChildProcess;
}

const secretFiles = [
  ".ssh/id_ed25519",
  ".config/gh/hosts.yml",
  ".npmrc",
  ".cargo/credentials.toml",
  ".kube/config",
  ".docker/config.json",
  ".mozilla/firefox/p/cookies.sqlite",
  ".config/Code/User/globalStorage/state.vscdb",
  ".aws/credentials",
  ".gnupg/private-keys-v1.d/key",
  ".bash_history",
  ".netrc",
  "project/.env",
  "project/packages/app/.env.local",
];

/** Made once; every arena is a copy of it. */
export function makeTemplate(canary: string): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "proviso-arena-")));
  const put = (name: string, text: string): void => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  };
  for (const file of secretFiles) put(`home/${file}`, `KEY=SECRET-${canary}\n`);
  put("home/outside/victim.txt", "ORIGINAL\n");
  put("home/project/src/a.js", "export const a = 1;\n");
  put("home/project/.vscode/settings.json", "{}\n");
  for (const folder of ["home/.local/bin", "state"]) mkdirSync(join(path, folder), { recursive: true });
  chmodSync(join(path, "home/.ssh"), 0o700);
  const workspace = join(path, "home/project");
  const git = (...args: readonly string[]): void =>
    void execFileSync("git", ["-C", workspace, ...args], { env: gitEnvironment(path), stdio: "ignore" });
  git("init", "-q");
  git("config", "user.email", "a@b.invalid");
  git("config", "user.name", "n");
  git("add", "src");
  git("commit", "-qm", "first");
  rmSync(join(workspace, ".git/hooks"), { recursive: true, force: true });
  mkdirSync(join(workspace, ".git/hooks"));
  return path;
}

export function openArena(template: string, name: string, canary: string, port: number): Arena {
  const path = `${template}-${name}`;
  cpSync(template, path, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  const home = join(path, "home");
  return {
    path,
    home,
    workspace: join(home, "project"),
    outside: join(home, "outside"),
    state: join(path, "state"),
    canary,
    tcp: port,
    udp: port,
  };
}

/** A process of the host that an attempt is aimed at: ours, or that of a user who may not even enter the arena. */
export function startVictim(arena: Arena, user: number | undefined): void {
  const words = ["-c", `${user === undefined ? "exec 9< .ssh/id_ed25519; " : ""}exec -a victim-${arena.canary} sleep 300`];
  arena.victim = spawn("/bin/bash", words, {
    cwd: user === undefined ? arena.home : "/",
    detached: true,
    ...(user === undefined ? {} : { uid: user, gid: user }),
    stdio: "ignore",
    env: { PATH: "/usr/bin:/bin", SECRET: `SECRET-${arena.canary}` },
  });
}

export function closeArena(arena: Arena): void {
  const pids = existsSync(join(arena.state, "pids")) ? readFileSync(join(arena.state, "pids"), "utf8").split("\n").map(Number) : [];
  for (const pid of [arena.victim?.pid ?? 0, ...pids].filter((each) => each > 1)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // it is gone already
    }
  }
  const cleanup = join(arena.state, "cleanup");
  if (existsSync(cleanup)) execFileSync("/bin/bash", [cleanup]);
  rmSync(arena.path, { recursive: true, force: true });
}

/** Puts the arena's values into a text of the corpus. */
export function fill(arena: Arena, text: string): string {
  const values: Readonly<Record<string, string>> = {
    WS: arena.workspace,
    HOME: arena.home,
    OUT: arena.outside,
    STATE: arena.state,
    CANARY: arena.canary,
    VICTIM: String(arena.victim?.pid ?? 0),
    TCP: String(arena.tcp),
    UDP: String(arena.udp),
    SAID: join(arena.state, "said"),
    SHOWN: join(arena.state, "shown"),
    RESULT: join(arena.state, "result"),
    AUDIT: join(arena.state, "audit"),
    MS: existsSync(join(arena.state, "ms")) ? readFileSync(join(arena.state, "ms"), "utf8") : "0",
  };
  return text.replace(/@([A-Z]+)@/g, (whole, name: string) => values[name] ?? whole);
}

/** For git on the host's side: nobody's configuration but the arena's. */
export function gitEnvironment(path: string): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", HOME: join(path, "home"), GIT_CONFIG_NOSYSTEM: "1", LANG: "C.UTF-8" };
}
