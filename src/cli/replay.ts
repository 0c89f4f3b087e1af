// proviso replay: folds a journal again, event by event, and says whether it still leads where it says it led.

import { type Line, line, marked } from "../agent/observe/line.ts";
import type { Frame } from "../agent/observe/flights.ts";
import { replay as replayEvents } from "../agent/observe/replay.ts";
import { type Command, exit, type Help, jsonLine, refuse } from "./io.ts";
import { namedRun } from "./reading.ts";
import { render } from "./view/render.ts";
import { styleFor } from "./view/style.ts";

export const help: Help = `proviso replay [RUN]

Folds the journal of a run again, without a model and without touching the workspace: after each event, what could happen next.
Verifies that every event follows from those before it, and that they lead to the ending that is recorded.

  --json             one object per event: {seq, type, next, explained, steps}; the last line is {verified, discrepancies}
  --workspace DIR    of which workspace (default: here)

Exit: 0 verified, 1 something does not follow, the journal is damaged, or there is no such run.
`;

export const replay: Command = async (args, io) => {
  const named = await namedRun(args, io, help);
  if (typeof named === "number") return named;
  const { frames, discrepancies } = replayEvents(named.events);
  const verified = discrepancies.length === 0 && !named.damage;
  if (named.json) {
    for (const frame of frames)
      io.stdout.write(
        jsonLine({ seq: frame.event.seq, type: frame.event.type, next: frame.next, explained: frame.explained, steps: stepsOf(frame) }),
      );
    io.stdout.write(jsonLine({ verified, discrepancies }));
  } else {
    const verdict = verified
      ? marked("verified", 0, ["proved", "verified"], `: ${frames.length} events lead to the ending that is recorded`)
      : marked("failed", 0, ["failed", "not verified"]);
    const lines = [...frames.map(frameLine), verdict, ...discrepancies.map((one) => line(1, one))];
    for (const row of render(lines, styleFor(io.stdout, io.env))) io.stdout.write(`${row}\n`);
  }
  if (named.damage) return refuse(io, named.damage);
  return verified ? exit.done : exit.failed;
};

const stepsOf = ({ after }: Frame): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(after.steps).map(([id, step]) => [id, step.status]));

function frameLine({ event, next, explained }: Frame): Line {
  const head = `${String(event.seq).padStart(4)} `;
  const then = next.length > 0 ? ` → ${next.join(", ")}` : "";
  return line(0, ["quiet", head], [explained ? "strong" : "failed", event.type], ["quiet", then]);
}
