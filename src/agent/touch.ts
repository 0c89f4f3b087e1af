// A file that something of ours changes: what it was and what it becomes, by digest. The contents themselves lie in the blobs.

import * as z from "zod";

const Digest = z.string().nullable();

/**
 * `before` null: it does not exist; `after` null: it is deleted. `mode`: its permission bits before; `modeAfter`: those it gets,
 * where they are not the same or the file is created. Equal digests with other bits are a change of the bits alone.
 */
export type Touch = z.infer<typeof Touch>;
export const Touch = z.object({
  path: z.string(),
  shown: z.string(),
  before: Digest,
  mode: z.number().optional(),
  after: Digest,
  modeAfter: z.number().optional(),
});

/** Whether anything is different after it. */
export const isChange = ({ before, after, mode, modeAfter }: Touch): boolean =>
  before !== after || (after !== null && modeAfter !== undefined && modeAfter !== mode);

/** A file that was left as it is, and why, as a sentence. */
export type Left = z.infer<typeof Left>;
export const Left = z.object({ shown: z.string(), why: z.string() });
