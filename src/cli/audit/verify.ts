// `proviso audit verify`: one answer per run, and where something is wrong the first bad line.

import { count } from "../../agent/observe/amount.ts";
import { line } from "../../agent/observe/line.ts";
import type { AuditedRun } from "../../node/audit/auditor.ts";
import { parseArguments } from "../arguments.ts";
import { type Command, exit, jsonLine, refuse } from "../io.ts";
import { render } from "../view/render.ts";
import { styleFor } from "../view/style.ts";
import { findWorkspace } from "../workspace.ts";
import { auditedRuns } from "../../node/audit/audited-runs.ts";

export const verify: Command = async (args, io) => {
  const parsed = parseArguments(args, { head: "value" }, 1);
  if (!parsed.ok) return refuse(io, parsed.fault, exit.usage);
  const { options, operands } = parsed.value;
  const { head } = options;
  if (head !== undefined && (operands[0] === undefined || !/^[0-9a-f]{8,64}$/.test(head)))
    return refuse(io, { message: "--head takes a digest that verify told before, and needs the RUN that it belongs to." }, exit.usage);
  const home = await findWorkspace(io, options.workspace);
  if (!home.ok) return refuse(io, home.fault, exit.usage);
  const audited = await auditedRuns(home.value, operands[0]);
  if (!audited.ok) return refuse(io, audited.fault);
  const runs = audited.value.map((run) => withHead(run, head));
  if (runs.length === 0) io.stderr.write(`proviso: there is no run of ${home.value.root} yet; start one with "proviso run".\n`);
  for (const { run, lines, head: end, problems, notes } of runs) {
    if (options.json) io.stdout.write(jsonLine({ run, ok: problems.length === 0, lines, head: end, problems, notes }));
    else
      for (const row of render(told({ run, lines, head: end, problems, notes }), styleFor(io.stdout, io.env))) io.stdout.write(`${row}\n`);
  }
  return runs.every(({ problems }) => problems.length === 0) ? exit.done : exit.failed;
};

type Told = Omit<AuditedRun, "reading">;

/** A digest kept elsewhere must be that of one of its lines. */
function withHead(run: AuditedRun, head: string | undefined): AuditedRun {
  if (head === undefined || run.reading.chain.digests.some((digest) => digest.startsWith(head))) return run;
  return { ...run, problems: [...run.problems, { line: run.lines, what: `is the last, and none up to it has the digest ${head}` }] };
}

const told = ({ run, lines, head, problems, notes }: Told) => {
  const [first, ...more] = problems;
  const verdict =
    first === undefined ? line(0, ["strong", run], `  ok, ${count(lines, "line")}`, ["quiet", `  ends in ${head}`]) : undefined;
  return [
    verdict ?? line(0, ["strong", run], "  ", ["failed", `line ${first?.line} ${first?.what}`]),
    ...more.map((problem) => line(1, `line ${problem.line} ${problem.what}`)),
    ...notes.map((note) => line(1, ["quiet", note])),
  ];
};
