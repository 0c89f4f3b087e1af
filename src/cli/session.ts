// A run opened for the command line: what its flags, its settings and its terminal hand to the machine's adapters.

import { homedir } from "node:os";
import { join } from "node:path";
import { ok, type Result } from "../agent/result.ts";
import { tryEdits } from "../agent/tool/try-edits.ts";
import type { Live, Person } from "../agent/world.ts";
import { type OpenedRun, openRun } from "../node/open-run.ts";
import { modelKeys } from "../node/model-keys.ts";
import { type OpenRules, openRules, personalRulesPath } from "../node/policy.ts";
import { rulesEngine } from "../node/rules-engine.ts";
import type { RunFolder } from "../node/runs.ts";
import type { WorkspaceHome } from "../node/state-home.ts";
import type { Io } from "./io.ts";
import { type Chosen, connect } from "./model.ts";
import { homeOf } from "./workspace.ts";

export interface SessionParts {
  readonly io: Io;
  readonly home: WorkspaceHome;
  readonly folder: RunFolder;
  readonly chosen: Chosen;
  readonly person: Person;
  readonly watch: (live: Live) => void;
  /** Something a person should know of that is no event. */
  readonly onNotice: (text: string) => void;
}

export interface Session extends OpenedRun {
  readonly rules: OpenRules;
}

/** Faults: another process holds the run; its journal is damaged; the workspace is gone. */
export async function openSession({ io, chosen, onNotice, ...parts }: SessionParts): Promise<Result<Session>> {
  const rules = await openRules({ root: parts.home.root, personal: personalRulesPath(io.env, io.env["HOME"] ?? homedir()) });
  for (const problem of rules.problems()) onNotice(problem);
  const opened = await openRun({
    ...parts,
    env: io.env,
    cache: join(homeOf(io), "cache"),
    tools: chosen.choice.kind === "rules" ? [tryEdits] : [],
    rules,
    secrets: modelKeys(chosen.models),
    models: ({ state, clock }) => connect(chosen, { io, clock, rules: rulesEngine(), state, onNotice }),
  });
  return opened.ok ? ok({ ...opened.value, rules }) : opened;
}
