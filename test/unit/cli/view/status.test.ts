import { strict as assert } from "node:assert";
import { activities, type Activity } from "../../../../src/agent/observe/activity.ts";
import type { RunState } from "../../../../src/agent/state.ts";
import { cells } from "../../../../src/cli/view/cells.ts";
import { type Status, statusRows } from "../../../../src/cli/view/status.ts";
import type { Style } from "../../../../src/cli/view/style.ts";
import { play } from "../../../support/play.ts";

const style: Style = { colour: false, unicode: true, width: undefined };

const plan = {
  steps: [
    {
      id: "look",
      goal: "Find what is wrong with the rounding of negative discounts in invoices",
      role: "researcher",
      needs: [],
      check: { by: "citation" },
    },
    { id: "mend", goal: "Mend it", role: "coder", needs: ["look"], check: { by: "command", line: "npm test" } },
    { id: "note", goal: "Leave a note", role: "coder", needs: ["mend"], check: { by: "content", path: "NOTES.md", matches: "x" } },
  ],
};

/** The state in which the first command of the second step waits for the person, and the activities there. */
async function waiting(): Promise<{ readonly state: RunState; readonly activities: readonly Activity[] }> {
  let seen: { readonly state: RunState; readonly activities: readonly Activity[] } | undefined;
  let doing: readonly Activity[] = [];
  await play({
    goal: "Mend it and then leave a note",
    say: (request, turn) => {
      if (request.purpose === "plan") return { answer: plan };
      if (request.subject.step?.id === "look") return "src/invoice.js is wrong.";
      return turn === 0 ? [["run_command", { line: "npm test" }]] : "Done.";
    },
    command: () => ({ exit: 0, output: "" }),
    onEvent: (event, run, stop) => {
      doing = activities(doing, run.state, event.at);
      if (event.type !== "approval.asked" || event.request.subject.of !== "call") return;
      seen = { state: run.state, activities: doing };
      stop.abort();
    },
  });
  assert.ok(seen);
  return seen;
}

const status = (at: { readonly state: RunState; readonly activities: readonly Activity[] }, more: Partial<Status> = {}): Status => ({
  ...at,
  stream: "",
  now: at.state.at + 12_000,
  tick: 0,
  asking: false,
  ...more,
});

describe("the status of a live view", () => {
  it("lists the steps with words, says what waits, and what it has cost", async () => {
    const rows = statusRows(status(await waiting()), 80, style);
    assert.equal(rows.length, 4);
    assert.match(rows[0] ?? "", /^ {2}◇ 1 Find what is wrong with the rounding of negative discounts in… +unverified$/);
    assert.match(rows[1] ?? "", /^ {2}\? 2 Mend it +waits for you$/);
    assert.match(rows[2] ?? "", /^ {2}○ 3 Leave a note +later$/);
    assert.match(rows[3] ?? "", /^\? 2 waits for you: run_command … +\$0\.0300 of \$5\.00 · \d+ tokens · .* of 60 min$/);
  });

  it("fits any width, and keeps the cost when there is little room", async () => {
    const at = await waiting();
    for (const columns of [30, 40, 60, 80, 160]) {
      const rows = statusRows(status(at, { stream: `${"日本語 ".repeat(40)}\nlast line` }), columns, style);
      for (const row of rows) assert.ok(cells(row) <= columns, `${cells(row)} > ${columns}: ${row}`);
      assert.match(rows.at(-1) ?? "", /\$0\.03/);
    }
  });

  it("shows the end of what streams in, free of control codes, but not while something is asked", async () => {
    const at = await waiting();
    const stream = "one\ntwo\n\nthree\nfour \x1b[2Jfive";
    const rows = statusRows(status(at, { stream }), 80, style);
    assert.deepEqual(rows.slice(0, 3), ["    two", "    three", "    four <U+001B>[2Jfive"]);
    assert.equal(statusRows(status(at, { stream, asking: true }), 80, style).length, 1);
  });

  it("turns a wheel and counts seconds while something moves", async () => {
    const at = await waiting();
    const moving = {
      state: { ...at.state, waiting: [] },
      activities: [{ key: "think step mend", words: "thinking", step: 2, since: at.state.at, waits: false }],
    };
    const first = statusRows(status(moving), 80, style).at(-1) ?? "";
    assert.match(first, /^⠋ 2 thinking 12 s/);
    assert.match(statusRows(status(moving, { tick: 1 }), 80, style).at(-1) ?? "", /^⠙ /);
    assert.match(statusRows(status(moving, { tick: 1 }), 80, { ...style, unicode: false }).at(-1) ?? "", /^\/ /);
  });

  it("is gone once the run has ended", async () => {
    const { state } = await play({ goal: "What is this?", say: () => "Nothing." });
    assert.deepEqual(statusRows(status({ state, activities: [] }), 80, style), []);
  });
});

describe("activities", () => {
  it("keep the time they began from event to event", async () => {
    const seen: string[] = [];
    let doing: readonly Activity[] = [];
    await play({
      goal: "Mend it and then leave a note",
      say: (request) => (request.purpose === "plan" ? { answer: { steps: [{ ...plan.steps[1], needs: [] }] } } : "Done."),
      command: () => ({ exit: 0, output: "" }),
      onEvent: (event, run) => {
        doing = activities(doing, run.state, event.at);
        seen.push(
          `${event.type}: ${doing.map((one) => `${one.words}${one.waits ? " (waits)" : ""} ${event.at - one.since > 0 ? "since before" : "since now"}`).join(", ")}`,
        );
      },
    });
    assert.deepEqual(seen, [
      "run.started: planning since now",
      "plan.made: judging the plan since now",
      "approval.asked: waits for you: the plan (waits) since before",
      "plan.settled: thinking since now",
      "model.replied: checking that `npm test` exits 0 since now",
      "step.checked: ending since now",
      "run.ended: ",
    ]);
  });
});
