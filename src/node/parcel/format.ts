// A run in one file, to be kept or carried elsewhere: lines of JSON. First what it is, then the lines of its journal, byte for byte as
// they were written, then the images of files that the journal names. Anyone can follow its chain with sha256sum.

import * as z from "zod";
import { isRunId } from "../run-id.ts";

export const parcelVersion = 1;

/** The first line. */
export type Label = z.infer<typeof Label>;
export const Label = z.object({
  proviso: z.literal("run"),
  v: z.literal(parcelVersion),
  run: z.string().refine(isRunId),
  /** How many lines of journal follow, and the digest of their bytes with their line breaks. */
  lines: z.number().int().positive(),
  sha256: z.string(),
  /** How many images follow them. */
  images: z.number().int().nonnegative(),
});

/** One image: the digest that names it, and its bytes, deflated, in base64. */
export type Image = z.infer<typeof Image>;
export const Image = z.object({ image: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.base64() });

/** What a label of a later version still has to say. */
export const AnyLabel = z.object({ proviso: z.literal("run"), v: z.number().int() });
