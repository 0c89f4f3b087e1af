import { strict as assert } from "node:assert";
import type { ApprovalRequest, Resolution } from "../../../src/agent/approval.ts";
import { Event } from "../../../src/agent/event.ts";
import { fakeClock } from "../../support/fake-clock.ts";
import { type Play, play } from "../../support/play.ts";

const minute = 60_000;
const never = (_request: ApprovalRequest, signal: AbortSignal): Promise<Resolution> =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
const yes = async (request: ApprovalRequest): Promise<Resolution> => ({ answer: "approve", digest: request.digest, by: "person" });

/** Approves the plan, answers calls as told. */
const answering =
  (calls: NonNullable<Play["decide"]>): NonNullable<Play["decide"]> =>
  (request, signal) =>
    request.subject.of === "plan" ? yes(request) : calls(request, signal);

const onChange = (decide: NonNullable<Play["decide"]>, more: Partial<Play> = {}): Play => ({
  goal: "Fix it",
  test: "check",
  command: () => ({ exit: 0, output: "" }),
  files: { "a.ts": "" },
  say: (_request, turn) => (turn === 0 ? [["create_file", { path: "b.ts", text: "b" }]] : "Done."),
  decide: answering(decide),
  patienceMs: 5 * minute,
  ...more,
});

describe("the question about a command", () => {
  it("is whether to run it, whatever files it would touch", async () => {
    const titles: string[] = [];
    await play({
      goal: "Fix a.ts",
      test: "npm test",
      files: { "a.ts": "" },
      say: (_request, turn) =>
        turn === 0 ? [["run_command", { line: "date > log.txt" }]] : turn === 1 ? [["run_command", { line: "rm a.ts" }]] : "Done.",
      decide: async (request) => {
        if (request.subject.of === "call") titles.push(request.title);
        return request.subject.of === "plan"
          ? { answer: "approve", digest: request.digest, by: "person" }
          : { answer: "reject", why: "No.", unattended: false };
      },
    });
    assert.deepEqual([...new Set(titles)], ["Run a command?"]);
    assert.equal(titles.length, 2);
  });
});

describe("a question with a time-out", () => {
  it("says its deadline when it is asked, and is rejected once that has passed, as what it was: nobody answered", async () => {
    const clock = fakeClock();
    const { events, files, state } = await clock.until(play(onChange(never, { clock })));
    const asked = events.find((event) => event.type === "approval.asked" && event.request.subject.of === "call");
    assert.ok(asked?.type === "approval.asked");
    assert.equal(asked.request.deadline, asked.at + 5 * minute);
    const given = events.find((event) => event.type === "approval.given");
    assert.deepEqual(given?.type === "approval.given" && given.resolution, { answer: "timed out" });
    assert.equal((given?.at ?? 0) - asked.at, 5 * minute);
    assert.equal(files.has("b.ts"), false);
    assert.equal(state.unattended, 1, "the run knows that nobody was there");
  });

  it("counts from when it was first asked, over a reload", async () => {
    const clock = fakeClock();
    const first = play(
      onChange(never, {
        clock,
        onEvent: (event, _run, stop) =>
          event.type === "approval.asked" && event.request.subject.of === "call" && setImmediate(() => stop.abort()),
      }),
    );
    const { events } = await first;
    await clock.advance(4 * minute);
    const stored = events.map((event) => Event.parse(JSON.parse(JSON.stringify(event))));
    let seen: number | undefined;
    const again = await clock.until(
      play(
        onChange(
          (request, signal) => {
            seen = request.deadline;
            return never(request, signal);
          },
          { clock, events: stored, patienceMs: 99 * minute },
        ),
      ),
    );
    const asked = again.events.filter((event) => event.type === "approval.asked" && event.request.subject.of === "call");
    const given = again.events.find((event) => event.type === "approval.given");
    assert.equal(asked.length, 1);
    assert.equal(seen, (asked[0]?.at ?? 0) + 5 * minute);
    assert.equal((given?.at ?? 0) - (asked[0]?.at ?? 0), 5 * minute);
  });

  it("is over at once where the deadline passed while nothing ran", async () => {
    const clock = fakeClock();
    const { events } = await play(
      onChange(never, {
        clock,
        onEvent: (event, _run, stop) =>
          event.type === "approval.asked" && event.request.subject.of === "call" && setImmediate(() => stop.abort()),
      }),
    );
    await clock.advance(60 * minute);
    const put: ApprovalRequest[] = [];
    const again = await play(
      onChange(
        async (request) => {
          put.push(request);
          return yes(request);
        },
        { clock, events: events.map((event) => Event.parse(JSON.parse(JSON.stringify(event)))) },
      ),
    );
    assert.deepEqual(put, []);
    assert.ok(again.events.some((event) => event.type === "approval.given" && event.resolution.answer === "timed out"));
    assert.equal(again.files.has("b.ts"), false);
  });

  it("takes no answer that comes after the deadline, even if it comes before the timer", async () => {
    const clock = fakeClock();
    const asleep = { ...clock, now: () => clock.now() + late, sleep: never as never };
    let late = 0;
    const { events, files } = await play(
      onChange(
        async (request) => {
          late = 6 * minute;
          return yes(request);
        },
        { clock: asleep },
      ),
    );
    assert.ok(events.some((event) => event.type === "approval.given" && event.resolution.answer === "timed out"));
    assert.equal(files.has("b.ts"), false);
  });

  it("is answered in time like any other", async () => {
    const clock = fakeClock();
    const { files } = await play(onChange(yes, { clock }));
    assert.equal(files.get("b.ts"), "b");
    assert.equal(clock.sleeping(), 0, "no timer is left behind");
  });

  it("of a plan stops the run, which can be resumed", async () => {
    const clock = fakeClock();
    const { events, state } = await clock.until(play({ ...onChange(yes, { clock }), decide: never }));
    const settled = events.find((event) => event.type === "plan.settled");
    assert.ok(settled?.type === "plan.settled");
    assert.deepEqual([settled.answer, settled.by, settled.late], ["rejected", "policy", true]);
    assert.equal(state.ended?.outcome, "stopped");
  });

  it("has no deadline where none was set", async () => {
    const { patienceMs: _, ...script } = onChange(yes);
    const { events } = await play(script);
    assert.ok(events.every((event) => event.type !== "approval.asked" || event.request.deadline === undefined));
  });
});

describe("the changes of one turn", () => {
  const three = (more: Partial<Play> = {}): Play => ({
    ...onChange(yes, more),
    files: { "a.ts": "a", "old.ts": "x" },
    say: (_request, turn) =>
      turn === 0
        ? [
            ["edit_file", { path: "a.ts", blocks: [{ search: "a", replace: "A" }] }],
            ["create_file", { path: "b.ts", text: "b" }],
            ["delete_file", { path: "old.ts" }],
            ["read_file", { path: "a.ts" }],
          ]
        : "Done.",
    ...more,
  });

  it("wait together, each with its own digest, and happen one after the other in their order", async () => {
    const waiting: ApprovalRequest[] = [];
    const answers: (() => void)[] = [];
    const { events, files } = await play(
      three({
        decide: answering(
          (request) =>
            new Promise((resolve) => {
              waiting.push(request);
              answers.push(() => resolve({ answer: "approve", digest: request.digest, by: "person" }));
              // Nobody answers before all three are there, and then the last one first.
              if (answers.length === 3) for (const answer of answers.reverse()) answer();
            }),
        ),
      }),
    );
    assert.deepEqual(
      waiting.map(({ title }) => title),
      ["Change a.ts?", "Change b.ts?", "Delete old.ts?"],
    );
    assert.equal(new Set(waiting.map(({ digest }) => digest)).size, 3);
    const begun = events.flatMap((event) => (event.type === "call.begun" ? event.touches.map(({ shown }) => shown) : []));
    assert.deepEqual(begun, ["a.ts", "b.ts", "old.ts"]);
    assert.deepEqual(
      [...files],
      [
        ["a.ts", "A"],
        ["b.ts", "b"],
      ],
    );
  });

  it("are decided each by itself", async () => {
    const { files } = await play(
      three({
        decide: answering(async (request) =>
          request.risk?.paths[0] === "b.ts" ? { answer: "reject", why: "No.", unattended: false } : yes(request),
        ),
      }),
    );
    assert.deepEqual([...files], [["a.ts", "A"]]);
  });

  it("wait for each other where they touch the same file", async () => {
    const { files, events } = await play(
      three({
        say: (_request, turn) =>
          turn === 0
            ? [
                ["create_file", { path: "c.ts", text: "one" }],
                ["edit_file", { path: "c.ts", blocks: [{ search: "one", replace: "two" }] }],
              ]
            : "Done.",
      }),
    );
    assert.equal(files.get("c.ts"), "two");
    const order = events.flatMap(({ type }) => (type === "call.judged" || type === "call.ended" ? [type] : []));
    assert.deepEqual(order.slice(0, 4), ["call.judged", "call.ended", "call.judged", "call.ended"]);
  });

  it("do not let a command be judged before them", async () => {
    const { events } = await play(
      three({
        say: (_request, turn) =>
          turn === 0
            ? [
                ["create_file", { path: "c.ts", text: "one" }],
                ["run_command", { line: "cat c.ts" }],
              ]
            : "Done.",
      }),
    );
    const order = events.flatMap(({ type }) => (type === "call.judged" || type === "call.ended" ? [type] : []));
    assert.deepEqual(order.slice(0, 3), ["call.judged", "call.ended", "call.judged"]);
  });
});
