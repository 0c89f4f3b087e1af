// read_file and list_files: what a file or a folder holds, in lines a model can cite.

import * as z from "zod";
import { decode } from "../edit/text.ts";
import { fail, ok } from "../result.ts";
import type { Tool } from "./tool.ts";

const maxBytes = 10_000_000;
const linesAtOnce = 800;

const ReadInput = z.strictObject({ path: z.string(), from: z.int().positive().optional(), to: z.int().positive().optional() });

/** Numbered lines, `N<TAB>text`; `data` tells `{path, digest, from, to, total}`. */
export const readFile: Tool<z.infer<typeof ReadInput>> = {
  kind: "observe",
  name: "read_file",
  description: "Read a text file, or its lines from..to.",
  input: ReadInput,
  timeoutMs: 15_000,
  outputChars: 60_000,
  recovery: "rerun",
  risk: ({ path }) => ({ effects: ["read"], paths: [path], reversible: true }),
  async execute(world, { path, from = 1, to }, signal) {
    const place = await world.files.locate(path);
    if (!place.ok) return place;
    const image = await world.files.read(place.value.real, { maxBytes }, signal);
    if (!image.ok) return image;
    const text = decode(image.value.bytes);
    if (!text.ok) return text;
    const lines = text.value.text.split(/\r\n|\n/);
    if (lines.at(-1) === "") lines.pop();
    if (lines.length === 0) return ok({ text: `${place.value.shown} is empty.`, trust: "workspace" });
    if (from > lines.length) return fail("invalid", `${place.value.shown} has ${lines.length} lines; there is no line ${from}.`);
    const last = Math.min(to ?? from + linesAtOnce - 1, from + linesAtOnce - 1, lines.length);
    const numbered = lines.slice(from - 1, last).map((line, i) => `${from + i}\t${line.length > 2000 ? `${line.slice(0, 2000)} [line cut]` : line}`);
    const rest = last < lines.length ? [`[${lines.length} lines in all; read on with from: ${last + 1}]`] : [];
    const data = { path: place.value.shown, digest: image.value.digest, from, to: last, total: lines.length };
    return ok({ text: [...numbered, ...rest].join("\n"), data, trust: place.value.inside ? "workspace" : "foreign" });
  },
};

const ListInput = z.strictObject({ path: z.string().optional(), depth: z.int().min(1).max(10).optional() });

export const listFiles: Tool<z.infer<typeof ListInput>> = {
  kind: "observe",
  name: "list_files",
  description: "List a folder; ignored files are left out.",
  input: ListInput,
  timeoutMs: 15_000,
  outputChars: 20_000,
  recovery: "rerun",
  risk: ({ path = "." }) => ({ effects: ["read"], paths: [path], reversible: true }),
  async execute(world, { path = ".", depth = 2 }, signal) {
    const place = await world.files.locate(path);
    if (!place.ok) return place;
    const listing = await world.files.list(place.value.real, { depth, limit: 500 }, signal);
    if (!listing.ok) return listing;
    const { entries, truncated } = listing.value;
    if (entries.length === 0) return ok({ text: `${place.value.shown} is empty.`, trust: "workspace" });
    return ok({ text: [...entries, ...(truncated ? ["[more; list a folder below]"] : [])].join("\n"), trust: "workspace" });
  },
};
