// proviso export: a run as one file, whole and checkable, without the secrets that files may hold.

import { homedir } from "node:os";
import { resolve } from "node:path";
import { count } from "../agent/observe/amount.ts";
import { loadConfig } from "../node/config.ts";
import { configuredKeys } from "../node/model-keys.ts";
import { packRun, writeParcel } from "../node/parcel/pack.ts";
import { findRun } from "../node/runs.ts";
import { openSecrets } from "../node/secrets.ts";
import { parseArguments } from "./arguments.ts";
import { type Command, exit, type Help, jsonLine, refuse } from "./io.ts";
import { visible } from "./view/visible.ts";
import { findWorkspace } from "./workspace.ts";

export const help: Help = `proviso export [RUN] [--to FILE]

A run as one file for "proviso import", here or elsewhere; without RUN, the latest. Also while it runs: then up to now.
It holds the journal, byte for byte, and the images of files that a restore needs. It does not hold whole outputs of commands that were
too long. Secrets in outputs were redacted when they came; what people and models wrote stands as it was written, paths of this machine
too. An image in which a secret is found, or whose name says that it holds some, stays behind and is named.

  --to FILE          where it is written; never over another file (default: stdout)
  --json             with --to, one object: {run, file, lines, head, images, left}
  --workspace DIR    of which workspace (default: here)

Exit: 0; 1 no such run, its journal is damaged, or the file cannot be written; 2 wrong usage.
`;

export const exportRun: Command = async (args, io) => {
  const parsed = parseArguments(args, { to: "value" }, 1);
  if (!parsed.ok) return refuse(io, parsed.fault, exit.usage);
  const { options, operands } = parsed.value;
  if (options.help) {
    io.stdout.write(help);
    return exit.done;
  }
  if (options.to?.trim() === "") return refuse(io, { message: "--to takes the name of a file." }, exit.usage);
  const home = await findWorkspace(io, options.workspace);
  if (!home.ok) return refuse(io, home.fault, exit.usage);
  const config = await loadConfig(io.env, io.env["HOME"] ?? homedir());
  if (!config.ok) return refuse(io, config.fault, exit.usage);
  const folder = await findRun(home.value, operands[0]);
  if (!folder.ok) return refuse(io, folder.fault);
  const parcel = await packRun(folder.value, openSecrets(io.env, configuredKeys(config.value)));
  if (!parcel.ok) return refuse(io, parcel.fault);
  const { label, head, content, left } = parcel.value;
  if (options.to === undefined) {
    io.stdout.write(content);
    for (const { shown, why } of left) io.stderr.write(`proviso: the images of ${visible(shown)} stay behind: ${why}\n`);
    return exit.done;
  }
  const file = resolve(io.cwd, options.to);
  const written = await writeParcel(file, parcel.value);
  if (!written.ok) return refuse(io, written.fault);
  if (options.json) io.stdout.write(jsonLine({ run: label.run, file, lines: label.lines, head, images: label.images, left }));
  else {
    for (const { shown, why } of left) io.stderr.write(`proviso: the images of ${visible(shown)} stay behind: ${why}\n`);
    io.stdout.write(`${label.run}  ${count(label.lines, "event")}, ${count(label.images, "image")}, ends in ${head}\n`);
  }
  return exit.done;
};
