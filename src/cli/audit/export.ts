// `proviso audit export`: the audit for other programs. What does not verify is left out, and said.

import { documentOf, exportedEntries, firstProblem, formats } from "../../node/audit/table.ts";
import { safeJson } from "../../node/journal/chain.ts";
import { oneOf, parseArguments } from "../arguments.ts";
import { type Command, exit, refuse } from "../io.ts";
import { findWorkspace } from "../workspace.ts";
import { auditedRuns } from "../../node/audit/audited-runs.ts";

export const exportAudit: Command = async (args, io) => {
  const parsed = parseArguments(args, { format: "value" }, 1);
  if (!parsed.ok) return refuse(io, parsed.fault, exit.usage);
  const { options, operands } = parsed.value;
  const format = oneOf("format", options.format, formats);
  if (!format.ok) return refuse(io, format.fault, exit.usage);
  const home = await findWorkspace(io, options.workspace);
  if (!home.ok) return refuse(io, home.fault, exit.usage);
  const audited = await auditedRuns(home.value, operands[0]);
  if (!audited.ok) return refuse(io, audited.fault);
  const entries = audited.value.flatMap(exportedEntries);
  if (options.json && format.value === undefined) io.stdout.write(entries.map((entry) => `${safeJson(entry)}\n`).join(""));
  else io.stdout.write(documentOf(entries, format.value ?? "json"));
  const problem = firstProblem(audited.value);
  return problem === undefined ? exit.done : refuse(io, { message: `${problem} "proviso audit verify" tells more.` });
};
