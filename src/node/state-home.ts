// Where Proviso keeps what it must not lose: outside every workspace, readable by its owner alone.
// <home>/workspaces/<name>-<hash of the real path>/{workspace.json, runs/…}

import { access, realpath } from "node:fs/promises";
import { basename, isAbsolute, join, resolve } from "node:path";
import { ok, type Result } from "../agent/result.ts";
import { sha256 } from "./digest.ts";
import { makeFolder, writeDurably } from "./durable.ts";
import { isMissing, refused } from "./errno.ts";

/** Folders and files of ours are for their owner alone: they hold prompts, output and before-images. */
export const privateFolder = 0o700;
export const privateFile = 0o600;

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** The user's home folder. */
  readonly home: string;
}

/** `$PROVISO_HOME`, else `$XDG_STATE_HOME/proviso`, else where the platform keeps such things. Nothing is touched. */
export function stateHome({ env, platform, home }: Surroundings): string {
  const { PROVISO_HOME: own, XDG_STATE_HOME: xdg, LOCALAPPDATA: local } = env;
  if (own) return resolve(own);
  // The XDG specification has relative paths ignored.
  if (xdg && isAbsolute(xdg)) return join(xdg, "proviso");
  if (platform === "win32") return join(local ?? join(home, "AppData", "Local"), "proviso");
  if (platform === "darwin") return join(home, "Library", "Application Support", "proviso");
  return join(home, ".local", "state", "proviso");
}

/** What Proviso keeps of one workspace. */
export interface WorkspaceHome {
  /** Absolute folder of ours. */
  readonly path: string;
  /** Absolute real path of the workspace itself. */
  readonly root: string;
  readonly runs: string;
}

/** The folder of ours that belongs to a workspace. Nothing is created; a missing workspace is a fault. */
export async function findWorkspaceHome(home: string, workspace: string): Promise<Result<WorkspaceHome>> {
  try {
    const root = await realpath(workspace);
    const name =
      basename(root)
        .replaceAll(/[^\w.-]+/g, "_")
        .slice(0, 40) || "root";
    const path = join(home, "workspaces", `${name}-${sha256(root).slice(0, 12)}`);
    return ok({ path, root, runs: join(path, "runs") });
  } catch (error) {
    return refused(`The workspace folder ${workspace} could not be opened`, error);
  }
}

/** The same, created where missing, with a note of which workspace it belongs to. */
export async function openWorkspaceHome(home: string, workspace: string): Promise<Result<WorkspaceHome>> {
  const found = await findWorkspaceHome(home, workspace);
  if (!found.ok) return found;
  try {
    await makeFolder(found.value.runs, privateFolder);
    await noteWorkspace(found.value);
    return found;
  } catch (error) {
    return refused(`Proviso's own folder ${found.value.path} could not be created`, error);
  }
}

async function noteWorkspace({ path, root }: WorkspaceHome): Promise<void> {
  const note = join(path, "workspace.json");
  try {
    await access(note);
  } catch (error) {
    if (!isMissing(error)) throw error;
    await writeDurably(note, `${JSON.stringify({ v: 1, root })}\n`, privateFile);
  }
}
