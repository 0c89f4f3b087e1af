// One line being written: text and cursor, and what each key does to them. Pure.

import { characters } from "../view/cells.ts";
import type { Key } from "./keyboard.ts";

export interface LineEdit {
  readonly text: string;
  /** Cursor: how many characters, as seen, stand before it. */
  readonly at: number;
}

export const lineOf = (text: string): LineEdit => ({ text, at: characters(text).length });

/** The line after a key; the same object where the key means nothing here. */
export function press(line: LineEdit, key: Key): LineEdit {
  const all = characters(line.text);
  const { at } = line;
  const replace = (from: number, to: number, text: string): LineEdit => {
    const before = all.slice(0, from).join("") + text;
    return { text: before + all.slice(to).join(""), at: characters(before).length };
  };
  const to = (place: number): LineEdit => ({ text: line.text, at: Math.max(0, Math.min(all.length, place)) });
  if (key.text !== "") return replace(at, at, key.text.replaceAll(/\s+/g, " "));
  switch (key.ctrl ? `ctrl+${key.name}` : key.meta ? `alt+${key.name}` : key.name) {
    case "backspace":
    case "ctrl+h":
      return at > 0 ? replace(at - 1, at, "") : line;
    case "delete":
      return at < all.length ? replace(at, at + 1, "") : line;
    case "left":
    case "ctrl+b":
      return to(at - 1);
    case "right":
    case "ctrl+f":
      return to(at + 1);
    case "home":
    case "ctrl+a":
      return to(0);
    case "end":
    case "ctrl+e":
      return to(all.length);
    case "ctrl+left":
    case "alt+left":
    case "alt+b":
      return to(wordStart(all, at));
    case "ctrl+right":
    case "alt+right":
    case "alt+f":
      return to(wordEnd(all, at));
    case "ctrl+w":
    case "alt+backspace":
      return replace(wordStart(all, at), at, "");
    case "ctrl+u":
      return replace(0, at, "");
    case "ctrl+k":
      return replace(at, all.length, "");
    default:
      return line;
  }
}

function wordStart(all: readonly string[], at: number): number {
  let place = at;
  while (place > 0 && all[place - 1] === " ") place--;
  while (place > 0 && all[place - 1] !== " ") place--;
  return place;
}

function wordEnd(all: readonly string[], at: number): number {
  let place = at;
  while (place < all.length && all[place] === " ") place++;
  while (place < all.length && all[place] !== " ") place++;
  return place;
}
