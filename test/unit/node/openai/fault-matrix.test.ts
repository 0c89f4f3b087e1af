// Every fault a server can show × both APIs × streaming or not × passing or for ever, through a whole run, each with its outcome.
// Whatever happens: the run ends, the change is made at most once, the last words are whole, and nothing stays open.

import { strict as assert } from "node:assert";
import { gateway } from "../../../../src/agent/model/gateway.ts";
import { openai } from "../../../../src/node/openai/openai.ts";
import { connection } from "../../../support/connection.ts";
import { type Done, errand, errandLine, lastWords } from "../../../support/errand.ts";
import { fakeClock } from "../../../support/fake-clock.ts";
import type { Cue, Line, Trouble } from "../../../support/script.ts";
import { type ScriptedServer, startScriptedServer } from "../../../support/scripted-server.ts";

const status = (code: number, more: Partial<Extract<Trouble, { is: "status" }>> = {}): Trouble => ({ is: "status", status: code, ...more });
const tooLong = { error: { message: "This model's maximum context length is 8192 tokens", code: "context_length_exceeded" } };
const big = "so much ".repeat(250_000);

interface Row {
  readonly fault: string;
  readonly trouble?: Trouble;
  /** In place of trouble on the wire: what the model says wrong in its turns. */
  readonly line?: (line: Line, cue: Cue) => Line;
  /** Where it happens once to each request: tries of each of the three, or the words the run stops with. */
  readonly once: 2 | 1 | RegExp;
  /** Where it never ends: the words the run stops with. Absent where the row has no such case. */
  readonly always?: RegExp;
  readonly naps?: readonly number[];
}

const rows: readonly Row[] = [
  {
    fault: "429 with Retry-After",
    trouble: status(429, { headers: { "retry-after": "7" } }),
    once: 2,
    always: /takes no more requests for 7 s/,
    naps: [7000],
  },
  { fault: "429 without", trouble: status(429), once: 2, always: /takes no more requests/ },
  { fault: "429 for an hour", trouble: status(429, { headers: { "retry-after": "3600" } }), once: /takes no more requests for 3600 s/ },
  { fault: "500", trouble: status(500), once: 2, always: /failed with HTTP 500/ },
  { fault: "401", trouble: status(401), once: /key was refused/, always: /key was refused/ },
  { fault: "a slow first byte", trouble: { is: "hang" }, once: 2, always: /did not begin to answer within 30 s/ },
  { fault: "a stall in mid-stream", trouble: { is: "stall", after: 3 }, once: 2, always: /fell silent for 20 s/ },
  { fault: "a cut stream", trouble: { is: "cut", after: 3 }, once: 2, always: /connection to .* broke/ },
  { fault: "an early end", trouble: { is: "early end", after: 2 }, once: 2, always: /broke|without a response/ },
  { fault: "broken events", trouble: { is: "broken events" }, once: 2, always: /answered with nothing|not JSON/ },
  { fault: "invalid JSON", trouble: { is: "invalid json", after: 2 }, once: 2, always: /not JSON/ },
  { fault: "an empty choice", trouble: { is: "no choice" }, once: 2, always: /answered without/ },
  {
    fault: "a context that is too short",
    trouble: status(400, { body: tooLong }),
    once: 2,
    always: /too long for scripted/,
  },
  {
    fault: "a wrong tool name",
    line: (line, cue) => (cue.turn === 0 && cue.answer === undefined ? { calls: [{ tool: "fly", args: {} }] } : later(line, cue)),
    once: 1,
  },
  {
    fault: "arguments that are no JSON",
    line: (line, cue) =>
      cue.turn === 0 && cue.answer === undefined ? { calls: [{ tool: "edit_file", args: '{"path": ' }] } : later(line, cue),
    once: 1,
  },
  { fault: "a huge output", line: (line) => (line.text === undefined ? line : { text: [big, ...lastWords] }), once: 1 },
];

/** The job goes on one turn later. */
const later = (line: Line, cue: Cue): Line => (cue.answer === undefined ? errandLine({ ...cue, turn: cue.turn - 1 }) : line);

const cells = (["responses", "chat"] as const).flatMap((api) => [true, false].map((stream) => ({ api, stream })));

describe("the matrix of faults", () => {
  let server: ScriptedServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  for (const row of rows) {
    for (const { api, stream } of cells) {
      const where = `${api}, ${stream ? "streamed" : "whole"}`;

      it(`${row.fault} over ${where}: ${typeof row.once === "number" ? "the job is done, once" : "the run stops and says why"}`, async () => {
        const { done, naps, sleeping } = await play(row, { api, stream, trouble: row.trouble && [row.trouble] });
        if (typeof row.once !== "number") return assertStopped(done, row.once);
        assert.equal(done.state.ended?.outcome, "done", done.state.ended?.answer);
        assert.equal(done.file, "n = 1\n");
        assert.equal(done.effects.length, 1, "the change was made more than once");
        const words = row.fault === "a huge output" ? big + lastWords.join("") : lastWords.join("");
        assert.equal(done.state.steps["only"]?.turns.at(-1)?.text, words);
        assert.equal(sleeping, 0);
        for (const nap of row.naps ?? []) assert.ok(naps.includes(nap), `slept ${naps.join(", ")}`);
        if (row.trouble) assert.equal(server?.requests.length, 3 * row.once);
        await server?.idle();
      });

      const { always } = row;
      if (always)
        it(`${row.fault} for ever over ${where}: the run stops and says why`, async () => {
          const { done, sleeping } = await play(row, { api, stream, trouble: row.trouble });
          assertStopped(done, always);
          assert.equal(sleeping, 0);
          await server?.idle();
        });
    }
  }

  interface Cell {
    readonly api: "responses" | "chat";
    readonly stream: boolean;
    readonly trouble: Trouble | readonly Trouble[] | undefined;
  }

  async function play({ line }: Row, { api, stream, trouble }: Cell) {
    server = await startScriptedServer((cue) => {
      const said = errandLine(cue);
      return { ...(line ? line(said, cue) : said), ...(trouble ? { trouble } : {}) };
    });
    const clock = fakeClock({ quietMs: 15 });
    const ask = gateway({
      ask: openai(connection(server.url, { api, stream })),
      provider: "test",
      nonce: "word",
      model: "scripted",
      host: "the server",
      clock,
      random: () => 0,
      firstMs: 30_000,
      idleMs: 20_000,
    });
    const done = await clock.until(errand({ ask: () => ask, clock }));
    return { done, naps: clock.naps, sleeping: clock.sleeping() };
  }

  function assertStopped(done: Done, says: RegExp): void {
    assert.equal(done.state.ended?.outcome, "fuse");
    assert.match(done.state.fuse?.diagnosis ?? "", says);
    assert.equal(done.file, "n = 0\n");
    assert.deepEqual(done.effects, []);
  }
}).timeout(20_000);
