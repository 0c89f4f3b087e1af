// "Fix the problems": asks the editor what it reports, applies the fixes its language servers offer one by one, and looks again after
// each. A problem whose fix is refused, missing or in vain is left alone and named, so the work always comes to an end.

import * as z from "zod";
import type { EditorGoal } from "../../editor-goal.ts";
import { fail, ok, type Result } from "../../result.ts";
import { ask, type Answer, dataOf, type Script } from "./script.ts";

const Problem = z.object({
  path: z.string(),
  line: z.number(),
  severity: z.enum(["error", "warning", "info", "hint"]),
  message: z.string(),
});
export type Problem = z.infer<typeof Problem>;
const Reported = z.object({ problems: z.array(Problem) });

/** Turns one step may take on it; the loop's own limit is 40. */
const mostTurns = 34;
const mostShown = 30;

type Wanted = (problem: Problem) => boolean;

/** Everything the editor's list of problems shows of a file or of the workspace. Hints are not in that list. */
export async function* fixProblems({ path }: Extract<EditorGoal, { do: "problems" }>): Script<Result<string>> {
  const before = yield* reportedIn(path);
  if (!before.ok) return before;
  const wanted: Wanted = ({ severity }) => severity !== "hint";
  const problems = before.value.filter(wanted);
  if (problems.length === 0) return ok(`No problems are reported in ${path ?? "the files the editor knows"}; there is nothing to fix.`);
  const work = new Work();
  for (const file of new Set(problems.map((problem) => problem.path))) {
    const mended = yield* mendFile(
      work,
      file,
      problems.filter((problem) => problem.path === file),
      wanted,
    );
    if (!mended.ok) return mended;
  }
  return ok(work.account());
}

/** One problem, known by what it says: others in the file that say the same are the same problem. */
export async function* fixProblem({ path, line, message }: Extract<EditorGoal, { do: "problem" }>): Script<Result<string>> {
  const before = yield* reportedIn(path);
  if (!before.ok) return before;
  const here = before.value.filter((problem) => (message === undefined ? problem.line === line : isSame(problem.message, message)));
  if (here.length === 0)
    return ok(
      `${message === undefined ? "No problem" : "That problem"} is reported at ${path}:${line}${message === undefined ? "" : " no longer"}; there is nothing to fix.`,
    );
  const texts = new Set(here.map((problem) => problem.message));
  const nearest = [...here].sort((a, b) => Math.abs(a.line - line) - Math.abs(b.line - line));
  const work = new Work();
  const mended = yield* mendFile(work, here[0]?.path ?? path, nearest, (problem) => texts.has(problem.message), "one by one");
  return mended.ok ? ok(work.account()) : mended;
}

/** What the editor reports now, in one file or everywhere. */
export async function* reportedIn(path: string | undefined): Script<Result<readonly Problem[]>> {
  const answer = yield* ask(
    `What problems are reported${path === undefined ? "" : ` in ${path}`}?`,
    "diagnostics",
    path === undefined ? {} : { path },
  );
  return answer.ok ? ok(dataOf(answer, Reported)?.problems ?? readLines(answer)) : fail("missing", answer.text);
}

/** The same list from the text of an answer, whose messages may run over several lines. */
function readLines({ text }: Answer): readonly Problem[] {
  const found = [...text.matchAll(/^(.+?):(\d+): (error|warning|info|hint): (.*(?:\n(?!.+?:\d+: (?:error|warning|info|hint): ).*)*)/gm)];
  return found.map(([, path = "", line, severity, message = ""]) => ({
    path,
    line: Number(line),
    severity: severity as Problem["severity"],
    message,
  }));
}

async function* mendFile(
  work: Work,
  file: string,
  problems: readonly Problem[],
  wanted: Wanted,
  how: "at once" | "one by one" = "at once",
): Script<Result<void>> {
  let open = problems;
  if (how === "at once" && problems.length > 1) {
    const fixed = yield* work.turn(
      ask(`Fixing what can be fixed at once in ${file}.`, "code_actions", { path: file, kind: "source.fixAll" }),
    );
    if (fixed.ok) {
      const now = yield* work.turn(reportedIn(file));
      if (!now.ok) return now;
      open = now.value.filter(wanted);
    }
  }
  const gone = new Set<string>();
  for (;;) {
    const next = open.find(({ message }) => !work.isHopeless(file, message));
    if (!next || work.turns >= mostTurns) break;
    const { line, message } = next;
    const fix = yield* work.turn(
      ask(`Fixing ${file}:${line}: ${message}`, "code_actions", { path: file, kind: "quickfix", line, message }),
    );
    if (!fix.ok) {
      work.giveUp(file, message, fix.text);
      continue;
    }
    const now = yield* work.turn(reportedIn(file));
    if (!now.ok) return now;
    const left = now.value.filter(wanted);
    if (timesIn(left, message) === 0) gone.add(message);
    if (timesIn(left, message) >= timesIn(open, message)) work.giveUp(file, message, "its fix was made and it is still reported");
    for (const one of left) if (gone.has(one.message)) work.giveUp(file, one.message, "it came back after it was fixed");
    open = left;
  }
  work.close(problems, open);
  return ok(undefined);
}

/** What was tried in this step, and how it ended. */
class Work {
  turns = 0;
  readonly #hopeless = new Map<string, string>();
  readonly #fixed: Problem[] = [];
  readonly #left: Problem[] = [];
  readonly #new: Problem[] = [];

  async *turn<T>(script: Script<T>): Script<T> {
    this.turns++;
    return yield* script;
  }

  isHopeless(file: string, message: string): boolean {
    return this.#hopeless.has(`${file} ${message}`);
  }

  giveUp(file: string, message: string, why: string): void {
    if (!this.isHopeless(file, message)) this.#hopeless.set(`${file} ${message}`, why);
  }

  close(before: readonly Problem[], after: readonly Problem[]): void {
    const isOld = (problem: Problem): boolean => timesIn(before, problem.message) > 0;
    this.#left.push(...after.filter(isOld));
    this.#new.push(...after.filter((problem) => !isOld(problem)));
    for (const message of new Set(before.map((problem) => problem.message))) {
      const same = before.filter((problem) => problem.message === message);
      this.#fixed.push(...same.slice(0, Math.max(0, same.length - timesIn(after, message))));
    }
  }

  account(): string {
    const why = ({ path, message }: Problem): string =>
      this.#hopeless.get(`${path} ${message}`) ?? "I stopped before it, there is too much for one step; ask again";
    const list = (problems: readonly Problem[], more: (problem: Problem) => string = () => ""): string[] => [
      ...problems
        .slice(0, mostShown)
        .map((problem) => `- ${problem.path}:${problem.line} ${problem.message.split("\n")[0] ?? ""}${more(problem)}`),
      ...(problems.length > mostShown ? [`and ${problems.length - mostShown} more`] : []),
    ];
    const part = (head: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : [head, ...lines]);
    return [
      ...part(`Fixed ${count(this.#fixed.length)}:`, list(this.#fixed)),
      ...part(
        `${this.#fixed.length === 0 ? "Nothing was fixed. " : ""}Left are ${count(this.#left.length)}:`,
        list(this.#left, (problem) => ` (${why(problem).replace(/\.$/, "")})`),
      ),
      ...part(`The fixes brought up ${count(this.#new.length)}:`, list(this.#new)),
    ].join("\n");
  }
}

const count = (n: number): string => (n === 1 ? "one problem" : `${n} problems`);

const timesIn = (problems: readonly Problem[], message: string): number => problems.filter((problem) => problem.message === message).length;

/** Goals are trimmed and may lose line breaks on their way. */
const isSame = (a: string, b: string): boolean => a.replace(/\s+/g, " ").trim() === b.replace(/\s+/g, " ").trim();
