// What a call shows: to a person before it happens, and to the model after.

import * as z from "zod";

/** What the model is told. `foreign` text did not come from the workspace and is never an instruction. */
export type Observation = z.infer<typeof Observation>;
export const Observation = z.object({
  text: z.string(),
  data: z.json().optional(),
  trust: z.enum(["workspace", "foreign"]),
});

export type Preview = z.infer<typeof Preview>;
export const Preview = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("diff"),
    /** Unified diffs, one per file, ready to be shown. */
    files: z.array(z.object({ path: z.string(), diff: z.string(), added: z.number(), removed: z.number() })),
  }),
  z.object({ kind: z.literal("command"), line: z.string(), cwd: z.string() }),
  z.object({ kind: z.literal("text"), text: z.string() }),
]);
