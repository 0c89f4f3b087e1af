// What is wrong with a JSON value that a person or program gave, as the end of one sentence: the first thing, where it stands, and what
// belongs there.

import type * as z from "zod";

/** `"blocks[0].search" must be text, not a number` for the first issue; `value` is what was parsed. */
export function misfitOf(error: z.ZodError, value: unknown): string {
  const [issue] = error.issues;
  if (!issue) return "it is not what was expected";
  const where = placeOf(issue.path);
  const given = issue.path.reduce<unknown>((inside, key) => (inside as Readonly<Record<PropertyKey, unknown>> | undefined)?.[key], value);
  const what = where === "" ? "it" : `"${where}"`;
  switch (issue.code) {
    case "invalid_type":
      return given === undefined && where !== ""
        ? `${what} is missing`
        : `${what} must be ${wordFor(issue.expected)}, not ${wordOf(given)}`;
    case "invalid_value":
      return `${what} must be ${issue.values.map((one) => JSON.stringify(one)).join(" or ")}`;
    case "invalid_union":
      return given === undefined && where !== "" ? `${what} is missing` : `${what} cannot be ${wordOf(given)}`;
    case "unrecognized_keys":
      return `${what} may not have ${issue.keys.map((key) => `"${key}"`).join(" and ")}`;
    default:
      return `${what} does not do: ${issue.message}`;
  }
}

const placeOf = (path: readonly PropertyKey[]): string =>
  path.map((key, i) => (typeof key === "number" ? `[${key}]` : `${i === 0 ? "" : "."}${String(key)}`)).join("");

const words: Readonly<Record<string, string>> = {
  string: "text",
  array: "a list",
  object: "an object",
  record: "an object",
  boolean: "true or false",
  number: "a number",
  int: "a whole number",
};

const wordFor = (type: string): string => words[type] ?? type;

function wordOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "boolean") return String(value);
  return wordFor(Array.isArray(value) ? "array" : typeof value);
}
