// A change in words, for the answer.

export interface Described {
  readonly path: string;
  readonly line: number;
  readonly before: string;
  readonly after: string;
}

/** "src/a.js:12: `i <= n` became `i < n`". */
export function describeChange({ path, line, before, after }: Described): string {
  if (after === "") return `${path}:${line}: removed \`${before}\``;
  return before === "" ? `${path}:${line}: added \`${after}\`` : `${path}:${line}: \`${before}\` became \`${after}\``;
}
