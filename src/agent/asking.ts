// Puts a question to the person and waits. One that was already put (before a crash or a reload) is put again unchanged, not asked
// twice, and its deadline stays: it counts from when it was first asked. Past the deadline no answer is taken.

import type { ApprovalRequest, Resolution } from "./approval.ts";
import type { Run } from "./engine.ts";
import { sameSubject } from "./state.ts";

/** The person's answer, or that none came in time. The question is on disk before anybody sees it. */
export async function askPerson(run: Run, request: ApprovalRequest, signal: AbortSignal): Promise<Resolution> {
  const put = run.state.waiting.find((other) => sameSubject(other.subject, request.subject) && other.digest === request.digest);
  const patience = run.world.person.patienceMs?.();
  const deadline = put ? put.deadline : patience === undefined ? undefined : run.world.clock.now() + patience;
  const asked: ApprovalRequest = deadline === undefined ? request : { ...request, deadline };
  if (!put) await run.append({ type: "approval.asked", request: asked });
  await run.synced();
  return deadline === undefined ? run.world.person.decide(asked, signal) : decideBy(run, asked, deadline, signal);
}

const tooLate: Resolution = { answer: "timed out" };

async function decideBy({ world }: Run, request: ApprovalRequest, deadline: number, signal: AbortSignal): Promise<Resolution> {
  const left = deadline - world.clock.now();
  if (left <= 0) return tooLate;
  const over = new AbortController();
  const both = AbortSignal.any([signal, over.signal]);
  const late = world.clock.sleep(left, both).then(() => tooLate);
  const answered = world.person.decide(request, both);
  // Whichever loses is cancelled, and says so to nobody.
  for (const either of [late, answered]) either.catch(() => undefined);
  try {
    const answer = await Promise.race([answered, late]);
    // A machine that slept wakes its timers late: what was said after the deadline was said too late.
    return world.clock.now() > deadline ? tooLate : answer;
  } finally {
    over.abort(new DOMException("nobody answered in time", "AbortError"));
  }
}
