import { strict as assert } from "node:assert";
import fc from "fast-check";
import { requestBudget } from "../../../../src/agent/memory/budget.ts";
import { clip, fitParts } from "../../../../src/agent/memory/part.ts";
import { criticPrompt, planPrompt, reflectPrompt, summaryPrompt } from "../../../../src/agent/memory/questions.ts";
import { type Assembly, stepRequest } from "../../../../src/agent/memory/working.ts";
import type { Message } from "../../../../src/agent/model/ask.ts";
import { estimateTokens, tokensOf } from "../../../../src/agent/model/tokens.ts";
import { fold } from "../../../../src/agent/reduce.ts";
import { standardCatalog } from "../../../../src/agent/tool/standard.ts";
import { type AnyRun, anyRun, anyText, eventsOf, stateOf, stepOfAnyRun } from "../../../support/any-run.ts";

const tools = standardCatalog().specs("all");
const anyWindow = fc.oneof(
  fc.integer({ min: 0, max: 3000 }),
  fc.constantFrom(4096, 8192, 32_768, 128_000, 1_000_000),
  fc.constant(undefined),
);

const requestOf = (run: AnyRun, window: number | undefined): Assembly => {
  const state = stateOf(run);
  const step = state.steps[stepOfAnyRun] ?? assert.fail("no step");
  return stepRequest(state, step, window, tools);
};

/** Encoding replaces halves of characters. */
const isWellFormed = (text: string): boolean => Buffer.from(text).toString() === text;

const budgetOf = (run: AnyRun, window: number | undefined): number => requestBudget(window, run.tooLong);

describe("working memory", () => {
  it("makes a next request that fits, whatever happened before and however small the window is", () => {
    fc.assert(
      fc.property(anyRun, anyWindow, (run, window) => {
        const { messages, tools: kept } = requestOf(run, window);
        const size = estimateTokens({ messages, tools: kept });
        assert.ok(size <= budgetOf(run, window), `${size} of ${budgetOf(run, window)}`);
      }),
      { numRuns: 200 },
    );
  });

  it("leaves room for a reply where the window has any", () => {
    for (const window of [2000, 4096, 8192, 128_000]) assert.ok(requestBudget(window) <= window - 1000, String(window));
    assert.ok(requestBudget(undefined, 4) < 1000, "refused four times, a request is short enough for any model");
  });

  it("counts by category exactly what is sent", () => {
    fc.assert(
      fc.property(anyRun, anyWindow, (run, window) => {
        const { messages, tools: kept, tokens } = requestOf(run, window);
        const sum = Object.values(tokens).reduce((total, one) => total + one, 0);
        assert.equal(sum, estimateTokens({ messages, tools: kept }));
        assert.ok(Object.values(tokens).every((one) => one >= 0));
      }),
      { numRuns: 100 },
    );
  });

  it("keeps every result behind its call, and every call with its result, as providers demand", () => {
    fc.assert(
      fc.property(anyRun, anyWindow, (run, window) => {
        let open: string[] = [];
        for (const message of requestOf(run, window).messages) {
          if (message.role === "tool") {
            assert.ok(open.includes(message.call), `${message.call} was not called just before`);
            open = open.filter((call) => call !== message.call);
            continue;
          }
          assert.deepEqual(open, [], "a call is left without its result");
          if (message.role === "assistant") open = message.calls.map(({ id }) => id);
        }
        assert.deepEqual(open, []);
      }),
      { numRuns: 100 },
    );
  });

  it("says all that the user said where a window is of usual size and the words are", () => {
    fc.assert(
      fc.property(anyRun, fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 4 }), (run, places) => {
        const words = places.map((at, i) => ({ at, text: `Mind this: ${i}.` }));
        const turns = run.turns.map((turn, at) => ({ ...turn, said: words.find((one) => one.at === at)?.text }));
        const text = all(requestOf({ ...run, goal: "Mend it", said: [], guide: undefined, lessons: [], turns, tooLong: 0 }, 8192).messages);
        for (const { at, text: said } of words)
          if (turns[at]?.said === said) assert.ok(text.includes(said), `${said} after turn ${at} of ${turns.length}`);
      }),
      { numRuns: 100 },
    );
  });

  it("is the same for the same journal", () => {
    fc.assert(
      fc.property(anyRun, anyWindow, (run, window) => {
        assert.deepEqual(requestOf(run, window), requestOf(structuredClone(run), window));
      }),
      { numRuns: 50 },
    );
  });

  it("asks for plans, lessons, judgements and summaries in requests that fit as well", () => {
    fc.assert(
      fc.property(anyRun, anyWindow, anyText, (run, window, rubric) => {
        const state = stateOf(run);
        const step = state.steps[stepOfAnyRun] ?? assert.fail("no step");
        const most = budgetOf(run, window);
        const sizeOf = (messages: readonly Message[]): number => estimateTokens({ messages, tools: [] });
        assert.ok(sizeOf(planPrompt(state, window)) <= requestBudget(window));
        assert.ok(sizeOf(reflectPrompt(state, step, window)) <= most);
        assert.ok(sizeOf(criticPrompt(state, step, rubric, window)) <= most);
        assert.ok(sizeOf(summaryPrompt(state, step, run.turns.length, window)) <= most);
      }),
      { numRuns: 100 },
    );
  });

  it("offers fewer tools before it offers none, and the ones for reading and editing longest", () => {
    const { tools: few } = requestOf(small, 1500);
    assert.ok(few.length > 0 && few.length < tools.length);
    assert.equal(few[0]?.name, "read_file");
    assert.equal(requestOf(small, 32_768).tools.length, tools.length);
  });

  it("cuts a text to its size without tearing a character", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 0, max: 5000 }), (text, most) => {
        const short = clip(text, most);
        assert.ok(tokensOf(short) <= most);
        if (isWellFormed(text)) assert.ok(isWellFormed(short));
      }),
    );
  });

  it("lets what is needed least go first", () => {
    const part = (rank: number, text: string) => ({ category: "plan" as const, rank, text });
    const parts = [part(1, "a".repeat(5000)), part(3, "The goal."), part(2, "b".repeat(5000))];
    const texts = (room: number): readonly string[] => fitParts(parts, room).map(({ text }) => text.slice(0, 9));
    assert.deepEqual(texts(10_000), ["aaaaaaaaa", "The goal.", "bbbbbbbbb"]);
    const [a, , b] = fitParts(parts, 1000);
    assert.ok(a && b && a.text.length < 200 && b.text.length > 1000, "a is cut first, and not to nothing");
    assert.deepEqual(texts(30), ["The goal.", "bbbbbbbbb"]);
    assert.deepEqual(texts(6), ["The goal."]);
    assert.deepEqual(texts(0), []);
  });
});

const small: AnyRun = { goal: "Mend it", guide: undefined, said: [], lessons: [], turns: [], summary: undefined, tooLong: 0 };
const all = (messages: readonly Message[]): string => messages.map(({ text }) => text).join("\n");

describe("files that the person named with @", () => {
  const note = (path: string): string => `Named with @, to be looked at first where it is a file or folder here: ${path}`;

  it("are told to the planner and to the step, below the words that named them", () => {
    const run = { ...small, goal: "explain @src/a.ts", said: ["mind @b.ts too"] };
    const step = all(requestOf(run, undefined).messages);
    for (const told of [all(planPrompt(stateOf(run), undefined)), step]) {
      assert.ok(told.includes(`Goal: explain @src/a.ts\n${note("src/a.ts")}.`), told);
      assert.ok(told.includes(`The user adds: mind @b.ts too\n(${note("b.ts")})`), told);
    }
  });

  it("are told in the middle of a step, and with the reason why a plan was sent back", () => {
    const turns = [{ text: "Hm.", calls: [], native: false, finish: "stop", said: "look at @c.ts" }];
    assert.ok(all(requestOf({ ...small, turns }, undefined).messages).includes(`look at @c.ts\n(${note("c.ts")})`));
    const sent = fold([
      ...eventsOf(small).slice(0, 2),
      { v: 1, seq: 3, at: 3, type: "plan.settled", answer: "rejected", by: "person", why: "start with @d.ts" },
    ]);
    assert.ok(all(planPrompt(sent, undefined)).includes(`start with @d.ts\n(${note("d.ts")})`));
  });
});

describe("what was done, told shorter", () => {
  const turn = (more: Partial<AnyRun["turns"][number]["calls"][number]>): AnyRun["turns"][number] => ({
    text: "",
    calls: [{ tool: "run_command", args: "{}", text: "", fails: false, page: undefined, changes: undefined, ...more }],
    native: false,
    finish: "calls",
    said: undefined,
  });
  const read = (path: string, digest: string, text: string, to = 80) =>
    turn({ tool: "read_file", args: JSON.stringify({ path, to }), text, page: { path, digest, from: 1, to } });
  const results = (run: AnyRun, window: number | undefined): readonly string[] =>
    requestOf(run, window).messages.flatMap((message) => (message.role === "tool" ? [message.text] : []));

  it("answers a file that is read again unchanged from what is there already", () => {
    const text = "1\tconst a = 1;\n".repeat(60);
    const [first, , again] = results({ ...small, turns: [read("a.ts", "d1", text), turn({}), read("a.ts", "d1", text)] }, 128_000);
    assert.equal(first, text);
    assert.match(again ?? "", /^\[Nothing new: the result of call ref-0-0 above/);
  });

  it("answers a part of what was read from the whole, and a changed file anew", () => {
    const text = "1\tconst a = 1;\n".repeat(60);
    const part = "1\tconst a = 1;\n".repeat(40);
    const [, again, changed] = results(
      { ...small, turns: [read("a.ts", "d1", text), read("a.ts", "d1", part, 50), read("a.ts", "d2", part, 50)] },
      128_000,
    );
    assert.match(again ?? "", /^\[Nothing new/);
    assert.equal(changed, part);
  });

  it("never refers to a result that is no longer told", () => {
    fc.assert(
      fc.property(anyRun, anyWindow, (run, window) => {
        const repeated = { ...run, turns: run.turns.flatMap((one) => [one, one]), summary: undefined };
        const { messages } = requestOf(repeated, window);
        const told = new Map(messages.flatMap((message) => (message.role === "tool" ? [[message.call, message.text] as const] : [])));
        const whole = new Map(
          eventsOf(repeated).flatMap((event) =>
            event.type === "call.ended" && event.outcome.ok ? [[event.call, event.outcome.observation.text] as const] : [],
          ),
        );
        for (const [ref, text] of told) {
          const of = /^\[Nothing new: the result of call (ref-(\d+)-(\d+)) /.exec(text);
          if (!of) continue;
          assert.equal(told.get(of[1] ?? ""), whole.get(`${stepOfAnyRun}.1.${of[2]}.${of[3]}`), `${ref} refers to ${of[1]}`);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("shrinks what is out of date before what still holds, however old that is", () => {
    const long = "1\tconst a = 1;\n".repeat(400);
    const turns = [read("b.ts", "d1", long), read("a.ts", "d1", long), turn({ changes: "a.ts", tool: "edit_file" }), turn({})];
    const [holds, gone] = results({ ...small, turns }, 8192);
    assert.equal(holds, long);
    assert.match(gone ?? "", /^\[Out of date\.\]/);
  });

  it("shrinks an old result to its beginning, its end and a reference by which the whole is read again", () => {
    const long = `first\n${"line\n".repeat(4000)}last`;
    const [old] = results(
      { ...small, turns: [turn({ text: long, args: '{"line":"a"}' }), turn({ text: long, args: '{"line":"b"}' }), turn({})] },
      16_000,
    );
    assert.match(old ?? "", /^first\n[^]*last \[Shortened; the whole of it: read_file output:only\.1\.0\.0\]$/);
  });

  it("tells of turns that left in a line for each call, and of summed-up ones by the summary", () => {
    const turns = Array.from({ length: 14 }, (_, i) =>
      turn({ args: JSON.stringify({ line: `echo ${i}` }), text: `out ${i} ${"x".repeat(300)}` }),
    );
    const cut = all(requestOf({ ...small, turns }, 4000).messages);
    assert.match(cut, /earlier turns of this step are left out/);
    assert.match(cut, /- run_command \{"line":"echo 0"\} -> out 0/);
    const { messages } = requestOf({ ...small, turns, summary: { turns: 8, text: "The first eight echoed." } }, 32_000);
    assert.match(all(messages), /What was done in the first 8 turns of this step, in short:\nThe first eight echoed\./);
    assert.equal(messages.filter(({ role }) => role === "assistant").length, 6);
    assert.equal(messages.find(({ text }) => text.includes("eight echoed"))?.role === "user", true);
  });

  it("reads on in the rules engine's own way: nothing shrinks, and everything is told as often as it was asked", () => {
    const text = "1\tconst a = 1;\n".repeat(60_000);
    const events = eventsOf({ ...small, turns: [read("a.ts", "d1", text), read("a.ts", "d1", text)] });
    const state = fold(events.map((event) => (event.type === "run.started" ? { ...event, model: "rules" } : event)));
    const { messages } = stepRequest(state, state.steps[stepOfAnyRun] ?? assert.fail("no step"), undefined, tools);
    assert.deepEqual(
      messages.flatMap((message) => (message.role === "tool" ? [message.text] : [])),
      [text, text],
    );
  });
});
