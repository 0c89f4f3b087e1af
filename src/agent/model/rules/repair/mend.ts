// "Fix the failing test": run it, find what it runs, try small changes there in private copies, propose the most plausible one that makes
// it pass. Never edits a test, never applies what no run has proved, and says what was tried when nothing was found.

import { isTestFile, type Listing, listWorkspace, locate, readSources } from "../desk.ts";
import { type Failure, nameOf, type Report } from "../report/failure.ts";
import { readReport } from "../report/report.ts";
import { detectRunner, type Runner } from "../report/runner.ts";
import { type Answer, ask, type Script } from "../script.ts";
import type { Grammars } from "../syntax.ts";
import { describeChange } from "./account.ts";
import { applyChange, type Applied } from "./apply.ts";
import { searchChange, type Search } from "./search.ts";
import { gatherScene } from "./suspects.ts";

export interface MendRequest {
  readonly grammars: Grammars;
  /** The shell line that must pass. */
  readonly line: string;
  /** Words of the goal that may name a test or a file. */
  readonly about: string;
  /** Beginnings of the edit_file arguments of changes that were made before and did not hold. */
  readonly refused: readonly string[];
  /** Time for all trials together. */
  readonly seconds: number;
  readonly canTry: boolean;
}

/** Several bugs are mended one after the other, each proved by itself. */
const mostRounds = 5;
const firstRunSeconds = 30;

/** Returns the answer to give. */
export async function* mend(request: MendRequest, signal: AbortSignal): Script<string> {
  const made: Applied[] = [];
  let spentMs = 0;
  for (let round = 0; round < mostRounds; round++) {
    const run = yield* ask(round === 0 ? "Running the tests to see what fails." : "Running the tests again.", "run_command", {
      line: request.line,
      seconds: firstRunSeconds,
    });
    if (!run.ok) return `I could not run \`${request.line}\`: ${run.text} Without a run there is nothing to go by; nothing was changed.`;
    if (hasPassed(run))
      return made.length === 0 ? `\`${request.line}\` passes; there is nothing to fix.` : describeDone(request.line, made);
    const scouted = yield* scout(request, run, signal);
    if (typeof scouted === "string") return withMade(scouted, made);
    if (!request.canTry) return withMade(`${scouted.summary} I cannot try changes here, since the tool for it is not on offer.`, made);
    const seconds = Math.floor(request.seconds - spentMs / 1000);
    if (seconds < 5) return withMade(`${scouted.summary} The time for trials is used up.`, made);
    const outcome = yield* searchChange(request.grammars, { ...scouted, line: request.line, seconds, refused: request.refused }, signal);
    spentMs += outcome.ms;
    if (!outcome.found) return withMade(`${scouted.summary} ${outcome.account}`, made);
    const applied = yield* applyChange(scouted.scene, outcome.choices);
    if (!applied.ok && applied.stale) continue;
    if (!applied.ok) return withMade(`${scouted.summary} ${applied.why}`, made);
    made.push({ ...applied.value, account: outcome.account });
    if (outcome.complete) return describeDone(request.line, made);
  }
  return withMade(`After ${mostRounds} rounds \`${request.line}\` still fails.`, made);
}

const hasPassed = (run: Answer): boolean => /^exit 0(?:\n|$)/.test(run.text);

const withMade = (text: string, made: readonly Applied[]): string =>
  made.length === 0 ? text : `${text} Mended so far: ${made.map(describeChange).join("; ")}.`;

function describeDone(line: string, made: readonly Applied[]): string {
  const accounts = [...new Set(made.map(({ account }) => account))].join(" ");
  return `${made.map(describeChange).join("; ")}. With that \`${line}\` passes in a private copy. ${accounts}`.trim();
}

export type Scouted = Omit<Search, "line" | "seconds" | "refused"> & { readonly summary: string };

/** What fails and what it rests on; or why that cannot be told. */
async function* scout(request: MendRequest, run: Answer, signal: AbortSignal): Script<Scouted | string> {
  const listing = yield* listWorkspace();
  const runner = yield* findRunner(request.line, listing);
  const isHanging = run.text.startsWith("stopped after");
  const report = readReport(run.text.replace(/^.*\n?/, ""));
  const target = chooseTarget(report, listing, request.about) ?? unknownTarget(listing, request.about);
  const scene = yield* gatherScene(request.grammars, listing, target, signal);
  const summary = summarise(report, target, isHanging, request.line);
  if (scene.code.length === 0) {
    const seen = scene.tests.map((unit) => unit.path).join(", ");
    return `${summary} I found no JavaScript, TypeScript or Python code that it rests on${seen === "" ? "" : ` (read ${seen})`}, so there is nothing I can mend; tests are never changed.`;
  }
  return { runner, report, target, scene, isHanging, summary, testFile: scene.tests[0]?.path };
}

async function* findRunner(line: string, listing: Listing): Script<Runner> {
  const needsManifest = /^\s*(?:npm|yarn|pnpm|bun)\b/.test(line) && (listing.partial || listing.files.includes("package.json"));
  const [manifest] = needsManifest ? yield* readSources("How are the tests run?", ["package.json"]) : [];
  return detectRunner(line, scriptsOf(manifest?.text));
}

function scriptsOf(manifest: string | undefined): Record<string, string> {
  try {
    const { scripts } = JSON.parse(manifest ?? "{}") as { scripts?: Record<string, unknown> };
    return Object.fromEntries(Object.entries(scripts ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
  } catch {
    return {};
  }
}

/** The failing test that tells most: the one the goal names, else one whose error came from code and not from an assertion alone. */
function chooseTarget(report: Report, listing: Listing, about: string): Failure | undefined {
  const words = about.toLowerCase();
  const weight = (failure: Failure): number => {
    const title = failure.titles.at(-1)?.toLowerCase() ?? "";
    const file = failure.file?.split("/").at(-1)?.toLowerCase() ?? "";
    const named = (title !== "" && words.includes(title)) || (file !== "" && words.includes(file)) ? 4 : 0;
    const framed = failure.frames.some((frame) => {
      const path = locate(listing, frame.path);
      return path !== undefined && !isTestFile(path);
    })
      ? 2
      : 0;
    return named + framed + (failure.titles.length > 0 ? 1 : 0);
  };
  return [...report.failures].sort((a, b) => weight(b) - weight(a))[0];
}

/** Where the output names no test: the test files themselves are the way to the code. */
function unknownTarget(listing: Listing, about: string): Failure {
  const tests = listing.files.filter(isTestFile).filter((path) => /\.(?:[cm]?[jt]sx?|py)$/.test(path));
  const named = tests.find((path) => about.includes(path.split("/").at(-1) ?? path));
  const frames = (named === undefined ? tests.slice(0, 6) : [named]).map((path) => ({ path, line: 0, name: undefined }));
  return { titles: [], file: named ?? tests[0], id: undefined, message: "", expected: undefined, actual: undefined, frames };
}

function summarise(report: Report, target: Failure, isHanging: boolean, line: string): string {
  const count = report.failures.length;
  if (count === 0)
    return isHanging ? `\`${line}\` did not end within ${firstRunSeconds} s.` : `\`${line}\` fails, and its output names no test.`;
  const message =
    target.message
      .split("\n")
      .find((text) => text.trim() !== "")
      ?.trim() ?? "";
  return `${count === 1 ? "One test fails" : `${count} tests fail`}: ${nameOf(target)}${message === "" ? "" : ` (${message.slice(0, 160)})`}.`;
}
