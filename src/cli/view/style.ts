// How tones and marks look on this output: colours where they are wanted, icons where they can be drawn, else words and letters.
// Colour never speaks alone: every mark stands beside a word.

import type { Mark, Tone } from "../../agent/observe/line.ts";
import type { Io, Output } from "../io.ts";

export interface Style {
  readonly colour: boolean;
  readonly unicode: boolean;
  /** Cells of a line; undefined where lines are not broken. */
  readonly width: number | undefined;
}

/** For a pipe or a file: no control codes, no line breaks of ours. */
export const plainStyle: Style = { colour: false, unicode: true, width: undefined };

export function styleFor(output: Output, env: Io["env"]): Style {
  const terminal = output.isTTY === true;
  const width = terminal ? Math.max(20, output.columns ?? 80) : undefined;
  return { colour: wantsColour(terminal, env), unicode: !terminal || drawsUnicode(env), width };
}

/** https://no-color.org and its opposite, FORCE_COLOR as Node knows it. */
function wantsColour(terminal: boolean, env: Io["env"]): boolean {
  if (env["NO_COLOR"]) return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return terminal && env["TERM"] !== "dumb";
}

function drawsUnicode(env: Io["env"]): boolean {
  if (env["TERM"] === "linux" || env["TERM"] === "dumb") return false;
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "";
  return /utf-?8/i.test(locale) || env["TERM_PROGRAM"] !== undefined || env["WT_SESSION"] !== undefined;
}

const icons: Readonly<Record<Mark, readonly [unicode: string, letters: string]>> = {
  run: ["▸", ">"],
  plan: ["≡", "="],
  later: ["○", "."],
  waits: ["?", "?"],
  working: ["●", "*"],
  verified: ["✔", "+"],
  unverified: ["◇", "~"],
  failed: ["✖", "x"],
  dropped: ["–", "-"],
  denied: ["⊘", "x"],
  learnt: ["✎", "!"],
  undone: ["↶", "<"],
  fuse: ["✖", "x"],
  stopped: ["■", "#"],
  said: ["›", ">"],
  answered: ["·", "-"],
};

/** One cell wide. */
export const iconOf = (mark: Mark, { unicode }: Style): string => icons[mark][unicode ? 0 : 1];

export const toneOf: Readonly<Record<Mark, Tone>> = {
  run: "strong",
  plan: "strong",
  later: "quiet",
  waits: "waits",
  working: "moving",
  verified: "proved",
  unverified: "waits",
  failed: "failed",
  dropped: "quiet",
  denied: "failed",
  learnt: "learnt",
  undone: "quiet",
  fuse: "failed",
  stopped: "quiet",
  said: "moving",
  answered: "quiet",
};

/** SGR codes of the sixteen colours every theme defines; each ends what it began. */
const codes: Readonly<Record<Tone, readonly [begin: string, end: string] | undefined>> = {
  plain: undefined,
  strong: ["1", "22"],
  quiet: ["2", "22"],
  waits: ["33", "39"],
  moving: ["94", "39"],
  proved: ["32", "39"],
  failed: ["31", "39"],
  learnt: ["35", "39"],
  added: ["32", "39"],
  removed: ["31", "39"],
};

export function paint(tone: Tone, text: string, { colour }: Style): string {
  const code = codes[tone];
  return colour && code && text !== "" ? `\x1b[${code[0]}m${text}\x1b[${code[1]}m` : text;
}
