// How alike two lines are, as a number from 0 to 1, and whether they mean the same. Linear in their length, so that a minified file costs
// no more than its size.

/** Equal lines give 1; lines that differ in white space only, nearly 1; the rest by what they share at both ends and by letter pairs. */
export function similarity(a: string, b: string): number {
  if (a === b) return 1;
  if (areFarInLength(a.trim().length, b.trim().length)) return 0;
  const left = squeeze(a);
  const right = squeeze(b);
  if (left === right) return 0.98;
  if (left === "" || right === "") return 0;
  const shorter = Math.min(left.length, right.length);
  let head = 0;
  while (head < shorter && left.charCodeAt(head) === right.charCodeAt(head)) head++;
  let tail = 0;
  while (tail < shorter - head && left.charCodeAt(left.length - 1 - tail) === right.charCodeAt(right.length - 1 - tail)) tail++;
  const middle = sharedPairs(left.slice(head, left.length - tail), right.slice(head, right.length - tail));
  return (2 * (head + tail + middle)) / (left.length + right.length);
}

/** Whatever the letters are, such lines have little in common; says so without looking at a minified line. */
const areFarInLength = (a: number, b: number): boolean => Math.max(a, b) > 200 && Math.min(a, b) * 10 < Math.max(a, b);

/** A line without its white space: what is left is what a formatter would keep. */
export const squeeze = (line: string): string => line.replace(/\s+/g, "");

/** Letter pairs that occur on both sides, each counted as often as on the poorer side. */
function sharedPairs(a: string, b: string): number {
  const counts = new Map<number, number>();
  const pairAt = (text: string, at: number) => text.charCodeAt(at) * 65536 + text.charCodeAt(at + 1);
  for (let at = 0; at + 1 < a.length; at++) {
    const pair = pairAt(a, at);
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  let shared = 0;
  for (let at = 0; at + 1 < b.length; at++) {
    const pair = pairAt(b, at);
    const left = counts.get(pair) ?? 0;
    if (left === 0) continue;
    counts.set(pair, left - 1);
    shared++;
  }
  return shared;
}

/**
 * Whether one line is the other with a slip of the pen: a letter or a mark more or less. Never where a number or an operator differs, nor
 * where a word is another word; then the one who wrote it had another line in mind. In a remark the words are free.
 */
export function isSlip(a: string, b: string): boolean {
  if (similarity(a, b) < 0.8) return false;
  const [left, right] = isRemark(a) && isRemark(b) ? [numbersOf(a), numbersOf(b)] : [meaningOf(a), meaningOf(b)];
  return left.length === right.length && left.every((word, at) => isNear(word, right[at] ?? ""));
}

const isRemark = (line: string): boolean => /^\s*(\/\/|\/\*|<!--|(\*|#+|--|;+)(\s|$))/.test(line);
const numbersOf = (line: string): readonly string[] => line.match(/\d+/g) ?? [];

/** Words, names split where their case changes, numbers and operators; not quotes, brackets and what separates. */
const meaningOf = (line: string): readonly string[] =>
  (line.match(/\p{Lu}?[\p{Ll}\p{Lo}\p{M}]+|\p{Lu}+|\d+|[!<>=+\-*/%&|^~?]+/gu) ?? []).map((word) => word.toLowerCase());

const isNear = (a: string, b: string): boolean => a === b || (/^\p{L}/u.test(a) && a[0] === b[0] && similarity(a, b) >= 0.7);
