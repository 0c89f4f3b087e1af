// The journal's language as of this program: the schema of events, and how to lift the lines of every earlier version.

import { Event, eventVersion } from "../../agent/event.ts";
import { fail, ok } from "../../agent/result.ts";
import type { JournalFormat } from "./lines.ts";

export const eventFormat: JournalFormat<Event> = {
  version: eventVersion,
  // When the version grows to 2, the entry 1 makes a line of version 2 out of one of version 1; entries are never removed.
  upcasts: {},
  parse: (line) => {
    const parsed = Event.safeParse(line);
    if (parsed.success) return ok(parsed.data);
    const path = parsed.error.issues[0]?.path.join(".") ?? "";
    return fail(
      "invalid",
      path === "" ? "is not an event this Proviso knows" : `is not an event this Proviso knows: its "${path}" is wrong`,
    );
  },
  misplaced: ({ seq }, index) => (seq === index + 1 ? undefined : `has number ${seq} where ${index + 1} was due`),
};
