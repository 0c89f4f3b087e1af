// Characters that a reader does not see, or that act instead of being seen: control characters, escape sequences, bidirectional controls,
// zero-width characters, tags. In text from files and tools they are shown as <U+202E>, never left out: who reads must see what is there.

const unseen =
  /\r\n?|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e01ef}]|\u034f|[\ufe00-\ufe0d]|(?<!\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?)\u200d|\u200d(?!\p{Extended_Pictographic})/gu;

/** The text with everything unseen in it shown; line breaks become "\n", tabs stay. */
export const seen = (text: string): string => text.replace(unseen, (found) => (found === "\r\n" ? "\n" : shownAs(found)));

/** The same for a name, which has no lines: a line break in it is shown too. */
export const seenName = (name: string): string => name.replace(/[\t\n\r]/g, shownAs).replace(unseen, shownAs);

const shownAs = (found: string): string => `<U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>`;

const shown = /<U\+([0-9A-F]{4,6})>/g;

/** Whether a text has such marks in it. */
export const hasMarks = (text: string): boolean => text.search(shown) !== -1;

/** The text with marks turned back into what they stand for; only those that stand in `allowed` too, where it is given. */
export function unmark(text: string, allowed: string = text): string {
  return text.replace(shown, (mark, digits: string) => {
    const code = Number.parseInt(digits, 16);
    return allowed.includes(mark) && code <= 0x10ffff ? String.fromCodePoint(code) : mark;
  });
}
