// Characters that turn text round or cannot be seen, made visible. Whatever the host sends passes here, so that no command, path, diff
// or word of a model can look like something else than it is; what is copied or sent back is what was shown.

const hidden = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;
const everyHidden = new RegExp(hidden, "gu");

/** The same value with every hidden character of every text in it replaced by U+FFFD; the same object where there is none. */
export function visible<T>(value: T): T {
  return made(value) as T;
}

function made(value: unknown): unknown {
  if (typeof value === "string") return hidden.test(value) ? value.replace(everyHidden, "\ufffd") : value;
  if (Array.isArray(value)) return value.some((one) => made(one) !== one) ? value.map(made) : value;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  return entries.some(([, one]) => made(one) !== one) ? Object.fromEntries(entries.map(([key, one]) => [key, made(one)])) : value;
}
