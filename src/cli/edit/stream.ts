// proviso edit --stdin: one JSON request per line, one JSON answer per line, in order. Touches no file. A line that cannot be used is
// answered with ok: false and the reason, and the next one is read.

import { addAbortSignal } from "node:stream";
import { once } from "node:events";
import * as z from "zod";
import { applyBlocks, Block } from "../../agent/edit/blocks.ts";
import { applyPatch } from "../../agent/edit/patch.ts";
import type { FileChange } from "../../agent/edit/patch-desk.ts";
import { exit, type Io, jsonLine } from "../io.ts";
import { misfitOf } from "../misfit.ts";
import { failedAnswer } from "./answer.ts";

const BlocksRequest = z.object({ id: z.unknown(), text: z.string(), blocks: z.array(Block) });
const PatchRequest = z.object({ id: z.unknown(), files: z.record(z.string(), z.string()), patch: z.string() });

/** Answers until stdin ends. */
export async function editStream(io: Io, signal: AbortSignal): Promise<number> {
  addAbortSignal(signal, io.stdin);
  io.stdin.setEncoding("utf8");
  // The beginning of a line that has not ended; pieces, so that a very long one is put together once.
  const begun: string[] = [];
  let number = 0;
  const answerAll = async (lines: readonly string[]) => {
    const answers = lines.map((line) => (line.trim() === "" ? (number++, "") : jsonLine(answerLine(line, ++number)))).join("");
    if (answers !== "" && !io.stdout.write(answers)) await once(io.stdout, "drain", { signal });
  };
  for await (const chunk of io.stdin) {
    const [first = "", ...lines] = String(chunk).split("\n");
    begun.push(first);
    const last = lines.pop();
    if (last === undefined) continue;
    await answerAll([begun.splice(0).join(""), ...lines]);
    begun.push(last);
  }
  await answerAll([begun.join("")]);
  return exit.done;
}

/** The answer to one line; `number` is its place in the input, for the reason. */
function answerLine(line: string, number: number): unknown {
  let request: unknown;
  try {
    request = JSON.parse(line);
  } catch (error) {
    return refusal(null, `Line ${number} is not JSON (${error instanceof Error ? error.message : ""}); send one object per line.`);
  }
  const id = typeof request === "object" && request !== null && "id" in request ? (request.id ?? null) : null;
  if (typeof request === "object" && request !== null && "patch" in request) {
    const parsed = PatchRequest.safeParse({ id, ...request });
    return parsed.success
      ? answerPatch(id, parsed.data)
      : refusal(id, `Line ${number} does not fit {id, files, patch}: ${misfitOf(parsed.error, request)}.`);
  }
  const parsed = BlocksRequest.safeParse(typeof request === "object" ? { id, ...request } : request);
  return parsed.success
    ? answerBlocks(id, parsed.data)
    : refusal(id, `Line ${number} does not fit {id, text, blocks}: ${misfitOf(parsed.error, request)}.`);
}

function answerBlocks(id: unknown, { text, blocks }: z.infer<typeof BlocksRequest>): unknown {
  const outcome = applyBlocks(text, blocks);
  return { id, ok: outcome.ok, text: outcome.text, applied: outcome.applied.length, failed: outcome.failed.map(failedAnswer) };
}

function answerPatch(id: unknown, { files, patch }: z.infer<typeof PatchRequest>): unknown {
  const before = new Map(Object.entries(files));
  const outcome = applyPatch(before, patch);
  if (!outcome.ok) {
    const { message } = outcome.fault;
    return { id, ok: false, files, applied: 0, failed: [{ index: 0, reason: message, nearest: "" }], reason: message };
  }
  const { changes, applied, failed } = outcome.value;
  return { id, ok: outcome.value.ok, files: filesAfter(before, changes), applied, failed: failed.map(failedAnswer) };
}

/** All files as they are afterwards; deleted ones are absent. */
function filesAfter(before: ReadonlyMap<string, string>, changes: readonly FileChange[]): Readonly<Record<string, string>> {
  const after = new Map(before);
  for (const change of changes) {
    if (change.kind === "delete") after.delete(change.path);
    else after.set(change.path, change.text);
  }
  return Object.fromEntries(after);
}

const refusal = (id: unknown, reason: string): unknown => ({ id, ok: false, applied: 0, failed: [], reason });
