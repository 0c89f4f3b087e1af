// What try_edits is asked and what it tells: the shapes that its search and the offline engine share.

import * as z from "zod";

/** `[file, fromLine, fromColumn, toLine, toColumn, text]`: lines count from 1, columns from 0. */
const Edit = z.tuple([z.int().min(0), z.int().positive(), z.int().min(0), z.int().positive(), z.int().min(0), z.string()]);

export const TryEditsInput = z.strictObject({
  /** Must pass in the end. */
  line: z.string().min(1),
  /** Tried first, the best first: lines that run only what fails. */
  quick: z.array(z.string().min(1)).max(4).optional(),
  /** Tests that fail now, as they name themselves: a variation that mends some and breaks none is told too. */
  failing: z.array(z.string()).max(500).optional(),
  /** Those of the failing that ought to be mended together, having one cause. */
  related: z.array(z.string()).max(500).optional(),
  files: z
    .array(z.strictObject({ path: z.string(), digest: z.string().optional() }))
    .min(1)
    .max(50),
  variations: z.array(z.array(Edit)).min(1).max(5000),
  seconds: z.int().min(1).max(900).optional(),
  /** Seconds after which one run counts as hanging. */
  patience: z.int().min(1).max(600).optional(),
  /** Returns the lines of output that hold this text, of every variation that was run. */
  show: z.string().min(3).optional(),
});
export type TryEditsInput = z.infer<typeof TryEditsInput>;

/** What `data` of the observation holds. */
export type Trials = z.infer<typeof Trials>;
export const Trials = z.object({
  tried: z.number(),
  /** Passed the whole command, in the order of the variations. */
  passed: z.array(z.number()),
  /** Mended some failing tests and broke none; `all`: every related one. */
  better: z.array(z.object({ variation: z.number(), fixed: z.number(), all: z.boolean() })),
  hanging: z.number(),
  /** The quick line that was believed. */
  quick: z.string().nullable(),
  /** Milliseconds one run of the unchanged files took; null where it did not end or was not run. */
  normalMs: z.number().nullable(),
  ms: z.number(),
  shown: z.array(z.string()),
});
