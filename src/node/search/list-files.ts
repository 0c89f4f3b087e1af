// Every file of a workspace that is meant to be seen, by name alone: ignore rules as in a search. ripgrep lists them where there is one,
// a walk where there is none.

import { spawn } from "node:child_process";
import { sep } from "node:path";
import { walk } from "../files/walk.ts";
import { whatIsSeen } from "./ripgrep.ts";

/** At most `most` paths, relative with forward slashes, in no order. Rejects with the signal's reason once it has aborted. */
export async function listFiles(root: string, ripgrep: string | undefined, most: number, signal: AbortSignal): Promise<readonly string[]> {
  signal.throwIfAborted();
  const listed = ripgrep === undefined ? undefined : await listByRipgrep(ripgrep, root, most, signal);
  return listed ?? listByWalk(root, most, signal);
}

/** Undefined where this ripgrep cannot be used. */
function listByRipgrep(program: string, root: string, most: number, signal: AbortSignal): Promise<readonly string[] | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ["--files", "--null", ...whatIsSeen], {
      cwd: root,
      stdio: ["ignore", "pipe", "ignore"],
      windowsHide: true,
    });
    const paths: string[] = [];
    let rest = "";
    const cancel = (): void => {
      child.kill("SIGKILL");
      reject(signal.reason);
    };
    signal.addEventListener("abort", cancel, { once: true });
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      const ended = (rest + chunk).split("\0");
      rest = ended.pop() ?? "";
      for (const path of ended) paths.push(path.split(sep).join("/").replace(/^\.\//, ""));
      if (paths.length >= most) child.kill("SIGKILL");
    });
    child.once("error", () => {
      signal.removeEventListener("abort", cancel);
      resolve(undefined);
    });
    child.once("close", (exit) => {
      signal.removeEventListener("abort", cancel);
      // 1: there are none; 2: some folder could not be read, or a flag is not known.
      resolve(exit === 2 && paths.length === 0 ? undefined : paths.slice(0, most));
    });
  });
}

async function listByWalk(root: string, most: number, signal: AbortSignal): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const { path, kind } of walk(root, "", Number.POSITIVE_INFINITY, signal)) {
    if (kind === "file") paths.push(path);
    if (paths.length >= most) break;
  }
  return paths;
}
