// The failure reports of pytest and unittest.

import { comparison, type Failure, pythonFrames } from "./failure.ts";

/** Reads pytest's failure sections, and its short summary for ids and for failures without a section (--tb=no). */
export function readPytest(output: string): Failure[] {
  const summary = [...output.matchAll(/^(?:FAILED|ERROR) (\S+?\.py(?:::.+?)?)(?: - (.*))?$/gm)].map(([, id = "", why = ""]) => ({
    id,
    why,
  }));
  const sections = new Map<string, string>();
  for (const [, title = "", body = ""] of output.matchAll(
    /^_{3,} (.+?) _{3,}\n([\s\S]*?)(?=^_{3,} .+ _{3,}$|^={3,} .* ={3,}$|(?![\s\S]))/gm,
  ))
    sections.set(title, body);
  if (summary.length === 0) return [...sections].map(([title, body]) => fromSection(title, body, undefined, ""));
  return summary.map(({ id, why }) => {
    const [, ...parts] = id.split("::");
    const body =
      sections.get(parts.join(".")) ??
      sections.get(`ERROR at setup of ${parts.at(-1) ?? ""}`) ??
      sections.get(`ERROR collecting ${id}`) ??
      "";
    return fromSection(parts.join("."), body, id, why);
  });
}

function fromSection(title: string, body: string, id: string | undefined, why: string): Failure {
  const errors = body
    .split("\n")
    .filter((line) => /^E {2,}/.test(line))
    .map((line) => line.replace(/^E\s{0,3}/, ""));
  const message = errors.join("\n").trim() || why;
  return {
    titles: title === "" || title.startsWith("ERROR collecting") ? [] : title.split("."),
    file: id?.split("::")[0],
    id,
    message,
    ...comparison(message),
    frames: pythonFrames(body),
  };
}

export function readUnittest(output: string): Failure[] {
  return output
    .split(/^={60,}$/m)
    .slice(1)
    .map((block): Failure => {
      const [, title = "", place] = /^\s*(?:FAIL|ERROR): (\S+)(?: \((.+?)\))?/.exec(block) ?? [];
      const id = place === undefined ? undefined : place.endsWith(`.${title}`) ? place : `${place}.${title}`;
      const body = block.split(/^-{60,}$/m)[1] ?? "";
      const frames = pythonFrames(body);
      const message = body.slice(Math.max(0, body.search(/^\w[\w.]*(?:Error|Exception|Warning|Interrupt|Exit|Iteration)\b/m))).trim();
      const isLoader = id?.startsWith("unittest.loader") ?? false;
      return {
        titles: isLoader ? [] : [...(id?.split(".").slice(-2, -1) ?? []), title],
        file: frames.at(-1)?.path,
        id: isLoader ? undefined : id,
        message,
        ...comparison(message),
        frames,
      };
    });
}
