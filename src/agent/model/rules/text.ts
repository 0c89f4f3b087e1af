// Between offsets, lines and blocks: how a change computed on a text is written down for the tools that apply it.

/** Offsets are UTF-16 code units. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** From line and column to line and column; lines count from 1, columns from 0 in UTF-16 code units. */
export type Span = readonly [fromLine: number, fromColumn: number, toLine: number, toColumn: number];

/** Offset at which every line starts. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

export function toSpan(starts: readonly number[], { start, end }: { readonly start: number; readonly end: number }): Span {
  const [fromLine, fromColumn] = placeOf(starts, start);
  const [toLine, toColumn] = placeOf(starts, end);
  return [fromLine, fromColumn, toLine, toColumn];
}

function placeOf(starts: readonly number[], offset: number): [number, number] {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return [low + 1, offset - (starts[low] ?? 0)];
}

/** Applies edits that are ascending and apart. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let out = "";
  let at = 0;
  for (const edit of edits) {
    out += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return out + text.slice(at);
}

export interface Replacement {
  readonly search: string;
  readonly replace: string;
}

/** The edits as search/replace blocks over whole lines, each widened until what it searches for is unique in the text. */
export function toBlocks(text: string, edits: readonly TextEdit[]): readonly Replacement[] {
  const starts = lineStarts(text);
  const lines = text.split("\n");
  const ranges: { from: number; to: number; edits: TextEdit[] }[] = [];
  for (const edit of edits) {
    const [first, , last, column] = toSpan(starts, edit);
    const range = { from: first, to: column === 0 && last > first ? last - 1 : last, edits: [edit] };
    ranges.push(widen(lines, range));
  }
  return merge(ranges, lines).map(({ from, to, edits: own }) => {
    const base = starts[from - 1] ?? 0;
    const end = (starts[to] ?? text.length + 1) - 1;
    const reach = Math.max(end, ...own.map((edit) => Math.min(edit.end, text.length)));
    const search = text.slice(base, reach);
    return {
      search,
      replace: applyEdits(
        search,
        own.map((edit) => ({ ...edit, start: edit.start - base, end: edit.end - base })),
      ),
    };
  });
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly edits: readonly TextEdit[];
}

function widen<T extends Range>(lines: readonly string[], range: T): T {
  let { from, to } = range;
  const isUnique = (): boolean => {
    const part = lines.slice(from - 1, to).join("\n");
    const whole = lines.join("\n");
    const first = whole.indexOf(part);
    return part.trim() !== "" && whole.indexOf(part, first + 1) === -1;
  };
  while (!isUnique() && (from > 1 || to < lines.length)) {
    if (from > 1) from--;
    if (to < lines.length && !isUnique()) to++;
  }
  return { ...range, from, to };
}

/** Ranges that touch become one. */
function merge(ranges: readonly Range[], lines: readonly string[]): readonly Range[] {
  const merged: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && range.from <= last.to + 1)
      merged[merged.length - 1] = widen(lines, {
        from: last.from,
        to: Math.max(last.to, range.to),
        edits: [...last.edits, ...range.edits],
      });
    else merged.push(range);
  }
  return merged;
}
