// A network of loopback alone that several sandboxes share, so that a command can talk to a job that runs beside it. Held by a process
// that only sleeps and dies with us; nothing of the host's network is in it, and a sandbox in it is confined as any other.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { Launch } from "../shell/launch.ts";
import { textOrNothing } from "../shell/look.ts";

const nsenter = "/usr/bin/nsenter";
const standMs = 2000;

export class Loopback {
  readonly #holder: ChildProcess;
  readonly #pid: number;

  private constructor(holder: ChildProcess, pid: number) {
    this.#holder = holder;
    this.#pid = pid;
  }

  /** Undefined where it cannot be had; sandboxes then have a loopback each. */
  static async open(bwrap: string): Promise<Loopback | undefined> {
    if (!existsSync(nsenter)) return undefined;
    const hold = ["/bin/sh", "-c", "echo +; exec sleep 2147483647"];
    const holder = spawn(
      bwrap,
      [
        "--unshare-user",
        "--unshare-net",
        "--die-with-parent",
        "--cap-drop",
        "ALL",
        "--ro-bind",
        "/",
        "/",
        "--json-status-fd",
        "3",
        "--",
        ...hold,
      ],
      { stdio: ["ignore", "pipe", "ignore", "pipe"], env: { PATH: "/usr/bin:/bin" }, cwd: "/" },
    );
    const stands = await new Promise<boolean>((resolve) => {
      const late = setTimeout(() => resolve(false), standMs);
      const settle = (answer: boolean) => (): void => {
        clearTimeout(late);
        resolve(answer);
      };
      holder.once("error", settle(false));
      holder.once("exit", settle(false));
      holder.stdout?.once("data", settle(true));
    });
    const status = holder.stdio[3];
    const told: unknown = stands && status && "read" in status ? status.read() : undefined;
    const pid = Number(/"child-pid": (\d+)/.exec(String(told))?.[1]);
    for (const stream of [holder.stdout, status]) stream?.destroy();
    if (pid > 0) return new Loopback(holder, pid);
    holder.kill("SIGKILL");
    return undefined;
  }

  /** The same launch, begun in this network; bubblewrap must not be told to make another. */
  enter(launch: Launch): Launch {
    const words = ["--preserve-credentials", "--user", "--net", `--target=${this.#pid}`, "--", launch.file, ...launch.args];
    return { ...launch, file: nsenter, args: words };
  }

  /** Whether anything in it listens on the TCP port. */
  listens(port: number): boolean {
    const tables = [`/proc/${this.#pid}/net/tcp`, `/proc/${this.#pid}/net/tcp6`].map(textOrNothing).join("\n");
    const wanted = port.toString(16).toUpperCase().padStart(4, "0");
    return new RegExp(`^ *\\d+: [0-9A-F]+:${wanted} [0-9A-F]+:0000 0A `, "m").test(tables);
  }

  close(): void {
    this.#holder.kill("SIGKILL");
  }
}

/** The one shared loopback: there from the first who holds it to the last who lets go, those who merely joined included. */
export class Common {
  readonly #make: () => Promise<Loopback | undefined>;
  #standing: Loopback | undefined;
  #making: Promise<void> | undefined;
  #users = 0;

  constructor(make: () => Promise<Loopback | undefined>) {
    this.#make = make;
  }

  /** Answers how to let go. Where no loopback can be had nothing is shared, and nothing else changes. */
  async hold(): Promise<() => void> {
    this.#users += 1;
    this.#making ??= this.#make().then((made) => void (this.#standing = made));
    await this.#making;
    return this.#releaser();
  }

  /** For a command that starts while it stands. */
  join(): { readonly loopback: Loopback; readonly release: () => void } | undefined {
    if (!this.#standing) return undefined;
    this.#users += 1;
    return { loopback: this.#standing, release: this.#releaser() };
  }

  listens(port: number): boolean | undefined {
    return this.#standing?.listens(port);
  }

  #releaser(): () => void {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#users -= 1;
      if (this.#users > 0) return;
      this.#standing?.close();
      this.#standing = undefined;
      this.#making = undefined;
    };
  }
}
