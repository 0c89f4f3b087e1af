// Each fuse as a whole run blows it, how near the others were meanwhile, and the ways on from there.

import { strict as assert } from "node:assert";
import { defaultLimits, type Event, Event as EventSchema, Limits } from "../../../../src/agent/event.ts";
import { gauges } from "../../../../src/agent/fuse/fuses.ts";
import { replay } from "../../../../src/agent/observe/replay.ts";
import { fold } from "../../../../src/agent/reduce.ts";
import { rolesByName } from "../../../../src/agent/role/roles.ts";
import type { RunState } from "../../../../src/agent/state.ts";
import { type Play, play, type Played, type Said, step } from "../../../support/play.ts";

const edit = (search: string, replace: string): Said => [["edit_file", { path: "a.txt", blocks: [{ search, replace }] }]];

/** A coder's one step; its check never passes. */
const coding = (turns: (turn: number, text: string) => Said, more: Partial<Play> = {}): Promise<Played> =>
  play({
    files: { "a.txt": "n = 0\n", "b.txt": "b\n" },
    command: () => ({ exit: 1, output: "never" }),
    ...more,
    say: (request, turn) => {
      if (request.purpose === "plan") return { answer: { steps: [step("fix")] } };
      if (request.purpose === "reflect") return { answer: { because: "It fails.", lesson: "Do better.", then: "retry" } };
      return turns(turn, request.messages.map((message) => ("text" in message ? message.text : "")).join("\n"));
    },
  });

const blown = ({ events }: Played): Extract<Event, { type: "fuse.blown" }> => {
  const found = events.find((event) => event.type === "fuse.blown");
  return found?.type === "fuse.blown" ? found : assert.fail("no fuse blew");
};

const used = (state: RunState): Readonly<Record<string, string>> =>
  Object.fromEntries(gauges(state, state.at).map(({ fuse, said }) => [fuse, said]));

describe("the fuse of standing still", () => {
  const looking = (turn: number): Said => [["list_files", { depth: (turn % 9) + 1 }]];

  it("blows after so many turns without a changed file or a better check, and names the step", async () => {
    const played = await coding(looking, { limits: { idleTurns: 6 } });
    assert.equal(blown(played).fuse, "idle");
    assert.equal(blown(played).step, "fix");
    assert.match(blown(played).diagnosis, /^Step fix: 6 turns changed no file, made no check better\.$/);
    assert.equal(played.events.filter(({ type }) => type === "model.replied").length, 6);
    assert.equal(used(played.state)["idle"], "6 of 6 turns without progress");
    assert.deepEqual(replay(played.events).discrepancies, []);
  });

  it("counts anew after each change", async () => {
    const played = await coding((turn) => (turn % 4 === 3 ? edit(`n = ${(turn - 3) / 4}`, `n = ${(turn + 1) / 4}`) : looking(turn)), {
      limits: { idleTurns: 5, turnsPerStep: 20 },
    });
    assert.equal(blown(played).fuse, "turns");
  });

  it("blows on a file that goes back and forth, where each call differs", async () => {
    const played = await coding(
      (turn) => [
        [
          "edit_file",
          { path: "a.txt", blocks: [turn % 2 === 0 ? { search: "n = 0", replace: "n = 1" } : { search: "n = 1", replace: "n = 0" }] },
        ],
        ["search_text", { pattern: `p${turn}` }],
      ],
      { limits: { idleTurns: 6, repeats: 100 } },
    );
    assert.equal(blown(played).fuse, "idle");
    assert.equal(played.events.filter(({ type }) => type === "model.replied").length, 7);
  });

  it("lets a step that only looks go on while it finds something new", async () => {
    const files = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`f${i}.txt`, `${i}\n`]));
    const { state } = await play({
      goal: "What is this?",
      files,
      say: (_request, turn) => (turn < 12 ? [["read_file", { path: `f${turn}.txt` }]] : "In f1.txt:1."),
      limits: { idleTurns: 3 },
    });
    assert.equal(state.ended?.outcome, "done");
  });
});

describe("the fuse of the same error", () => {
  /** Every test run fails in the same way, elsewhere and later; every edit is a new one. */
  const fixing =
    (line: (turn: number) => string) =>
    (turn: number): Said =>
      turn % 2 === 0 ? [["run_command", { line: line(turn) }]] : edit(`n = ${(turn - 1) / 2}`, `n = ${(turn + 1) / 2}`);
  let clock = 0;
  const failing = (): { exit: number; output: string } => {
    clock++;
    return { exit: 1, output: `TypeError: sum is not a function\n    at /w/test-${clock}.js:${clock}:7\n(${clock * 3} ms)` };
  };

  it("blows after the fifth, though files changed and the calls differ", async () => {
    const played = await coding(
      fixing((turn) => `npm test -- ${turn}`),
      { command: failing },
    );
    assert.equal(blown(played).fuse, "error");
    assert.equal(blown(played).step, "fix");
    assert.match(blown(played).diagnosis, /5 turns ended in the same error, however they differed: TypeError: sum is not a function/);
    assert.equal(played.events.filter(({ type }) => type === "model.replied").length, 9);
    assert.equal(used(played.state)["error"], "5 of 5 times the same error");
  });

  it("stays whole while there is always one failure less", async () => {
    let left = 30;
    const played = await coding(
      fixing(() => "npm test"),
      {
        command: () => ({ exit: 1, output: `TypeError: sum is not a function\n${left--} failing` }),
        limits: { turnsPerStep: 16 },
      },
    );
    assert.equal(blown(played).fuse, "turns");
  });

  it("blows on a tool that is always used wrongly in the same way", async () => {
    const played = await coding((turn) => [["read_file", { path: `lib/${turn}/x${turn}.ts` }]], { limits: { sameErrors: 3 } });
    assert.equal(blown(played).fuse, "error");
  });

  it("does not count commands that found nothing and said nothing", async () => {
    const played = await coding((turn) => [["run_command", { line: `grep x${turn} a.txt` }]], {
      command: () => ({ exit: 1, output: "" }),
      limits: { turnsPerStep: 8 },
    });
    assert.equal(blown(played).fuse, "turns");
  });

  it("counts anew once a person has said something", async () => {
    let replies = 0;
    const played = await coding(
      fixing(() => "npm test"),
      {
        command: failing,
        limits: { turnsPerStep: 12 },
        onEvent: (event, run) => {
          if (event.type === "model.replied" && ++replies === 7) void run.append({ type: "user.said", text: "Look at add.js." });
        },
      },
    );
    assert.equal(blown(played).fuse, "turns");
  });

  it("blows on checks that fail in the same way over attempts and plans", async () => {
    const played = await play({
      say: ({ purpose }, turn) =>
        purpose === "plan"
          ? { answer: { steps: [step("fix")] } }
          : purpose === "reflect"
            ? { answer: { because: "It fails.", lesson: "Do better.", then: "replan" } }
            : turn === 0
              ? edit("n = 0", "n = 1")
              : "Done.",
      files: { "a.txt": "n = 0\n" },
      command: () => ({ exit: 1, output: "AssertionError: 2 !== 3" }),
      limits: { plans: 9, sameErrors: 4 },
    });
    assert.equal(blown(played).fuse, "error");
    assert.match(blown(played).diagnosis, /^4 checks failed in the same way, whatever was tried: `check` exit 1: AssertionError: 2 !== 3$/);
    assert.equal(played.files.get("a.txt"), "n = 1\n");
  });
});

describe("a step whose work is to look", () => {
  it("is one of any role that may not write", () => {
    const writing = Object.entries(rolesByName).flatMap(([name, { ceiling }]) => (ceiling.includes("write") ? [name] : []));
    assert.deepEqual(writing, ["coder"]);
  });
});

describe("the panel of fuses", () => {
  it("is empty before there is a run, and then shows each with how near it is", async () => {
    assert.deepEqual(gauges(fold([]), 0), []);
    const { events } = await coding((turn) => (turn < 3 ? [["search_text", { pattern: `p${turn}` }]] : "Done."), {
      onEvent: (event, _run, stop) => void (event.type === "step.checked" && stop.abort(new Error("enough"))),
    });
    const upTo = events.findIndex(({ type }) => type === "step.checked");
    assert.deepEqual(used(fold(events.slice(0, upTo))), {
      turns: "4 of 40 turns",
      repeat: "1 of 3 times the same call",
      cycle: "0 of 3 times the same round of calls",
      idle: "4 of 20 turns without progress",
      error: "0 of 5 times the same error",
      plans: "1 of 4 plans",
      usd: "$0.05 of $5.00",
      tokens: "75 of 2000000 tokens",
      calls: "3 of 200 tool calls",
      minutes: "0 of 60 minutes",
      model: "closed",
    });
  });

  it("shows the provider as open once no model could be asked", async () => {
    const { state } = await play({
      goal: "What is this?",
      say: () => ({ fault: { kind: "unavailable", message: "It is gone.", retry: false } }),
    });
    assert.equal(used(state)["model"], "open: It is gone.");
  });

  it("shows the nearest of several steps", async () => {
    const { events } = await play({
      files: { "a.txt": "1\n" },
      say: ({ purpose, subject }, turn) =>
        purpose === "plan"
          ? { answer: { steps: [step("one", { role: "researcher", check: { by: "citation" } }), step("two")] } }
          : turn < (subject.step?.id === "two" ? 5 : 2)
            ? [["search_text", { pattern: `p${turn}` }]]
            : "Done.",
      onEvent: (event, _run, stop) => void (event.type === "model.replied" && event.turn === 3 && stop.abort(new Error("enough"))),
    });
    const state = fold(events);
    const turns = gauges(state, state.at).find(({ fuse }) => fuse === "turns");
    assert.deepEqual(turns, { fuse: "turns", step: "two", used: 4, limit: 40, said: "4 of 40 turns" });
  });
});

describe("a journal from before", () => {
  it("is read with the usual numbers where its limits do not say, and with a fuse that names no step", () => {
    const { repeats: _r, idleTurns: _i, sameErrors: _s, ...old } = defaultLimits;
    assert.deepEqual(Limits.parse(old), defaultLimits);
    const event = EventSchema.parse({ v: 1, seq: 1, at: 0, type: "fuse.blown", fuse: "cycle", diagnosis: "Round and round." });
    assert.deepEqual(fold([event]).fuse, { name: "cycle", diagnosis: "Round and round.", step: undefined });
    assert.equal(EventSchema.parse({ v: 1, seq: 1, at: 0, type: "run.resumed" }).type, "run.resumed");
  });
});

describe("going on after a fuse", () => {
  const stuck: Partial<Play> = { limits: { idleTurns: 4 } };
  const looking = (turn: number): Said => [["list_files", { depth: (turn % 9) + 1 }]];

  it("with more gives the step as many turns again", async () => {
    const first = await coding(looking, stuck);
    const second = await coding(looking, { ...stuck, events: first.events });
    assert.equal(second.events.filter(({ type }) => type === "model.replied").length, 8);
    assert.equal(second.state.fuse?.name, "idle");
  });

  it("with a new plan tells the planner what stopped the old one and what it left, and puts the plan to the person", async () => {
    const first = await coding((turn) => (turn === 0 ? edit("n = 0", "n = 1") : looking(turn)), stuck);
    assert.equal(first.state.fuse?.name, "idle");
    const second = await coding(() => "Done.", {
      events: first.events,
      replan: true,
      limits: { attemptsPerStep: 1 },
      command: () => ({ exit: 0, output: "" }),
    });
    const asked =
      second.requests
        .find(({ purpose }) => purpose === "plan")
        ?.messages.map((message) => ("text" in message ? message.text : ""))
        .join("\n") ?? "";
    assert.match(asked, /An earlier plan did not do: Step fix: 4 turns changed no file.* It left changes in a\.txt\./);
    assert.equal(second.events.filter(({ type }) => type === "plan.made").length, 2);
    assert.equal(second.events.filter(({ type }) => type === "plan.settled").length, 2);
    assert.equal(second.state.ended?.outcome, "done");
    assert.deepEqual(replay(second.events).discrepancies, []);
  });
});
