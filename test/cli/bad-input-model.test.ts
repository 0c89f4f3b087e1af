// What a model, or the server in front of it, can send that nobody wants, met through the real command line.

import { strict as assert } from "node:assert";
import type { Event } from "../../src/agent/event.ts";
import { assertPlainWords, assertRefused, type Ended, ending, Stranger } from "../support/stranger.ts";
import { call, oneGoal, onePlan, oneStep } from "../support/one-step.ts";
import type { Script, Trouble } from "../support/script.ts";
import { type ScriptedServer, type ServerOptions, startScriptedServer } from "../support/scripted-server.ts";

const apis = ["responses", "chat"] as const;

describe("a model that answers badly", () => {
  let server: ScriptedServer | undefined;
  let cli: Stranger;
  afterEach(async () => {
    cli.remove();
    await server?.close();
  });

  async function meet(script: Script, args: readonly string[] = [], options?: ServerOptions): Promise<Ended> {
    server = await startScriptedServer(script, options);
    cli = new Stranger({ "sum.js": "export const sum = (a, b) => a - b;\n" }, server.url);
    return cli.run(["run", oneGoal, "--json", "--approve", "all", ...args]);
  }

  it("is told when its plan is no JSON, and goes on with a second one", async () => {
    const ended = await meet((cue) => {
      if (cue.answer !== "plan") return { text: "It subtracts: sum.js:1" };
      return cue.turn === 0 ? { text: "Sure! First I will look at the file." } : { answer: onePlan() };
    });
    assert.equal(ending(ended).outcome, "done", ended.err);
    assert.equal(ended.code, 0);
    assert.match(JSON.stringify(server?.requests[1]?.body), /JSON/);
  });

  it("stops the run when no plan of it is ever JSON, and the run says what to do", async () => {
    const ended = await meet(() => ({ text: "I would rather talk." }));
    const { outcome, answer } = ending(ended);
    assert.equal(outcome, "fuse");
    assert.equal(ended.code, 4);
    assert.match(answer, /JSON/);
    assertPlainWords(ended);
    assert.ok((server?.requests.length ?? 0) <= 6, `${server?.requests.length} requests`);
  });

  for (const [what, plan, said] of [
    ["a plan with a cycle", { steps: [step("a", ["b"]), step("b", ["a"])] }, /circle: (a -> b -> a|b -> a -> b)/],
    ["a plan with no steps", { steps: [] }, /has no steps/],
    ["a plan that needs a step it does not have", { steps: [step("a", ["z"])] }, /needs \\*"z\\*", which is not a step/],
    ["a plan with two steps of one name", { steps: [step("a", []), step("a", [])] }, /Two steps have the id/],
    [
      "a plan whose pattern is none",
      { steps: [{ ...step("a", []), check: { by: "content", path: "x", matches: "(" } }] },
      /not a regular expression/,
    ],
    ["a plan with an id that leads out of a folder", { steps: [step("../../x", [])] }, /id/],
  ] as const) {
    it(`is told of ${what}, and stops the run if it insists`, async () => {
      const ended = await meet((cue) => (cue.answer === "plan" ? { answer: plan } : { text: "?" }));
      const { outcome, answer } = ending(ended);
      assert.equal(outcome, "fuse");
      assert.equal(ended.code, 4);
      assert.match(JSON.stringify(answer), said);
      assert.match(JSON.stringify(server?.requests[1]?.body), said);
      assertPlainWords(ended);
    });
  }

  it("that reflects in no JSON stops the run, which keeps what it knows and can be resumed", async () => {
    let sane = false;
    const step = { role: "coder", check: { by: "content", path: "sum.js", matches: "a \\+ b" } } as const;
    const good = oneStep(step, (cue) => (/This is attempt 2/.test(cue.text) ? edit("a - b", "a + b") : { text: "Done." }), {
      text: "Done.",
    });
    const ended = await meet((cue) => {
      if (cue.answer !== "reflection") return (good as (cue: unknown) => never)(cue);
      return sane ? { answer: { because: "It was not edited.", lesson: "Edit it.", then: "retry" } } : { text: "Hmm, let me think." };
    });
    assert.equal(ending(ended).outcome, "fuse");
    assert.equal(ended.code, 4);
    assertPlainWords(ended);
    sane = true;
    const resumed = await cli.run(["resume", "--json", "--approve", "all"]);
    assert.equal(ending(resumed).outcome, "done", resumed.out);
    assert.match(cli.text("sum.js"), /a \+ b/);
  });

  for (const [what, line, heard] of [
    ["an unknown tool", call("frobnicate", { hard: true }), /frobnicate/],
    ["arguments that are no JSON", { calls: [{ tool: "read_file", args: '{"path": ' }] }, /JSON/],
    ["arguments of the wrong kind", call("read_file", { path: 7 }), /path/],
    ["arguments nobody knows", call("read_file", { path: "sum.js", colour: "red" }), /colour/],
    ["a tool of another role", call("edit_file", { path: "sum.js", blocks: [{ search: "-", replace: "+" }] }), /edit_file|denied|role/],
  ] as const) {
    it(`that calls with ${what} is told so, and nothing happens`, async () => {
      const ended = await meet(oneStep({}, line, (cue) => ({ text: heard.test(cue.last) ? "I see: sum.js:1" : `(heard ${cue.last})` })));
      assert.match(ending(ended).answer, /^I see/);
      assert.equal(ended.code, 0);
      assert.equal(ended.events.filter((event: Event) => event.type === "call.begun").length, 0);
      assert.match(cli.text("sum.js"), /a - b/);
    });
  }

  it("that repeats the same useless call is stopped with a diagnosis", async () => {
    const ended = await meet(oneStep({}, call("read_file", { path: "missing.js" })));
    assert.equal(ending(ended).outcome, "fuse");
    assert.match(ending(ended).answer, /repeat/);
    assert.equal(ended.code, 4);
  });

  it("that calls two tools by one id gets both answers", async () => {
    const two = { calls: ["sum.js", "none.js"].map((path) => ({ tool: "read_file", args: { path }, id: "same" })) };
    const ended = await meet(oneStep({}, two, { text: "Read: sum.js:1" }));
    assert.equal(ended.code, 0, ended.out);
  });

  it("that says nothing at all does not pass for done", async () => {
    const ended = await meet(oneStep({}, { text: "" }));
    assert.notEqual(ended.code, 0);
    assertPlainWords(ended);
  });
});

describe("a server that fails", () => {
  let server: ScriptedServer | undefined;
  const lines: Stranger[] = [];
  afterEach(async () => {
    for (const line of lines.splice(0)) line.remove();
    await server?.close();
  });

  const told = oneStep({}, { text: "It subtracts: sum.js:1" });
  const troubled =
    (trouble: Trouble | readonly Trouble[]): Script =>
    (cue) => {
      const line = (told as (cue: unknown) => { readonly answer?: unknown })(cue);
      return { ...line, trouble };
    };

  /** One run for each wire API, at the same time, against one server. */
  async function onBoth(script: Script, options?: ServerOptions, timeouts = { first: 0.4, idle: 0.4 }): Promise<readonly Ended[]> {
    server = await startScriptedServer(script, options);
    const { url } = server;
    return Promise.all(
      apis.map((api) => {
        const line = new Stranger({ "sum.js": "export const sum = (a, b) => a - b;\n" }, url);
        lines.push(line);
        line.configure({ timeouts });
        return line.run(["run", oneGoal, "--json"], { env: { PROVISO_API: api } });
      }),
    );
  }

  const assertStopped = (all: readonly Ended[], says: RegExp): void => {
    for (const ended of all) {
      const { outcome, answer } = ending(ended);
      assert.equal(outcome, "fuse");
      assert.equal(ended.code, 4);
      assert.match(answer, says);
      assertPlainWords(ended);
    }
    for (const line of lines) assert.deepEqual(line.leftovers(), []);
  };

  it("with 401 stops the run at once and names the key's place, never the key", async () => {
    const all = await onBoth(told, { key: "another" });
    assertStopped(all, /OPENAI_API_KEY/);
    assert.equal(server?.requests.length, 2);
  });

  it("with 429 is asked again after the time it names", async () => {
    const all = await onBoth(troubled([{ is: "status", status: 429, headers: { "retry-after": "1" } }]));
    for (const ended of all) assert.equal(ended.code, 0, ended.err);
    for (const path of ["/v1/responses", "/v1/chat/completions"]) {
      const [first, second] = (server?.requests ?? []).filter((request) => request.path === path);
      assert.ok((second?.at ?? 0) - (first?.at ?? 0) >= 990);
    }
  });

  it("with 429 and no time is asked again soon, and said so", async () => {
    const all = await onBoth(troubled([{ is: "status", status: 429 }]));
    for (const ended of all) {
      assert.equal(ended.code, 0, ended.err);
      assert.match(ended.err, /Trying again in/);
    }
  });

  it("with 429 for an hour is not waited for", async () => {
    const all = await onBoth(troubled({ is: "status", status: 429, headers: { "retry-after": "3600" } }));
    assertStopped(all, /wait|later|again|limit/i);
    for (const ended of all) assert.ok(ended.ms < 20_000);
  });

  it("with 500 once does no harm", async () => {
    for (const ended of await onBoth(troubled([{ is: "status", status: 500 }]))) assert.equal(ended.code, 0, ended.err);
  });

  it("with 500 for ever stops the run, which goes on once the server does", async () => {
    let mended = false;
    const broken = troubled({ is: "status", status: 500 }) as (cue: unknown) => never;
    const all = await onBoth((cue) => (mended ? (told as (cue: unknown) => never)(cue) : broken(cue)));
    assertStopped(all, /500|failed/);
    mended = true;
    const [line] = lines;
    const resumed = await line?.run(["resume", "--json"]);
    assert.equal(resumed?.code, 0, resumed?.err);
  });

  it("in the middle of a stream is asked again", async () => {
    for (const is of ["cut", "early end", "invalid json"] as const) {
      const all = await onBoth(troubled([{ is, after: 1 }]));
      for (const ended of all) assert.equal(ended.code, 0, `${is}: ${ended.err}`);
      await server?.close();
    }
  });

  it("that hangs, or falls silent in the middle, is given up in its time and asked again", async () => {
    for (const trouble of [{ is: "hang" }, { is: "stall", after: 1 }] as const) {
      const all = await onBoth(troubled([trouble]));
      for (const ended of all) assert.equal(ended.code, 0, `${trouble.is}: ${ended.err}`);
      await server?.close();
    }
  });

  it("that hangs for ever stops the run with the time it was given", async () => {
    assertStopped(await onBoth(troubled({ is: "hang" }), {}, { first: 0.1, idle: 0.1 }), /did not begin to answer within 0\.1 s/);
  });

  it("that answers with a web page is told from a model", async () => {
    assertStopped(await onBoth(troubled({ is: "page" })), /web page|base URL/i);
  });

  it("that is not there is named with what to do", async () => {
    const line = new Stranger({}, "http://127.0.0.1:9/v1");
    lines.push(line);
    const ended = await line.run(["run", oneGoal, "--json"]);
    assertStopped([ended], /Nothing answers at 127\.0\.0\.1:9/);
  });

  it("cannot be reached without a network, which is said", async () => {
    const line = new Stranger({}, "http://no-such-host.invalid/v1");
    lines.push(line);
    assertStopped([await line.run(["run", oneGoal, "--json"])], /no-such-host\.invalid .*check the network/);
  });

  it("does not know the model that PROVISO_MODEL names, and the run says which", async () => {
    const missing = { error: { message: "The model `nothing` does not exist", type: "invalid_request_error", code: "model_not_found" } };
    const all = await onBoth(troubled({ is: "status", status: 404, body: missing }));
    assertStopped(all, /model/);
  });

  it("is not asked at all when PROVISO_MODEL is set and nothing serves it", async () => {
    const line = new Stranger();
    lines.push(line);
    assertRefused(
      await line.run(["run", oneGoal], { env: { PROVISO_MODEL: "gpt-9" } }),
      2,
      /No provider is configured for the model gpt-9; set OPENAI_API_KEY/,
    );
    assert.deepEqual((await line.run(["runs", "--json"])).out, "");
  });
});

function step(id: string, needs: readonly string[]) {
  return { id, goal: `Do ${id}`, role: "researcher", needs, check: { by: "citation" } };
}
const edit = (search: string, replace: string) => call("edit_file", { path: "sum.js", blocks: [{ search, replace }] });
