// Which lines differ. Anchors first on lines that occur once on both sides (patience), then lets jsdiff work inside the gaps.
// Deterministic: the work is bounded by edit distance, never by the clock, so that hunks keep their identity on every machine;
// a gap that would cost more counts as changed whole.

import { diffArrays } from "diff";

/** Lines `[aFrom, aTo)` of one side became lines `[bFrom, bTo)` of the other. */
export interface Span {
  readonly aFrom: number;
  readonly aTo: number;
  readonly bFrom: number;
  readonly bTo: number;
}

/** More edits than this within one gap are not worth telling apart; bounds a gap to some 40 ms. */
const maxEditLength = 600;

/** The changed spans, ascending, never touching each other. Equal lines are those that are `===`. */
export function diffLines(a: readonly string[], b: readonly string[]): Span[] {
  const spans: Span[] = [];
  diffRange(a, b, { aFrom: 0, aTo: a.length, bFrom: 0, bTo: b.length }, spans);
  return spans;
}

function diffRange(a: readonly string[], b: readonly string[], range: Span, spans: Span[]): void {
  let { aFrom, aTo, bFrom, bTo } = range;
  while (aFrom < aTo && bFrom < bTo && a[aFrom] === b[bFrom]) {
    aFrom++;
    bFrom++;
  }
  while (aFrom < aTo && bFrom < bTo && a[aTo - 1] === b[bTo - 1]) {
    aTo--;
    bTo--;
  }
  if (aFrom === aTo && bFrom === bTo) return;
  if (aFrom === aTo || bFrom === bTo) return add(spans, { aFrom, aTo, bFrom, bTo });
  const anchors = findAnchors(a, b, { aFrom, aTo, bFrom, bTo });
  if (anchors.length === 0) return diffGap(a, b, { aFrom, aTo, bFrom, bTo }, spans);
  for (const anchor of anchors) {
    diffRange(a, b, { aFrom, aTo: anchor.a, bFrom, bTo: anchor.b }, spans);
    aFrom = anchor.a + 1;
    bFrom = anchor.b + 1;
  }
  diffRange(a, b, { aFrom, aTo, bFrom, bTo }, spans);
}

function diffGap(a: readonly string[], b: readonly string[], gap: Span, spans: Span[]): void {
  const changes = diffArrays(a.slice(gap.aFrom, gap.aTo), b.slice(gap.bFrom, gap.bTo), { maxEditLength });
  if (!changes) return add(spans, gap);
  let { aFrom, bFrom } = gap;
  for (const { added, removed, count } of changes) {
    const aTo = aFrom + (added ? 0 : count);
    const bTo = bFrom + (removed ? 0 : count);
    if (added || removed) add(spans, { aFrom, aTo, bFrom, bTo });
    aFrom = aTo;
    bFrom = bTo;
  }
}

/** Appends a span, joining it to the last where they touch on both sides. */
function add(spans: Span[], span: Span): void {
  const last = spans.at(-1);
  if (last && last.aTo === span.aFrom && last.bTo === span.bFrom) spans[spans.length - 1] = { ...last, aTo: span.aTo, bTo: span.bTo };
  else spans.push(span);
}

interface Anchor {
  readonly a: number;
  readonly b: number;
}

/** Lines that occur exactly once on each side, the longest series of them that is ascending on both. */
function findAnchors(a: readonly string[], b: readonly string[], range: Span): Anchor[] {
  const numbers = new Map<string, number>();
  // Where the line of that number is, by side; `never` or `again` where it is not there just once.
  const inA = new Int32Array(range.aTo - range.aFrom);
  const inB = new Int32Array(range.aTo - range.aFrom).fill(never);
  for (let at = range.aFrom; at < range.aTo; at++) {
    const line = a[at] ?? "";
    const known = numbers.get(line);
    if (known === undefined) inA[numbers.size] = at;
    else inA[known] = again;
    if (known === undefined) numbers.set(line, numbers.size);
  }
  for (let at = range.bFrom; at < range.bTo; at++) {
    const known = numbers.get(b[at] ?? "");
    if (known !== undefined) inB[known] = inB[known] === never ? at : again;
  }
  // Numbers are given as lines come, so the anchors come out ascending in a.
  const anchors: Anchor[] = [];
  for (let number = 0; number < numbers.size; number++) {
    const anchor = { a: inA[number] ?? again, b: inB[number] ?? again };
    if (anchor.a >= 0 && anchor.b >= 0) anchors.push(anchor);
  }
  return longestAscending(anchors);
}

const never = -2;
const again = -1;

function longestAscending(anchors: readonly Anchor[]): Anchor[] {
  const tails: number[] = [];
  const previous: number[] = [];
  for (const [index, anchor] of anchors.entries()) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((anchors[tails[middle] ?? 0]?.b ?? 0) < anchor.b) low = middle + 1;
      else high = middle;
    }
    previous[index] = low > 0 ? (tails[low - 1] ?? -1) : -1;
    tails[low] = index;
  }
  const series: Anchor[] = [];
  for (let index = tails.at(-1) ?? -1; index >= 0; index = previous[index] ?? -1) {
    const anchor = anchors[index];
    if (anchor) series.push(anchor);
  }
  return series.reverse();
}
