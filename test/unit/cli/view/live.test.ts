import { strict as assert } from "node:assert";
import { PassThrough } from "node:stream";
import type { Event } from "../../../../src/agent/event.ts";
import { fold } from "../../../../src/agent/reduce.ts";
import type { Io } from "../../../../src/cli/io.ts";
import { LiveView } from "../../../../src/cli/view/live.ts";
import { tellStory } from "../../../support/tell-story.ts";
import { TinyTerminal } from "../../../support/tiny-terminal.ts";

interface Watched {
  readonly view: LiveView;
  readonly screen: TinyTerminal;
  see(events: readonly Event[]): void;
}

function watch(): Watched {
  const screen = new TinyTerminal(100, 40);
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  const io: Io = { stdin, stdout: screen, stderr: screen, cwd: "/", env: { NO_COLOR: "1", TERM: "xterm", LANG: "C.UTF-8" } };
  const view = new LiveView({ io, now: () => 0, onInterrupt: () => undefined, onSaid: () => undefined });
  const seen: Event[] = [];
  const see = (events: readonly Event[]): void => {
    for (const event of events) {
      const before = fold(seen);
      seen.push(event);
      view.event(event, before, fold(seen));
    }
  };
  return { view, screen, see };
}

describe("the live view", () => {
  let events: readonly Event[];
  before(async () => {
    ({ events } = await tellStory({}));
  });

  it("tells the run above and what goes on below, and leaves only what was told", () => {
    const { view, screen, see } = watch();
    see(events.slice(0, 20));
    assert.match(screen.text, /edit_file src\/add\.js {2}changed/);
    assert.match(
      screen.text,
      /\n {2}\S 2 Make add\(\) add +working\n {2}○ 3 Leave a note +later\n\S 2 checking that `node test\.js` exits 0/,
    );
    see(events.slice(20));
    view.close();
    assert.match(screen.text, /✔ done, proved/);
    assert.doesNotMatch(screen.text, /working$|later$|checking that/m);
  });

  it("shows what streams in until the whole of it has come", () => {
    const { view, screen, see } = watch();
    see(events.slice(0, 11));
    view.live({ of: "text", step: "look", delta: "add() sub" });
    view.live({ of: "text", step: "look", delta: "tracts" });
    view.terminal.refresh();
    assert.match(screen.text, /\n {4}add\(\) subtracts\n/);
    view.live({ of: "output", call: "mend.1.0.0", chunk: "from elsewhere" });
    view.terminal.refresh();
    assert.match(screen.text, /\n {4}from elsewhere\n/);
    see(events.slice(11, 12));
    assert.doesNotMatch(screen.text, /from elsewhere/);
    assert.equal(screen.text.split("add() subtracts: src/add.js:1").length, 2);
    view.close();
  });

  it("forgets what streamed in when the model is asked again", () => {
    const { view, screen, see } = watch();
    see(events.slice(0, 11));
    view.live({ of: "text", step: "look", delta: "add() sub" });
    view.live({ of: "restart", step: "look" });
    view.live({ of: "text", step: "look", delta: "the second try" });
    view.terminal.refresh();
    assert.match(screen.text, /\n {4}the second try\n/);
    assert.doesNotMatch(screen.text, /add\(\) sub/);
    view.close();
  });

  it("lists the steps once they are settled: while the plan is put to the person, the card lists them", () => {
    const { view, screen, see } = watch();
    const settled = events.findIndex(({ type }) => type === "plan.settled");
    see(events.slice(0, settled));
    assert.match(screen.text, /waits for you: the plan/);
    assert.doesNotMatch(screen.text, /later$/m);
    see(events.slice(settled, settled + 1));
    assert.match(screen.text, /later$/m);
    view.close();
  });

  it("shows a plan once: on the card where a person was asked, else when it is settled", () => {
    const asked = watch();
    asked.see(events.slice(0, 4));
    asked.view.close();
    assert.doesNotMatch(asked.screen.text, /Plan of 3 steps/);
    assert.match(asked.screen.text, /plan approved by you/);

    const settled = watch();
    const byPolicy = events.slice(0, 4).map((event): Event => (event.type === "plan.settled" ? { ...event, by: "policy" } : event));
    settled.see(byPolicy);
    settled.view.close();
    assert.match(settled.screen.text, /≡ Plan of 3 steps[\s\S]*plan approved by --approve/);
  });

  it("says nothing of a question that is put as a card", () => {
    const { view, screen, see } = watch();
    see(events.slice(0, 16));
    view.close();
    assert.doesNotMatch(screen.text, /Change src\/add\.js\?/);
  });
});
