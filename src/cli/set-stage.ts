// Chooses the stage of a run: the journal as JSON, plain lines, or a live terminal. Only the one that is wanted is loaded.

import { absent, coveredBy } from "./cover.ts";
import { type Io, jsonLine } from "./io.ts";
import type { Setting, Stage } from "./stage.ts";
import type { View } from "./view/view.ts";

export async function setStage(setting: Setting): Promise<Stage> {
  const { io, json } = setting;
  if (json) return still(setting, jsonView(io), () => undefined);
  if (io.stdout.isTTY === true && io.stdin.isTTY === true && io.env["TERM"] !== "dumb") {
    const { liveStage } = await import("./terminal/live-stage.ts");
    return liveStage(setting);
  }
  const { plainView } = await import("./view/plain.ts");
  return still(setting, plainView(io), say(io));
}

/** The journal itself, line by line as it grows. */
const jsonView = ({ stdout }: Io): View => ({
  event: (event) => void stdout.write(jsonLine(event)),
  live: () => undefined,
  close: () => undefined,
});

/** A stage where nobody can be asked. */
function still({ io, approve, root }: Setting, view: View, hint: Stage["hint"]): Stage {
  return { view, person: coveredBy(approve, root, absent), notice: say(io), hint, open: () => undefined, close: () => view.close() };
}

const say =
  ({ stderr }: Io) =>
  (text: string): void =>
    void stderr.write(`proviso: ${text}\n`);
