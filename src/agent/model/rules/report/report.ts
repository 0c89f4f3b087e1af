// Reads what a test run printed: which tests failed, why and where. Every known runner's format is recognised by its own marks;
// anything else is searched for a stack trace. Refuses to decide whether the run passed: the exit code does.

import { comparison, type Failure, javascriptFrames, pythonFrames, type Report, withoutColour } from "./failure.ts";
import { readJest, readMocha, readVitest } from "./javascript-runners.ts";
import { readPytest, readUnittest } from "./python-runners.ts";
import { readNodeSpec, readTap } from "./tap.ts";

/** Failures in the order printed; none where the output names none. */
export function readReport(raw: string): Report {
  const output = withoutColour(raw);
  for (const [format, marks, read] of formats) {
    if (!marks.test(output)) continue;
    const failures = read(output);
    if (failures.length > 0) return { format, failures };
  }
  const loose = readTrace(output);
  return loose ? { format: "trace", failures: [loose] } : { format: formats.find(([, marks]) => marks.test(output))?.[0], failures: [] };
}

const formats: readonly (readonly [NonNullable<Report["format"]>, RegExp, (output: string) => Failure[]])[] = [
  [
    "pytest",
    /^={3,} .*(?:failed|error|passed|short test summary).*={3,}$|^(?:FAILED|ERROR) \S+\.py\b|^\d+ (?:failed|passed|error)/m,
    readPytest,
  ],
  ["unittest", /^Ran \d+ tests? in /m, readUnittest],
  ["node", /^✖ failing tests:/m, readNodeSpec],
  ["tap", /^ *(?:TAP version \d+|not ok \d+|ok \d+)/m, readTap],
  ["jest", /^Test Suites: |^ {2}● /m, readJest],
  ["vitest", /^⎯+ Failed (?:Tests|Suites)|^ *Test Files {2}/m, readVitest],
  ["mocha", /^\s*\d+ (?:passing|failing)\b/m, readMocha],
];

/** An uncaught error: a script that asserts by itself, or a file that does not even load. */
function readTrace(output: string): Failure | undefined {
  const python = output.lastIndexOf("Traceback (most recent call last)");
  if (python !== -1) {
    const trace = output.slice(python);
    const message = /^\w[\w.]*(?:Error|Exception|Exit|Interrupt|Iteration)\b[\s\S]*/m.exec(trace)?.[0].trim() ?? "";
    return { titles: [], file: undefined, id: undefined, message, ...comparison(message), frames: pythonFrames(trace) };
  }
  const thrown = /^(?:Uncaught )?((?:\w+)?(?:Error|Exception)\b.*(?:\n(?!\s+at ).*){0,20})(?=\n\s+at )/m.exec(output);
  if (!thrown) return undefined;
  const [whole, message = ""] = thrown;
  return {
    titles: [],
    file: undefined,
    id: undefined,
    message,
    ...comparison(message),
    frames: javascriptFrames(output.slice(thrown.index + whole.length)),
  };
}
