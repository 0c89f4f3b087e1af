// One run from its first event in this process to its last: view, person and interrupts around the engine's loop.
// Owns how a run ends when a person stops it: its tools dead, its journal closed with an ending, and the way to go on told.

import { drive } from "../agent/engine.ts";
import type { EventBody, Limits, Outcome } from "../agent/event.ts";
import { closingAnswer, ledgerOf } from "../agent/ledger.ts";
import { line, marked } from "../agent/observe/line.ts";
import { recap } from "../agent/observe/recap.ts";
import { performers } from "../agent/performers.ts";
import type { Result } from "../agent/result.ts";
import type { RunState } from "../agent/state.ts";
import type { Live, Person } from "../agent/world.ts";
import { JournalFailure } from "../node/journal.ts";
import type { OpenedRun } from "../node/open-run.ts";
import type { RunFolder } from "../node/runs.ts";
import type { WorkspaceHome } from "../node/state-home.ts";
import { absent, coveredBy, type Level } from "./cover.ts";
import { exit, type Io, refuse } from "./io.ts";
import type { Chosen } from "./model.ts";
import { openSession } from "./session.ts";
import { render } from "./view/render.ts";
import { isLively, styleFor } from "./view/style.ts";
import { jsonView, plainView, type View } from "./view/view.ts";

export interface Errand {
  readonly home: WorkspaceHome;
  readonly folder: RunFolder;
  readonly chosen: Chosen;
  readonly approve: Level;
  readonly json: boolean;
  /** The limits it will have, given what is known of it so far. */
  readonly limits: (state: RunState) => Limits;
  /** What to append before the loop, given the opened run; a number ends the errand with that exit code at once. */
  readonly begin: (session: OpenedRun, signal: AbortSignal) => Promise<EventBody | number>;
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
  let session: OpenedRun | undefined;
  // A journal that cannot be written ends the run through the loop; here it need not be said twice.
  const say = (text: string): void => void session?.run.append({ type: "user.said", text }).catch(() => undefined);
  const stage = await setStage(io, errand, say);
  try {
    const opened = await openSession({ ...errand, io, person: stage.person, watch: stage.watch, onNotice: stage.notice });
    if (!opened.ok) return refuseAfter(stage, io, opened);
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

async function perform(session: OpenedRun, stage: Stage, errand: Errand, signal: AbortSignal): Promise<number> {
  const { run } = session;
  stage.open(session);
  let before = run.state;
  run.onEvent((event, after) => {
    stage.view.event(event, before, after);
    before = after;
  });
  const first = await errand.begin(session, signal);
  if (typeof first === "number") return first;
  if (errand.chosen.choice.kind === "rules") stage.notice(`the rules engine works on this, without a model: ${errand.chosen.choice.why}.`);
  await run.append(first);
  try {
    await drive(run, performers, signal);
  } catch (error) {
    if (!signal.aborted || error instanceof JournalFailure) throw error;
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
  if (outcome !== "done")
    stage.hint(`proviso resume ${errand.folder.id} goes on from here; proviso show ${errand.folder.id} tells the whole run.`);
  return codes[outcome];
}

/** All that looks at the run from outside the loop. */
interface Stage {
  readonly view: View;
  readonly person: Person;
  readonly watch: (live: Live) => void;
  readonly notice: (text: string) => void;
  readonly hint: (text: string) => void;
  open(session: OpenedRun): void;
  close(): void;
}

async function setStage(io: Io, { json, approve, home }: Errand, onSaid: (text: string) => void): Promise<Stage> {
  const say = (text: string): void => void io.stderr.write(`proviso: ${text}\n`);
  const still = (view: View, hint: (text: string) => void): Stage => {
    const person = coveredBy(approve, home.root, absent);
    return { view, person, watch: (live) => view.live(live), notice: say, hint, open: () => undefined, close: () => view.close() };
  };
  if (json) return still(jsonView(io.stdout), () => undefined);
  if (!isLively(io.stdout, io.env) || io.stdin.isTTY !== true) return still(plainView(io.stdout, styleFor(io.stdout, io.env)), say);

  const [{ LiveView }, { terminalPerson }] = await Promise.all([import("./view/live.ts"), import("./terminal/person.ts")]);
  let session: OpenedRun | undefined;
  const view = new LiveView({ io, now: () => Date.now(), onInterrupt: () => io.interrupt?.(), onSaid });
  const facts = () => ({
    sandbox: session?.run.world.shell.sandbox ?? { active: false, reason: "it is not known yet" },
    usdLimit: session?.run.state.run?.limits.usd ?? 0,
  });
  const person = coveredBy(approve, home.root, terminalPerson({ terminal: view.terminal, env: io.env, facts }));
  const hints: string[] = [];
  return {
    view,
    person,
    watch: (live) => view.live(live),
    notice: (text) => view.terminal.print([marked("unverified", 0, ["quiet", text])]),
    hint: (text) => void hints.push(text),
    open: (opened) => {
      session = opened;
      view.seed(opened.run.state);
      view.terminal.print(opened.events.length > 0 ? recap(opened.run.state) : []);
      const { sandbox } = opened.run.world.shell;
      if (!sandbox.active) view.terminal.print([line(0, ["waits", "Commands are not confined here: "], ["quiet", sandbox.reason])]);
    },
    close: () => {
      view.close();
      const rows = render(
        hints.splice(0).map((text) => line(0, ["quiet", text])),
        styleFor(io.stdout, io.env),
      );
      if (rows.length > 0) io.stdout.write(`${rows.join("\n")}\n`);
    },
  };
}

function refuseAfter(stage: Stage, io: Io, { fault }: Extract<Result<OpenedRun>, { ok: false }>): number {
  stage.close();
  return refuse(io, fault);
}
