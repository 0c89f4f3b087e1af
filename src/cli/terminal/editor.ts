// A text in the person's own editor: written to a private file, opened with $VISUAL or $EDITOR, read back when the editor ends.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fail, ok, type Result } from "../../agent/result.ts";
import type { Io } from "../io.ts";

/** The command line of the person's editor, which may have arguments ("code --wait"). */
export const editorOf = (env: Io["env"]): string | undefined => env["VISUAL"] || env["EDITOR"] || undefined;

/** The edited text. A fault where the editor cannot be started or says that it failed; then nothing was edited. */
export async function editText(editor: string, name: string, text: string): Promise<Result<string>> {
  const folder = await mkdtemp(join(tmpdir(), "proviso-"));
  const file = join(folder, name);
  try {
    await writeFile(file, text, { mode: 0o600 });
    const exit = await open(editor, file);
    if (exit !== 0) return fail("unavailable", `The editor ${editor} ended with ${exit}, so nothing was changed.`);
    return ok(await readFile(file, "utf8"));
  } catch (error) {
    return fail("unavailable", `The editor ${editor} could not be used: ${error instanceof Error ? error.message : String(error)}.`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The shell splits the editor's own arguments, as it does for git; the file is never part of that line. */
function open(editor: string, file: string): Promise<number | string> {
  const windows = process.platform === "win32";
  const [command, args] = windows ? [`${editor} "${file}"`, []] : ["/bin/sh", ["-c", `${editor} "$1"`, editor, file]];
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: "inherit", shell: windows });
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? signal ?? 1));
  });
}
