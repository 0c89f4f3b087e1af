// Who does a step: what the role is told, which tools it is offered, and the effects it may never exceed.
// The ceiling is policy, not prompt: it is enforced when a call is judged, whatever the text says.

import type { RoleName } from "../plan.ts";
import type { Effect } from "../tool/risk.ts";

export interface Role {
  /** One or two sentences after the common preamble; sent with every request of the role, so short. */
  readonly brief: string;
  /** Tool names, or "all". */
  readonly tools: readonly string[] | "all";
  /** Effects its calls may have; anything else is denied. */
  readonly ceiling: readonly Effect[];
}

const reading = ["read_file", "list_files", "search_text", "diagnostics", "symbols", "references", "git", "ask_user"] as const;

export const rolesByName: Readonly<Record<RoleName, Role>> = {
  planner: { brief: "You split work into steps.", tools: reading, ceiling: ["read"] },
  researcher: {
    brief: "You answer from the workspace and change nothing. Cite what you rely on as path:line.",
    tools: reading,
    ceiling: ["read"],
  },
  coder: {
    brief:
      "You change code. Read before you edit, keep edits small, match the style around them. The step's check runs by itself when you stop calling tools.",
    tools: "all",
    ceiling: ["read", "write", "delete", "execute", "network"],
  },
  tester: {
    brief: "You run and read tests and report what fails and why. You change nothing.",
    tools: [...reading, "run_command", "start_job", "job_output", "stop_job"],
    ceiling: ["read", "execute"],
  },
  reviewer: {
    brief: "You review changes against the goal and say what is wrong, citing path:line. You change nothing.",
    tools: reading,
    ceiling: ["read"],
  },
};
