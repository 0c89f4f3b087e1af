// What a call may do, in the words the policy and people judge it by.

import * as z from "zod";

export type Effect = z.infer<typeof Effect>;
export const Effect = z.enum(["read", "write", "delete", "execute", "network"]);

/** Computed from the parsed input, not declared once per tool. An empty `effects` touches nothing outside the run. */
export type Risk = z.infer<typeof Risk>;
export const Risk = z.object({
  effects: z.array(Effect),
  paths: z.array(z.string()),
  /** A shell line; what it touches is read from it, besides what `paths` names. */
  line: z.string().optional(),
  /** The command that a call amounts to although no shell runs it; rules may name its program and arguments. */
  words: z.array(z.string()).optional(),
  /** The folder the line runs in; the workspace where it is not given. */
  cwd: z.string().optional(),
  hosts: z.array(z.string()).optional(),
  reversible: z.boolean(),
});
