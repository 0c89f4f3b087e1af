// Lines with tones into text for one output: indented, marked, coloured, and broken between words where the output has a width.
// Whatever a line holds, what comes out has no control code but our own colours.

import type { Line, Span, Tone } from "../../agent/observe/line.ts";
import { cells, characters } from "./cells.ts";
import { iconOf, paint, type Style, toneOf } from "./style.ts";
import { visible } from "./visible.ts";

const step = 2;

/** The rows of lines, without line ends. */
export function render(lines: readonly Line[], style: Style): readonly string[] {
  return lines.flatMap((line) => renderLine(line, style));
}

function renderLine({ indent, mark, hang: further = 0, spans }: Line, style: Style): readonly string[] {
  const icon = mark === undefined ? "" : `${paint(toneOf[mark], iconOf(mark, style), style)} `;
  const head = indent * step;
  const begin = head + (mark === undefined ? 0 : 2);
  const hang = begin + further;
  const safe = spans.map(({ tone, text }): Span => ({ tone, text: plainer(visible(text), style) }));
  const rows = safe.some(({ text }) => text.includes("\n")) ? splitRows(safe) : [safe];
  const room = (taken: number): number => Math.max(8, (style.width ?? Number.POSITIVE_INFINITY) - taken);
  const broken = rows.flatMap((row, i) => breakRow(row, room(i === 0 ? begin : hang), room(hang)));
  return broken.map((row, i) => {
    const lead = i === 0 ? " ".repeat(head) + icon : " ".repeat(hang);
    return (lead + row.map(({ tone, text }) => paint(tone, text, style)).join("")).trimEnd();
  });
}

/** Signs of ours that a terminal without Unicode cannot draw. */
const plainer = (text: string, { unicode }: Style): string =>
  unicode ? text : text.replace(/[·−…⏎–]/g, (sign) => ({ "·": "-", "−": "-", "…": "...", "⏎": "\\n", "–": "-" })[sign] ?? sign);

function splitRows(spans: readonly Span[]): readonly (readonly Span[])[] {
  const rows: Span[][] = [[]];
  for (const { tone, text } of spans) {
    text.split("\n").forEach((part, i) => {
      if (i > 0) rows.push([]);
      rows.at(-1)?.push({ tone, text: part });
    });
  }
  return rows;
}

interface Piece {
  readonly tone: Tone;
  readonly text: string;
  readonly width: number;
}

/** Breaks between words where it can, inside a word where it must. Space at a break is dropped, except at the row's beginning. */
function breakRow(spans: readonly Span[], first: number, later: number): readonly (readonly Span[])[] {
  if (spans.reduce((sum, { text }) => sum + cells(text), 0) <= first) return [spans];
  let width = first;
  const rows: Piece[][] = [[]];
  let used = 0;
  const add = (piece: Piece): void => {
    rows.at(-1)?.push(piece);
    used += piece.width;
  };
  const turn = (): void => {
    rows.push([]);
    used = 0;
    width = later;
  };
  for (const piece of spans.flatMap(pieces)) {
    const blank = piece.text.trim() === "";
    if (used + piece.width <= width) {
      if (!(blank && used === 0 && rows.length > 1)) add(piece);
    } else if (blank) turn();
    else if (piece.width <= width) {
      turn();
      add(piece);
    } else {
      for (const text of characters(piece.text)) {
        const one = { tone: piece.tone, text, width: cells(text) };
        if (used + one.width > width) turn();
        add(one);
      }
    }
  }
  return rows.map(merge);
}

/** Words and the spaces between them. */
const pieces = ({ tone, text }: Span): readonly Piece[] =>
  (text.match(/\s+|\S+/g) ?? []).map((one) => ({ tone, text: one, width: cells(one) }));

/** Neighbours of one tone become one span again, so that colours are not begun and ended at every word. */
function merge(row: readonly Piece[]): readonly Span[] {
  const spans: Span[] = [];
  for (const { tone, text } of row) {
    const last = spans.at(-1);
    if (last?.tone === tone) spans[spans.length - 1] = { tone, text: last.text + text };
    else spans.push({ tone, text });
  }
  return spans;
}
