// What a person asked for before, newest first: one small document per workspace, kept by lowdb over a write that survives a power cut.
// A comfort, not a record (that is the journals): a document that cannot be read counts as empty and is replaced.

import { readFile } from "node:fs/promises";
import { type Adapter, Low } from "lowdb";
import * as z from "zod";
import type { Result } from "../agent/result.ts";
import { ok } from "../agent/result.ts";
import { writeDurably } from "./durable.ts";
import { refused } from "./errno.ts";
import { privateFile } from "./state-home.ts";

const most = 50;
const mostChars = 4000;
const History = z.object({ version: z.literal(1), goals: z.array(z.string()) });
type History = z.infer<typeof History>;

export interface GoalHistory {
  goals(): Promise<readonly string[]>;
  /** Puts the goal first, and no other place. Faults: no space, no permission. */
  add(goal: string): Promise<Result<void>>;
}

export function goalHistory(path: string): GoalHistory {
  const db = new Low<History>(document(path), { version: 1, goals: [] });
  return {
    goals: async () => {
      await db.read();
      return db.data.goals;
    },
    add: async (goal) => {
      try {
        // Another window may have added to it meanwhile.
        await db.read();
        await db.update((data) => {
          data.goals = [goal.slice(0, mostChars), ...data.goals.filter((other) => other !== goal)].slice(0, most);
        });
        return ok(undefined);
      } catch (error) {
        return refused(`What you asked for could not be remembered in ${path}`, error);
      }
    },
  };
}

/** lowdb's own file adapter never syncs, and two windows would write over each other's temporary file. */
const document = (path: string): Adapter<History> => ({
  read: async () => {
    const text = await readFile(path, "utf8").catch(() => "");
    try {
      const parsed = History.safeParse(JSON.parse(text));
      return parsed.success ? parsed.data : null;
    } catch {
      return null;
    }
  },
  write: (data) => writeDurably(path, `${JSON.stringify(data, null, 2)}\n`, privateFile),
});
