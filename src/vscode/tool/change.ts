// rename and code_actions: changes that a language server computes. They go through the same gate as every other change: the
// server's edit is turned into the files' next content, shown, approved and swapped; it is never applied behind anybody's back.

import * as vscode from "vscode";
import * as z from "zod";
import { encodeLike, decode } from "../../agent/edit/text.ts";
import { fail, ok, type Result } from "../../agent/result.ts";
import type { Change, Tool } from "../../agent/tool/tool.ts";
import type { World } from "../../agent/world.ts";
import { pause, settled } from "../problems.ts";
import { openDocument, positionOf } from "./places.ts";

const maxBytes = 10_000_000;
/** How long the editor may take to notice that a file changed on disk. */
const catchUpMs = 2000;
const RenameInput = z.strictObject({
  name: z.string().min(1),
  to: z.string().min(1),
  path: z.string(),
  line: z.int().positive().optional(),
});

export const renameTool: Tool<z.infer<typeof RenameInput>> = {
  kind: "change",
  name: "rename",
  reach: "computed",
  description: "Rename a name that stands in path (line) everywhere, by the language server.",
  input: RenameInput,
  timeoutMs: 60_000,
  outputChars: 8000,
  risk: ({ path }) => ({ effects: ["write"], paths: [path], reversible: true }),
  async change(world, { name, to, path, line }, signal) {
    const document = await openDocument(world, path);
    if (!document.ok) return document;
    const position = positionOf(world, document.value, name, line);
    if (!position.ok) return position;
    try {
      const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit | undefined>(
        "vscode.executeDocumentRenameProvider",
        document.value.uri,
        position.value,
        to,
      );
      return edit && edit.size > 0
        ? await toChanges(world, edit, signal)
        : fail("unavailable", `No language server here renames ${name}; edit the files one by one.`);
    } catch (error) {
      return fail("invalid", `The language server refuses to rename ${name} to ${to}: ${(error as Error).message}`);
    }
  },
};

const CodeActionsInput = z.strictObject({
  path: z.string(),
  kind: z.enum(["quickfix", "source.organizeImports", "source.fixAll"]),
  line: z.int().positive().optional(),
  message: z.string().optional(),
  title: z.string().optional(),
});

export const codeActionsTool: Tool<z.infer<typeof CodeActionsInput>> = {
  kind: "change",
  name: "code_actions",
  reach: "computed",
  description:
    "Apply a language server's fix: kind quickfix (of the problem at line, with this message; title chooses), source.organizeImports or source.fixAll.",
  input: CodeActionsInput,
  timeoutMs: 60_000,
  outputChars: 8000,
  risk: ({ path }) => ({ effects: ["write"], paths: [path], reversible: true }),
  async change(world, { path, kind, line, message, title }, signal) {
    const document = await openDocument(world, path);
    if (!document.ok) return document;
    const range = kind === "quickfix" ? await problemRange(document.value, { line, message }, signal) : wholeOf(document.value);
    const found =
      (await vscode.commands.executeCommand<vscode.CodeAction[] | undefined>(
        "vscode.executeCodeActionProvider",
        document.value.uri,
        range,
        kind,
        20,
      )) ?? [];
    const withEdit = found.filter(
      (action) =>
        action.edit && action.edit.size > 0 && (title === undefined ? !silences.test(action.title) : action.title.includes(title)),
    );
    const chosen = withEdit.find((action) => action.isPreferred) ?? withEdit[0];
    if (chosen?.edit) return toChanges(world, chosen.edit, signal);
    const offered = found.map((action) => action.title).join("; ");
    return fail(
      "missing",
      offered === "" ? `No ${kind} is offered for ${path}.` : `No such fix can be computed for ${path}; offered: ${offered}.`,
    );
  },
};

/** Fixes that hide the problem instead; only taken when asked for by title. */
const silences = /\b(?:disable|ignore|suppress|silence|noqa|nolint)\b/i;

const wholeOf = (document: vscode.TextDocument): vscode.Range => new vscode.Range(0, 0, document.lineCount, 0);

/** Where to ask for a fix: at the problem meant, which a server must have reported before it offers a fix for it. */
async function problemRange(
  document: vscode.TextDocument,
  { line, message }: { readonly line: number | undefined; readonly message: string | undefined },
  signal: AbortSignal,
): Promise<vscode.Range> {
  const meant = (): vscode.Diagnostic | undefined => {
    const found = vscode.languages.getDiagnostics(document.uri).filter((one) => message === undefined || one.message === message);
    const away = (one: vscode.Diagnostic): number => (line === undefined ? 0 : Math.abs(one.range.start.line + 1 - line));
    return found.filter((one) => message !== undefined || away(one) === 0).sort((a, b) => away(a) - away(b))[0];
  };
  if (!meant()) await settled([document.uri], signal);
  if (line === undefined && message === undefined) return wholeOf(document);
  return meant()?.range ?? (line === undefined ? wholeOf(document) : document.lineAt(Math.min(line, document.lineCount) - 1).range);
}

/** The files' next content after the server's text edits. Creations, deletions and renames of files are refused: they are calls of their own. */
async function toChanges(world: World, edit: vscode.WorkspaceEdit, signal: AbortSignal): Promise<Result<Change[]>> {
  const changes: Change[] = [];
  for (const [uri, edits] of edit.entries()) {
    if (uri.scheme !== "file") return fail("invalid", `The fix touches ${uri.toString()}, which is not a file; do it by hand.`);
    const place = await world.files.locate(uri.fsPath);
    if (!place.ok) return place;
    if (!place.value.inside) return fail("denied", `The fix touches ${place.value.shown}, outside the workspace.`);
    const image = await world.files.read(place.value.real, { maxBytes }, signal);
    if (!image.ok) return image;
    const text = decode(image.value.bytes);
    if (!text.ok) return text;
    const document = await vscode.workspace.openTextDocument(uri);
    for (let waited = 0; document.getText() !== text.value.text && waited < catchUpMs; waited += 50) await pause(50, signal);
    if (document.getText() !== text.value.text)
      return fail("stale", `${place.value.shown} is not yet in the editor as it is on disk; try again.`, { retry: true });
    const after = encodeLike(splice(document, edits), text.value);
    if (!after.ok) return after;
    changes.push({ path: place.value.real, shown: place.value.shown, before: image.value, after: after.value });
  }
  return changes.length > 0 ? ok(changes) : fail("missing", "The language server offers no change to any file's text.");
}

function splice(document: vscode.TextDocument, edits: readonly vscode.TextEdit[]): string {
  const spans = edits
    .map((edit) => ({ start: document.offsetAt(edit.range.start), end: document.offsetAt(edit.range.end), text: edit.newText }))
    .sort((a, b) => b.start - a.start || b.end - a.end);
  return spans.reduce((text, { start, end, text: next }) => text.slice(0, start) + next + text.slice(end), document.getText());
}
