// One run from its first event in this process to its last: view, person and interrupts around the engine's loop.
// Owns how a run ends when a person stops it: its tools dead, its journal closed with an ending, and the way to go on told.

import { drive } from "../agent/engine.ts";
import type { EventBody, Outcome } from "../agent/event.ts";
import { closingAnswer, ledgerOf } from "../agent/ledger.ts";
import { performers } from "../agent/performers.ts";
import type { Live } from "../agent/world.ts";
import { JournalFailure } from "../node/journal.ts";
import type { RunFolder } from "../node/runs.ts";
import type { WorkspaceHome } from "../node/state-home.ts";
import type { Level } from "./cover.ts";
import { afterFuse } from "./fuse.ts";
import { exit, type Io, refuse } from "./io.ts";
import type { Chosen } from "./model.ts";
import { openSession, type Session } from "./session.ts";
import { setStage } from "./set-stage.ts";
import type { Stage } from "./stage.ts";

export interface Errand {
  readonly home: WorkspaceHome;
  readonly folder: RunFolder;
  readonly chosen: Chosen;
  readonly approve: Level;
  readonly patienceMs: number | undefined;
  readonly json: boolean;
  /** What to append before the loop, given the opened run; a number ends the errand with that exit code at once. */
  readonly begin: (session: Session, signal: AbortSignal) => Promise<EventBody | number>;
}

const codes: Readonly<Record<Outcome, number>> = {
  done: exit.done,
  unproved: exit.failed,
  failed: exit.failed,
  stopped: exit.stopped,
  fuse: exit.fuse,
  cancelled: exit.cancelled,
};

/** Answers the exit code. A person's interrupt ends the run as cancelled; it never rejects for that. */
export async function conduct(io: Io, errand: Errand, signal: AbortSignal): Promise<number> {
  let session: Session | undefined;
  // A journal that cannot be written ends the run through the loop; here it need not be said twice.
  const onSaid = (text: string): void => void session?.run.append({ type: "user.said", text }).catch(() => undefined);
  const { json, approve, patienceMs, home } = errand;
  const stage = await setStage({ io, json, approve, patienceMs, root: home.root, onSaid });
  try {
    const watch = (live: Live): void => stage.view.live(live);
    const opened = await openSession({ ...errand, io, person: stage.person, watch, onNotice: stage.notice });
    if (!opened.ok) {
      stage.close();
      return refuse(io, opened.fault);
    }
    session = opened.value;
    return await perform(session, stage, errand, signal);
  } catch (error) {
    if (!(error instanceof JournalFailure)) throw error;
    stage.close();
    return refuse(io, error.fault);
  } finally {
    stage.close();
    await session?.close();
  }
}

async function perform(session: Session, stage: Stage, errand: Errand, signal: AbortSignal): Promise<number> {
  const { run } = session;
  stage.open(session);
  let before = run.state;
  const events = [...session.events];
  run.onEvent((event, after) => {
    events.push(event);
    stage.view.event(event, before, after);
    before = after;
  });
  const first = await errand.begin(session, signal);
  if (typeof first === "number") return first;
  if (errand.chosen.choice.kind === "rules") stage.notice(`the rules engine works on this, without a model: ${errand.chosen.choice.why}.`);
  await run.append(first);
  try {
    await drive(run, performers, signal);
    while (run.state.ended?.outcome === "fuse") {
      const goesOn = await afterFuse(session, stage, () => events, signal);
      if (!goesOn) break;
      await run.append(goesOn);
      await drive(run, performers, signal);
    }
  } catch (error) {
    if (!signal.aborted || error instanceof JournalFailure) throw error;
    await run.world.jobs.stop("all", "run ended");
    const { state } = run;
    if (!state.ended)
      await run.append({
        type: "run.ended",
        outcome: "cancelled",
        answer: closingAnswer(state, "cancelled"),
        ledger: [...ledgerOf(state)],
      });
  }
  const outcome = run.state.ended?.outcome ?? "failed";
  if (outcome === "fuse")
    stage.hint(`proviso resume ${errand.folder.id} --more, --replan, --roll-back or --hand-over: the ways on from here.`);
  else if (outcome !== "done")
    stage.hint(`proviso resume ${errand.folder.id} goes on from here; proviso show ${errand.folder.id} tells the whole run.`);
  return codes[outcome];
}
