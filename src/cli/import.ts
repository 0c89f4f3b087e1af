// proviso import: an exported run among the runs of this workspace. Checked before it is kept, and nothing of it runs.

import { homedir } from "node:os";
import { resolve } from "node:path";
import { count } from "../agent/observe/amount.ts";
import { loadConfig } from "../node/config.ts";
import { configuredKeys } from "../node/model-keys.ts";
import { importRun as takeIn } from "../node/parcel/import-run.ts";
import { openSecrets } from "../node/secrets.ts";
import { parseArguments } from "./arguments.ts";
import { type Command, exit, type Help, jsonLine, refuse } from "./io.ts";
import { startLimits } from "./limits.ts";
import { visible } from "./view/visible.ts";
import { openWorkspace } from "./workspace.ts";

export const help: Help = `proviso import FILE

Takes in a run that "proviso export" made, under its own name and line by line as it was; a bare journal.jsonl will do as well.
Every line must follow the one before it and every image be what its name says. Nothing runs. What was allowed, planned or proved
elsewhere is asked, put to you and proved anew here: "proviso resume" goes on with it under the limits and rules of this place.

  --json             one object: {run, goal, from, lines, head, images}; head is the digest its sender's "audit verify" tells
  --workspace DIR    of which workspace (default: here)

Exit: 0; 1 the file is none of ours, damaged, of a newer Proviso, or its run is here already; 2 wrong usage.
`;

export const importRun: Command = async (args, io, signal) => {
  const parsed = parseArguments(args, {}, 1);
  if (!parsed.ok) return refuse(io, parsed.fault, exit.usage);
  const { options, operands } = parsed.value;
  if (options.help) {
    io.stdout.write(help);
    return exit.done;
  }
  const [named] = operands;
  if (named === undefined || named === "")
    return refuse(io, { message: 'Say what to import: proviso import FILE, where FILE was made by "proviso export".' }, exit.usage);
  const home = await openWorkspace(io, options.workspace);
  if (!home.ok) return refuse(io, home.fault, home.fault.kind === "unavailable" ? exit.failed : exit.usage);
  const config = await loadConfig(io.env, io.env["HOME"] ?? homedir());
  if (!config.ok) return refuse(io, config.fault, exit.usage);
  const place = {
    mode: "supervised",
    limits: startLimits(config.value, {}),
    trust: "trusted",
    secrets: openSecrets(io.env, configuredKeys(config.value)),
    now: Date.now(),
  } as const;
  const taken = await takeIn(home.value, resolve(io.cwd, named), place, signal);
  if (!taken.ok) return refuse(io, taken.fault);
  const { folder, goal, from, lines, head, images } = taken.value;
  if (options.json) io.stdout.write(jsonLine({ run: folder.id, goal, from, lines, head, images }));
  else {
    io.stdout.write(`${folder.id}  ${count(lines, "event")}, ${count(images, "image")}, ended in ${head}\n`);
    const elsewhere = from === home.value.root ? "" : ` It comes from ${visible(from)}; what was allowed there is asked again here.`;
    io.stderr.write(`proviso: imported.${elsewhere} proviso show ${folder.id} tells it, proviso resume ${folder.id} goes on with it.\n`);
  }
  return exit.done;
};
