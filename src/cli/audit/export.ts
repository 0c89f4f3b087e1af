// `proviso audit export`: the audit for other programs. What does not verify is left out, and said.

import { csvHeader, csvRow, exportedEntries } from "../../node/audit/table.ts";
import { safeJson } from "../../node/journal/chain.ts";
import { oneOf, parseArguments } from "../arguments.ts";
import { type Command, exit, refuse } from "../io.ts";
import { findWorkspace } from "../workspace.ts";
import { auditedRuns } from "./chosen.ts";

export const exportAudit: Command = async (args, io) => {
  const parsed = parseArguments(args, { format: "value" }, 1);
  if (!parsed.ok) return refuse(io, parsed.fault, exit.usage);
  const { options, operands } = parsed.value;
  const format = oneOf("format", options.format, ["json", "csv"]);
  if (!format.ok) return refuse(io, format.fault, exit.usage);
  const home = await findWorkspace(io, options.workspace);
  if (!home.ok) return refuse(io, home.fault, exit.usage);
  const audited = await auditedRuns(home.value, operands[0]);
  if (!audited.ok) return refuse(io, audited.fault);
  const entries = audited.value.flatMap(exportedEntries);
  if (format.value === "csv") io.stdout.write(csvHeader + entries.map(csvRow).join(""));
  else if (options.json) io.stdout.write(entries.map((entry) => `${safeJson(entry)}\n`).join(""));
  else io.stdout.write(`[${entries.map((entry) => `\n${safeJson(entry)}`).join(",")}\n]\n`);
  const [bad] = audited.value.filter(({ problems }) => problems.length > 0);
  const [problem] = bad?.problems ?? [];
  if (bad === undefined || problem === undefined) return exit.done;
  return refuse(io, {
    message: `Run ${bad.run} does not verify: line ${problem.line} ${problem.what}; "proviso audit verify" tells more.`,
  });
};
