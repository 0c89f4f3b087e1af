// What `proviso exec` is made of: the workspace's policy and a shell whose traces lie where no run would look for its own.

import { randomUUID } from "node:crypto";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { judge } from "../../agent/policy/judge.ts";
import { prepare } from "../../agent/policy/prepare.ts";
import type { Decision } from "../../agent/policy/rules.ts";
import { ok, type Result } from "../../agent/result.ts";
import { runCommand } from "../../agent/tool/command.ts";
import type { Shell } from "../../agent/world.ts";
import { openFiles } from "../../node/files.ts";
import { openRules, personalRulesPath } from "../../node/policy.ts";
import { openShell } from "../../node/shell.ts";
import type { Io } from "../io.ts";
import { findWorkspace, homeOf } from "../workspace.ts";

export interface ExecParts {
  /** Real path of the workspace. */
  readonly root: string;
  readonly shell: Shell;
  /** Judges the line as the same tool call of an agent would be. `cwd` is absolute. */
  readonly judge: (line: string, cwd: string) => Promise<Decision>;
}

/** Faults: no such workspace. */
export async function openExec(workspace: string | undefined, io: Io): Promise<Result<ExecParts>> {
  const found = await findWorkspace(io, workspace);
  if (!found.ok) return found;
  const { root } = found.value;
  const files = await openFiles(root);
  if (!files.ok) return files;
  const home = homeOf(io);
  const own = join(tmpdir(), `proviso-exec-${randomUUID()}`);
  const places = { spill: own, pids: join(home, "exec"), cache: join(home, "cache") };
  const shell = await openShell({ workspace: root, ...places, env: io.env, confine: "where possible" });
  const rules = await openRules({ root, personal: personalRulesPath(io.env, io.env["HOME"] ?? homedir()) });
  for (const problem of rules.problems()) io.stderr.write(`proviso: ${problem}\n`);
  const ground = { root, locate: (path: string) => files.value.locate(path), home: io.env["HOME"] ?? homedir() };
  return ok({
    root,
    shell,
    judge: async (line, cwd) => {
      const risk = runCommand.risk({ line, cwd });
      const question = { tool: runCommand.name, risk, mode: "supervised", tainted: false, sandboxed: shell.sandbox.active };
      const { subject } = await prepare(question, ground);
      return judge(rules.policy(), subject);
    },
  });
}
