// Where a bracket closes in text that holds JSON among other things.

/** Where the bracket opened at `start` closes, strings respected; undefined where it never does. */
export function closingBracket(text: string, start: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (quoted) {
      if (char === "\\") at++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === "{" || char === "[" || char === "(") depth++;
    else if ((char === "}" || char === "]" || char === ")") && --depth === 0) return at;
  }
  return undefined;
}
