// How the tests of this workspace are run, as far as the conversation says, and the wish "run the tests".

import { checkedLine } from "./planning.ts";
import { fail, ok, type Result } from "../../result.ts";
import type { AskRequest } from "../ask.ts";
import { listWorkspace, locate } from "./desk.ts";
import { nameOf } from "./report/failure.ts";
import { readReport } from "./report/report.ts";
import { ask, type Script } from "./script.ts";

/** The step's own proof, what the briefing says, or what the person answers. */
export async function* findTestLine(request: AskRequest): Script<Result<string>> {
  const { step } = request.subject;
  const known = step?.check.by === "command" ? step.check.line : checkedLine(request);
  if (known !== undefined) return ok(known);
  const canAsk = request.tools.some((tool) => tool.name === "ask_user");
  const answer = canAsk
    ? yield* ask("I do not see how the tests are run here.", "ask_user", {
        question: "Which command runs the tests?",
        options: ["npm test", "python3 -m pytest", "make test"],
      })
    : undefined;
  const line = answer?.ok ? answer.text.trim() : "";
  return line === ""
    ? fail("missing", "I do not know how the tests are run here; say it in the goal, for example: fix the failing test, run `npm test`.")
    : ok(line);
}

/** Runs them and tells what fails, citing places. */
export async function* runTests(line: string): Script<string> {
  const run = yield* ask("Running the tests.", "run_command", { line });
  if (!run.ok) return `I could not run \`${line}\`: ${run.text}`;
  const [how = "", ...rest] = run.text.split("\n");
  if (how === "exit 0") return `\`${line}\` passes.`;
  const report = readReport(rest.join("\n"));
  if (report.failures.length === 0) return `\`${line}\` fails (${how}); its output names no test:\n${rest.slice(-15).join("\n")}`;
  const listing = yield* listWorkspace();
  const lines = report.failures.slice(0, 20).map((failure) => {
    const place = failure.frames.flatMap((frame) => {
      const path = locate(listing, frame.path);
      return path === undefined ? [] : [`${path}:${frame.line}`];
    })[0];
    const message =
      failure.message
        .split("\n")
        .find((text) => text.trim() !== "")
        ?.trim()
        .slice(0, 160) ?? "";
    return `- ${nameOf(failure)}${place === undefined ? "" : ` at ${place}`}${message === "" ? "" : `: ${message}`}`;
  });
  const more = report.failures.length > lines.length ? [`and ${report.failures.length - lines.length} more`] : [];
  return [
    `\`${line}\` fails (${how}); ${report.failures.length === 1 ? "one test fails" : `${report.failures.length} tests fail`}:`,
    ...lines,
    ...more,
  ].join("\n");
}

/** Beginnings of the edit_file arguments of changes that earlier attempts made in vain, as the lessons tell them. */
export function refusedBefore(request: AskRequest): readonly string[] {
  const lessons = request.messages.filter((message) => message.role === "user").map((message) => message.text);
  return lessons.flatMap((text) =>
    [...text.matchAll(/Not again: (.+?)\.(?:\n|$)/g)].map(([, change = ""]) => change.replace(/ \[…\]$/, "")),
  );
}
