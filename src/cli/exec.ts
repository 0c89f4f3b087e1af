// `proviso exec -- COMMAND…`: one command in the restricted task, judged first. Prints what the command prints, or with
// --json one object, and answers with the command's exit code.

import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { ok, type Result } from "../agent/result.ts";
import { contains } from "../node/shell/path.ts";
import { oneOf, parseArguments } from "./arguments.ts";
import { type Approval, passage } from "./exec/gate.ts";
import { type ExecParts, openExec } from "./exec/open.ts";
import { type ExecResult, exitCodeOf, notRun, resultOf } from "./exec/result.ts";
import { durationOf, lineOf } from "./exec/words.ts";
import { type Command, exit, type Help, type Io, jsonLine, refuse } from "./io.ts";

export const help: Help = `proviso exec [options] -- COMMAND…

Runs one command in the restricted task, after the policy has judged it. Several words are one command; a single word is a shell
line. What the policy denies does not run. What it would ask about runs, since you typed it, as long as the sandbox confines it;
without a sandbox, or with --network, it asks on the terminal, or needs --approve all.

  --timeout TIME     stop it after so long (90, 90s, 500ms, 2m; default 120)
  --cwd DIR          folder inside the workspace to run it in
  --network          connect it to the network; the file sandbox stays
  --approve WORD     all: yes to whatever would be asked · none: no to it
  --json             {exit, stdout, stderr, timedOut, truncated, sandbox, decision, …} on one line
  --workspace DIR    default: the current folder

Exit code: the command's · 3 refused · 124 timed out · 125 could not be run · 137 stopped at a limit`;

export const exec: Command = async (args, io, signal) => {
  const request = parse(args, io);
  if (!request.ok) return refuse(io, request.fault, exit.usage);
  if (request.value === "help") {
    io.stdout.write(`${help}\n`);
    return exit.done;
  }
  const parts = await openExec(request.value.workspace, io);
  if (!parts.ok) return refuse(io, parts.fault, exit.usage);
  return execIn(parts.value, request.value, io, signal);
};

async function execIn(parts: ExecParts, request: ExecRequest, io: Io, signal: AbortSignal): Promise<number> {
  try {
    const result = await runJudged(parts, request, io, signal);
    if (request.json) io.stdout.write(jsonLine(result));
    else report(result, io);
    return exitCodeOf(result);
  } catch (error) {
    if (!signal.aborted) throw error;
    return exit.cancelled;
  }
}

interface ExecRequest {
  readonly line: string;
  readonly workspace: string;
  /** Absolute. */
  readonly cwd: string;
  readonly timeoutMs: number;
  readonly network: boolean;
  readonly approval: Approval | undefined;
  readonly json: boolean;
}

function parse(args: readonly string[], io: Io): Result<ExecRequest | "help"> {
  const kinds = { timeout: "value", cwd: "value", network: "flag", approve: "value" } as const;
  const parsed = parseArguments(args, kinds, Number.POSITIVE_INFINITY);
  if (!parsed.ok) return parsed;
  const { options, operands } = parsed.value;
  if (options.help) return ok("help");
  const line = lineOf(operands);
  if (!line.ok) return line;
  const timeout = durationOf(options.timeout ?? "120");
  if (!timeout.ok) return timeout;
  const approval = oneOf("approve", options.approve, ["none", "all"]);
  if (!approval.ok) return approval;
  const workspace = resolve(io.cwd, options.workspace ?? ".");
  const cwd = resolve(workspace, options.cwd ?? (contains(workspace, io.cwd) ? io.cwd : "."));
  const { json, network } = options;
  return ok({ line: line.value, workspace, cwd, timeoutMs: timeout.value, network, approval: approval.value, json });
}

async function runJudged({ root, shell, judge }: ExecParts, request: ExecRequest, io: Io, signal: AbortSignal): Promise<ExecResult> {
  const { line, cwd, timeoutMs, network, json } = request;
  const confined = shell.sandbox.active;
  const decision = await judge(line, cwd);
  const way = passage(decision, { confined, network, why: shell.sandbox.reason }, request.approval);
  if (way.is === "shut") return notRun(decision, confined, { refused: way.why });
  if (way.is === "question" && !(await agrees(`${way.question}\n  ${line}`, io, signal))) {
    const why = io.stdin.isTTY ? "You said no." : `${way.question} Nobody can be asked here; say --approve all if it may.`;
    return notRun(decision, confined, { refused: why });
  }
  const show = (chunk: string, stream: "stdout" | "stderr"): void => void io[stream].write(chunk);
  const task = { call: `exec-${randomUUID()}`, line, cwd, timeoutMs, network };
  const ending = await shell.run(json ? task : { ...task, onOutput: show }, signal);
  return ending.ok ? resultOf(ending.value, decision, root) : notRun(decision, confined, { failed: ending.fault.message });
}

/** What the command's own output does not say. */
function report(result: ExecResult, io: Io): void {
  const say = (text: string | undefined): void => void (text !== undefined && io.stderr.write(`proviso: ${text}\n`));
  say(result.refused ?? result.failed);
  if (result.killedBy) say(`the command was stopped: ${result.killedBy}.`);
  say(result.hint);
  for (const { path, change } of result.audit ?? [])
    say(`look at ${path}: ${change} by or during this command, and other programs obey it.`);
  if (!result.sandbox && result.refused === undefined) say("the command was not confined.");
}

async function agrees(question: string, io: Io, signal: AbortSignal): Promise<boolean> {
  if (!io.stdin.isTTY) return false;
  const terminal = createInterface({ input: io.stdin, output: io.stderr });
  try {
    const answer = await terminal.question(`${question}\nRun it? [y/N] `, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
