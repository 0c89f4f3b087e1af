// What a person may set about models, in the same words in the settings file of the command line and in the editor. Schemas only;
// where they are read from is not known here.

import * as z from "zod";
import type { Purpose } from "./model/ask.ts";

const baseURL = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), "must be an http(s) address")
  .refine(
    (text) => !URL.canParse(text) || (new URL(text).username === "" && new URL(text).search === ""),
    "must hold no user name, password or query; put the key into keyEnv",
  );
const perMillion = z.number().nonnegative();

export type Provider = Readonly<z.infer<typeof Provider>>;
export const Provider = z.strictObject({
  /** Names it in "--model id/model". */
  id: z.string().regex(/^[\w.-]+$/, "must be letters, digits, '.', '_' or '-'"),
  baseURL,
  api: z.enum(["responses", "chat", "auto"]).default("auto"),
  /** The variable that holds the key; better than the key itself. */
  keyEnv: z.string().optional(),
  key: z.string().optional(),
  headers: z.record(z.string(), z.string()).default({}),
  /** The first is used where none is named. */
  models: z.array(z.string().min(1)).default([]),
  stream: z.boolean().default(true),
  /** What is known of a model that the server does not tell, by model. */
  capabilities: z
    .record(
      z.string(),
      z.strictObject({
        /** Tokens that request and reply may take together. */
        context: z.number().int().positive().optional(),
        tools: z.enum(["native", "words", "none"]).optional(),
        vision: z.boolean().optional(),
      }),
    )
    .default({}),
  /** US dollars per million tokens, by model. */
  prices: z.record(z.string(), z.strictObject({ input: perMillion, output: perMillion, cached: perMillion.optional() })).default({}),
});

const positive = z.number().positive();
const purposes = ["plan", "act", "judge", "reflect", "summarise"] as const;
export const Names = z.array(z.string().min(1));
/** Limits of a step or of a day. */
export const Bound = z.strictObject({ usd: positive, tokens: positive, requests: positive, minutes: positive }).partial();
/** For a purpose, models of which the cheapest that can serve is asked first. */
export const Routes = z.strictObject({ plan: Names, act: Names, judge: Names, reflect: Names, summarise: Names }).partial();
/** Replies to the very same request: the purposes they serve, for how long, and how much of them is kept. */
export const Cache = z.strictObject({ purposes: z.array(z.enum(purposes)), hours: positive, megabytes: positive }).partial();

/** Kept for a week, so that a failing provider can be replaced by what it said; served in place of a call for no purpose. */
export const usualCache: { readonly purposes: readonly Purpose[]; readonly hours: number; readonly megabytes: number } = {
  purposes: [],
  hours: 24 * 7,
  megabytes: 50,
};

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };
/** The same record with its undefined properties left out. */
export const withoutUndefined = <T extends object>(record: T): Defined<T> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Defined<T>;
