// Settings of the command line: which providers there are, which model to use, and limits. From the environment and one file
// for the person, never from a workspace: a cloned repository must not choose where code is sent.
// Precedence: OPENAI_BASE_URL and PROVISO_MODEL over the file, the file over a mere OPENAI_API_KEY lying about.

import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import * as z from "zod";
import type { Limits } from "../agent/event.ts";
import type { Purpose } from "../agent/model/ask.ts";
import { fail, ok, type Result } from "../agent/result.ts";
import { Bound, Cache, Names, Provider, Routes, usualCache, withoutUndefined } from "../agent/settings.ts";
import { isMissing, refused } from "./errno.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

const positive = z.number().positive();
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
      repeats: positive,
      idleTurns: positive,
      sameErrors: positive,
      plans: positive,
      calls: positive,
      tokens: positive,
      minutes: positive,
      usd: positive,
      requests: positive,
      step: Bound,
      day: Bound,
      checkSeconds: positive,
    })
    .partial()
    .default({}),
  /** How long, and how much, is kept of old runs. */
  keep: z.strictObject({ days: positive, megabytes: positive }).partial().default({}),
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
  readonly keep?: { readonly days?: number; readonly megabytes?: number };
  readonly timeouts: { readonly firstMs?: number; readonly idleMs?: number; readonly totalMs?: number };
  /** Whether to look for model servers on this machine where no provider is configured. */
  readonly probe: boolean;
  readonly env: Environment;
}

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
  const { providers, limits, keep, timeouts, model, fallback, routes, cache } = file.value;
  const fromEnvironment = environmentProvider(env, providers);
  if (!fromEnvironment.ok) return fromEnvironment;
  return ok({
    providers: fromEnvironment.value,
    model: set(env["PROVISO_MODEL"]) ?? model,
    fallback,
    routes: withoutUndefined(routes),
    cache: { ...usualCache, ...withoutUndefined(cache) },
    limits: withoutUndefined(limits),
    keep: withoutUndefined(keep),
    timeouts: withoutUndefined({ firstMs: ms(timeouts.first), idleMs: ms(timeouts.idle), totalMs: ms(timeouts.total) }),
    probe: !["1", "true", "yes"].includes(env["PROVISO_OFFLINE"] ?? ""),
    env,
  });
}

/** An empty variable is as good as none. */
export const set = (value: string | undefined): string | undefined => (value === "" ? undefined : value);

const ms = (seconds: number | undefined): number | undefined => (seconds === undefined ? undefined : seconds * 1000);

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
