// TAP, as node --test, tape, tap and mocha's tap reporter write it, and node's own "spec" report.

import { comparison, type Failure, javascriptFrames } from "./failure.ts";

/** Failing tests of a TAP stream; a suite counts only where nothing inside it failed. */
export function readTap(output: string): Failure[] {
  const lines = output.split("\n");
  const failures: Failure[] = [];
  const suites: string[] = [];
  for (const [i, line] of lines.entries()) {
    const opened = /^( *)# Subtest: (.*)$/.exec(line);
    if (opened) {
      suites.length = Math.floor((opened[1] ?? "").length / 4);
      suites.push(opened[2] ?? "");
      continue;
    }
    const [, indent, rest] = /^( *)not ok \d+(?: - | )?(.*)$/.exec(line) ?? [];
    if (indent === undefined || rest === undefined || /# (?:SKIP|TODO)\b/i.test(rest)) continue;
    const depth = Math.floor(indent.length / 4);
    const details = detailsAfter(lines, i, indent.length);
    if (/failureType: 'subtestsFailed'/.test(details)) continue;
    const title = unescape(rest);
    // node names a whole file as a test when it fails outside any test.
    const titles = [...suites.slice(0, depth).map(unescape), title];
    const location =
      /^\s*location: '(.+?):\d+:\d+'/m.exec(details)?.[1] ?? /^\s*at: .*?\(?(?:file:\/\/)?([^\s()]+?):\d+:\d+\)?$/m.exec(details)?.[1];
    const message = scalar(details, "error") ?? scalar(details, "message") ?? firstLines(details);
    const said = comparison(message);
    failures.push({
      titles: /\.[cm]?[jt]sx?$/.test(title) ? [] : titles,
      file: location ?? (/\.[cm]?[jt]sx?$/.test(title) ? title : undefined),
      id: undefined,
      message,
      expected: scalar(details, "expected") ?? said.expected,
      actual: scalar(details, "actual") ?? said.actual,
      frames: javascriptFrames(scalar(details, "stack") ?? details),
    });
  }
  return failures;
}

const unescape = (title: string): string => title.replace(/\\([#\\])/g, "$1").replace(/\s+# (?:time|duration).*$/i, "");

/** The YAML block, or the indented text, that follows a test line. */
function detailsAfter(lines: readonly string[], at: number, indent: number): string {
  const found: string[] = [];
  for (const line of lines.slice(at + 1, at + 200)) {
    if (line.trim() !== "" && line.length - line.trimStart().length <= indent) break;
    if (line.trim() === "...") break;
    found.push(line);
  }
  return found.join("\n");
}

/** A YAML value: plain, quoted, or a block; nested maps come back as they are written. */
function scalar(yaml: string, key: string): string | undefined {
  const lines = yaml.split("\n");
  const start = lines.findIndex((line) => new RegExp(`^\\s*${key}:`).test(line));
  const line = lines[start];
  if (line === undefined) return undefined;
  const indent = line.length - line.trimStart().length;
  const value = line.slice(line.indexOf(":") + 1).trim();
  if (value !== "" && !/^[|>][-+]?$/.test(value)) return unquote(value);
  const block: string[] = [];
  for (const next of lines.slice(start + 1)) {
    if (next.trim() !== "" && next.length - next.trimStart().length <= indent) break;
    block.push(next.slice(indent + 2));
  }
  return block.join("\n").trimEnd();
}

const unquote = (value: string): string =>
  /^'.*'$/.test(value) ? value.slice(1, -1).replaceAll("''", "'") : /^".*"$/.test(value) ? parsed(value) : value;

function parsed(value: string): string {
  try {
    return String(JSON.parse(value));
  } catch {
    return value.slice(1, -1);
  }
}

const firstLines = (text: string): string =>
  text
    .trim()
    .split("\n")
    .slice(0, 6)
    .map((line) => line.trim())
    .join("\n");

/** The list of failing tests at the end of node's spec report. */
export function readNodeSpec(output: string): Failure[] {
  const section = output.slice(output.indexOf("failing tests:"));
  return section
    .split(/^test at /m)
    .slice(1)
    .map((block): Failure => {
      const [place = "", heading = "", ...rest] = block.split("\n");
      const body = rest.join("\n");
      const title = heading.replace(/^✖ /, "").replace(/ \([\d.]+m?s\)$/, "");
      const message = body.split(/\n\s+at /)[0]?.trim() ?? "";
      const said = comparison(message.replace(/^.*?Error.*?: .*\n/, ""));
      return {
        titles: [title],
        file: place.replace(/:\d+:\d+$/, ""),
        id: undefined,
        message: message.replace(/^(\w*Error)? ?\[\w+\]: /, "$1: "),
        expected: /^\s+expected: (.*?),?$/m.exec(body)?.[1] ?? said.expected,
        actual: /^\s+actual: (.*?),?$/m.exec(body)?.[1] ?? said.actual,
        frames: javascriptFrames(body),
      };
    });
}
