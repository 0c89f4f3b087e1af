// A rubric put to a judging model, and how sure its verdict is. A verdict that doubts itself is not taken alone: another judge is asked,
// a stronger one where there is a choice. Two that agree are surer than one; two that do not, or that even together doubt more than they
// believe, prove nothing, so the check fails.

import * as z from "zod";
import { consult } from "./consult.ts";
import type { Run } from "./engine.ts";
import { criticPrompt } from "./memory/questions.ts";
import type { AskRequest, Usage } from "./model/ask.ts";
import { fail, ok, type Result } from "./result.ts";
import type { StepState } from "./state.ts";

const Judgement = z.object({
  pass: z.boolean(),
  why: z.string(),
  /** 0 to 1: how sure the judge is. */
  confidence: z.number().min(0).max(1).optional(),
});
type Judgement = z.infer<typeof Judgement>;

export interface Verdict {
  readonly pass: boolean;
  readonly why: string;
  /** Undefined where no judge said how sure it is. */
  readonly confidence: number | undefined;
  readonly usage: Usage;
}

/** A judge less sure than this is not taken alone. */
const sure = 0.75;

/** A fault means that no judge could be asked. */
export async function judgeBy(run: Run, step: StepState, rubric: string, signal: AbortSignal): Promise<Result<Verdict>> {
  const { state } = run;
  const request: AskRequest = {
    purpose: "judge",
    messages: criticPrompt(state, step, rubric, await run.world.window?.("judge", signal)),
    tools: [],
    answer: { name: "judgement", schema: Judgement },
    subject: { run: state.run?.id ?? "", goal: state.run?.goal ?? "" },
  };
  const first = await opinion(run, request, signal);
  if (!first.ok) return first;
  const { judged, usage } = first.value;
  if ((judged.confidence ?? 1) >= sure) return ok({ ...judged, confidence: judged.confidence, usage });
  const second = await opinion(run, { ...request, fresh: true, above: 1 }, signal);
  if (!second.ok) return second;
  return ok({ ...joined(judged, second.value.judged), usage: sum(usage, second.value.usage) });
}

async function opinion(
  run: Run,
  request: AskRequest,
  signal: AbortSignal,
): Promise<Result<{ readonly judged: Judgement; readonly usage: Usage }>> {
  const reply = await consult(run, request, signal);
  if (!reply.ok) return reply;
  const judged = Judgement.safeParse(reply.value.answer);
  if (!judged.success) return fail("invalid", "The judging model gave no verdict.");
  return ok({ judged: judged.data, usage: reply.value.usage });
}

/** Together less sure than this, two judges who agree have proved nothing. */
const half = 0.5;

/** Agreement leaves only the doubt that both share; disagreement leaves less certainty than either had. */
export function joined(a: Judgement, b: Judgement): Omit<Verdict, "usage"> {
  const [ca, cb] = [a.confidence ?? 0.5, b.confidence ?? 0.5];
  if (a.pass === b.pass) {
    const confidence = 1 - (1 - ca) * (1 - cb);
    if (!a.pass || confidence >= half) return { pass: a.pass, why: b.why, confidence };
    return { pass: false, why: `Two judges agree but doubt it too much to prove anything. One says: ${b.why}`, confidence };
  }
  const against = a.pass ? b : a;
  return { pass: false, why: `Two judges disagree, so nothing is proved. One says: ${against.why}`, confidence: Math.min(ca, cb) / 2 };
}

function sum(a: Usage, b: Usage): Usage {
  const usd = a.usd === undefined || b.usd === undefined ? undefined : a.usd + b.usd;
  return { ...b, input: a.input + b.input, output: a.output + b.output, usd };
}
