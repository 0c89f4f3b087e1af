// What a failing test says of itself, whatever ran it, and the stack frames found in its text.

export interface Failure {
  /** Suites and title, outermost first; empty where the output names no test. */
  readonly titles: readonly string[];
  /** As the runner printed it, if it did. */
  readonly file: string | undefined;
  /** What the runner itself accepts to select this one test: a pytest node id, a unittest dotted name. */
  readonly id: string | undefined;
  readonly message: string;
  readonly expected: string | undefined;
  readonly actual: string | undefined;
  /** Innermost first; frames of the runtime and of packages are left out. */
  readonly frames: readonly Frame[];
}

export interface Frame {
  /** As printed: absolute, relative, or a file URL without its scheme. */
  readonly path: string;
  readonly line: number;
  readonly name: string | undefined;
}

export interface Report {
  /** Undefined where the output is of no known kind. */
  readonly format: "tap" | "node" | "mocha" | "jest" | "vitest" | "pytest" | "unittest" | "trace" | undefined;
  readonly failures: readonly Failure[];
}

/** The same for the same test in two runs. */
export const nameOf = (failure: Failure): string => failure.id ?? (failure.titles.join(" > ") || failure.message.slice(0, 80));

/** Stack frames of JavaScript runtimes, in the order they are printed, which is innermost first. */
export function javascriptFrames(text: string): Frame[] {
  const found: Frame[] = [];
  for (const line of text.split("\n")) {
    const match =
      /(?:^\s*(?:at|❯)\s+|^\s*)(?:async )?(?:(?:new )?([\w$.<>[\] ]+?) \(?)?(?:file:\/\/)?((?:[A-Za-z]:)?[^\s()'"`<>]+\.[cm]?[jt]sx?):(\d+)(?::\d+)?\)?\s*$/.exec(
        line,
      );
    const [, name, path, number] = match ?? [];
    if (path === undefined || number === undefined || isForeign(path)) continue;
    found.push({ path, line: Number(number), name: name?.split(".").at(-1)?.replace(/[<>]/g, "") });
  }
  return found;
}

/** Python frames, turned around: innermost first. Reads tracebacks and pytest's own places. */
export function pythonFrames(text: string): Frame[] {
  const found: Frame[] = [];
  for (const line of text.split("\n")) {
    const [, path, number, name] =
      /^\s*File "([^"]+)", line (\d+)(?:,? in (\S+))?/.exec(line) ?? /^(\S[^\s:]*\.py):(\d+):(?: in (\S+))?/.exec(line) ?? [];
    if (path === undefined || number === undefined || isForeign(path) || path.startsWith("<")) continue;
    found.push({ path, line: Number(number), name });
  }
  return found.reverse();
}

const isForeign = (path: string): boolean =>
  /(?:^|\/)(?:node_modules|site-packages|dist-packages|lib\/python[\d.]+)\/|^node:|(?:^|\/)_pytest\//.test(path);

/** What `a !== b`, `expected a to be b` and their like say: what came out, and what was wanted. */
export function comparison(message: string): { readonly actual: string | undefined; readonly expected: string | undefined } {
  const patterns = [
    /^\s*Expected: (?<expected>.+)\n\s*Received: (?<actual>.+)$/m,
    /assert (?:\(?)(?<actual>[^=\n]+?) == (?<expected>[^=\n]+?)\)?$/m,
    /^\s*(?:AssertionError: )?(?:\w+ differ: )?(?<actual>\S.*?) (?:!==|!=) (?<expected>\S.*)$/m,
    /^AssertionError \[\w+\]: (?<actual>.+?) ={2,3} (?<expected>.+)$/m,
    /expected (?<actual>.+?) to (?:be|equal|strictly equal|deeply equal|deep equal|eql|loosely equal) (?<expected>.+?)(?: \/\/.*)?$/m,
    /^\s*-(?<actual>[^-\s].*)\n\s*\+(?<expected>[^+\s].*)$/m,
  ];
  for (const pattern of patterns) {
    const groups = pattern.exec(message)?.groups;
    if (groups) return { actual: groups["actual"]?.trim(), expected: groups["expected"]?.trim() };
  }
  return { actual: undefined, expected: undefined };
}

/** Removes the colours and cursor moves terminals are sent. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are made of them
export const withoutColour = (text: string): string => text.replace(/\u001b\[[\d;?]*[A-Za-z]/g, "").replaceAll("\r\n", "\n");
