// The runs an audit is about: one that is named, or all of the workspace, oldest first.

import { type AuditedRun, Auditor } from "./auditor.ts";
import { ok, type Result } from "../../agent/result.ts";
import { findRun, listRuns, type RunFolder } from "../runs.ts";
import type { WorkspaceHome } from "../state-home.ts";

/** Faults: no such run, a journal that cannot be read at all. */
export async function auditedRuns(home: WorkspaceHome, name: string | undefined): Promise<Result<readonly AuditedRun[]>> {
  const folders = name === undefined ? await allRuns(home) : await oneRun(home, name);
  if (!folders.ok) return folders;
  const auditor = new Auditor(home);
  const audited: AuditedRun[] = [];
  for (const folder of folders.value) {
    const run = await auditor.verify(folder);
    if (!run.ok) return run;
    audited.push(run.value);
  }
  return ok(audited);
}

async function allRuns(home: WorkspaceHome): Promise<Result<readonly RunFolder[]>> {
  const listed = await listRuns(home);
  return listed.ok ? ok(listed.value.toReversed()) : listed;
}

async function oneRun(home: WorkspaceHome, name: string): Promise<Result<readonly RunFolder[]>> {
  const found = await findRun(home, name);
  return found.ok ? ok([found.value]) : found;
}
