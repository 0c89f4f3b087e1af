// edit_file, create_file, delete_file: compute what a file would become. They touch nothing; the write gate does.

import * as z from "zod";
import { applyBlocks, Block, type Failed } from "../edit/blocks.ts";
import { decode, encodeLike } from "../edit/text.ts";
import { fail, ok, type Result } from "../result.ts";
import type { World } from "../world.ts";
import type { FileImage } from "../file-image.ts";
import { blocksAsMeant, withoutLabels } from "./shown-text.ts";
import type { Tool } from "./tool.ts";

const maxBytes = 10_000_000;

export interface Target {
  readonly path: string;
  readonly shown: string;
  readonly image: FileImage | null;
}

/** The file as it is; `image` null where there is none. */
export async function target(world: World, path: string, signal: AbortSignal): Promise<Result<Target>> {
  const place = await world.files.locate(path);
  if (!place.ok) return place;
  const { real, shown } = place.value;
  const image = await world.files.read(real, { maxBytes }, signal);
  if (image.ok) return ok({ path: real, shown, image: image.value });
  return image.fault.kind === "missing" ? ok({ path: real, shown, image: null }) : image;
}

const EditInput = z.strictObject({ path: z.string(), blocks: z.array(Block).min(1) });

export const editFile: Tool<z.infer<typeof EditInput>> = {
  kind: "change",
  name: "edit_file",
  description:
    "Change a file: each block replaces one unique piece of its present text (all: every occurrence). Line numbers are not part of it.",
  input: EditInput,
  timeoutMs: 30_000,
  outputChars: 8000,
  risk: ({ path }) => ({ effects: ["write"], paths: [path], reversible: true }),
  async change(world, { path, blocks }, signal) {
    const found = await target(world, path, signal);
    if (!found.ok) return found;
    const { image, shown } = found.value;
    const creates = blocks.every((block) => block.search === "");
    if (!image && !creates) return fail("missing", `${shown} does not exist; create it with create_file.`);
    const decoded = image ? decode(image.bytes) : undefined;
    if (decoded?.ok === false) return fail("invalid", `${shown}: ${decoded.fault.message}`);
    const before = decoded?.value;
    const meant = blocksAsMeant(blocks, before?.text ?? "");
    if (!meant.ok) return meant;
    const outcome = applyBlocks(before?.text ?? "", meant.value);
    if (!outcome.ok) return fail("invalid", explainFailures(shown, outcome.failed, blocks.length));
    if (image && outcome.text === before?.text)
      return fail("invalid", `The blocks leave ${shown} as it is; give a replacement that differs, or go on.`);
    const after = encodeLike(outcome.text, before);
    return after.ok ? ok([{ path: found.value.path, shown, before: image, after: after.value }]) : after;
  },
};

const mostShown = 5;

/** Why nothing was written, block by block, with the real text to copy from. */
export function explainFailures(shown: string, failed: readonly Failed[], blocks: number): string {
  const named = failed.slice(0, mostShown).map(({ index, reason, nearest }) => {
    const which = blocks === 1 ? "" : `Block ${index}: `;
    return `${which}${reason}${nearest ? `\nLines ${nearest.from}-${nearest.to} are:\n${nearest.text}` : ""}`;
  });
  const more = failed.length > mostShown ? [`${failed.length - mostShown} more blocks do not fit either.`] : [];
  const others = blocks > failed.length ? " The other blocks fit; send all of them again." : "";
  return [`Nothing was changed in ${shown}.${others}`, ...named, ...more].join("\n");
}

const CreateInput = z.strictObject({ path: z.string(), text: z.string() });

export const createFile: Tool<z.infer<typeof CreateInput>> = {
  kind: "change",
  name: "create_file",
  description: "Create a new file.",
  input: CreateInput,
  timeoutMs: 30_000,
  outputChars: 2000,
  risk: ({ path }) => ({ effects: ["write"], paths: [path], reversible: true }),
  async change(world, { path, text }, signal) {
    const found = await target(world, path, signal);
    if (!found.ok) return found;
    const told = withoutLabels(text);
    if (!told.ok) return told;
    const after = encodeLike(text, undefined);
    if (!after.ok) return after;
    const { image, shown } = found.value;
    if (image && image.digest !== world.digest(after.value)) return fail("invalid", `${shown} exists; change it with edit_file.`);
    return ok([{ path: found.value.path, shown, before: image, after: after.value }]);
  },
};

const DeleteInput = z.strictObject({ path: z.string() });

export const deleteFile: Tool<z.infer<typeof DeleteInput>> = {
  kind: "change",
  name: "delete_file",
  description: "Delete a file; it is kept and can be restored.",
  input: DeleteInput,
  timeoutMs: 30_000,
  outputChars: 2000,
  risk: ({ path }) => ({ effects: ["delete"], paths: [path], reversible: true }),
  async change(world, { path }, signal) {
    const found = await target(world, path, signal);
    if (!found.ok) return found;
    if (!found.value.image) return fail("missing", `${found.value.shown} does not exist; nothing to delete.`);
    return ok([{ path: found.value.path, shown: found.value.shown, before: found.value.image, after: null }]);
  },
};
