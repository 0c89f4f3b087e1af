// proviso resume: a run goes on where it stopped, was stopped, or was cut off.

import type { Limits } from "../agent/event.ts";
import { duration, money } from "../agent/observe/amount.ts";
import { goingOn } from "../agent/fuse/offer.ts";
import type { RunState } from "../agent/state.ts";
import type { OpenedRun } from "../node/open-run.ts";
import { findRun } from "../node/runs.ts";
import { oneOf, parseArguments, positive } from "./arguments.ts";
import { conduct } from "./conduct.ts";
import { levels } from "./cover.ts";
import { type Command, exit, type Help, type Io, jsonLine, refuse } from "./io.ts";
import { wantedLimits } from "./limits.ts";
import { pickModel } from "./model.ts";
import { contradiction, rollBack, tellHandOver } from "./resume/offers.ts";
import { openWorkspace } from "./workspace.ts";

export const help: Help = `proviso resume [RUN] [options]

Goes on with a run that was interrupted, cancelled, stopped for an approval or by a limit, or failed. RUN is its id or the beginning or end
of it; without one, the latest. Questions that waited are asked again. What a fuse stopped goes on with more, unless one of these is given:

  --more             as planned, with as much again of what ran out as it was given at first
  --replan           the same with a new plan, which is told what stopped the old one; it is put to you like the first
  --roll-back        puts files back as they were before the step that stopped it, and ends there; with --more or --replan it then goes on.
                     Edits of yours stay; it can be taken back with "proviso restore"
  --hand-over        writes what was tried, proved and left open as Markdown on stdout; the run stays as it is

  --approve LEVEL    none, reads, edits or all, as for proviso run
  --answer-within S  seconds after which a question at the terminal counts as rejected (default: it waits)
  --model ID         another model for the rest of it
  --budget USD       the most the whole run may cost
  --max-minutes N    the most time the whole run may work
  --json             the new events on stdout, one per line; the last is run.ended
  --workspace DIR    the folder it works in (default: here)

Exit: as for proviso run; 0 at once for a run that is done.
`;

const kinds = {
  approve: "value",
  model: "value",
  budget: "value",
  "max-minutes": "value",
  "answer-within": "value",
  more: "flag",
  replan: "flag",
  "roll-back": "flag",
  "hand-over": "flag",
} as const;

export const resume: Command = async (args, io, signal) => {
  const parsed = parseArguments(args, kinds, 1);
  if (!parsed.ok) return refuse(io, parsed.fault, exit.usage);
  const { options, operands } = parsed.value;
  if (options.help) {
    io.stdout.write(help);
    return exit.done;
  }
  const clash = contradiction(options);
  if (clash !== undefined) return refuse(io, { message: clash }, exit.usage);
  const approve = oneOf("approve", options.approve, levels);
  if (!approve.ok) return refuse(io, approve.fault, exit.usage);
  const wanted = wantedLimits(options);
  if (!wanted.ok) return refuse(io, wanted.fault, exit.usage);
  const patience = positive("answer-within", options["answer-within"]);
  if (!patience.ok) return refuse(io, patience.fault, exit.usage);
  const home = await openWorkspace(io, options.workspace);
  if (!home.ok) return refuse(io, home.fault, home.fault.kind === "unavailable" ? exit.failed : exit.usage);
  const folder = await findRun(home.value, operands[0]);
  if (!folder.ok) return refuse(io, folder.fault);
  if (options["hand-over"]) return tellHandOver(io, home.value, folder.value.id, options.json);
  if (options["roll-back"]) {
    const back = await rollBack(io, home.value, folder.value, signal);
    if (back !== exit.done || !(options.more || options.replan)) return back;
  }
  const chosen = await pickModel(io, options.model, signal);
  if (!chosen.ok) return refuse(io, chosen.fault, exit.usage);

  return await conduct(
    io,
    {
      home: home.value,
      folder: folder.value,
      chosen: chosen.value,
      approve: approve.value ?? "none",
      patienceMs: patience.value === undefined ? undefined : patience.value * 1000,
      json: options.json,
      begin: async (opened) => {
        const refused = nothingToResume(io, opened, { id: folder.value.id, json: options.json });
        if (refused !== undefined) return refused;
        const spent = tooLittle(opened.run.state, wanted.value);
        if (spent !== undefined) return refuse(io, { message: spent }, exit.usage);
        return goingOn(opened.run.state, options.replan ? "replan" : "more", wanted.value);
      },
    },
    signal,
  );
};

/** The exit code where there is nothing to go on with; undefined where there is. */
function nothingToResume(
  io: Io,
  { events, run: { state } }: OpenedRun,
  at: { readonly id: string; readonly json: boolean },
): number | undefined {
  const last = events.at(-1);
  if (!state.run || !last)
    return refuse(io, { message: `The run ${at.id} was cut off before it began; start it again with "proviso run".` });
  if (state.ended?.outcome !== "done") return undefined;
  if (at.json) io.stdout.write(jsonLine(last));
  else io.stderr.write(`proviso: the run ${at.id} is done already; proviso show ${at.id} tells it.\n`);
  return exit.done;
}

/** Limits are of the whole run: one that is used up already would stop it at once. */
function tooLittle({ spend, workedMs }: RunState, { usd, minutes }: Partial<Limits>): string | undefined {
  if (usd !== undefined && usd <= spend.usd)
    return `The run has cost ${money(spend.usd)} already, and --budget is for the whole of it; give more than that.`;
  if (minutes !== undefined && minutes * 60_000 <= workedMs)
    return `The run has worked for ${duration(workedMs)} already, and --max-minutes is for the whole of it; give more than that.`;
  return undefined;
}
