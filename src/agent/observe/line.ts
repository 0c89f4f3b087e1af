// A line that a person reads: words with a meaning instead of a colour, and a mark instead of an icon. Who shows it decides how it looks.

/** What a span of words means; the same words as the states of steps and calls where there is one. */
export type Tone = "plain" | "strong" | "quiet" | "waits" | "moving" | "proved" | "failed" | "learnt" | "added" | "removed";

/** The state or act a line is about. */
export type Mark =
  | "run"
  | "plan"
  | "later"
  | "waits"
  | "working"
  | "verified"
  | "unverified"
  | "failed"
  | "dropped"
  | "denied"
  | "learnt"
  | "undone"
  | "fuse"
  | "stopped"
  | "said"
  | "answered";

export interface Span {
  readonly tone: Tone;
  readonly text: string;
}

export interface Line {
  /** Levels of indentation. */
  readonly indent: number;
  readonly mark?: Mark;
  /** Cells by which rows after the first stand further in, so that a label keeps its column. */
  readonly hang?: number;
  readonly spans: readonly Span[];
}

/** Words of a line: plain, or with their tone. */
export type Words = string | readonly [Tone, string];

/** A line of words; a bare string is plain. Empty words are left out. */
export const line = (indent: number, ...words: readonly Words[]): Line => ({
  indent,
  spans: words.map(span).filter(({ text }) => text !== ""),
});

/** A line that begins with a mark. */
export const marked = (mark: Mark, indent: number, ...words: readonly Words[]): Line => ({ ...line(indent, ...words), mark });

/** One line for each line of a text, all of one tone; empty for an empty text. */
export const block = (indent: number, tone: Tone, text: string): Line[] =>
  text.trim() === ""
    ? []
    : text
        .trimEnd()
        .split("\n")
        .map((one) => line(indent, [tone, one]));

const span = (words: Words): Span => (typeof words === "string" ? { tone: "plain", text: words } : { tone: words[0], text: words[1] });
