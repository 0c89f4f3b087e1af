// proviso run: one goal, from plan to proof.

import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { brief } from "../agent/briefing.ts";
import { fail, ok, type Result } from "../agent/result.ts";
import { reasonOf } from "../node/errno.ts";
import { createRun } from "../node/runs.ts";
import { collectDaily, usualKeep } from "../node/storage.ts";
import { oneOf, parseArguments, positive } from "./arguments.ts";
import { conduct } from "./conduct.ts";
import { levels } from "./cover.ts";
import { type Command, exit, type Help, type Io, refuse } from "./io.ts";
import { startLimits, wantedLimits } from "./limits.ts";
import { pickModel } from "./model.ts";
import { openWorkspace } from "./workspace.ts";

export const help: Help = `proviso run "GOAL" [options]

Plans, asks, acts and proves. GOAL may be - to read it from stdin. On a terminal each approval is asked there: y, n, e, ?; Ctrl+C stops,
a line you type steers. Without a terminal (or with --json) whatever must be asked is rejected, unless --approve covers it.

  --approve LEVEL    none (default); reads: reading secrets and outside the workspace; edits: also changing files inside it;
                     all: everything the policy does not deny
  --check LINE       the goal is met only when this command exits 0; may be given several times
  --file FILE        reads the goal from a file
  --answer-within S  seconds after which a question at the terminal counts as rejected (default: it waits)
  --model ID         "model", "provider/model", or "rules" for none
  --budget USD       the most it may cost (default 5)
  --max-minutes N    the most time it may work (default 60)
  --json             the journal on stdout, one event per line as it happens; the last is run.ended
  --workspace DIR    the folder to work in (default: here)

Exit: 0 done and proved, 1 failed or not proved, 2 wrong usage, 3 stopped for an approval, 4 a limit was hit, 130 cancelled.
`;

export const run: Command = async (args, io, signal) => {
  const kinds = {
    approve: "value",
    check: "values",
    file: "value",
    model: "value",
    budget: "value",
    "max-minutes": "value",
    "answer-within": "value",
  } as const;
  const parsed = parseArguments(args, kinds, 1);
  if (!parsed.ok) return refuse(io, parsed.fault, exit.usage);
  const { options, operands } = parsed.value;
  if (options.help) {
    io.stdout.write(help);
    return exit.done;
  }
  const approve = oneOf("approve", options.approve, levels);
  if (!approve.ok) return refuse(io, approve.fault, exit.usage);
  const wanted = wantedLimits(options);
  if (!wanted.ok) return refuse(io, wanted.fault, exit.usage);
  const patience = positive("answer-within", options["answer-within"]);
  if (!patience.ok) return refuse(io, patience.fault, exit.usage);
  const goal = await readGoal(io, operands[0], options.file);
  if (!goal.ok) return refuse(io, goal.fault, exit.usage);
  const [home, chosen] = await Promise.all([openWorkspace(io, options.workspace), pickModel(io, options.model, signal)]);
  if (!home.ok) return refuse(io, home.fault, home.fault.kind === "unavailable" ? exit.failed : exit.usage);
  if (!chosen.ok) return refuse(io, chosen.fault, exit.usage);
  const folder = await createRun(home.value, Date.now());
  if (!folder.ok) return refuse(io, folder.fault);

  // What cannot be tidied up today is tidied up tomorrow.
  await collectDaily(home.value, { ...usualKeep, ...chosen.value.config.keep }, Date.now()).catch(() => undefined);
  const limits = startLimits(chosen.value.config, wanted.value);
  const criteria = options.check.map((line) => ({ by: "command" as const, line }));
  return await conduct(
    io,
    {
      home: home.value,
      folder: folder.value,
      chosen: chosen.value,
      approve: approve.value ?? "none",
      patienceMs: patience.value === undefined ? undefined : patience.value * 1000,
      json: options.json,
      begin: async ({ run: { world } }, cancel) => ({
        type: "run.started",
        run: folder.value.id,
        goal: goal.value,
        criteria,
        workspace: home.value.root,
        model: chosen.value.choice.name,
        mode: "supervised",
        limits,
        briefing: await brief(world, cancel),
      }),
    },
    signal,
  );
};

/** The goal from the command line, a file or stdin; exactly one of them, and not empty. */
async function readGoal(io: Io, operand: string | undefined, file: string | undefined): Promise<Result<string>> {
  if ((operand === undefined) === (file === undefined))
    return fail("invalid", 'Say what to do: proviso run "GOAL", or --file FILE, or - for stdin.');
  const text = file !== undefined ? await readText(resolve(io.cwd, file)) : operand === "-" ? await readStdin(io) : ok(operand ?? "");
  if (!text.ok) return text;
  return text.value.trim() === "" ? fail("invalid", "The goal is empty; say what to do.") : ok(text.value.trim());
}

async function readText(path: string): Promise<Result<string>> {
  try {
    return ok(await readFile(path, "utf8"));
  } catch (error) {
    return fail("missing", `The goal could not be read from ${path} (${reasonOf(error)}); check the path.`);
  }
}

async function readStdin(io: Io): Promise<Result<string>> {
  const parts: string[] = [];
  for await (const chunk of io.stdin.setEncoding("utf8")) parts.push(String(chunk));
  return ok(parts.join(""));
}
