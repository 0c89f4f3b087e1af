// The failure lists of mocha, jest and vitest.

import { comparison, type Failure, javascriptFrames } from "./failure.ts";

/** mocha's numbered list; the same for every reporter that ends with it. */
export function readMocha(output: string): Failure[] {
  const list = output.slice(Math.max(0, output.search(/^\s*\d+ failing\b/m)));
  const blocks = list.split(/^ {2}\d+\) /m).slice(1);
  return blocks.map((block): Failure => {
    const lines = block.split("\n");
    const end = lines.findIndex((line) => line.trimEnd().endsWith(":"));
    const heading = lines.slice(0, end + 1).map((line) => line.trim());
    const titles = heading.map((line, i) => (i === heading.length - 1 ? line.replace(/:$/, "") : line));
    const body = lines.slice(end + 1).join("\n");
    const message = (body.split(/\n\s+at /)[0] ?? "").trim();
    const diff = /\+ expected - actual\n([\s\S]*?)(?:\n\s*at |$)/.exec(body)?.[1];
    const said = diff === undefined ? comparison(message) : fromDiff(diff, { actual: "-", expected: "+" });
    const hook = /^"(?:before|after) (?:each|all)" hook/.test(titles.at(-1) ?? "");
    return {
      titles: hook ? titles.slice(0, -1) : titles,
      file: undefined,
      id: undefined,
      message,
      ...said,
      frames: javascriptFrames(body),
    };
  });
}

export function readJest(output: string): Failure[] {
  const files = [...output.matchAll(/^\s*FAIL\s+(\S+)/gm)];
  return [...output.matchAll(/^ {2}● (.+)\n([\s\S]*?)(?=^ {2}● |^Test Suites:|^\s*(?:FAIL|PASS)\s|(?![\s\S]))/gm)].map((match): Failure => {
    const [, heading = "", body = ""] = match;
    const message = body.split(/\n\s+(?:\d+ \||> \d+ \||at )/)[0]?.trim() ?? "";
    const frames = javascriptFrames(body);
    const file = files.filter((one) => one.index < match.index).at(-1)?.[1];
    const titles = heading === "Test suite failed to run" ? [] : heading.split(" › ");
    return {
      titles,
      file: file ?? frames.at(-1)?.path,
      id: undefined,
      message,
      ...(/^\s+[-+] (?:Expected|Received)/m.test(body) ? fromDiff(body, { actual: "+", expected: "-" }) : comparison(message)),
      frames,
    };
  });
}

export function readVitest(output: string): Failure[] {
  return [...output.matchAll(/^\s*FAIL\s+(.+)\n([\s\S]*?)(?=^⎯|^\s*FAIL\s|(?![\s\S]))/gm)].map(([, heading = "", body = ""]): Failure => {
    const [file, ...titles] = heading.replace(/^\|.*?\|\s*/, "").split(" > ");
    const message = body.split(/\n\s*❯ /)[0]?.trim() ?? "";
    const diff = /^- Expected\n\+ Received\n([\s\S]*)/m.exec(message)?.[1];
    return {
      titles,
      file,
      id: undefined,
      message,
      ...(diff === undefined ? comparison(message) : fromDiff(diff, { actual: "+", expected: "-" })),
      frames: javascriptFrames(body),
    };
  });
}

/** The first line that differs, on either side of a printed diff. */
function fromDiff(diff: string, signs: { readonly actual: string; readonly expected: string }): Pick<Failure, "actual" | "expected"> {
  const lineWith = (sign: string): string | undefined =>
    diff
      .split("\n")
      .map((line) => line.trim())
      .find((line) => line.startsWith(sign) && !/^[-+] ?(?:Expected|Received|expected|actual)\b/.test(line))
      ?.slice(1)
      .trim()
      .replace(/,$/, "");
  return { actual: lineWith(signs.actual), expected: lineWith(signs.expected) };
}
