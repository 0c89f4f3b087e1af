// The audit of a run for other programs: entries that name their run and line, and the same as a table for spreadsheets, RFC 4180 CSV in
// which no cell can be taken for a formula.

import { type AuditEntry, audit } from "../../agent/observe/audit.ts";
import { safeJson } from "../journal/chain.ts";
import type { AuditedRun } from "./auditor.ts";

/** An entry as exported: with its run, and the digest of its line in the journal. */
export interface ExportedEntry extends AuditEntry {
  readonly run: string;
  /** SHA-256 of the line `seq` of the run's journal. */
  readonly line: string;
}

/** What can be trusted of a run. */
export const exportedEntries = ({ run, reading }: AuditedRun): readonly ExportedEntry[] =>
  audit(reading.events).map((entry) => ({ run, ...entry, line: reading.chain.digests[entry.seq - 1] ?? "" }));

export const formats = ["json", "csv"] as const;
export type Format = (typeof formats)[number];

/** All entries as one document. */
export const documentOf = (entries: readonly ExportedEntry[], format: Format): string =>
  format === "csv" ? csvHeader + entries.map(csvRow).join("") : `[${entries.map((entry) => `\n${safeJson(entry)}`).join(",")}\n]\n`;

/** The first thing that does not verify, in words; undefined where all does. */
export function firstProblem(runs: readonly AuditedRun[]): string | undefined {
  const bad = runs.find(({ problems }) => problems.length > 0);
  const [problem] = bad?.problems ?? [];
  return bad && problem && `Run ${bad.run} does not verify: line ${problem.line} ${problem.what}.`;
}

const columns = [
  "run",
  "seq",
  "time",
  "kind",
  "of",
  "by",
  "said",
  "why",
  "call",
  "tool",
  "askedBy",
  "list",
  "rule",
  "digest",
  "exit",
  "sandboxed",
  "output",
  "files",
  "line",
] as const;

const csvHeader = `${columns.join(",")}\r\n`;

/** One row, its line break included. */
function csvRow(entry: ExportedEntry): string {
  const files = entry.files?.map(({ path, before, after }) => `${path} ${before ?? "-"} ${after ?? "-"}`).join("\n");
  const cells = { ...entry, time: new Date(entry.at).toISOString(), files };
  return `${columns.map((name) => cell(cells[name])).join(",")}\r\n`;
}

function cell(value: string | number | boolean | null | undefined): string {
  if (value === undefined) return "";
  const text = String(value);
  const plain = /^[=+\-@\t\r]/.test(text) && typeof value === "string" ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
