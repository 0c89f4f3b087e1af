// What a person at the terminal does about a run that a fuse stopped: one question, and what each answer to it does. A stage where
// nobody sits asks nothing, and the run stays as it stopped.

import { wayBack } from "../agent/checkpoint.ts";
import type { Event, EventBody } from "../agent/event.ts";
import { touchWords } from "../agent/observe/call-words.ts";
import { handOver } from "../agent/observe/hand-over.ts";
import { type Line, line, marked } from "../agent/observe/line.ts";
import { goingOn, type Offer, offersOf } from "../agent/fuse/offer.ts";
import { planRestore, restoreFiles } from "../agent/restore-run.ts";
import type { Session } from "./session.ts";
import type { Stage } from "./stage.ts";

/** What the run goes on with; undefined where it stays as it stopped. `events` are all of its journal by now. */
export async function afterFuse(
  { run }: Session,
  stage: Stage,
  events: () => readonly Event[],
  signal: AbortSignal,
): Promise<EventBody | undefined> {
  if (!stage.choose) return undefined;
  let offers = offersOf(run.state).filter((offer) => offer !== "rollBack" || wayBack(events()) !== undefined);
  for (;;) {
    const chosen: Offer | undefined = await stage.choose.offer(offers, signal);
    if (chosen === undefined) return undefined;
    if (chosen === "more" || chosen === "replan") return goingOn(run.state, chosen);
    if (chosen === "handOver") {
      stage.choose.show(
        handOver(events())
          .split("\n")
          .map((text) => line(0, text)),
      );
      return undefined;
    }
    const point = wayBack(events());
    if (!point) return undefined;
    const plan = await planRestore(run.world, events(), point.to, () => "mine", signal);
    const sure = await stage.choose.sure(
      [
        marked("undone", 0, ["strong", `files as they were ${point.point}`]),
        ...plan.touches.map((touch) => line(1, touchWords({ ...touch, shown: touch.shown }))),
        ...leftLines(plan.kept),
      ],
      signal,
    );
    if (!sure) continue;
    const { changed, kept } = await restoreFiles(run, point, plan, signal);
    stage.choose.show([marked("undone", 0, `restored ${changed.map(({ shown }) => shown).join(", ") || "nothing"}`), ...leftLines(kept)]);
    offers = offers.filter((offer) => offer !== "rollBack");
  }
}

const leftLines = (left: readonly { readonly shown: string; readonly why: string }[]): readonly Line[] =>
  left.map(({ shown, why }) => line(1, ["waits", `left alone: ${shown}`], ["quiet", `  ${why}`]));
