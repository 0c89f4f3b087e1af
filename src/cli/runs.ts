// proviso runs: the runs of a workspace, newest first.

import { spendText } from "../agent/observe/amount.ts";
import { fold } from "../agent/reduce.ts";
import { emptyState } from "../agent/state.ts";
import type { Event } from "../agent/event.ts";
import { readJournal } from "../node/journal.ts";
import { eventFormat } from "../node/journal/event-format.ts";
import { listRuns, type RunSummary } from "../node/runs.ts";
import { parseArguments, positive } from "./arguments.ts";
import { type Command, exit, type Help, jsonLine, refuse } from "./io.ts";
import { cells, cut } from "./view/cells.ts";
import { paint, type Style, styleFor } from "./view/style.ts";
import { visible } from "./view/visible.ts";
import { findWorkspace } from "./workspace.ts";

export const help: Help = `proviso runs [--last N]

The runs of a workspace, newest first: id, when, how it ended, what it cost, its goal.

  --last N           only the newest N (default 20)
  --json             one object per line: {id, goal, outcome, startedAt, lastAt, events, usd, unpriced, tokens, parent, pid}
  --workspace DIR    of which workspace (default: here)

Exit: 0, also where there are none.
`;

export const runs: Command = async (args, io) => {
  const parsed = parseArguments(args, { last: "value" }, 0);
  if (!parsed.ok) return refuse(io, parsed.fault, exit.usage);
  const { options } = parsed.value;
  if (options.help) {
    io.stdout.write(help);
    return exit.done;
  }
  const last = positive("last", options.last);
  if (!last.ok) return refuse(io, last.fault, exit.usage);
  const home = await findWorkspace(io, options.workspace);
  if (!home.ok) return refuse(io, home.fault, exit.usage);
  const listed = await listRuns(home.value);
  if (!listed.ok) return refuse(io, listed.fault);
  const shown = listed.value.slice(0, last.value ?? 20);
  const rows = await Promise.all(shown.map(rowOf));
  if (options.json) for (const row of rows) io.stdout.write(jsonLine(row.json));
  else if (rows.length === 0) io.stderr.write(`proviso: there is no run of ${home.value.root} yet; start one with "proviso run".\n`);
  else io.stdout.write(table(rows, styleFor(io.stdout, io.env)));
  const more = listed.value.length - shown.length;
  if (more > 0 && !options.json)
    io.stderr.write(`proviso: ${more} older ${more === 1 ? "run" : "runs"}; --last ${listed.value.length} shows all.\n`);
  return exit.done;
};

interface Row {
  readonly json: Record<string, unknown>;
  readonly columns: readonly [id: string, when: string, outcome: string, cost: string];
  readonly goal: string;
}

async function rowOf(summary: RunSummary): Promise<Row> {
  const { id, goal, status, startedAt, lastAt, events, parent, pid } = summary;
  const reading = await readJournal<Event>(summary.journal, eventFormat);
  const { spend } = reading.ok ? fold(reading.value.events) : emptyState;
  const tokens = spend.inputTokens + spend.outputTokens;
  const json = {
    id,
    goal,
    outcome: status,
    startedAt,
    lastAt,
    events,
    usd: spend.usd,
    unpriced: spend.unpriced,
    tokens,
    parent: parent ?? null,
    pid: pid ?? null,
  };
  const when = startedAt === 0 ? "" : new Date(startedAt).toISOString().slice(0, 16).replace("T", " ");
  return {
    json,
    columns: [id, when, status, status === "damaged" ? "" : (spendText(spend).split(" · ")[0] ?? "")],
    goal: visible(goal).split("\n")[0] ?? "",
  };
}

function table(rows: readonly Row[], style: Style): string {
  const widths = [0, 1, 2, 3].map((i) => Math.max(...rows.map(({ columns }) => cells(columns[i] ?? ""))));
  const lines = rows.map(({ columns, goal }) => {
    const head = columns.map((text, i) => text.padEnd(widths[i] ?? 0)).join("  ");
    const room = style.width === undefined ? goal.length : Math.max(10, style.width - cells(head) - 3);
    return `${paint("quiet", head, style)}  ${cut(goal, room)}`;
  });
  return `${lines.join("\n")}\n`;
}
