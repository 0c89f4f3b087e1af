// Makes what a program printed safe to show: to a model, in a card, in a log. Text in, text out, across chunk borders.
// Removed: escape sequences (colours, titles, clipboard, hyperlinks, images), C0 and C1 controls, bidirectional controls,
// zero-width and tag characters. Kept: line breaks and tabs. What a terminal would have shown is never swallowed: a
// carriage return becomes a line break, and a string sequence that does not end on its line loses only its introducer.

const csi = "(?:\\x1b\\[|\\x9b)[0-?]*[ -/]*";
/** Operating-system commands, device controls and the like. Newlines, cancels and further introducers end them unfinished. */
const string = "(?:\\x1b[\\]PX^_]|[\\x90\\x98\\x9d-\\x9f])[^\\x07\\n\\x18\\x1a\\x1b\\x90\\x98\\x9c-\\x9f]*";
const escape = "\\x1b[ -/]*";
const invisible =
  "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0d\\ufeff\\uffa0\\ufff9-\\ufffb\\u{e0000}-\\u{e01ef}]";

const unwanted = new RegExp(`${csi}[@-~]|${string}(?:\\x07|\\x1b\\\\|\\x9c)|${escape}[0-~]|\\r+\\n?|[\\u2028\\u2029]|${invisible}`, "gu");
/** The beginning of something that the next chunk may complete. */
const begun = new RegExp(`(?:${csi}|${string}\\x1b?|${escape}|\\r+)$`, "u");
const longestSequence = 8192;

/** One stream's filter. Feed it bytes in order; `end` returns what was held back. */
export class Sanitiser {
  readonly #decoder = new TextDecoder("utf-8");
  #held = "";

  push(bytes: Uint8Array): string {
    const text = this.#held + this.#decoder.decode(bytes, { stream: true });
    const from = Math.max(0, text.length - longestSequence);
    const border = text.slice(from).search(begun);
    const cut = border === -1 ? text.length : from + border;
    this.#held = text.slice(cut);
    return clean(text.slice(0, cut));
  }

  end(): string {
    const text = this.#held + this.#decoder.decode();
    this.#held = "";
    return clean(text);
  }
}

/** The same for a text that is already whole. */
export function sanitise(text: string): string {
  return clean(text);
}

function clean(text: string): string {
  return text.replace(unwanted, (found) => (/^[\r\u2028\u2029]/u.test(found) ? "\n" : ""));
}
