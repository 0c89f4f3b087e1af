// proviso fork: a new run that goes on from any event of another. No file is touched, nothing runs, and the old run stays as it is.

import { forkPoint } from "../agent/fork.ts";
import { forkRun } from "../node/fork.ts";
import { parseArguments } from "./arguments.ts";
import { type Command, exit, type Help, jsonLine, refuse } from "./io.ts";
import { readRun } from "./reading.ts";
import { findWorkspace } from "./workspace.ts";

export const help: Help = `proviso fork [RUN] --at EVENT [--say TEXT]

A new run that begins with the conversation of RUN up to EVENT and goes on from there; without RUN, the latest. The old run stays as it
is, and may be at work. Files stay as they are: "proviso restore" puts those back. "proviso resume" lets the new run go on.

  --at EVENT         the number of an event, as "proviso show --timeline" lists them; "start", a step (before it) or a call (after it).
                     Where a call was half done then, or something waited, it is the last moment before that
  --say TEXT         the first thing the new run is told
  --json             one object: {run, from, at, asked}: events taken over, and the event asked for
  --workspace DIR    of which workspace (default: here)

Exit: 0; 1 no such run or event, or its journal is damaged; 2 wrong usage.
`;

export const fork: Command = async (args, io) => {
  const parsed = parseArguments(args, { at: "value", say: "value" }, 1);
  if (!parsed.ok) return refuse(io, parsed.fault, exit.usage);
  const { options, operands } = parsed.value;
  if (options.help) {
    io.stdout.write(help);
    return exit.done;
  }
  if (options.at === undefined)
    return refuse(io, { message: 'Say where to go on from with --at EVENT; "proviso show --timeline" lists the events.' }, exit.usage);
  const home = await findWorkspace(io, options.workspace);
  if (!home.ok) return refuse(io, home.fault, exit.usage);
  const read = await readRun(home.value, operands[0]);
  if (!read.ok) return refuse(io, read.fault);
  if (read.value.damage) return refuse(io, read.value.damage);
  const point = forkPoint(read.value.events, options.at);
  if (!point.ok) return refuse(io, point.fault);
  const forked = await forkRun(home.value, read.value, { point: point.value, say: options.say, now: Date.now() });
  if (!forked.ok) return refuse(io, forked.fault);
  const { folder, at } = forked.value;
  if (options.json) io.stdout.write(jsonLine({ run: folder.id, from: read.value.folder.id, at, asked: point.value.to }));
  else {
    const back = at < point.value.to ? `, the last event before ${point.value.to} at which nothing was half done` : "";
    io.stdout.write(`${folder.id}\n`);
    io.stderr.write(`proviso: it goes on after event ${at} of ${read.value.folder.id}${back}: proviso resume ${folder.id}\n`);
  }
  return exit.done;
};
