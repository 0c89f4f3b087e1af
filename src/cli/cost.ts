// proviso cost: what models cost, of one run by request, step, role and model, or of a day over all runs.

import type { Spend } from "../agent/approval.ts";
import { count, duration, money, spendText, tokens } from "../agent/observe/amount.ts";
import { costOf } from "../agent/observe/cost.ts";
import { type Line, line } from "../agent/observe/line.ts";
import { fail, ok, type Result } from "../agent/result.ts";
import { type DayEntry, dayOf } from "../node/day-book.ts";
import { parseArguments } from "./arguments.ts";
import { type Command, exit, type Help, type Io, jsonLine, refuse } from "./io.ts";
import { dayBook } from "./model.ts";
import { readRun } from "./reading.ts";
import { render } from "./view/render.ts";
import { styleFor } from "./view/style.ts";
import { findWorkspace } from "./workspace.ts";

export const help: Help = `proviso cost [RUN] [options]

What models cost. With RUN (its id, or the beginning or end of it; "latest" for the last one) every request of it, and the sums by step,
role, purpose and model. Without, a day over all runs of all workspaces. What has no known price is said to have none.

  --day YYYY-MM-DD   which day (default: today)
  --json             one object per request; the last line is {total, by}
  --workspace DIR    of which workspace the run is (default: here)

Exit: 0; 1 where there is no such run.
`;

export const cost: Command = async (args, io) => {
  const parsed = parseArguments(args, { day: "value" }, 1);
  if (!parsed.ok) return refuse(io, parsed.fault, exit.usage);
  const { options, operands } = parsed.value;
  if (options.help) {
    io.stdout.write(help);
    return exit.done;
  }
  const [run] = operands;
  if (run !== undefined && options.day !== undefined)
    return refuse(io, { message: "Choose a run or a day; a run's cost is all of it." }, exit.usage);
  if (options.day !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(options.day))
    return refuse(io, { message: `--day takes a day like ${dayOf(Date.now())}, not "${options.day}".` }, exit.usage);
  const told = run === undefined ? await ofDay(io, options.day ?? dayOf(Date.now())) : await ofRun(io, run, options.workspace);
  if (!told.ok) return refuse(io, told.fault, told.fault.kind === "invalid" ? exit.usage : exit.failed);
  const { lines, values } = told.value;
  if (options.json) for (const value of values) io.stdout.write(jsonLine(value));
  else for (const row of render(lines, styleFor(io.stdout, io.env))) io.stdout.write(`${row}\n`);
  return exit.done;
};

interface Told {
  readonly lines: readonly Line[];
  readonly values: readonly unknown[];
}

async function ofRun(io: Io, run: string, workspace: string | undefined): Promise<Result<Told>> {
  const home = await findWorkspace(io, workspace);
  if (!home.ok) return fail("invalid", home.fault.message);
  const read = await readRun(home.value, run === "latest" ? undefined : run);
  if (!read.ok) return read;
  const { lines: requests, total, by } = costOf(read.value.events);
  const rows = requests.map((one) =>
    line(
      1,
      ["quiet", `${String(one.seq).padStart(4)}  `],
      one.purpose.padEnd(8),
      (one.step ?? "").padEnd(12),
      priced(one.usd).padStart(10),
      ["quiet", `  ${tokens(one.input)} in${one.cached > 0 ? ` (${tokens(one.cached)} cached)` : ""}, ${tokens(one.output)} out`],
      ["quiet", `${one.counted ? ", counted here" : ""}  ${one.model}`],
    ),
  );
  const sums = (["step", "role", "purpose", "model"] as const).flatMap((key) => sumLines(key, by[key]));
  return ok({ lines: [line(0, ["strong", spendText(total)]), ...rows, ...sums], values: [...requests, { total, by }] });
}

async function ofDay(io: Io, day: string): Promise<Result<Told>> {
  const entries = await dayBook(io).entries(day);
  const total = sumOf(entries);
  const by = {
    run: grouped(entries, ({ run }) => run),
    role: grouped(entries, ({ role }) => role),
    model: grouped(entries, ({ model }) => model),
  };
  const open = entries.filter(({ done, calls }) => !done && calls > 0).length;
  const worked = entries.reduce((sum, { ms = 0 }) => sum + ms, 0);
  const lines = [
    line(0, ["strong", `${day}: ${spendText(total)}`], ["quiet", ` · models worked ${duration(worked)}`]),
    ...(open > 0 ? [line(1, ["waits", `${count(open, "request")} under way or cut off, counted with the most it may cost`])] : []),
    ...(["run", "role", "model"] as const).flatMap((key) => sumLines(key, by[key])),
  ];
  return ok({ lines, values: [...entries, { total, by }] });
}

const priced = (usd: number | undefined): string => (usd === undefined ? "no price" : money(usd));

const sumLines = (key: string, groups: Readonly<Record<string, Spend>>): readonly Line[] => {
  const names = Object.entries(groups).sort(([, a], [, b]) => b.usd - a.usd || b.inputTokens - a.inputTokens);
  return names.length === 0
    ? []
    : [line(0, ["strong", `by ${key}`]), ...names.map(([name, spend]) => line(1, name, ["quiet", `  ${spendText(spend)}`]))];
};

const grouped = (entries: readonly DayEntry[], keyOf: (entry: DayEntry) => string | undefined): Readonly<Record<string, Spend>> => {
  const groups: Record<string, DayEntry[]> = {};
  for (const entry of entries) {
    const key = keyOf(entry);
    if (key !== undefined) (groups[key] ??= []).push(entry);
  }
  return Object.fromEntries(Object.entries(groups).map(([key, of]) => [key, sumOf(of)]));
};

/** The book keeps tokens together; here they all count as read. */
const sumOf = (entries: readonly DayEntry[]): Spend => ({
  requests: entries.reduce((sum, { calls }) => sum + calls, 0),
  inputTokens: entries.reduce((sum, one) => sum + one.tokens, 0),
  outputTokens: 0,
  usd: entries.reduce((sum, { usd }) => sum + (usd ?? 0), 0),
  unpriced: entries.filter(({ usd, calls }) => usd === null && calls > 0).length,
});
