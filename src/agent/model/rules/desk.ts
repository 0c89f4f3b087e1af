// Reading the workspace through the ordinary tools: whole files, the list of files, and which file a path in some output means.

import * as z from "zod";
import { type Answer, dataOf, type Script } from "./script.ts";

export interface SourceFile {
  readonly path: string;
  /** Line ends as "\n", with one at the end. */
  readonly text: string;
  /** Of the file's bytes. */
  readonly digest: string | undefined;
}

const ReadData = z.object({ path: z.string(), digest: z.string().optional(), total: z.number().optional() });
/** Larger files are not read: nothing small is found in them. */
const mostLines = 4000;
const mostWaves = 5;

/** Whole files, read at once; undefined for what cannot be read, is too large or has lines too long to be shown. */
export async function* readSources(say: string, paths: readonly string[]): Script<readonly (SourceFile | undefined)[]> {
  const drafts = paths.map((path): Reading => ({ path, lines: [], digest: undefined, state: "open" }));
  for (let wave = 0; wave < mostWaves; wave++) {
    const open = drafts.filter((draft) => draft.state === "open");
    if (open.length === 0) break;
    const answers = yield {
      say: wave === 0 ? say : "The rest of the larger files.",
      calls: open.map(({ path, lines }) => ({ tool: "read_file", args: lines.length === 0 ? { path } : { path, from: lines.length + 1 } })),
    };
    for (const [i, draft] of open.entries()) take(draft, answers[i]);
  }
  return drafts.map(({ path, lines, digest, state }) =>
    state === "whole" ? { path, text: lines.map((line) => `${line}\n`).join(""), digest } : undefined,
  );
}

interface Reading {
  readonly path: string;
  readonly lines: string[];
  digest: string | undefined;
  state: "open" | "whole" | "no";
}

function take(reading: Reading, answer: Answer | undefined): void {
  const data = answer?.ok ? dataOf(answer, ReadData) : undefined;
  if (!answer?.ok) {
    reading.state = "no";
    return;
  }
  if (reading.digest !== undefined && data?.digest !== reading.digest) reading.state = "no";
  reading.digest = data?.digest;
  const before = reading.lines.length;
  for (const line of answer.text.split("\n")) {
    const [, number, text = ""] = /^(\d+)\t(.*)$/.exec(line) ?? [];
    if (number === undefined || Number(number) !== reading.lines.length + 1) continue;
    if (/ \[\d+ more characters\]$/.test(text)) reading.state = "no";
    reading.lines.push(text);
  }
  const total = data?.total ?? reading.lines.length;
  if (reading.state === "no") return;
  if (reading.lines.length >= total) reading.state = "whole";
  else if (total > mostLines || reading.lines.length === before) reading.state = "no";
}

export interface Listing {
  readonly files: readonly string[];
  /** Whether more files exist than are listed. */
  readonly partial: boolean;
}

export async function* listWorkspace(): Script<Listing> {
  const [answer] = yield { say: "What is in the workspace?", calls: [{ tool: "list_files", args: { depth: 10 } }] };
  if (!answer?.ok) return { files: [], partial: true };
  const entries = answer.text.split("\n").filter((line) => line !== "");
  return {
    files: entries.filter((entry) => !entry.endsWith("/") && !entry.startsWith("[")),
    partial: entries.some((entry) => entry.startsWith("[the first ")),
  };
}

/** The workspace file that a path in some output means: absolute, relative to some folder, or already right. */
export function locate(listing: Listing, printed: string): string | undefined {
  const path = printed
    .replace(/^file:\/\//, "")
    .replaceAll("\\", "/")
    .replace(/^\.\//, "");
  if (listing.files.includes(path)) return path;
  const matches = listing.files.filter((file) => path.endsWith(`/${file}`) || file.endsWith(`/${path}`));
  const best = matches.sort((a, b) => b.length - a.length)[0];
  if (best !== undefined) return best;
  return listing.partial && !path.startsWith("/") && !/^[A-Za-z]:/.test(path) ? path : undefined;
}

export const isTestFile = (path: string): boolean =>
  /(?:^|\/)(?:tests?|__tests__|specs?|e2e|testing)\//i.test(path) ||
  /[._-](?:test|spec)\.[cm]?[jt]sx?$/i.test(path) ||
  /(?:^|\/)(?:test_[^/]*|[^/]*_tests?|conftest|tests?)\.py$/.test(path) ||
  /(?:^|\/)tests?\.[cm]?[jt]sx?$/.test(path);
