// What each kind of check does and what it counts as evidence. A check never passes because something could not be looked at.

import { judgeBy } from "./critic.ts";
import { defaultLimits, type Evidence } from "./event.ts";
import type { Run } from "./engine.ts";
import type { Usage } from "./model/ask.ts";
import { type Check } from "./plan.ts";
import { ok, type Result } from "./result.ts";
import type { StepState } from "./state.ts";
import type { Problem } from "./world.ts";

interface About {
  /** Names the check's process, so that a later process can find it. */
  readonly name: string;
  readonly step: StepState | undefined;
}
export interface Found {
  readonly evidence: Evidence;
  readonly usage?: Usage;
}

const tailChars = 4000;
const maxBytes = 10_000_000;

/** Runs the check. A fault means that the judging model could not be asked; every other trouble is evidence that fails. */
export async function evidenceFor(run: Run, check: Check, about: About, signal: AbortSignal): Promise<Result<Found>> {
  const started = run.world.clock.now();
  const found = (said: string, pass: boolean, more: Partial<Evidence> = {}): Result<Found> =>
    ok({ evidence: { check, pass, said, ms: run.world.clock.now() - started, ...more } });
  switch (check.by) {
    case "command":
      return byCommand(run, check.line, about, found, signal);
    case "content": {
      const place = await run.world.files.locate(check.path);
      if (!place.ok) return found(place.fault.message, false);
      const image = await run.world.files.read(place.value.real, { maxBytes }, signal);
      if (!image.ok) return found(image.fault.message, false);
      const matches = new RegExp(check.matches, "mu").test(new TextDecoder().decode(image.value.bytes));
      return found(`${check.path} ${matches ? "matches" : "does not match"} /${check.matches}/`, matches, { digest: image.value.digest });
    }
    case "diagnostics": {
      const problems = await run.world.diagnostics?.problems(check.paths, signal);
      if (!problems) return found("No language server runs here, so nothing could be checked.", false);
      if (!problems.ok) return found(problems.fault.message, false);
      const { message: wanted } = check;
      if (wanted !== undefined) return byAbsence(problems.value, wanted, found);
      const errors = problems.value.filter((problem) => problem.severity === "error");
      const tail = errors.map(({ path, line, message }) => `${path}:${line}: ${message}`).join("\n");
      return found(
        errors.length === 0 ? `no errors in ${check.paths.join(", ")}` : `${errors.length} ${errors.length === 1 ? "error" : "errors"}`,
        errors.length === 0,
        { tail: tail.slice(0, tailChars) },
      );
    }
    case "citation":
      return byCitation(run, about.step?.turns.at(-1)?.text ?? "", found, signal);
    case "critic":
      return byCritic(run, check.rubric, about, found, signal);
  }
}

type Report = (said: string, pass: boolean, more?: Partial<Evidence>) => Result<Found>;

/** Messages are compared without regard to line breaks, which goals may lose. */
function byAbsence(problems: readonly Problem[], message: string, found: Report): Result<Found> {
  const plain = (text: string): string => text.replace(/\s+/g, " ").trim();
  const left = problems.filter((problem) => plain(problem.message) === plain(message));
  const places = left.map(({ path, line }) => `${path}:${line}`);
  return left.length === 0
    ? found("the problem is no longer reported", true)
    : found(`the problem is still reported at ${places.slice(0, 5).join(", ")}`, false);
}

async function byCommand(run: Run, line: string, about: About, found: Report, signal: AbortSignal): Promise<Result<Found>> {
  const { world, state } = run;
  const seconds = (state.run?.limits ?? defaultLimits).checkSeconds;
  await world.shell.reap(about.name);
  const onOutput = (chunk: string): void => world.watch({ of: "output", call: about.name, chunk });
  const ending = await world.shell.run({ call: about.name, line, cwd: world.files.root, timeoutMs: seconds * 1000, onOutput }, signal);
  if (!ending.ok) return found(ending.fault.message, false, { exit: null });
  const { exit, signal: killed, killedBy, output } = ending.value;
  const how = killedBy ? `was stopped: ${killedBy}` : exit === null ? `was killed by ${killed}` : `exit ${exit}`;
  return found(`\`${line}\` ${how}`, exit === 0, { exit, digest: world.digest(output), tail: output.slice(-tailChars) });
}

/** Cited places (`path:line`, `path:line-line`) must exist. An answer that cites nothing passes hollow: nothing proved it. */
async function byCitation(run: Run, text: string, found: Report, signal: AbortSignal): Promise<Result<Found>> {
  const cited = [...text.matchAll(/(?<![\w:/.-])((?:[\w.@-]+\/)*[\w@-][\w.@-]*\.\w+):(\d+)/g)].map(([, path = "", line = "0"]) => ({
    path,
    line: Number(line),
  }));
  if (text.trim() === "") return found("No answer was given.", false);
  if (cited.length === 0) return found("Answered; nothing is cited, so nothing was checked.", true, { hollow: true });
  const wrong: string[] = [];
  for (const { path, line } of cited) {
    const place = await run.world.files.locate(path);
    const image = place.ok ? await run.world.files.read(place.value.real, { maxBytes }, signal) : place;
    const lines = image.ok ? new TextDecoder().decode(image.value.bytes).split("\n").length : 0;
    if (line < 1 || line > lines) wrong.push(`${path}:${line}`);
  }
  if (wrong.length > 0) return found(`These cited places do not exist: ${wrong.join(", ")}.`, false);
  const shown = [...new Set(cited.map(({ path, line }) => `${path}:${line}`))];
  return found(`cites ${shown.slice(0, 5).join(", ")}${shown.length > 5 ? ` and ${shown.length - 5} more` : ""}`, true);
}

async function byCritic(run: Run, rubric: string, about: About, found: Report, signal: AbortSignal): Promise<Result<Found>> {
  if (!about.step) return found("A critic can only judge a step.", false);
  const verdict = await judgeBy(run, about.step, rubric, signal);
  if (!verdict.ok) return verdict;
  const { pass, why, confidence, usage } = verdict.value;
  const report = found(why, pass, confidence === undefined ? {} : { confidence });
  return report.ok ? ok({ ...report.value, usage }) : report;
}
