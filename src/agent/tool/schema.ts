// A tool's input as JSON schema for models, with everything left out that a model does not act on: every word is sent with every request.
// The zod schema stays the judge of what comes back.

import * as z from "zod";

/** Draft-7 schema of what may be sent. Bounds, closedness and dialect are left to the fault that names them when they are broken. */
export function leanSchema(input: z.ZodType): Record<string, unknown> {
  return lean(z.toJSONSchema(input, { target: "draft-7", io: "input" })) as Record<string, unknown>;
}

const noise = new Set([
  "$schema",
  "pattern",
  "additionalProperties",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "minimum",
  "exclusiveMinimum",
  "maximum",
]);

function lean(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lean);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !noise.has(key));
  return Object.fromEntries(entries.map(([key, inner]) => [key, key === "properties" ? leanEach(inner) : lean(inner)]));
}

/** Under `properties` the keys are names of the tool's own, whatever they are. */
function leanEach(properties: unknown): unknown {
  if (typeof properties !== "object" || properties === null) return properties;
  return Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, lean(inner)]));
}
