// Limits from settings and flags.

import { defaultLimits, type Limits } from "../agent/event.ts";
import { ok, type Result } from "../agent/result.ts";
import type { Config } from "../node/config.ts";
import { positive } from "./arguments.ts";

/** What --budget and --max-minutes say. */
export function wantedLimits(options: {
  readonly budget: string | undefined;
  readonly "max-minutes": string | undefined;
}): Result<Partial<Limits>> {
  const usd = positive("budget", options.budget);
  if (!usd.ok) return usd;
  const minutes = positive("max-minutes", options["max-minutes"]);
  if (!minutes.ok) return minutes;
  return ok({ ...(usd.value === undefined ? {} : { usd: usd.value }), ...(minutes.value === undefined ? {} : { minutes: minutes.value }) });
}

/** The limits of a new run: flags before settings before the usual ones. */
export const startLimits = (config: Config, wanted: Partial<Limits>): Limits => ({ ...defaultLimits, ...config.limits, ...wanted });
