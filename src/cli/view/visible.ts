// Text of a foreign hand made safe for a terminal by showing what would not be seen: control characters, bidirectional controls and
// zero-width characters appear as <U+202E>. Shown, not removed: who approves a line must see what is in it.

const unseen =
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e01ef}]/gu;

/** Line breaks stay; tabs become spaces, because their width depends on where they stand. */
export const visible = (text: string): string =>
  text
    .replaceAll("\r\n", "\n")
    .replaceAll("\t", "    ")
    .replace(unseen, (one) => `<U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>`);
