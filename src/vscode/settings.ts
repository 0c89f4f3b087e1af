// The settings, read and checked. A value of the wrong kind is named once, in one sentence, and the default holds instead.

import * as vscode from "vscode";
import * as z from "zod";
import { Bound, Cache, Names, Provider, Routes, usualCache, withoutUndefined } from "../agent/settings.ts";

/** As in the settings file of the command line, but for keys: those are in secret storage. */
const ProviderSettings = Provider.omit({ key: true, keyEnv: true });
export type ProviderSettings = z.infer<typeof ProviderSettings>;

const Settings = z.object({
  model: z.string().default(""),
  baseUrl: z.union([z.literal(""), z.url()]).default(""),
  api: z.enum(["auto", "responses", "chat"]).default("auto"),
  providers: z.array(ProviderSettings).default([]),
  fallback: Names.default([]),
  routes: Routes.default({}),
  cache: Cache.transform((cache) => ({ ...usualCache, ...withoutUndefined(cache) })).default(usualCache),
  mode: z.enum(["read-only", "supervised", "autonomous"]).default("supervised"),
  "limits.usd": z.number().positive().default(1),
  "limits.minutes": z.number().positive().default(60),
  "limits.calls": z.int().min(1).max(100_000).default(200),
  "limits.turnsPerStep": z.int().min(1).max(500).default(40),
  "limits.attemptsPerStep": z.int().min(1).max(20).default(3),
  "limits.repeats": z.int().min(2).max(100).default(3),
  "limits.idleTurns": z.int().min(2).max(500).default(20),
  "limits.sameErrors": z.int().min(2).max(100).default(5),
  "limits.perStep": Bound.default({}),
  "limits.perDay": Bound.default({}),
  "limits.checkSeconds": z.int().min(1).max(86_400).default(600),
  "storage.days": z.number().positive().default(90),
  "storage.megabytes": z.number().positive().default(2000),
  "review.openDiff": z.boolean().default(true),
  "approval.timeoutSeconds": z.int().min(5).max(604_800).nullable().default(null),
  findLocalModels: z.boolean().default(true),
});
export type Settings = z.infer<typeof Settings>;
type Name = keyof Settings;

const names = Object.keys(Settings.shape) as Name[];
const told = new Set<string>();

/** Reads all settings. Wrong values are told to the user once each. */
export function readSettings(): Settings {
  const configuration = vscode.workspace.getConfiguration("proviso");
  const values = names.map((name) => [name, readOne(name, configuration.get<unknown>(name))] as const);
  return Settings.parse(Object.fromEntries(values.filter(([, value]) => value !== undefined)));
}

function readOne(name: Name, value: unknown): unknown {
  const parsed = Settings.shape[name].safeParse(value);
  if (parsed.success) return parsed.data;
  const problem = `${name}=${JSON.stringify(value)}`;
  if (!told.has(problem)) {
    told.add(problem);
    const why = parsed.error.issues[0]?.message ?? "not valid";
    void vscode.window
      .showWarningMessage(
        `Setting proviso.${name} is ${JSON.stringify(value)}, which does not fit (${why}); its default is used.`,
        "Open Setting",
      )
      .then((choice) => choice && vscode.commands.executeCommand("workbench.action.openSettings", `proviso.${name}`));
  }
  return Settings.shape[name].safeParse(undefined).data;
}
