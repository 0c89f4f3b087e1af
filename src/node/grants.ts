// The rules a person added by "always allow": one small document per workspace, kept by lowdb over a write that survives a power cut.
// What is in it is parsed before it counts; a document that does not parse grants nothing and is left as it is, for a person to look at.

import { readFile } from "node:fs/promises";
import { Low, type Adapter } from "lowdb";
import { PolicyFile, type Rule } from "../agent/policy/rules.ts";
import { fail, ok, type Result } from "../agent/result.ts";
import { writeDurably } from "./durable.ts";
import { isMissing, refused } from "./errno.ts";
import { privateFile } from "./state-home.ts";

export interface Grants {
  /** Newest first, so that the latest word of the person is looked at first. */
  rules(): readonly Rule[];
  /** Faults: no space, no permission, a document that is not what it should be. */
  remember(rule: Rule): Promise<Result<void>>;
  forget(id: string): Promise<Result<void>>;
}

export async function openGrants(path: string): Promise<Result<Grants>> {
  const db = new Low<unknown>(durableDocument(path), { version: 1, rules: [] });
  try {
    await db.read();
  } catch (error) {
    return refused(`The rules you added could not be read from ${path}`, error);
  }
  const damaged = fail("invalid", `${path} does not hold rules as they should be; correct it or delete it.`);
  const parsed = PolicyFile.safeParse(db.data);
  if (!parsed.success) return damaged;
  let rules: readonly Rule[] = parsed.data.rules;
  const replace = async (next: readonly Rule[]): Promise<Result<void>> => {
    try {
      // Another window may have added rules meanwhile: theirs are kept.
      await db.read();
      const now = PolicyFile.safeParse(db.data);
      if (!now.success) return damaged;
      const others = now.data.rules.filter((rule) => !rules.some((known) => known.id === rule.id));
      db.data = { version: 1, rules: [...next, ...others] };
      await db.write();
      rules = [...next, ...others];
      return ok(undefined);
    } catch (error) {
      return refused(`The rule could not be kept in ${path}`, error);
    }
  };
  return ok({
    rules: () => rules,
    remember: (rule) => replace([rule, ...rules.filter((known) => known.id !== rule.id)]),
    forget: (id) => replace(rules.filter((known) => known.id !== id)),
  });
}

/** lowdb's own file adapter never syncs, and two windows would write over each other's temporary file. */
const durableDocument = (path: string): Adapter<unknown> => ({
  read: async () => {
    try {
      return readDocument(await readFile(path, "utf8"));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  },
  write: (data) => writeDurably(path, `${JSON.stringify(data, null, 2)}\n`, privateFile),
});

/** Text that is no JSON stays text, which no schema takes. */
function readDocument(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
