// proviso edit: search/replace blocks or a patch, applied to files, or to texts on stdin without touching any file.
// Nothing is written unless every block and hunk fits and every file still holds what was read.

import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import * as z from "zod";
import { Block } from "../agent/edit/blocks.ts";
import { fail, ok, type Result } from "../agent/result.ts";
import { refused } from "../node/errno.ts";
import { openFiles } from "../node/files.ts";
import { parseArguments } from "./arguments.ts";
import { editFile, editFiles } from "./edit/disk.ts";
import { editStream } from "./edit/stream.ts";
import { type Command, exit, type Help, type Io, jsonLine, refuse } from "./io.ts";
import { misfitOf } from "./misfit.ts";

export const help: Help = `proviso edit FILE --blocks JSON [--dry-run]
proviso edit --patch FILE [--dry-run]
proviso edit --stdin

Applies edits to files and answers one line of JSON: {ok, text, applied, failed: [{index, reason, nearest}]}.
Where one block or hunk does not fit, the others are still applied in the answer, but nothing is written.

  --blocks JSON    [{"search", "replace", "all"?}], or @FILE that holds it, or @- for stdin
  --patch FILE     a unified diff for any number of files, or "*** Begin Patch"; - for stdin
  --stdin          reads lines of JSON, {id, text, blocks} or {id, files, patch}, and answers each with a line; touches no file
  --dry-run        writes nothing
  --workspace DIR  what paths are relative to. FILE is your own word and may lie outside it; a patch names its files itself and cannot leave it

Exit: 0 applied, 1 not applied, 2 wrong usage. With --stdin: 0 once every line is answered.
`;

export const edit: Command = async (args, io, signal) => {
  const parsed = parseArguments(args, { blocks: "value", patch: "value", stdin: "flag", "dry-run": "flag" }, 1);
  if (!parsed.ok) return refuse(io, parsed.fault, exit.usage);
  const { options, operands } = parsed.value;
  if (options.help) {
    io.stdout.write(help);
    return exit.done;
  }
  const [file] = operands;
  const given = [options.blocks !== undefined, options.patch !== undefined, options.stdin].filter(Boolean).length;
  if (given !== 1 || (file !== undefined) !== (options.blocks !== undefined)) {
    return refuse(io, { message: "Say either FILE --blocks JSON, or --patch FILE, or --stdin; see proviso edit --help." }, exit.usage);
  }
  if (options.stdin) return await editStream(io, signal);
  const files = await openFiles(resolve(io.cwd, options.workspace ?? "."));
  if (!files.ok) return refuse(io, files.fault);
  const how = { files: files.value, write: !options["dry-run"] };
  if (file !== undefined) {
    const blocks = await readBlocks(options.blocks ?? "", io);
    return blocks.ok ? answer(io, await editFile(how, file, blocks.value, signal)) : refuse(io, blocks.fault, exit.usage);
  }
  const patch = await readText(options.patch ?? "", io);
  return patch.ok ? answer(io, await editFiles(how, patch.value, signal)) : refuse(io, patch.fault, exit.usage);
};

function answer(io: Io, outcome: { readonly ok: boolean }): number {
  io.stdout.write(jsonLine(outcome));
  return outcome.ok ? exit.done : exit.failed;
}

async function readBlocks(given: string, io: Io): Promise<Result<readonly Block[]>> {
  const text = given.startsWith("@") ? await readText(given.slice(1), io) : ok(given);
  if (!text.ok) return text;
  let value: unknown;
  try {
    value = JSON.parse(text.value);
  } catch (error) {
    return fail(
      "invalid",
      `--blocks is not JSON (${error instanceof Error ? error.message : ""}); give [{"search": "...", "replace": "..."}].`,
    );
  }
  const blocks = z.array(Block).safeParse(value);
  return blocks.success
    ? ok(blocks.data)
    : fail("invalid", `--blocks does not fit: ${misfitOf(blocks.error, value)}; give [{"search": "...", "replace": "..."}].`);
}

async function readText(path: string, io: Io): Promise<Result<string>> {
  if (path === "-") {
    const parts: string[] = [];
    for await (const chunk of io.stdin.setEncoding("utf8")) parts.push(String(chunk));
    return ok(parts.join(""));
  }
  try {
    return ok(await readFile(resolve(io.cwd, path), "utf8"));
  } catch (error) {
    return refused(`${path} could not be read`, error);
  }
}
