// The stage of a run: all that looks at it from outside its loop. Who is told of its events, who is asked, where notices go.

import type { Line } from "../agent/observe/line.ts";
import type { Offer } from "../agent/fuse/offer.ts";
import type { Person } from "../agent/world.ts";
import type { Level } from "./cover.ts";
import type { Io } from "./io.ts";
import type { Session } from "./session.ts";
import type { View } from "./view/view.ts";

export interface Stage {
  readonly view: View;
  readonly person: Person;
  /** Something a person should know of that is no event. */
  readonly notice: (text: string) => void;
  /** A last word, once the run is over. */
  readonly hint: (text: string) => void;
  /** Asks what is to become of a run that a fuse stopped; absent where nobody can be asked. */
  readonly choose?: Choosing;
  /** The run is open, and nothing has happened in it yet. */
  open(session: Session): void;
  /** Gives the terminal back. Harmless when done twice. */
  close(): void;
}

export interface Choosing {
  /** Undefined: it stays as it stopped. */
  offer(offers: readonly Offer[], signal: AbortSignal): Promise<Offer | undefined>;
  /** Shows what would be done, and asks once. */
  sure(lines: readonly Line[], signal: AbortSignal): Promise<boolean>;
  show(lines: readonly Line[]): void;
}

export interface Setting {
  readonly io: Io;
  readonly json: boolean;
  readonly approve: Level;
  /** How long a question waits; for ever where it is not said. */
  readonly patienceMs: number | undefined;
  /** Absolute real path of the workspace. */
  readonly root: string;
  /** The person said something while the run works. */
  readonly onSaid: (text: string) => void;
}
