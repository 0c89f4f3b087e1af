// What an error is, apart from where and when it happened: two outputs have one signature where they differ in nothing but paths,
// numbers, times and addresses. Pure. How many failed is kept: fewer failures are not the same error.

import { fingerprint } from "../fingerprint.ts";

const mostLines = 300;
const mostChars = 300;

const failureWord = "(?:failed|failing|failures?|fail|errors?|problems?)";
const counted = new RegExp(`\\b(\\d+) ${failureWord}\\b|\\b${failureWord}[ =:]+(\\d+)\\b`, "gi");

/** What makes way for a placeholder, in this order: the later ones would tear the earlier ones apart. */
const placeholders: readonly (readonly [RegExp, string])[] = [
  // Colours and other codes of a terminal.
  [/\u001B\[[\d;?]*[ -/]*[@-~]/g, ""],
  [/\bhttps?:\/\/[^\s"'`)\]}>]+/gi, "<address>"],
  [/\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b|\blocalhost:\d+/g, "<address>"],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?/g, "<time>"],
  [/\b\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?[ap]m)?\b/gi, "<time>"],
  [/\b\d+(?:\.\d+)? ?(?:ns|µs|us|ms|s|secs?|seconds?|mins?|minutes?|h|hours?)\b/gi, "<time>"],
  [/\b[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b/gi, "<id>"],
  [/\b0x[\da-f]+\b/gi, "<address>"],
  [/\b(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{7,}\b/gi, "<id>"],
  [/(?:\b[A-Za-z]:)?(?:[\w.@~+-]*[\\/])+[\w.@+-]*(?::\d+)*/g, "<path>"],
  [/\b[\w-]+(?:\.[\w-]+)*\.[a-z]\w{0,4}(?::\d+)+/g, "<path>"],
];

/** The signature of an output that tells of a failure; undefined where it tells nothing. Lines may come in any order. */
export function signatureOf(output: string): string | undefined {
  const lines = output
    .split("\n")
    .slice(-mostLines)
    .map((line) => plain(line.slice(0, mostChars)))
    .filter((line) => line !== "");
  return lines.length === 0 ? undefined : fingerprint(...lines.sort());
}

/** How many things an output says have failed, by the last number it gives; undefined where it gives none. */
export function failuresIn(output: string): number | undefined {
  const last = [...output.slice(-4000).matchAll(counted)].at(-1);
  return last && Number(last[1] ?? last[2]);
}

/** The line of an output that says best what is wrong, cut short. */
export function errorLine(output: string): string {
  const lines = output
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^exit \w+$/.test(line));
  const telling = lines.find((line) => /\b\w*(?:error|exception)\b|cannot|could not|not ok|unable|refused|denied/i.test(line));
  const found = telling ?? lines.at(-1) ?? output.trim();
  return found.length <= 160 ? found : `${found.slice(0, 160)}…`;
}

/** Numbers go, but for those that count failures. */
function plain(line: string): string {
  const marked = placeholders.reduce((text, [pattern, word]) => text.replace(pattern, word), line);
  let from = 0;
  let told = "";
  for (const match of marked.matchAll(counted)) {
    told += withoutNumbers(marked.slice(from, match.index)) + match[0];
    from = match.index + match[0].length;
  }
  return (told + withoutNumbers(marked.slice(from))).replace(/\s+/g, " ").trim();
}

const withoutNumbers = (text: string): string => text.replace(/\d+(?:\.\d+)?/g, "#");
