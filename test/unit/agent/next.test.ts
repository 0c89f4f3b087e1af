import { strict as assert } from "node:assert";
import { fail } from "../../../src/agent/result.ts";
import { holdLimits } from "../../support/hold-limits.ts";
import { play, type Said, step } from "../../support/play.ts";

const green = (): { exit: number; output: string } => ({ exit: 0, output: "ok" });
const red = (): { exit: number; output: string } => ({ exit: 1, output: "boom" });
const answer = (value: unknown): Said => ({ answer: value });
const reading = { role: "researcher", check: { by: "citation" } } as const;
const retry = { because: "It was wrong.", lesson: "Do it right.", then: "retry" };

describe("a run", () => {
  it("answers a question in one request, without a plan of the model and without asking anybody", async () => {
    const { state, requests, world, text } = await play({
      goal: "What is in a.txt?",
      files: { "a.txt": "hello\n" },
      say: () => "It says hello: a.txt:1",
    });
    assert.equal(state.ended?.outcome, "done");
    assert.equal(requests.length, 1);
    assert.equal(world.asked.length, 0);
    assert.match(text, /answer=verified/);
  });

  it("calls an answer unverified when it cites nothing, and fails one that cites what is not there", async () => {
    const hollow = await play({ goal: "What is in a.txt?", say: () => "No idea." });
    assert.equal(hollow.state.ended?.ledger[0]?.status, "unverified");
    const wrong = await play({
      goal: "What is in a.txt?",
      files: { "a.txt": "hello\n" },
      say: ({ purpose }) => (purpose === "reflect" ? answer(retry) : "See a.txt:99"),
    });
    assert.equal(wrong.state.ended?.outcome, "failed");
    assert.match(wrong.text, /do not exist: a.txt:99/);
  });

  it("lets independent steps work at the same time and dependent ones wait", async () => {
    const order: string[] = [];
    let release: (() => void) | undefined;
    const bothHere = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { state } = await play({
      command: green,
      say: async ({ purpose, subject }) => {
        if (purpose === "plan")
          return answer({ steps: [step("a", reading), step("b", reading), step("c", { ...reading, needs: ["a", "b"] })] });
        order.push(subject.step?.id ?? "");
        if (order.length === 2) release?.();
        if (subject.step?.id !== "c") await bothHere;
        return "said";
      },
    });
    assert.equal(state.ended?.outcome, "done");
    assert.deepEqual(order, ["a", "b", "c"]);
  });

  it("undoes a failed attempt, keeps its lesson in the next prompt, and gives up after the last attempt with nothing changed", async () => {
    const { state, files, requests, text } = await play({
      files: { "a.txt": "one\n" },
      goal: "Change a.txt",
      test: "check",
      command: red,
      limits: { attemptsPerStep: 2 },
      say: ({ purpose, subject }, turn) => {
        if (purpose === "reflect") return answer(retry);
        return turn === 0
          ? [["edit_file", { path: "a.txt", blocks: [{ search: "one", replace: `two ${subject.step?.attempt}` }] }]]
          : "Done.";
      },
    });
    assert.equal(state.ended?.outcome, "failed");
    assert.equal(files.get("a.txt"), "one\n");
    assert.equal(text.match(/step\.restored/g)?.length, 2);
    assert.equal(requests.filter((request) => request.purpose === "reflect").length, 1, "no model is asked what follows the last attempt");
    assert.match(JSON.stringify(requests.at(-1)?.messages), /Do it right\./);
  });

  it("replans with the lesson when the step itself was wrong", async () => {
    let plans = 0;
    const { state, requests } = await play({
      command: (line) => (line === "right" ? green() : red()),
      say: ({ purpose }) => {
        if (purpose === "plan")
          return answer({ steps: [step("a", { check: { by: "command", line: ++plans === 1 ? "wrong" : "right" } })] });
        return purpose === "reflect" ? answer({ ...retry, then: "replan" }) : "Done.";
      },
    });
    assert.equal(state.ended?.outcome, "done");
    assert.equal(plans, 2);
    assert.match(
      JSON.stringify(requests.filter((request) => request.purpose === "plan")[1]?.messages),
      /earlier plan did not do: It was wrong/,
    );
  });

  it("asks a person when only they can decide, and goes on as they say", async () => {
    const script = (then: "approve" | "reject") =>
      play({
        goal: "Change it",
        test: "check",
        command: red,
        limits: { attemptsPerStep: 3 },
        say: ({ purpose }) => (purpose === "reflect" ? answer({ ...retry, then: "ask" }) : "Done."),
        decide: async (request) =>
          request.subject.of === "step" && then === "reject"
            ? { answer: "reject", why: "enough", unattended: false }
            : { answer: "approve", digest: request.digest, by: "person" },
      });
    assert.equal((await script("reject")).text.match(/model\.replied/g)?.length, 1);
    assert.equal((await script("approve")).text.match(/model\.replied/g)?.length, 3);
  });

  it("puts an unusable plan back to the model with the reason", async () => {
    let tries = 0;
    const { state, requests } = await play({
      command: green,
      say: ({ purpose }) => {
        if (purpose !== "plan") return "Done.";
        tries++;
        return answer({ steps: tries === 1 ? [] : tries === 2 ? [step("a", { needs: ["b"] }), step("b", { needs: ["a"] })] : [step("a")] });
      },
    });
    assert.equal(state.ended?.outcome, "done");
    assert.match(JSON.stringify(requests[1]?.messages), /no steps/);
    assert.match(JSON.stringify(requests[2]?.messages), /a -> b -> a/);
  });

  it("makes another plan when the person sends one back with a reason", async () => {
    let asked = 0;
    const { requests, state } = await play({
      command: green,
      say: ({ purpose }) => (purpose === "plan" ? answer({ steps: [step("a")] }) : "Done."),
      decide: async (request) =>
        asked++ === 0
          ? { answer: "reject", why: "Leave the tests alone.", unattended: false }
          : { answer: "approve", digest: request.digest, by: "person" },
    });
    assert.equal(state.ended?.outcome, "done");
    assert.match(JSON.stringify(requests[1]?.messages), /Leave the tests alone/);
  });

  it("runs the plan as the person edited it", async () => {
    const { state, text } = await play({
      command: green,
      say: ({ purpose }) => (purpose === "plan" ? answer({ steps: [step("a"), step("b")] }) : "Done."),
      decide: async (request) =>
        request.plan
          ? { answer: "amend", plan: { ...request.plan, steps: [step("b")] } }
          : { answer: "approve", digest: request.digest, by: "person" },
    });
    assert.deepEqual(Object.keys(state.steps), ["b"]);
    assert.match(text, /plan\.settled edited by person/);
  });

  it("stops, asks nothing again, and changes nothing when nobody is there to approve the plan; resuming asks again", async () => {
    const say = ({ purpose }: { purpose: string }): Said => (purpose === "plan" ? answer({ steps: [step("a")] }) : "Done.");
    const first = await play({ say, command: green, decide: async () => ({ answer: "reject", why: "No terminal.", unattended: true }) });
    assert.equal(first.state.ended?.outcome, "stopped");
    const second = await play({ say, command: green, events: first.events });
    assert.equal(second.state.ended?.outcome, "done");
  });

  it("tells the model word for word why a person rejected its call, and that nothing was done", async () => {
    const { requests, files } = await play({
      goal: "Change a.txt",
      test: "check",
      command: green,
      files: { "a.txt": "one\n" },
      say: (_request, turn) => (turn === 0 ? [["create_file", { path: "b.txt", text: "x" }]] : "All right, I leave it."),
      decide: async (request) =>
        request.subject.of === "call"
          ? { answer: "reject", why: "No new files, see @a.txt.", unattended: false }
          : { answer: "approve", digest: request.digest, by: "person" },
    });
    assert.match(
      JSON.stringify(requests[1]?.messages),
      /The user rejected this: No new files, see @a\.txt\. Nothing was done or changed\.\\n\(Named with @.*: a\.txt\)/,
    );
    assert.equal(files.has("b.txt"), false);
  });

  it("judges an amended call anew and runs what the person made of it", async () => {
    let asked = 0;
    const { files, requests, text } = await play({
      goal: "Change a.txt",
      test: "check",
      command: green,
      files: { "a.txt": "one\n" },
      say: (_request, turn) => (turn === 0 ? [["create_file", { path: "b.txt", text: "theirs" }]] : "Done."),
      decide: async (request) =>
        request.subject.of === "call" && asked++ === 0
          ? { answer: "amend", input: { path: "b.txt", text: "mine" } }
          : { answer: "approve", digest: request.digest, by: "person" },
    });
    assert.equal(files.get("b.txt"), "mine");
    assert.equal(text.match(/call\.judged change\.1\.0\.0/g)?.length, 2);
    assert.match(JSON.stringify(requests[1]?.messages), /The user changed this call before it ran/);
  });

  const betweenApprovalAndExecution = (edited: string) =>
    play({
      goal: "Change a.txt",
      test: "check",
      command: green,
      files: { "a.txt": "one\nb\nc\nd\n" },
      say: (_request, turn) => (turn === 0 ? [["edit_file", { path: "a.txt", blocks: [{ search: "one", replace: "two" }] }]] : "Done."),
      onEvent: (event, run) => {
        if (event.type === "approval.given")
          void run.world.files.swap("/workspace/a.txt", run.world.digest("one\nb\nc\nd\n"), new TextEncoder().encode(edited));
      },
    });

  it("writes nothing when the same lines changed between approval and execution", async () => {
    const { files, text } = await betweenApprovalAndExecution("one, edited by hand\nb\nc\nd\n");
    assert.equal(files.get("a.txt"), "one, edited by hand\nb\nc\nd\n");
    assert.match(text, /stale: a\.txt, line 1, changed after this was shown and approved/);
  });

  it("merges what was approved into what the file became meanwhile, and says so", async () => {
    const { files, text, events } = await betweenApprovalAndExecution("one\nb\nc\nd\nby hand\n");
    assert.equal(files.get("a.txt"), "two\nb\nc\nd\nby hand\n");
    const ended = events.find((event) => event.type === "call.ended");
    assert.match(JSON.stringify(ended), /a\.txt was changed by someone else meanwhile; the change was merged into that/, text);
  });

  it("proves a step again when something was written after its proof", async () => {
    const { text, state } = await play({
      command: green,
      say: ({ purpose, subject }, turn) => {
        if (purpose === "plan") return answer({ steps: [step("a"), step("b", { needs: ["a"] })] });
        return subject.step?.id === "b" && turn === 0 ? [["create_file", { path: "b.txt", text: "x" }]] : "Done.";
      },
    });
    assert.equal(state.ended?.outcome, "done");
    assert.equal(text.match(/step\.checked a /g)?.length, 2);
    assert.ok(text.lastIndexOf("step.checked a") > text.indexOf("changed b.txt"));
  });

  it("is done only when each success criterion holds after the last write", async () => {
    const { text, state } = await play({
      criteria: [{ by: "content", path: "b.txt", matches: "^x$" }],
      command: green,
      say: ({ purpose }, turn) => {
        if (purpose === "plan") return answer({ steps: [step("a")] });
        return turn === 0 ? [["create_file", { path: "b.txt", text: "x\n" }]] : "Done.";
      },
    });
    assert.equal(state.ended?.outcome, "done");
    assert.match(text, /criterion\.checked 0 pass/);
    const unmet = await play({
      criteria: [{ by: "content", path: "b.txt", matches: "^x$" }],
      command: green,
      limits: { plans: 2 },
      say: ({ purpose }) => (purpose === "plan" ? answer({ steps: [step("a")] }) : "Done."),
    });
    assert.equal(unmet.state.ended?.outcome, "fuse");
    assert.match(unmet.text, /A success criterion is not met/);
  });

  it("reads what the user says in mid-run before the model's claim is checked", async () => {
    const { requests } = await play({
      goal: "What is this?",
      say: (_request, turn) => (turn === 0 ? "It is a." : "It is b."),
      onEvent: (event, run) => {
        if (event.type === "model.replied" && event.turn === 0) void run.append({ type: "user.said", text: "Think of b." });
      },
    });
    assert.equal(requests.length, 2);
    assert.deepEqual(requests[1]?.messages.at(-1), { role: "user", text: "Think of b." });
  });

  it("starts no later call of one reply before an earlier one that may change something has ended", async () => {
    const { text } = await play({
      goal: "Change a.txt",
      test: "check",
      command: green,
      files: { "a.txt": "one\n" },
      say: (_request, turn) =>
        turn === 0
          ? [
              ["edit_file", { path: "a.txt", blocks: [{ search: "one", replace: "two" }] }],
              ["edit_file", { path: "a.txt", blocks: [{ search: "two", replace: "three" }] }],
              ["read_file", { path: "a.txt" }],
            ]
          : "Done.",
    });
    assert.match(text, /call\.ended change\.1\.0\.2 ok: "1\\tthree"/);
    assert.ok(text.indexOf("call.ended change.1.0.0") < text.indexOf("call.judged change.1.0.1"));
  });

  it("tells the model what to send when its arguments are not JSON, do not fit, or name no tool", async () => {
    const { requests } = await play({
      goal: "What is this?",
      say: (_request, turn) =>
        turn === 0
          ? [
              ["read_file", "{not json"],
              ["read_file", { file: 1 }],
              ["fly", {}],
            ]
          : "Sorry.",
    });
    const told = JSON.stringify(requests[1]?.messages);
    assert.match(told, /are not JSON/);
    assert.match(told, /do not fit/);
    assert.match(told, /no tool \\"fly\\"/);
  });
});

describe("a fuse", () => {
  const spin = async (say: Parameters<typeof play>[0]["say"], limits = {}) =>
    (await play({ goal: "What is this?", files: { "a.txt": "1\n", "b.txt": "2\n" }, say, limits, decide: holdLimits })).state;

  it("blows when the same call gives the same result three times", async () => {
    const state = await spin(() => [["read_file", { path: "a.txt" }]]);
    assert.equal(state.fuse?.name, "repeat");
    assert.equal(state.ended?.outcome, "fuse");
    assert.match(state.ended?.answer ?? "", /same call gave the same result/);
  });

  it("blows on a cycle of several calls", async () => {
    const state = await spin((_request, turn) => [
      ["search_text", { pattern: String(turn % 2) }],
      ["run_command", { line: `x${turn % 2}` }],
    ]);
    assert.ok(state.fuse?.name === "cycle" || state.fuse?.name === "repeat", state.fuse?.diagnosis);
  });

  for (const [name, limits] of [
    ["turns", { turnsPerStep: 5 }],
    ["calls", { calls: 4 }],
    ["tokens", { tokens: 60 }],
    ["usd", { usd: 0.05 }],
  ] as const) {
    it(`blows at the limit of ${name} when nobody raises it`, async () => {
      const state = await spin((_request, turn) => [["search_text", { pattern: `p${turn}` }]], limits);
      assert.equal(state.fuse?.name, name);
    });
  }

  it("blows when the model cannot be asked, and resuming asks it again", async () => {
    const down = await play({ goal: "What is this?", say: () => ({ fault: fail("unavailable", "The key was refused.").fault }) });
    assert.equal(down.state.ended?.outcome, "fuse");
    assert.match(down.state.ended?.answer ?? "", /The key was refused/);
    const up = await play({ goal: "", say: () => "An answer.", events: down.events });
    assert.equal(up.state.ended?.outcome, "done");
  });

  it("goes on with more after it blew, when it is resumed", async () => {
    const say = (_request: unknown, turn: number): Said => (turn < 8 ? [["search_text", { pattern: `p${turn}` }]] : "Found it.");
    const blown = await play({ goal: "What is this?", say, limits: { turnsPerStep: 5 } });
    assert.equal(blown.state.fuse?.name, "turns");
    const more = await play({ say, events: blown.events });
    assert.equal(more.state.ended?.outcome, "done");
  });

  it("names the place when Proviso itself fails, instead of hanging or dying", async () => {
    const { state } = await play({
      goal: "What is this?",
      say: () => {
        throw new Error("a bug");
      },
    });
    assert.equal(state.fuse?.name, "internal");
    assert.match(state.fuse?.diagnosis ?? "", /a bug/);
  });
});

describe("a stop by the user", () => {
  it("cancels at once, and going on later repeats nothing that was done", async () => {
    const say = (_request: unknown, turn: number): Said => (turn === 0 ? [["create_file", { path: "a.txt", text: "x" }]] : "Done.");
    const stopped = await play({
      goal: "Change it",
      test: "check",
      command: green,
      say,
      onEvent: (event, _run, stop) => {
        if (event.type === "call.ended") stop.abort();
      },
    });
    assert.equal(stopped.state.ended, undefined);
    const on = await play({ say, command: green, files: Object.fromEntries(stopped.files), events: stopped.events });
    assert.equal(on.state.ended?.outcome, "done");
    assert.equal(on.text.match(/Created a\.txt/g)?.length, 1);
  });
});
