// The folder a command works on: named with --workspace or where the person stands, and what Proviso keeps of it.

import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { fail, type Result } from "../agent/result.ts";
import { codeOf, isMissing } from "../node/errno.ts";
import { findWorkspaceHome, openWorkspaceHome, stateHome, type WorkspaceHome } from "../node/state-home.ts";
import type { Io } from "./io.ts";

/** The folder of ours for everything that is not of one workspace. */
export const homeOf = ({ env }: Io): string => stateHome({ env, platform: process.platform, home: env["HOME"] ?? homedir() });

/** Where the workspace's runs are kept, created where missing. Faults: no such folder, a file, no permission. */
export const openWorkspace = (io: Io, folder: string | undefined): Promise<Result<WorkspaceHome>> => at(io, folder, openWorkspaceHome);

/** The same without creating anything: for commands that only look. */
export const findWorkspace = (io: Io, folder: string | undefined): Promise<Result<WorkspaceHome>> => at(io, folder, findWorkspaceHome);

async function at(io: Io, folder: string | undefined, open: typeof findWorkspaceHome): Promise<Result<WorkspaceHome>> {
  const path = resolve(io.cwd, folder ?? ".");
  const kind = await stat(path).then(
    (stats) => (stats.isDirectory() ? "folder" : "file"),
    (error: unknown) => (isMissing(error) ? "missing" : (codeOf(error) ?? "unknown")),
  );
  if (kind === "missing") return fail("missing", `There is no folder ${path}; name an existing one with --workspace.`);
  if (kind === "file" || kind === "ENOTDIR")
    return fail("invalid", `${path} is not a folder; name the folder to work in with --workspace.`);
  return open(homeOf(io), path);
}
