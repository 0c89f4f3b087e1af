// Which tools a step's model is offered: those of its role, and those for jobs once there are any.

import type { ToolSpec } from "../model/ask.ts";
import type { RoleName } from "../plan.ts";
import { rolesByName } from "../role/roles.ts";
import type { RunState } from "../state.ts";
import type { Catalog } from "./catalog.ts";
import { needsJob } from "./jobs.ts";

export const offeredTools = ({ jobs }: Pick<RunState, "jobs">, catalog: Pick<Catalog, "specs">, role: RoleName): readonly ToolSpec[] =>
  catalog.specs(rolesByName[role].tools).filter(({ name }) => jobs.length > 0 || !needsJob.includes(name));
