// proviso checkpoints: the points of a run that its files and its conversation can be put back to.

import { checkpoints as pointsOf, type Checkpoint } from "../agent/checkpoint.ts";
import { type Line, line } from "../agent/observe/line.ts";
import { touchWords } from "../agent/observe/call-words.ts";
import { type Command, exit, type Help, jsonLine, refuse } from "./io.ts";
import { namedRun } from "./reading.ts";
import { render } from "./view/render.ts";
import { styleFor } from "./view/style.ts";

export const help: Help = `proviso checkpoints [RUN]

The points of a run before each change it made, oldest first; without RUN, the latest. Also while it runs.
"proviso restore RUN --to POINT" goes back to one; POINT is its number, the call's id, the step's id, or "start".

  --json             one object per point: {to, at, of, id, step, point, files, unkept}
  --workspace DIR    of which workspace (default: here)

Exit: 0, also where there are none; 1 where there is no such run or its journal is damaged.
`;

export const checkpoints: Command = async (args, io) => {
  const named = await namedRun(args, io, help);
  if (typeof named === "number") return named;
  const points = pointsOf(named.events);
  if (named.json) for (const one of points) io.stdout.write(jsonLine({ ...one, touches: undefined, files: one.touches.map(fileOf) }));
  else if (points.length === 0) io.stderr.write(`proviso: run ${named.folder.id} changed no file; there is nothing to go back to.\n`);
  else for (const row of render(points.flatMap(linesOf), styleFor(io.stdout, io.env))) io.stdout.write(`${row}\n`);
  return named.damage ? refuse(io, named.damage) : exit.done;
};

const fileOf = ({ shown, before, after }: Checkpoint["touches"][number]): Record<string, unknown> => ({ path: shown, before, after });

function linesOf({ to, at, id, of, point, touches, unkept }: Checkpoint): readonly Line[] {
  const when = new Date(at).toISOString().slice(11, 19);
  return [
    line(0, ["quiet", `${String(to).padStart(4)}  ${when}  `], ["strong", point], ["quiet", of === "call" ? `  ${id}` : ""]),
    ...touches.map((touch) => ({ ...line(0, ["quiet", `${" ".repeat(16)}then ${touchWords(touch)}`]), hang: 16 })),
    ...unkept.map(({ shown, why }) => ({ ...line(0, ["waits", `${" ".repeat(16)}not kept: ${shown}`], ["quiet", `  ${why}`]), hang: 16 })),
  ];
}
