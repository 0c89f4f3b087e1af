// Carries indentation from the way a model wrote it to the way the file has it. Pure arithmetic on leading white space.
// Refuses when no consistent mapping exists: two different depths must never become one, nor one become two.

export interface IndentPair {
  readonly search: string;
  readonly file: string;
}

export const indentOf = (line: string): string => /^[ \t]*/.exec(line)?.[0] ?? "";

/**
 * Learns how depths correspond from lines matched in pairs, and answers how to translate any other depth.
 * Undefined when the pairs contradict each other. `others` are further indents that will be asked for; they help to guess the unit.
 */
export function learnIndent(pairs: readonly IndentPair[], others: readonly string[]): ((indent: string) => string) | undefined {
  const table = new Map<string, string>();
  for (const { search, file } of pairs) {
    const known = table.get(search);
    if (known !== undefined && !isSameDepth(known, file)) return undefined;
    if (known === undefined) table.set(search, file);
  }
  const rows = [...table].map(([search, file]) => ({ search, file })).sort((a, b) => columns(a.search) - columns(b.search));
  const rising = rows.every((row, at) => at === 0 || columns(row.file) > columns(rows[at - 1]?.file ?? ""));
  if (!rising) return undefined;
  const first = rows[0];
  if (!first || rows.every(({ search, file }) => search === file)) return (indent) => indent;
  const prefixed = isOneKind([...rows.flatMap((row) => [row.search, row.file]), ...others]) ? byPrefix(rows, first) : undefined;
  return prefixed ?? ((indent) => table.get(indent) ?? byUnit(rows, others, indent));
}

/** The same text in front of every line, added or taken away. */
function byPrefix(rows: readonly IndentPair[], first: IndentPair): ((indent: string) => string) | undefined {
  const added = first.file.endsWith(first.search) ? first.file.slice(0, first.file.length - first.search.length) : undefined;
  if (added !== undefined && rows.every(({ search, file }) => file === added + search)) return (indent) => added + indent;
  const removed = first.search.endsWith(first.file) ? first.search.slice(0, first.search.length - first.file.length) : undefined;
  if (removed !== undefined && rows.every(({ search, file }) => search === removed + file)) {
    return (indent) => (indent.startsWith(removed) ? indent.slice(removed.length) : "");
  }
  return undefined;
}

/** Tabs in front of a block written in spaces would be a mixture; a prefix is only trusted where all is of one kind. */
const isOneKind = (indents: readonly string[]): boolean =>
  !(indents.some((indent) => indent.includes("\t")) && indents.some((indent) => indent.includes(" ")));

/** Depths in between or beyond: so many units deeper than the nearest known depth. */
function byUnit(rows: readonly IndentPair[], others: readonly string[], indent: string): string {
  const depth = columns(indent);
  const base = rows.findLast((row) => columns(row.search) <= depth) ?? rows[0] ?? { search: "", file: "" };
  const searchUnit = smallestStep([...rows.map((row) => row.search), ...others]);
  const levels = Math.round((depth - columns(base.search)) / searchUnit);
  const usesTabs = rows.some((row) => row.file.includes("\t"));
  const fileUnit = usesTabs
    ? "\t"
    : " ".repeat(
        smallestStep(
          rows.map((row) => row.file),
          searchUnit,
        ),
      );
  if (levels >= 0) return base.file + fileUnit.repeat(levels);
  return base.file.slice(0, Math.max(0, base.file.length + levels * fileUnit.length));
}

function smallestStep(indents: readonly string[], otherwise = 4): number {
  const depths = [...new Set(indents.map((indent) => columns(indent)))].sort((a, b) => a - b);
  const steps = depths.map((depth, at) => depth - (depths[at - 1] ?? depth)).filter((step) => step > 0);
  return steps.length > 0 ? Math.min(...steps) : otherwise;
}

const tabColumns = 4;
const columns = (indent: string, tab = tabColumns): number => [...indent].reduce((sum, char) => sum + (char === "\t" ? tab : 1), 0);

/** A file may mix tabs and spaces: such lines lie as deep as each other where a tab is as wide as it usually is. */
const isSameDepth = (a: string, b: string): boolean => a === b || columns(a) === columns(b) || columns(a, 8) === columns(b, 8);
