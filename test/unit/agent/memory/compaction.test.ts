import { strict as assert } from "node:assert";
import { frames } from "../../../../src/agent/observe/flights.ts";
import { costOf } from "../../../../src/agent/observe/cost.ts";
import { contextLines, contextRows } from "../../../../src/agent/observe/context.ts";
import type { AskRequest } from "../../../../src/agent/model/ask.ts";
import { estimateTokens } from "../../../../src/agent/model/tokens.ts";
import { standardCatalog } from "../../../../src/agent/tool/standard.ts";
import { play, type Play, type Said, step } from "../../../support/play.ts";

const size = 3000;
/** Files that differ, so that nothing is a repeat. */
const files = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`f${i}.txt`, `${`file ${i}, `.repeat(size / 8)}end of ${i}\n`]));
const plan = { answer: { steps: [step("look", { role: "researcher", check: { by: "citation" } })] } };
const reads = 24;

/** A model with a small window reads file after file; how often it has is told by its own last call, not by counting messages. */
function reading(window: number, summarise: (request: AskRequest) => Said): Play {
  return {
    files,
    around: (world) => ({ ...world, window: async () => window }),
    say: (request) => {
      if (request.purpose === "plan") return plan;
      if (request.purpose === "summarise") return summarise(request);
      const calls = request.messages.flatMap((message) => (message.role === "assistant" ? message.calls : []));
      const next = Number(/f(\d+)/.exec(calls.at(-1)?.args ?? "f-1")?.[1] ?? -1) + 1;
      return next < reads ? [["read_file", { path: `f${next}.txt` }]] : "They all end with their number: f0.txt:1";
    },
  };
}

describe("a conversation that grows too long", () => {
  it("is summed up by a model before anything has to be left out, more than once, and goes on", async () => {
    let summaries = 0;
    const { events, requests, state } = await play(reading(12_000, () => `Summary ${++summaries}: all files end with their number.`));
    assert.equal(state.ended?.outcome, "done");
    assert.ok(summaries >= 2, `${summaries} summaries`);
    const acts = requests.filter(({ purpose }) => purpose === "act");
    for (const request of acts) {
      assert.ok(estimateTokens(request) <= 12_000 - 3000);
      assert.equal(
        request.messages.some(({ text }) => text.includes("are left out")),
        false,
      );
    }
    const last =
      acts
        .at(-1)
        ?.messages.map(({ text }) => text)
        .join("\n") ?? "";
    assert.match(last, /What was done in the first \d+ turns of this step, in short:\nSummary \d: all files/);
    const second =
      requests
        .filter(({ purpose }) => purpose === "summarise")[1]
        ?.messages.map(({ text }) => text)
        .join("\n") ?? "";
    assert.match(second, /Summed up before:\nSummary 1:/, "a summary stands on the one before");
    assert.ok((costOf(events).by.purpose["summarise"]?.requests ?? 0) === summaries, "they are paid and told apart");
    assert.ok(
      frames(events).every(({ explained }) => explained),
      "a replay knows why each event came",
    );
  });

  it("is cut without a model where none can sum up, and every next request still fits", async () => {
    const fault = { kind: "unavailable" as const, message: "No model for that.", retry: false };
    const { requests, state, events } = await play(reading(6000, () => ({ fault })));
    assert.equal(state.ended?.outcome, "done");
    const acts = requests.filter(({ purpose }) => purpose === "act");
    assert.equal(acts.length, reads + 1);
    for (const request of acts) assert.ok(estimateTokens(request) <= 4500);
    assert.ok(events.some((event) => event.type === "step.summarised" && event.text === undefined));
    assert.ok(requests.filter(({ purpose }) => purpose === "summarise").length <= reads / 6, "it is not asked for again and again");
  });

  it("is not summed up while it has room", async () => {
    const { requests } = await play(reading(1_000_000, () => assert.fail("asked for a summary")));
    assert.equal(requests.filter(({ purpose }) => purpose === "act").length, reads + 1);
  });

  it("is told by show --context: what each request took, and what the next one is made of", async () => {
    const { events } = await play({
      ...reading(12_000, () => "Summed up."),
      onEvent: (event, _run, stop) => {
        if (event.type === "model.replied" && event.turn === 12) stop.abort();
      },
    });
    assert.deepEqual(contextRows(events)[0], { seq: 4, step: "look", turn: 0, input: 10, window: 12_000 });
    const text = contextLines(events, standardCatalog())
      .map(({ spans }) => spans.map(({ text: words }) => words).join(""))
      .join("\n");
    assert.match(text, /next request, look: about \d+\.\dk tokens {2}\d+ % of 12\.0k tokens/);
    assert.match(text, /results +\d+\.\dk tokens/);
    assert.match(text, /its first \d+ turns are told by a summary/);

    const ofRules = events.map((event) => (event.type === "run.started" ? { ...event, model: "rules" } : event));
    const told = contextLines(ofRules, standardCatalog()).flatMap(({ spans }) => spans.map(({ text: words }) => words));
    assert.deepEqual(told, ["The rules engine worked here: it reads no prompt, so there is no window to fill."]);
  });
});

describe("a request that a server finds too long", () => {
  const fault = { kind: "invalid" as const, message: "The request is too long for m.", retry: false, tooLong: true as const };

  it("is made again, shorter each time, until it fits a window that nobody knew", async () => {
    const window = 9000;
    const refused: number[] = [];
    const { state, requests } = await play({
      ...reading(0, () => "Summed up."),
      around: (world) => world,
      files: { "big.txt": "a line of words\n".repeat(3000) },
      say: (request) => {
        if (estimateTokens(request) > window) {
          refused.push(estimateTokens(request));
          return { fault };
        }
        if (request.purpose === "plan") return plan;
        return request.messages.some(({ role }) => role === "tool") ? "It holds lines: big.txt:1" : [["read_file", { path: "big.txt" }]];
      },
    });
    assert.equal(state.ended?.outcome, "done");
    assert.ok(refused.length >= 1 && refused.length <= 3, `${refused.length} refused`);
    assert.ok(estimateTokens(requests.at(-1) ?? assert.fail("no request")) <= window);
  });

  it("stops the run in the end, where nothing is short enough", async () => {
    const { state, requests, events } = await play({ files: {}, say: (request) => (request.purpose === "plan" ? plan : { fault }) });
    assert.equal(state.ended?.outcome, "fuse");
    assert.equal(requests.filter(({ purpose }) => purpose === "act").length, 5);
    const again = await play({ files: {}, events, say: () => "Nothing to see: a.txt:1" });
    const toolsOf = (all: readonly AskRequest[]): number | undefined => all.find(({ purpose }) => purpose === "act")?.tools.length;
    assert.ok((requests.at(-1)?.tools.length ?? 0) < (toolsOf(requests) ?? 0), "the last try left tools out");
    assert.equal(toolsOf(again.requests), toolsOf(requests), "a run that goes on may have another model, and begins at full length");
  });
});

describe("a result that was shortened", () => {
  it("is read again whole, as it was told, with the trust it had", async () => {
    const output = `begin\n${"line\n".repeat(300)}end`;
    const { events, requests } = await play({
      files: {},
      test: "noise",
      command: (line) => ({ exit: 0, output: line === "noise" ? output : "" }),
      say: (request, turn) => {
        if (request.purpose === "plan") return { answer: { steps: [step("look", { check: { by: "command", line: "true" } })] } };
        if (turn === 0) return [["run_command", { line: "noise", network: true }]];
        if (turn === 1) return [["read_file", { path: "output:look.1.0.0", from: 2, to: 3 }]];
        return "Done.";
      },
    });
    const again = events.find((event) => event.type === "call.ended" && event.call === "look.1.1.0");
    assert.ok(again?.type === "call.ended" && again.outcome.ok);
    assert.equal(again.outcome.observation.text, "2\tbegin\n3\tline\n[lines 2-3 of 303]");
    assert.equal(again.outcome.observation.trust, "foreign");
    assert.ok(requests.length > 0);
  });
});
