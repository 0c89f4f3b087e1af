// diagnostics, symbols, references: what only an editor with its language servers knows. They look and change nothing.

import { sep } from "node:path";
import * as vscode from "vscode";
import * as z from "zod";
import { fail, ok } from "../../agent/result.ts";
import type { Tool } from "../../agent/tool/tool.ts";
import { settled } from "../problems.ts";
import { shownIn } from "../folders.ts";
import { lineAt, openDocument, positionOf } from "./places.ts";

const limits = { timeoutMs: 30_000, outputChars: 20_000, recovery: "rerun" } as const;
const most = 200;
const severities = ["error", "warning", "info", "hint"] as const;

const DiagnosticsInput = z.strictObject({ path: z.string().optional() });

export const diagnosticsTool: Tool<z.infer<typeof DiagnosticsInput>> = {
  ...limits,
  kind: "observe",
  name: "diagnostics",
  description: "Problems the editor reports, in a file or folder or everywhere.",
  input: DiagnosticsInput,
  risk: ({ path = "." }) => ({ effects: ["read"], paths: [path], reversible: true }),
  async execute(world, { path }, signal) {
    const place = path === undefined ? undefined : await world.files.locate(path);
    if (place && !place.ok) return place;
    if (place?.value.kind === "missing")
      return fail("missing", `${place.value.shown} does not exist; name a file or a folder of the workspace.`);
    const wanted = place?.value.real ?? world.files.root;
    const looked = await settled(place?.value.kind === "file" ? [vscode.Uri.file(wanted)] : [], signal);
    if (!looked.ok) return looked;
    const problems = vscode.languages
      .getDiagnostics()
      .filter(([uri]) => uri.scheme === "file" && (uri.fsPath === wanted || uri.fsPath.startsWith(`${wanted}${sep}`)))
      .flatMap(([uri, found]) =>
        found.map(({ range, severity, message }) => ({
          path: shownIn(world.files.root, uri),
          line: range.start.line + 1,
          severity: severities[severity],
          message,
        })),
      )
      .slice(0, most);
    const lines = problems.map(({ path: file, line, severity, message }) => `${file}:${line}: ${severity}: ${message}`);
    return ok({ text: lines.length === 0 ? "No problems are reported." : lines.join("\n"), data: { problems }, trust: "workspace" });
  },
};

const SymbolsInput = z.strictObject({ query: z.string().optional(), path: z.string().optional() });

export const symbolsTool: Tool<z.infer<typeof SymbolsInput>> = {
  ...limits,
  kind: "observe",
  name: "symbols",
  description: "Definitions: of a file (path), or by name in the workspace (query).",
  input: SymbolsInput,
  risk: ({ path = "." }) => ({ effects: ["read"], paths: [path], reversible: true }),
  async execute(world, { query = "", path }) {
    if (path !== undefined) {
      const document = await openDocument(world, path);
      if (!document.ok) return document;
      const found =
        (await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>(
          "vscode.executeDocumentSymbolProvider",
          document.value.uri,
        )) ?? [];
      const lines = flatten(found, "").map(
        ({ name, line, kind }) => `${shownIn(world.files.root, document.value.uri)}:${line}: ${kind} ${name}`,
      );
      return ok({ text: lines.slice(0, most).join("\n") || "No symbols; no language server knows this file.", trust: "workspace" });
    }
    const found =
      (await vscode.commands.executeCommand<vscode.SymbolInformation[] | undefined>("vscode.executeWorkspaceSymbolProvider", query)) ?? [];
    const lines = found.map(
      (symbol) =>
        `${shownIn(world.files.root, symbol.location.uri)}:${symbol.location.range.start.line + 1}: ${vscode.SymbolKind[symbol.kind]} ${symbol.name}`,
    );
    return ok({ text: lines.slice(0, most).join("\n") || `No symbol matches ${JSON.stringify(query)}.`, trust: "workspace" });
  },
};

function flatten(symbols: readonly vscode.DocumentSymbol[], parent: string): { name: string; line: number; kind: string }[] {
  return symbols.flatMap((symbol) => {
    const name = parent === "" ? symbol.name : `${parent}.${symbol.name}`;
    return [
      { name, line: symbol.range.start.line + 1, kind: vscode.SymbolKind[symbol.kind] ?? "symbol" },
      ...flatten(symbol.children ?? [], name),
    ];
  });
}

const ReferencesInput = z.strictObject({ name: z.string().min(1), path: z.string(), line: z.int().positive().optional() });

export const referencesTool: Tool<z.infer<typeof ReferencesInput>> = {
  ...limits,
  kind: "observe",
  name: "references",
  description: "Every use of a name that stands in path (line), as the language server knows it.",
  input: ReferencesInput,
  risk: ({ path }) => ({ effects: ["read"], paths: [path], reversible: true }),
  async execute(world, { name, path, line }) {
    const document = await openDocument(world, path);
    if (!document.ok) return document;
    const position = positionOf(world, document.value, name, line);
    if (!position.ok) return position;
    const found =
      (await vscode.commands.executeCommand<vscode.Location[] | undefined>(
        "vscode.executeReferenceProvider",
        document.value.uri,
        position.value,
      )) ?? [];
    const lines = await Promise.all(found.slice(0, most).map((location) => lineAt(world, location)));
    return ok({ text: lines.join("\n") || `The language server knows no use of ${name}.`, trust: "workspace" });
  },
};
