// proviso storage: what is kept of the runs of a workspace, and what of it goes when.

import { homedir } from "node:os";
import { loadConfig } from "../node/config.ts";
import { bytesText, collect, type Collected, type StoredRun, storedRuns, usualKeep } from "../node/storage.ts";
import { parseArguments } from "./arguments.ts";
import { type Command, exit, type Help, jsonLine, refuse } from "./io.ts";
import { visible } from "./view/visible.ts";
import { findWorkspace } from "./workspace.ts";

export const help: Help = `proviso storage [--collect]

What is kept of each run of a workspace: its journal, and images of the files it changed, from which they can be restored.
Old runs go by themselves, looked for once a day when a run starts; never one that could go on, and never the newest five.
"keep": {"days": ${usualKeep.days}, "megabytes": ${usualKeep.megabytes}} in the settings file says what old is.

  --collect          removes now what is too old or too much, and tells what it was
  --json             one object per run: {id, goal, status, lastAt, imageBytes, otherBytes}, or {id, goal, what, bytes} with --collect
  --workspace DIR    of which workspace (default: here)

Exit: 0; 1 where it cannot be read or removed.
`;

export const storage: Command = async (args, io) => {
  const parsed = parseArguments(args, { collect: "flag" }, 0);
  if (!parsed.ok) return refuse(io, parsed.fault, exit.usage);
  const { options } = parsed.value;
  if (options.help) {
    io.stdout.write(help);
    return exit.done;
  }
  const home = await findWorkspace(io, options.workspace);
  if (!home.ok) return refuse(io, home.fault, exit.usage);
  const config = await loadConfig(io.env, io.env["HOME"] ?? homedir());
  if (!config.ok) return refuse(io, config.fault, exit.usage);
  const keep = { ...usualKeep, ...config.value.keep };
  if (options.collect) {
    const gone = await collect(home.value, keep, Date.now());
    if (!gone.ok) return refuse(io, gone.fault);
    for (const one of gone.value) io.stdout.write(options.json ? jsonLine(one) : `${goneText(one)}\n`);
    if (gone.value.length === 0 && !options.json) io.stderr.write("proviso: nothing is too old or too much.\n");
    return exit.done;
  }
  const stored = await storedRuns(home.value);
  if (!stored.ok) return refuse(io, stored.fault);
  for (const run of stored.value) {
    const { id, goal, status, lastAt, imageBytes, otherBytes } = run;
    io.stdout.write(options.json ? jsonLine({ id, goal, status, lastAt, imageBytes, otherBytes }) : `${runText(run)}\n`);
  }
  if (!options.json) {
    const total = stored.value.reduce((sum, { imageBytes, otherBytes }) => sum + imageBytes + otherBytes, 0);
    io.stderr.write(`proviso: ${bytesText(total)} of at most ${keep.megabytes} MB, in ${home.value.path}\n`);
  }
  return exit.done;
};

const runText = ({ id, status, goal, imageBytes, otherBytes }: StoredRun): string =>
  `${id}  ${bytesText(imageBytes).padStart(9)} images  ${bytesText(otherBytes).padStart(9)} else  ${status}  ${firstLine(goal)}`;

const goneText = ({ id, what, bytes, goal }: Collected): string =>
  `${id}  ${bytesText(bytes).padStart(9)}  ${what === "run" ? "removed" : "images removed; its files can no longer be restored"}  ${firstLine(goal)}`;

const firstLine = (text: string): string => visible(text).split("\n")[0] ?? "";
