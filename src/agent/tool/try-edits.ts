// try_edits: tries many small variations of files against a command, each in a private copy of the workspace, and tells which pass.
// The workspace is never touched. A quick command may go first; only what passes it is run against the whole one. A quick command that
// does not fail as the whole one does on the unchanged files is not believed.

import { decode } from "../edit/text.ts";
import { fail, ok, type Result } from "../result.ts";
import type { World } from "../world.ts";
import { createBench, type Subject } from "./trial-bench.ts";
import { findVariations } from "./trial-search.ts";
import type { Tool } from "./tool.ts";
import { type Trials, TryEditsInput } from "./trials.ts";

const maxBytes = 2_000_000;

export const tryEdits: Tool<TryEditsInput> = {
  kind: "observe",
  name: "try_edits",
  description: "Try variations of files against a command, each in a private copy; tells which pass.",
  input: TryEditsInput,
  timeoutMs: 1_800_000,
  outputChars: 8000,
  recovery: "rerun",
  undo: "Nothing to undo: it runs in private copies.",
  risk: ({ line, files }) => ({ effects: ["execute"], paths: files.map((file) => file.path), line, reversible: true }),
  async preview(_world, input) {
    return ok({ kind: "text", text: describe(input) });
  },
  async execute(world, input, signal, context) {
    const subjects = await readSubjects(world, input, signal);
    if (!subjects.ok) return subjects;
    const bench = createBench(world, subjects.value, input.variations);
    const wrong = input.variations.findIndex((_, index) => bench.files(index) === undefined);
    if (wrong !== -1)
      return fail(
        "invalid",
        `Variation ${wrong} names a file, line or column that does not exist, or its edits overlap; nothing was tried.`,
      );
    const found = await findVariations(world, bench, input, context.onOutput, signal);
    if (!found.ok) return found;
    return ok({ text: sumUp(found.value, input), data: found.value, trust: "workspace" });
  },
};

async function readSubjects(world: World, { files }: TryEditsInput, signal: AbortSignal): Promise<Result<readonly Subject[]>> {
  const subjects: Subject[] = [];
  for (const { path, digest } of files) {
    const place = await world.files.locate(path);
    if (!place.ok) return place;
    if (!place.value.inside) return fail("denied", `${path} is outside the workspace; variations can be tried of its own files only.`);
    const image = await world.files.read(place.value.real, { maxBytes }, signal);
    if (!image.ok) return image;
    if (digest !== undefined && image.value.digest !== digest)
      return fail("stale", `${place.value.shown} changed since it was read; read it again.`);
    const text = decode(image.value.bytes);
    if (!text.ok) return text;
    if (text.value.encoding !== "utf-8") return fail("invalid", `${place.value.shown} is not UTF-8; variations of it cannot be tried.`);
    subjects.push({ path: place.value.shown, text: text.value.text, bom: text.value.bom });
  }
  return ok(subjects);
}

function describe({ line, quick, files, variations, seconds = 120, show }: TryEditsInput): string {
  const names = files.map((file) => file.path).join(", ");
  const what = variations.length === 1 ? `Run one variation of ${names}` : `Try up to ${variations.length} variations of ${names}`;
  const why = show === undefined ? "" : ` and return what it prints about "${show}"`;
  const first = quick && quick.length > 0 ? [`First only: ${quick.join("\nor: ")}`] : [];
  return [
    `${what} against \`${line}\` in private copies of the workspace${why}, for at most ${seconds} s.`,
    ...first,
    "The workspace itself stays as it is.",
  ].join("\n");
}

function sumUp({ tried, passed, better, hanging, ms }: Trials, { line, variations }: TryEditsInput): string {
  const counts = `Tried ${tried} of ${variations.length} variations in ${Math.round(ms / 1000)} s${hanging > 0 ? `, ${hanging} did not end` : ""}.`;
  if (passed.length > 0)
    return `${counts} \`${line}\` passes with number ${passed.join(", ")} (counted from 0). Nothing was changed in the workspace.`;
  if (better.length > 0)
    return `${counts} None passes \`${line}\`, but some tests are mended and none broken by number ${better.map((one) => one.variation).join(", ")}.`;
  return `${counts} None passes \`${line}\`.`;
}
