// The stage of a person at a terminal: a live view, questions asked there, the way to go on told when all is over.

import { offersFor } from "../../agent/judgement.ts";
import { line, marked } from "../../agent/observe/line.ts";
import { recap } from "../../agent/observe/recap.ts";
import { coveredBy } from "../cover.ts";
import type { Session } from "../session.ts";
import type { Setting, Stage } from "../stage.ts";
import { LiveView } from "../view/live.ts";
import { render } from "../view/render.ts";
import { styleFor } from "../view/style.ts";
import { chooseAt } from "./fuse-question.ts";
import { terminalPerson } from "./person.ts";

export function liveStage({ io, approve, patienceMs, root, onSaid }: Setting): Stage {
  let session: Session | undefined;
  const view = new LiveView({ io, now: () => Date.now(), onInterrupt: () => io.interrupt?.(), onSaid });
  const { terminal } = view;
  const person = terminalPerson({
    terminal,
    env: io.env,
    now: () => Date.now(),
    patienceMs: () => patienceMs,
    facts: () => ({
      sandbox: session?.run.world.shell.sandbox ?? { active: false, reason: "it is not known yet" },
      usdLimit: session?.run.state.run?.limits.usd ?? 0,
    }),
    offers: async ({ subject }) => (session && subject.of === "call" ? offersFor(session.run, subject.call) : []),
    grant: (rule) => session?.rules.grant(rule),
  });
  const hints: string[] = [];
  return {
    view,
    person: coveredBy(approve, root, person),
    notice: (text) => terminal.print([marked("unverified", 0, ["quiet", text])]),
    choose: chooseAt(terminal),
    hint: (text) => void hints.push(text),
    open: (opened) => {
      session = opened;
      view.seed(opened.run.state);
      terminal.print(recap(opened.run.state));
      const { active, reason } = opened.run.world.shell.sandbox;
      if (!active)
        terminal.print([marked("unverified", 0, ["waits", "Commands are not confined here, so each one asks: "], ["quiet", reason])]);
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
