// Journals of runs as they may be, for properties: any goal, guide, words of the user, any number of turns with any calls and results,
// summaries, failures of a request that was too long. Everything a prompt is folded from.

import fc from "fast-check";
import { defaultLimits, type Event, type EventBody } from "../../src/agent/event.ts";
import { fold } from "../../src/agent/reduce.ts";
import type { RunState } from "../../src/agent/state.ts";
import { callId } from "../../src/agent/state.ts";

const letters = fc.constantFrom(
  "word ",
  "値段",
  "🙂",
  "const a = 1;\n",
  "\ud800",
  "x",
  "0123456789",
  '{"a":"b"} ',
  "</data>",
  " @src/a.ts",
);
const texts = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 40 }) },
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 200 }) },
  { weight: 1, arbitrary: fc.constant(3000) },
);
/** Texts from nothing to some hundred thousand characters. */
export const anyText: fc.Arbitrary<string> = fc.tuple(letters, letters, texts).map(([a, b, times]) => (a + b).repeat(times));

interface AnyCall {
  readonly tool: string;
  readonly args: string;
  readonly text: string;
  readonly fails: boolean;
  readonly page: { readonly path: string; readonly digest: string; readonly from: number; readonly to: number } | undefined;
  readonly changes: string | undefined;
}

const path = fc.constantFrom("a.ts", "b.ts", "src/c.ts");
const anyCall: fc.Arbitrary<AnyCall> = fc.record({
  tool: fc.constantFrom("read_file", "search_text", "run_command", "create_file"),
  args: fc.oneof(
    path.map((one) => JSON.stringify({ path: one })),
    anyText.map((text) => JSON.stringify({ path: "new.ts", text })),
    anyText,
  ),
  text: anyText,
  fails: fc.boolean(),
  page: fc.option(
    fc
      .record({ path, digest: fc.constantFrom("d1", "d2"), from: fc.integer({ min: 1, max: 50 }), to: fc.integer({ min: 50, max: 99 }) })
      .map((one) => ({ ...one })),
    { nil: undefined },
  ),
  changes: fc.option(path, { nil: undefined }),
});

interface AnyTurn {
  readonly text: string;
  readonly calls: readonly AnyCall[];
  readonly native: boolean;
  readonly finish: string;
  readonly said: string | undefined;
}

const anyTurn: fc.Arbitrary<AnyTurn> = fc.record({
  text: anyText,
  calls: fc.array(anyCall, { maxLength: 4 }),
  native: fc.boolean(),
  finish: fc.constantFrom("stop", "calls", "length"),
  said: fc.option(anyText, { nil: undefined }),
});

export interface AnyRun {
  readonly goal: string;
  readonly guide: string | undefined;
  readonly said: readonly string[];
  readonly lessons: readonly string[];
  readonly turns: readonly AnyTurn[];
  readonly summary: { readonly turns: number; readonly text: string } | undefined;
  readonly tooLong: number;
}

export const anyRun: fc.Arbitrary<AnyRun> = fc.record({
  goal: anyText,
  guide: fc.option(anyText, { nil: undefined }),
  said: fc.array(anyText, { maxLength: 3 }),
  lessons: fc.array(anyText, { maxLength: 3 }),
  turns: fc.array(anyTurn, { maxLength: 12 }),
  summary: fc.option(fc.record({ turns: fc.integer({ min: 1, max: 8 }), text: anyText }), { nil: undefined }),
  tooLong: fc.integer({ min: 0, max: 4 }),
});

export const stepOfAnyRun = "only";

/** Its journal; the step works in its first attempt. */
export function eventsOf({ goal, guide, said, lessons, turns, summary, tooLong }: AnyRun): readonly Event[] {
  const step = stepOfAnyRun;
  const fault = { kind: "invalid" as const, message: "The request is too long.", retry: false, tooLong: true as const };
  const bodies: EventBody[] = [
    {
      type: "run.started",
      run: "r",
      goal,
      criteria: [],
      workspace: "/w",
      model: "m",
      mode: "supervised",
      limits: defaultLimits,
      briefing: { ...(guide === undefined ? {} : { guide }), entries: ["a.ts", "b.ts"] },
    },
    {
      type: "plan.made",
      by: "model",
      plan: { goal, steps: [{ id: step, goal: "Do it", role: "coder", needs: [], check: { by: "command", line: "check" } }] },
    },
    { type: "plan.settled", answer: "approved", by: "policy" },
    ...said.map((text): EventBody => ({ type: "user.said", text })),
    ...turns.flatMap((turn, at) => turnEvents(turn, at)),
    ...(summary && turns.length > 0
      ? [{ type: "step.summarised" as const, step, attempt: 1, turns: Math.min(summary.turns, turns.length), text: summary.text }]
      : []),
    ...Array.from({ length: tooLong }, (): EventBody => ({ type: "model.failed", purpose: "act", step, fault })),
  ];
  // A lesson is of another step here: one of its own would begin a new attempt.
  const learnt = lessons.map(
    (lesson, i): EventBody => ({ type: "step.reflected", step: `gone${i}`, attempt: 1, because: "It failed.", lesson, then: "retry" }),
  );
  return [...bodies.slice(0, 3), ...learnt, ...bodies.slice(3)].map((body, i) => ({ v: 1, seq: i + 1, at: i, ...body }));
}

function turnEvents({ text, calls, native, finish, said }: AnyTurn, turn: number): readonly EventBody[] {
  const step = stepOfAnyRun;
  const ids = calls.map((_, index) => callId(step, 1, turn, index));
  return [
    {
      type: "model.replied",
      step,
      attempt: 1,
      turn,
      text,
      calls: calls.map(({ tool, args }, index) => ({ call: ids[index] ?? "", ref: `ref-${turn}-${index}`, tool, args })),
      model: "m",
      usage: { input: 1, output: 1 },
      finish,
      ...(native ? { native: { items: [text] } } : {}),
    },
    ...calls.map(
      ({ text: told, fails, page, changes }, index): EventBody => ({
        type: "call.ended",
        call: ids[index] ?? "",
        outcome: fails
          ? { ok: false, fault: { kind: "invalid", message: told, retry: false } }
          : { ok: true, observation: { text: told, trust: "workspace", ...(page ? { data: page } : {}) } },
        changed: changes === undefined ? [] : [{ path: `/w/${changes}`, shown: changes, before: "x", after: "y" }],
        effects: [],
        ms: 1,
      }),
    ),
    ...(said === undefined ? [] : [{ type: "user.said" as const, text: said }]),
  ];
}

/** The state after all of it. */
export const stateOf = (run: AnyRun): RunState => fold(eventsOf(run));
