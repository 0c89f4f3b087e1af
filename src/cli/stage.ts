// All that looks at a run from outside its loop: who is told of its events, who is asked, where notices go. One of three: the journal
// as JSON, plain lines, or a live terminal. Only the one that is wanted is loaded.

import type { Person } from "../agent/world.ts";
import { absent, coveredBy, type Level } from "./cover.ts";
import { type Io, jsonLine } from "./io.ts";
import type { Session } from "./session.ts";
import type { View } from "./view/view.ts";

export interface Stage {
  readonly view: View;
  readonly person: Person;
  /** Something a person should know of that is no event. */
  readonly notice: (text: string) => void;
  /** A last word, once the run is over. */
  readonly hint: (text: string) => void;
  /** The run is open, and nothing has happened in it yet. */
  open(session: Session): void;
  /** Gives the terminal back. Harmless when done twice. */
  close(): void;
}

export interface Setting {
  readonly io: Io;
  readonly json: boolean;
  readonly approve: Level;
  /** Absolute real path of the workspace. */
  readonly root: string;
  /** The person said something while the run works. */
  readonly onSaid: (text: string) => void;
}

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
