// `proviso policy check`: one decision per input, in the order of the inputs.

import { createInterface } from "node:readline";
import * as z from "zod";
import { judge } from "../../agent/policy/judge.ts";
import type { Decision } from "../../agent/policy/rules.ts";
import type { Risk } from "../../agent/tool/risk.ts";
import { type Command, exit, type Io, jsonLine, refuse } from "../io.ts";
import { misfitOf } from "../misfit.ts";
import { type Desk, Inquiry, openDesk, parseRequest } from "./inquiry.ts";

export const check: Command = async (args, io, signal) => {
  const request = parseRequest(args);
  if (!request.ok) return refuse(io, request.fault, exit.usage);
  const { inquiry, stdin, json } = request.value;
  if (!stdin && inquiry.line === undefined && inquiry.tool === undefined) {
    return refuse(io, { message: "Give --line SHELL, --tool NAME with --args JSON, or --stdin." }, exit.usage);
  }
  const desk = await openDesk(request.value, io);
  if (!desk.ok) return refuse(io, desk.fault, exit.usage);
  for (const problem of desk.value.rules.problems()) io.stderr.write(`proviso: ${problem}\n`);
  if (stdin) return checkLines(desk.value, io, signal);
  const answer = await answerTo(desk.value, inquiry);
  io.stdout.write(json ? jsonLine(answer) : inWords(answer));
  return exit.done;
};

/** What is answered for one input. */
export interface Answer extends Decision {
  readonly id?: string | number;
  readonly risk: Risk;
  /** Set where the input, or the arguments in it, are wrong. */
  readonly error?: string;
}

async function answerTo(desk: Desk, inquiry: Inquiry): Promise<Answer> {
  const asked = await desk.ask(inquiry);
  if (asked.is === "decision") return { ...asked.decision, risk: asked.risk };
  const decision = judge(asked.policy, asked.subject);
  return { ...decision, risk: asked.risk, ...(asked.invalid === undefined ? {} : { error: asked.invalid }) };
}

/** A batch is one instant: the same question is answered once. */
class Answers {
  readonly #desk: Desk;
  readonly #known = new Map<string, Promise<Answer>>();

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  async to({ id, ...question }: Inquiry): Promise<Answer> {
    const key = JSON.stringify(question);
    if (this.#known.size > mostKnown) this.#known.clear();
    const answer = this.#known.get(key) ?? answerTo(this.#desk, question);
    this.#known.set(key, answer);
    return id === undefined ? answer : { id, ...(await answer) };
  }
}
const mostKnown = 20_000;

const Named = z.object({ id: z.union([z.string(), z.number()]) });

/** How many inputs are looked at together; the answers keep their order. */
const batch = 64;

async function checkLines(desk: Desk, io: Io, signal: AbortSignal): Promise<number> {
  const known = new Answers(desk);
  let waiting: Promise<Answer>[] = [];
  let count = 0;
  const flush = async (): Promise<void> => {
    const answers = await Promise.all(waiting);
    waiting = [];
    const text = answers.map(jsonLine).join("");
    if (text !== "" && !io.stdout.write(text)) await new Promise((resolve) => io.stdout.once("drain", resolve));
  };
  for await (const text of createInterface({ input: io.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    signal.throwIfAborted();
    count++;
    if (text.trim() === "") continue;
    waiting.push(answerLine(known, text, count));
    if (waiting.length >= batch) await flush();
  }
  await flush();
  return exit.done;
}

async function answerLine(known: Answers, text: string, number: number): Promise<Answer> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return wrong(`Line ${number} of the input is not JSON: ${(error as Error).message}.`, undefined);
  }
  const named = Named.safeParse(value);
  const id = named.success ? named.data.id : undefined;
  const parsed = Inquiry.safeParse(value);
  if (!parsed.success) return wrong(`Line ${number} of the input does not fit: ${misfitOf(parsed.error, value)}.`, id);
  if (parsed.data.line === undefined && parsed.data.tool === undefined)
    return wrong(`Line ${number} of the input has neither "line" nor "tool".`, id);
  return known.to(parsed.data);
}

/** What cannot be read is denied. */
const wrong = (error: string, id: string | number | undefined): Answer => ({
  ...(id === undefined ? {} : { id }),
  verdict: "deny",
  list: "personal",
  reason: error,
  parts: [],
  risk: { effects: [], paths: [], reversible: true },
  error,
});

function inWords({ verdict, list, rule, reason, parts, error }: Answer): string {
  const by = rule === undefined ? list : `${list}: ${rule}`;
  const lines = parts.map((part) => `  ${part.verdict.padEnd(5)}  ${part.part.replaceAll("\n", "⏎")}  [${part.rule ?? part.list}]`);
  return [
    `${verdict}  ${reason}  [${by}]`,
    ...(parts.length > 1 ? lines : []),
    ...(error === undefined ? [] : [`  note: ${error}`]),
    "",
  ].join("\n");
}
