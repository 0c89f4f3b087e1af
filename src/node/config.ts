// Settings of the command line: which providers there are, which model to use, and limits. From the environment and one file
// for the person, never from a workspace: a cloned repository must not choose where code is sent.
// Precedence: OPENAI_BASE_URL and PROVISO_MODEL over the file, the file over a mere OPENAI_API_KEY lying about.

import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import * as z from "zod";
import type { Limits } from "../agent/event.ts";
import type { Purpose } from "../agent/model/ask.ts";
import { fail, ok, type Result } from "../agent/result.ts";
import { isMissing, refused } from "./errno.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

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

const File = z.strictObject({
  $schema: z.string().optional(),
  /** "model", "provider/model", or "rules" for none. */
  model: z.string().min(1).optional(),
  providers: z
    .array(Provider)
    .default([])
    .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, "must have different ids"),
  /** Models to ask when the first cannot answer, in order. */
  fallback: Names.default([]),
  routes: Routes.default({}),
  cache: Cache.default({}),
  limits: z
    .strictObject({
      turnsPerStep: positive,
      attemptsPerStep: positive,
      plans: positive,
      calls: positive,
      tokens: positive,
      minutes: positive,
      usd: positive,
      requests: positive,
      step: Bound,
      day: Bound,
    })
    .partial()
    .default({}),
  /** Seconds. */
  timeouts: z.strictObject({ first: positive, idle: positive, total: positive }).partial().default({}),
});

export interface Config {
  /** In order of preference. */
  readonly providers: readonly Provider[];
  readonly model: string | undefined;
  readonly fallback: readonly string[];
  readonly routes: { readonly [Of in Purpose]?: readonly string[] | undefined };
  readonly cache: { readonly purposes: readonly Purpose[]; readonly hours: number; readonly megabytes: number };
  readonly limits: Partial<Limits>;
  readonly timeouts: { readonly firstMs?: number; readonly idleMs?: number; readonly totalMs?: number };
  /** Whether to look for model servers on this machine where no provider is configured. */
  readonly probe: boolean;
  readonly env: Environment;
}

/** Kept for a week, so that a failing provider can be replaced by what it said; served in place of a call for no purpose. */
export const usualCache: Config["cache"] = { purposes: [], hours: 24 * 7, megabytes: 50 };

/** Where the file is, whether it exists or not. */
export function configPath(env: Environment, home: string): string {
  const { XDG_CONFIG_HOME: xdg } = env;
  // The XDG specification has relative paths ignored.
  return join(xdg && isAbsolute(xdg) ? xdg : join(home, ".config"), "proviso", "config.json");
}

/** The settings in force. A file that is wrong is refused whole, with the line; a missing one is no fault. */
export async function loadConfig(env: Environment, home: string): Promise<Result<Config>> {
  const path = configPath(env, home);
  const file = await readConfigFile(path);
  if (!file.ok) return file;
  const { providers, limits, timeouts, model, fallback, routes, cache } = file.value;
  const fromEnvironment = environmentProvider(env, providers);
  if (!fromEnvironment.ok) return fromEnvironment;
  return ok({
    providers: fromEnvironment.value,
    model: set(env["PROVISO_MODEL"]) ?? model,
    fallback,
    routes: withoutUndefined(routes),
    cache: { ...usualCache, ...withoutUndefined(cache) },
    limits: withoutUndefined(limits),
    timeouts: withoutUndefined({ firstMs: ms(timeouts.first), idleMs: ms(timeouts.idle), totalMs: ms(timeouts.total) }),
    probe: !["1", "true", "yes"].includes(env["PROVISO_OFFLINE"] ?? ""),
    env,
  });
}

/** An empty variable is as good as none. */
export const set = (value: string | undefined): string | undefined => (value === "" ? undefined : value);

const ms = (seconds: number | undefined): number | undefined => (seconds === undefined ? undefined : seconds * 1000);

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };
/** The same record with its undefined properties left out. */
export const withoutUndefined = <T extends object>(record: T): Defined<T> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Defined<T>;

/** The file's providers, with the one that the environment describes in its place. */
function environmentProvider(env: Environment, file: readonly Provider[]): Result<readonly Provider[]> {
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL: base, PROVISO_API: api } = env;
  if (!key && !base) return ok(file);
  const known = file.find(({ id }) => id === "openai");
  const parsed = Provider.safeParse({
    ...known,
    id: "openai",
    baseURL: set(base) ?? known?.baseURL ?? "https://api.openai.com/v1",
    ...(known?.keyEnv || known?.key ? {} : { keyEnv: "OPENAI_API_KEY" }),
    ...(api ? { api } : {}),
  });
  if (!parsed.success) {
    const wrong = parsed.error.issues[0];
    const variable = wrong?.path[0] === "api" ? 'PROVISO_API must be "responses", "chat" or "auto"' : `OPENAI_BASE_URL ${wrong?.message}`;
    return fail("invalid", `${variable}; correct it or unset it.`);
  }
  const others = file.filter(({ id }) => id !== "openai");
  if (base) return ok([parsed.data, ...others]);
  return ok(known ? file.map((one) => (one === known ? parsed.data : one)) : [...file, parsed.data]);
}

async function readConfigFile(path: string): Promise<Result<z.infer<typeof File>>> {
  let text: string;
  try {
    text = (await readFile(path, "utf8")).replace(/^\uFEFF/, "");
  } catch (error) {
    return isMissing(error) ? ok(File.parse({})) : refused(`The settings in ${path} could not be read`, error);
  }
  const { parseTree, getNodeValue, findNodeAtLocation, printParseErrorCode } = await import("jsonc-parser");
  const lineAt = (offset: number): number => text.slice(0, offset).split("\n").length;
  const errors: { error: number; offset: number; length: number }[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const [broken] = errors;
  if (!tree || broken) {
    const what = broken ? words(printParseErrorCode(broken.error)) : "empty file";
    return fail("invalid", `${path}:${lineAt(broken?.offset ?? 0)} is not JSON (${what}); correct that line.`);
  }
  const parsed = File.safeParse(getNodeValue(tree));
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const where = [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])].map((part) =>
    typeof part === "symbol" ? String(part) : part,
  );
  const node = findNodeAtLocation(tree, where) ?? findNodeAtLocation(tree, where.slice(0, -1)) ?? tree;
  const problem = unknown === undefined ? (issue?.message ?? "is wrong").replace(/^Invalid input: /, "") : "is no setting of Proviso";
  const setting = where.length === 0 ? "the whole" : `"${where.join(".")}"`;
  return fail("invalid", `${path}:${lineAt(node.offset)}: ${setting} ${problem}; correct that line.`);
}

/** "CommaExpected" → "comma expected". */
const words = (code: string): string => code.replace(/(?!^)[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
