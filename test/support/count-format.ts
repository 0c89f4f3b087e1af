// A small language for journals: events are numbered from 1. Version 1 called the number `count`.

import * as z from "zod";
import { fail, ok } from "../../src/agent/result.ts";
import type { JournalFormat } from "../../src/node/journal/lines.ts";

const Count = z.object({ v: z.literal(2), n: z.number(), text: z.string().default("") });
export type Count = z.input<typeof Count>;

export const countFormat: JournalFormat<Count> = {
  version: 2,
  upcasts: { 1: ({ count, ...rest }) => ({ ...rest, n: count }) },
  parse: (line) => {
    const parsed = Count.safeParse(line);
    return parsed.success ? ok(parsed.data) : fail("invalid", "is no count");
  },
  misplaced: ({ n }, index) => (n === index + 1 ? undefined : `counts ${n} where ${index + 1} was due`),
};
