// What a person says of one hunk of a proposed change, in the form that is journaled. A hunk is named by its file, as shown, and its place
// in the list of the file's hunks, which never changes while the proposal waits, whatever else is decided or typed meanwhile.

import * as z from "zod";

/**
 * Lines are the base's, `[from, to)`, counted from 0. `over`: the person's own lines, typed while the proposal waited, that it may replace;
 * without it a hunk that meets such lines is never applied.
 */
export type HunkDecision = z.infer<typeof HunkDecision>;
export const HunkDecision = z.discriminatedUnion("is", [
  z.object({ is: z.literal("accepted"), over: z.string().optional() }),
  z.object({
    is: z.literal("changed"),
    text: z.string(),
    /** Where the person changed lines around the hunk too. */
    from: z.number().optional(),
    to: z.number().optional(),
    /** Only some of its lines were accepted, as they are. */
    part: z.literal(true).optional(),
    over: z.string().optional(),
  }),
  /** The person changed it together with an earlier one of the file, whose text covers it. */
  z.object({ is: z.literal("joined"), with: z.number() }),
  z.object({ is: z.literal("rejected"), why: z.string().optional() }),
]);

export type HunkAnswer = z.infer<typeof HunkAnswer>;
export const HunkAnswer = z.object({
  file: z.string(),
  hunk: z.number(),
  /** Null: not decided, or no longer. */
  decision: HunkDecision.nullable(),
  comment: z.string().optional(),
});
