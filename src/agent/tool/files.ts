// read_file and list_files: what a file or a folder holds, in lines a model can cite.

import * as z from "zod";
import { splitPieces } from "../edit/line-end.ts";
import { decode } from "../edit/text.ts";
import { fail, ok, type Result } from "../result.ts";
import { seenName } from "../unseen.ts";
import type { World } from "../world.ts";
import { outputPrefix } from "./earlier.ts";
import type { Observation } from "./observation.ts";
import type { CallContext, Tool } from "./tool.ts";

const maxBytes = 10_000_000;
const linesAtOnce = 2000;
const charsAtOnce = 50_000;
const longestLine = 2000;

const ReadInput = z.strictObject({ path: z.string(), from: z.int().positive().optional(), to: z.int().positive().optional() });

/** Numbered lines, `N<TAB>text`; `data` tells `{path, digest, from, to, total}`. */
export const readFile: Tool<z.infer<typeof ReadInput>> = {
  kind: "observe",
  name: "read_file",
  description: "Read a text file as numbered lines, or only its lines from..to.",
  input: ReadInput,
  timeoutMs: 15_000,
  outputChars: 60_000,
  recovery: "rerun",
  risk: ({ path }) =>
    path.startsWith(outputPrefix) ? { effects: [], paths: [], reversible: true } : { effects: ["read"], paths: [path], reversible: true },
  async execute(world, { path, from = 1, to }, signal, { earlier }) {
    const opened = path.startsWith(outputPrefix) ? await openOutput(world, path, earlier, signal) : await openFile(world, path, signal);
    return opened.ok ? pageOf(opened.value, from, to) : opened;
  },
};

interface Opened {
  readonly shown: string;
  readonly text: string;
  readonly digest: string;
  readonly trust: Observation["trust"];
}

async function openFile(world: World, path: string, signal: AbortSignal): Promise<Result<Opened>> {
  const place = await world.files.locate(path);
  if (!place.ok) return place;
  const { real, shown, inside } = place.value;
  const image = await world.files.read(real, { maxBytes }, signal);
  if (!image.ok) return image;
  const decoded = decode(image.value.bytes);
  if (!decoded.ok) return fail("invalid", `${shown}: ${decoded.fault.message}`);
  // Before it is paged: a page from the middle of a key would not look like one.
  const text = await world.secrets.redact(decoded.value.text);
  return ok({ shown, text, digest: image.value.digest, trust: inside ? "workspace" : "foreign" });
}

/** The whole of a long output, which was kept apart; else what the call told. Trusted as it was the first time. */
async function openOutput(world: World, path: string, earlier: CallContext["earlier"], signal: AbortSignal): Promise<Result<Opened>> {
  const call = path.slice(outputPrefix.length);
  const told = earlier?.(call);
  const output = await world.shell.output(call, signal);
  const text = output.ok ? output.value : told?.text;
  if (text === undefined) return output.ok ? fail("missing", `Nothing is known of a call ${call}.`) : output;
  return ok({ shown: path, text, digest: world.digest(text), trust: told?.trust ?? "workspace" });
}

function pageOf({ shown, text, digest, trust }: Opened, from: number, to: number | undefined): Result<Observation> {
  const lines = splitPieces(text).map((piece) => piece.text);
  if (lines.at(-1) === "") lines.pop();
  if (lines.length === 0) return ok({ text: `${shown} is empty.`, data: { path: shown, digest, from: 1, to: 0, total: 0 }, trust });
  if (from > lines.length) return fail("invalid", `${shown} has ${lines.length} lines; there is no line ${from}.`);
  if (to !== undefined && to < from) return fail("invalid", `Line ${to} comes before line ${from}; give from and to in this order.`);
  const most = Math.min(to ?? lines.length, from + linesAtOnce - 1, lines.length);
  const page: string[] = [];
  let chars = 0;
  for (let number = from; number <= most && chars < charsAtOnce; number++) {
    const numbered = `${number}\t${shorten(lines[number - 1] ?? "")}`;
    page.push(numbered);
    chars += numbered.length + 1;
  }
  const last = from + page.length - 1;
  const more = last < (to ?? lines.length) && last < lines.length;
  if (more || last < lines.length || from > 1)
    page.push(`[lines ${from}-${last} of ${lines.length}${more ? `; read on with from: ${last + 1}` : ""}]`);
  return ok({ text: page.join("\n"), data: { path: shown, digest, from, to: last, total: lines.length }, trust });
}

const shorten = (line: string): string =>
  line.length > longestLine ? `${line.slice(0, longestLine)} [${line.length - longestLine} more characters]` : line;

const ListInput = z.strictObject({ path: z.string().optional(), depth: z.int().min(1).max(10).optional() });

/** Entries below a folder, one per line, folders ending in "/". */
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
    const trust = place.value.inside ? "workspace" : "foreign";
    if (entries.length === 0) return ok({ text: `${place.value.shown} is empty.`, trust });
    return ok({
      text: [...entries.map(seenName), ...(truncated ? [`[the first ${entries.length}; there are more, list a folder below]`] : [])].join(
        "\n",
      ),
      trust,
    });
  },
};
