// proviso restore: the files of a run, its conversation, or both, as they were at an earlier point. Shown first, asked once.

import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { type Point, unkeptAfter } from "../agent/checkpoint.ts";
import { fileLines } from "../agent/observe/card.ts";
import { type Line, line, marked } from "../agent/observe/line.ts";
import type { RestoreEnded } from "../agent/restore-run.ts";
import { ok, type Result } from "../agent/result.ts";
import type { Left } from "../agent/touch.ts";
import type { Unwound } from "../agent/unwind.ts";
import type { Forked } from "../node/fork.ts";
import { openRewind, type Rewind, rewindPreview } from "../node/rewind.ts";
import { findRun } from "../node/runs.ts";
import { oneOf, parseArguments } from "./arguments.ts";
import { type Command, exit, type Help, type Io, jsonLine, refuse } from "./io.ts";
import { render } from "./view/render.ts";
import { styleFor } from "./view/style.ts";
import { findWorkspace, homeOf } from "./workspace.ts";

export const help: Help = `proviso restore [RUN] --to POINT [options]

Puts back what a run changed after a point that "proviso checkpoints" lists: its files, its conversation, or both. Without RUN, the latest.
What you wrote since is merged and never dropped; where that cannot be, the file is left alone. A restore can itself be taken back.
It never touches git, and no file that the run did not change. A conversation goes on as a new run; the old one stays.

  --to POINT         a number, a call, a step, "start", or "fuse": before the step that a fuse stopped
  --what WHAT        files (default), conversation, or both
  --prefer WHOSE     where you changed the same lines: mine (default) leaves the file alone, then takes it as it was
  --say TEXT         the first thing the new run is told, with conversation or both
  --preview          only shows what would change
  --yes              does not ask; needed without a terminal
  --json             one object: {to, point, changed, merged, kept, unkept, fork}
  --workspace DIR    of which workspace (default: here)

Exit: 0 restored; 1 no such run or point, or the run is at work; 2 wrong usage; 3 not confirmed.
`;

const kinds = { to: "value", what: "value", prefer: "value", say: "value", preview: "flag", yes: "flag" } as const;

export const restore: Command = async (args, io, signal) => {
  const parsed = parseArguments(args, kinds, 1);
  if (!parsed.ok) return refuse(io, parsed.fault, exit.usage);
  const { options, operands } = parsed.value;
  if (options.help) {
    io.stdout.write(help);
    return exit.done;
  }
  const what = oneOf("what", options.what, ["files", "conversation", "both"]);
  if (!what.ok) return refuse(io, what.fault, exit.usage);
  const prefer = oneOf("prefer", options.prefer, ["mine", "then"]);
  if (!prefer.ok) return refuse(io, prefer.fault, exit.usage);
  if (options.to === undefined)
    return refuse(io, { message: 'Say where to go back to with --to POINT; "proviso checkpoints" lists the points.' }, exit.usage);
  const wanted = what.value ?? "files";
  if (options.say !== undefined && wanted === "files")
    return refuse(io, { message: "--say is for the conversation; add --what both or --what conversation." }, exit.usage);
  const home = await findWorkspace(io, options.workspace);
  if (!home.ok) return refuse(io, home.fault, exit.usage);
  const folder = await findRun(home.value, operands[0]);
  if (!folder.ok) return refuse(io, folder.fault);
  const cache = join(homeOf(io), "cache");
  const opened = await openRewind({ env: io.env, cache, home: home.value, folder: folder.value });
  if (!opened.ok) return refuse(io, opened.fault);
  const rewind = opened.value;
  const point = rewind.point(options.to);
  if (!point.ok) return refuse(io, point.fault);
  const plan = wanted === "conversation" ? nothing : await rewind.plan(point.value, () => prefer.value ?? "mine", signal);
  const unkept = wanted === "conversation" ? [] : unkeptAfter(rewind.events, point.value.to);
  const answer = { to: point.value.to, point: point.value.point, unkept };
  if (!options.json) await show(io, rewind, { plan, unkept, wanted, point: point.value });
  if (options.preview) {
    if (options.json) io.stdout.write(jsonLine({ ...answer, ...planned(plan) }));
    return exit.done;
  }
  if (!options.yes && !(await confirmed(io, options.json, signal)))
    return refuse(io, { message: "Nothing was restored; --yes restores without asking." }, exit.stopped);
  const done = await act(rewind, { point: point.value, plan, wanted, say: options.say }, signal);
  if (!done.ok) return refuse(io, done.fault);
  const { ended, forked } = done.value;
  if (options.json)
    io.stdout.write(
      jsonLine({
        ...answer,
        changed: ended.changed.map(({ shown }) => shown),
        merged: plan.merged,
        kept: ended.kept,
        fork: forked?.folder.id ?? null,
      }),
    );
  else tell(io, ended, forked);
  return exit.done;
};

const nothing: Unwound = { touches: [], merged: [], same: [], kept: [] };

type What = "files" | "conversation" | "both";

interface Errand {
  readonly point: Point;
  readonly plan: Unwound;
  readonly wanted: What;
  readonly say: string | undefined;
}

/** The files first: a conversation that goes on from a state the files are not in would be wrong. */
async function act(
  rewind: Rewind,
  { point, plan, wanted, say }: Errand,
  signal: AbortSignal,
): Promise<Result<{ readonly ended: RestoreEnded; readonly forked: Forked | undefined }>> {
  const files = wanted === "conversation" || plan.touches.length === 0 ? undefined : await rewind.restore(point, plan, signal);
  if (files?.ok === false) return files;
  const ended: RestoreEnded = files?.value ?? { type: "restore.ended", changed: [], kept: [...plan.kept] };
  if (wanted === "files") return ok({ ended, forked: undefined });
  const forked = await rewind.fork(point, say, Date.now());
  return forked.ok ? ok({ ended, forked: forked.value }) : forked;
}

const planned = ({ touches, merged, kept }: Unwound): Record<string, unknown> => ({
  changed: touches.map(({ shown }) => shown),
  merged,
  kept,
  fork: null,
});

async function show(
  io: Io,
  rewind: Rewind,
  {
    plan,
    unkept,
    wanted,
    point,
  }: { readonly plan: Unwound; readonly unkept: readonly Left[]; readonly wanted: What; readonly point: Point },
): Promise<void> {
  const images = await rewind.images(plan.touches);
  const preview = images.ok ? rewindPreview(images.value) : undefined;
  const files = preview?.kind === "diff" ? preview.files : [];
  const bits = plan.touches.filter((touch) => touch.before === touch.after && touch.modeAfter !== undefined);
  const lines: Line[] = [
    marked("undone", 0, ["strong", wanted === "conversation" ? "the conversation" : `files as they were ${point.point}`]),
    ...files.filter(({ diff }) => diff !== "").flatMap(fileLines),
    ...bits.map(({ shown, modeAfter = 0 }) => line(1, ["strong", shown], ["quiet", `  permission bits ${modeAfter.toString(8)}`])),
    ...plan.merged.map((shown) => line(1, ["learnt", `${shown} keeps what was written in it since`])),
    ...leftLines("left alone", plan.kept),
    ...leftLines("cannot be put back", unkept),
    ...(wanted !== "conversation" && plan.touches.length === 0 ? [line(1, ["quiet", "no file has to change"])] : []),
    ...(wanted === "files" ? [] : [line(1, ["quiet", "the conversation goes on from there as a new run"])]),
  ];
  for (const row of render(lines, styleFor(io.stdout, io.env))) io.stdout.write(`${row}\n`);
}

const leftLines = (word: string, left: readonly Left[]): readonly Line[] =>
  left.map(({ shown, why }) => line(1, ["waits", `${word}: ${shown}`], ["quiet", `  ${why}`]));

async function confirmed(io: Io, json: boolean, signal: AbortSignal): Promise<boolean> {
  if (json || io.stdin.isTTY !== true || io.stderr.isTTY !== true) return false;
  const lines = createInterface({ input: io.stdin, output: io.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question("Restore this? [y/N] ", { signal })).trim());
  } finally {
    lines.close();
  }
}

function tell(io: Io, { changed, kept }: RestoreEnded, forked: Forked | undefined): void {
  const files = changed.length === 1 ? "1 file" : `${changed.length} files`;
  if (changed.length > 0) io.stderr.write(`proviso: restored ${files}; "proviso checkpoints" lists how to take that back.\n`);
  for (const { shown, why } of kept) io.stderr.write(`proviso: ${shown} was left alone: ${why}\n`);
  if (forked) io.stderr.write(`proviso: the conversation goes on in ${forked.folder.id}: proviso resume ${forked.folder.id}\n`);
}
