// change_files: one proposal over several files, with creates, deletes and renames, as blocks, whole texts or a unified diff. It is shown,
// decided and written as one. Computes what the files would become and touches nothing.

import * as z from "zod";
import { applyBlocks, Block } from "../edit/blocks.ts";
import { applyPatch, namesOf, type PatchFailed, pathsOf, takesAway } from "../edit/patch.ts";
import type { FileChange } from "../edit/patch-desk.ts";
import { type Decoded, decode, encodeLike } from "../edit/text.ts";
import { fail, ok, type Result } from "../result.ts";
import type { World } from "../world.ts";
import { explainFailures, type Target, target } from "./edit.ts";
import type { Effect, Risk } from "./risk.ts";
import { blocksAsMeant } from "./shown-text.ts";
import type { Change, Tool } from "./tool.ts";

const FileEdit = z.strictObject({
  path: z.string(),
  blocks: z.array(Block).min(1).optional(),
  text: z.string().optional(),
  delete: z.literal(true).optional(),
  to: z.string().optional(),
});
type FileEdit = z.infer<typeof FileEdit>;

const Input = z
  .strictObject({ files: z.array(FileEdit).min(1).optional(), patch: z.string().min(1).optional() })
  .refine(({ files, patch }) => (files === undefined) !== (patch === undefined), "give either files or patch");
type Input = z.infer<typeof Input>;

export const changeFiles: Tool<Input> = {
  kind: "change",
  name: "change_files",
  reach: "computed",
  description: "Several files as one proposal: each with blocks, text (all of it), delete, to (new path); or a unified diff.",
  input: Input,
  timeoutMs: 60_000,
  outputChars: 16_000,
  risk: riskOf,
  change: (world, { files, patch = "" }, signal) => (files ? byFiles(world, files, signal) : byPatch(world, patch, signal)),
};

function riskOf({ files, patch = "" }: Input): Risk {
  const paths = files ? files.flatMap(({ path, to }) => (to === undefined ? [path] : [path, to])) : namesOf(patch);
  const deletes = files ? files.some((file) => file.delete === true || file.to !== undefined) : takesAway(patch);
  const effects: Effect[] = deletes ? ["write", "delete"] : ["write"];
  return { effects, paths: [...new Set(paths)], reversible: true };
}

async function byFiles(world: World, files: readonly FileEdit[], signal: AbortSignal): Promise<Result<Change[]>> {
  const changes: Change[] = [];
  const wrong: string[] = [];
  for (const file of files) {
    const one = await byFile(world, file, signal);
    if (one.ok) changes.push(...one.value);
    else wrong.push(one.fault.message);
  }
  const twice = changes.find(({ path }, at) => changes.findIndex((other) => other.path === path) !== at);
  if (twice) wrong.push(`${twice.shown} is changed twice; make one of the two.`);
  if (wrong.length === 0) return ok(changes);
  const others = wrong.length < files.length ? " The other files fit; send all of them again." : "";
  return fail("invalid", [`Nothing was changed in any file.${others}`, ...wrong].join("\n"));
}

async function byFile(world: World, file: FileEdit, signal: AbortSignal): Promise<Result<readonly Change[]>> {
  const { path, blocks, text, to } = file;
  const wanted = [blocks, text, file.delete].filter((one) => one !== undefined).length;
  if (wanted > 1 || (wanted === 0 && to === undefined) || (file.delete && to !== undefined))
    return fail("invalid", `${path}: give one of blocks, text, delete and to; to also goes with blocks or text.`);
  const found = await target(world, path, signal);
  if (!found.ok) return found;
  const { image, shown } = found.value;
  if (file.delete) return image ? ok([{ ...named(found.value), before: image, after: null }]) : gone(shown);
  if (!image && (to !== undefined || blocks?.some((block) => block.search !== ""))) return gone(shown);
  const decoded = image ? decode(image.bytes) : undefined;
  if (decoded?.ok === false && (blocks || to === undefined)) return fail("invalid", `${shown}: ${decoded.fault.message}`);
  const before = decoded?.ok ? decoded.value : undefined;
  const next = nextBytes(shown, { blocks, text, before, bytes: image?.bytes });
  if (!next.ok) return next;
  if (to === undefined) return ok([{ ...named(found.value), before: image, after: next.value }]);
  const fresh = await target(world, to, signal);
  if (!fresh.ok) return fresh;
  if (fresh.value.image) return fail("invalid", `${fresh.value.shown} exists; ${shown} cannot be renamed to it.`);
  return ok([
    { ...named(fresh.value), before: null, after: next.value, ...(image ? { mode: image.mode } : {}) },
    { ...named(found.value), before: image, after: null },
  ]);
}

const gone = (shown: string): ReturnType<typeof fail> => fail("missing", `${shown} does not exist; give its text to create it.`);

const named = ({ path, shown }: Target): { readonly path: string; readonly shown: string } => ({ path, shown });

/** What the file is to hold, stored as it is stored now. A renamed file may be of any kind. */
function nextBytes(
  shown: string,
  file: {
    readonly blocks: readonly Block[] | undefined;
    readonly text: string | undefined;
    readonly before: Decoded | undefined;
    readonly bytes: Uint8Array | undefined;
  },
): Result<Uint8Array> {
  const { blocks, text, before, bytes } = file;
  const known = before?.text ?? "";
  if (blocks) {
    const meant = blocksAsMeant(blocks, known);
    if (!meant.ok) return meant;
    const outcome = applyBlocks(known, meant.value);
    return outcome.ok ? encodeLike(outcome.text, before) : fail("invalid", explainFailures(shown, outcome.failed, blocks.length));
  }
  if (text === undefined) return ok(bytes ?? new Uint8Array());
  const whole = blocksAsMeant([{ search: "", replace: text }], known);
  return whole.ok ? encodeLike(text, before) : whole;
}

async function byPatch(world: World, patch: string, signal: AbortSignal): Promise<Result<Change[]>> {
  const paths = pathsOf(patch);
  if (!paths.ok) return paths;
  const files = new Map<string, Target & { readonly decoded: Decoded | undefined }>();
  for (const path of paths.value) {
    const found = await target(world, path, signal);
    if (!found.ok) return found;
    const decoded = found.value.image ? decode(found.value.image.bytes) : undefined;
    if (decoded?.ok === false) return fail("invalid", `${found.value.shown}: ${decoded.fault.message}`);
    files.set(path, { ...found.value, decoded: decoded?.value });
  }
  const texts = new Map([...files].flatMap(([path, { decoded }]) => (decoded ? [[path, decoded.text] as const] : [])));
  const meant = blocksAsMeant([{ search: "", replace: patch }], [...texts.values()].join("\n"));
  if (!meant.ok) return meant;
  const outcome = applyPatch(texts, patch);
  if (!outcome.ok) return outcome;
  if (!outcome.value.ok) return fail("invalid", explainPatch(outcome.value.failed, outcome.value.applied));
  const changes: Change[] = [];
  for (const change of outcome.value.changes) {
    const found = files.get(change.path);
    if (!found) throw new Error(`${change.path} was not read`);
    const next = patched(change, files);
    if (!next.ok) return next;
    const mode = change.kind === "delete" ? undefined : (change.mode ?? files.get(change.from ?? "")?.image?.mode);
    changes.push({ ...named(found), before: found.image, after: next.value, ...(mode === undefined ? {} : { mode }) });
  }
  return changes.length > 0 ? ok(changes) : fail("invalid", "The patch leaves every file as it is; go on.");
}

/** A renamed file is stored like its origin. */
function patched(change: FileChange, files: ReadonlyMap<string, { readonly decoded: Decoded | undefined }>): Result<Uint8Array | null> {
  if (change.kind === "delete") return ok(null);
  return encodeLike(change.text, files.get(change.from ?? change.path)?.decoded);
}

const mostShown = 5;

function explainPatch(failed: readonly PatchFailed[], applied: number): string {
  const shown = failed.slice(0, mostShown).map(({ index, path, reason, nearest }) => {
    const text = nearest ? `\nLines ${nearest.from}-${nearest.to} of ${path} are:\n${nearest.text}` : "";
    return `Hunk ${index} (${path}): ${reason}${text}`;
  });
  const more = failed.length > mostShown ? [`${failed.length - mostShown} more hunks do not fit either.`] : [];
  const others = applied > 0 ? " The other hunks fit; send all of them again." : "";
  return [`Nothing was changed in any file.${others}`, ...shown, ...more].join("\n");
}
