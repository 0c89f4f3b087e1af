import { strict as assert } from "node:assert";
import { compose } from "../../../../src/agent/model/compose.ts";
import { retry } from "../../../../src/agent/model/retry.ts";
import { timeout } from "../../../../src/agent/model/timeout.ts";
import type { Connection } from "../../../../src/node/openai/connection.ts";
import { openai } from "../../../../src/node/openai/openai.ts";
import { askRequest } from "../../../support/ask-request.ts";
import { connection } from "../../../support/connection.ts";
import { assertFault, type ExpectedFault as Expected } from "../../../support/assert-fault.ts";
import { fakeClock } from "../../../support/fake-clock.ts";
import type { Script, Trouble } from "../../../support/script.ts";
import { type ScriptedServer, type ServerOptions, startScriptedServer } from "../../../support/scripted-server.ts";

const never = new AbortController().signal;
const text = ["one ", "two ", "three ", "four"];
const status = (code: number, body?: unknown, headers?: Readonly<Record<string, string>>): Trouble => ({
  is: "status",
  status: code,
  ...(body === undefined ? {} : { body }),
  ...(headers === undefined ? {} : { headers }),
});
const error = (message: string, more: object = {}): unknown => ({ error: { message, type: "invalid_request_error", ...more } });

const refusals: readonly (readonly [string, Trouble, Expected])[] = [
  [
    "a refused key",
    status(401, error("Incorrect API key provided")),
    { kind: "unavailable", retry: false, says: /^The key was refused by 127\.0\.0\.1:\d+; set OPENAI_API_KEY to a valid one\.$/ },
  ],
  [
    "a key without rights",
    status(403, error("No access")),
    { kind: "unavailable", retry: false, says: /does not let this key use scripted \(No access\)/ },
  ],
  [
    "an unknown model",
    status(404, error("The model `scripted` does not exist", { code: "model_not_found" })),
    { kind: "missing", retry: false, says: /does not know the model scripted/ },
  ],
  ["a rate limit", status(429, error("Slow down")), { kind: "unavailable", retry: true, says: /takes no more requests \(Slow down\)/ }],
  [
    "a rate limit with a wait in seconds",
    status(429, error("Slow down"), { "retry-after": "7" }),
    { kind: "unavailable", retry: true, retryAfterMs: 7000, says: /for 7 s/ },
  ],
  [
    "a rate limit with a wait in milliseconds",
    status(429, error("x"), { "retry-after-ms": "250", "retry-after": "1" }),
    { kind: "unavailable", retry: true, retryAfterMs: 250, says: /for 1 s/ },
  ],
  [
    "a wait until a time that is past",
    status(429, error("x"), { "retry-after": "Fri, 31 Dec 1999 23:59:59 GMT" }),
    { kind: "unavailable", retry: true, retryAfterMs: 0, says: /takes no more/ },
  ],
  [
    "a wait that makes no sense",
    status(429, error("x"), { "retry-after": "soon" }),
    { kind: "unavailable", retry: true, says: /takes no more requests \(x\)/ },
  ],
  [
    "a used-up quota",
    status(429, error("You exceeded your current quota", { code: "insufficient_quota" })),
    { kind: "unavailable", retry: false, says: /no quota left/ },
  ],
  [
    "a server error",
    status(500, error("oops")),
    { kind: "unavailable", retry: true, says: /failed with HTTP 500 \(oops\); try again later/ },
  ],
  [
    "an overloaded server with a wait",
    status(503, "busy", { "retry-after": "3", "content-type": "text/plain" }),
    { kind: "unavailable", retry: true, retryAfterMs: 3000, says: /HTTP 503 \(busy\)/ },
  ],
  ["an error without a body", status(502, ""), { kind: "unavailable", retry: true, says: /failed with HTTP 502; try/ }],
  [
    "a request that is too long",
    status(400, error("This model's maximum context length is 8192 tokens", { code: "context_length_exceeded" })),
    { kind: "invalid", retry: false, tooLong: true, says: /too long for scripted.*8192/ },
  ],
  [
    "a rejected request",
    status(400, error("Invalid value for 'tools[0].name'")),
    { kind: "invalid", retry: false, says: /rejected the request \(Invalid value for 'tools\[0\]\.name'\)/ },
  ],
  [
    "an error explained elsewhere",
    status(422, { detail: "field required" }),
    { kind: "invalid", retry: false, says: /\(field required\)/ },
  ],
  ["an error in plain words", status(400, { error: "no such tool" }), { kind: "invalid", retry: false, says: /\(no such tool\)/ }],
  [
    "a redirection",
    status(307, "", { location: "https://elsewhere.example/v1" }),
    { kind: "invalid", retry: false, says: /redirects elsewhere \(HTTP 307\), which is not followed/ },
  ],
  [
    "a web page in place of an error",
    { is: "page", status: 502 },
    { kind: "unavailable", retry: true, says: /web page instead of the API \(HTTP 502\)/ },
  ],
  [
    "a web page in place of an answer",
    { is: "page" },
    { kind: "unavailable", retry: false, says: /web page instead of the API \(HTTP 200\); check that the base URL http/ },
  ],
  ["an answer in no known form", { is: "wrong shape" }, { kind: "broken", retry: true, says: /not in the format of/ }],
  ["an answer without a choice", { is: "no choice" }, { kind: "broken", retry: true, says: /answered without/ }],
  ["a connection cut at once", { is: "cut", after: 0 }, { kind: "unavailable", retry: true, says: /connection to 127\.0\.0\.1:\d+ broke/ }],
];

const streamTroubles: readonly (readonly [string, Trouble, Expected])[] = [
  ["a stream cut in mid-answer", { is: "cut", after: 4 }, { kind: "unavailable", retry: true, says: /connection to .* broke/ }],
  [
    "a stream that ends too early",
    { is: "early end", after: 5 },
    { kind: "broken", retry: true, says: /broke off in the middle of its answer/ },
  ],
  ["data that is not JSON", { is: "invalid json", after: 4 }, { kind: "broken", retry: true, says: /not JSON/ }],
  ["events that are none", { is: "broken events" }, { kind: "broken", retry: true, says: /answered with nothing/ }],
  [
    "an error in mid-stream",
    { is: "error event", after: 4, error: { error: { message: "The server had an error", type: "server_error" } } },
    { kind: "unavailable", retry: true, says: /failed in mid-answer \(The server had an error\)/ },
  ],
  [
    "an overflow in mid-stream",
    { is: "error event", after: 4, error: { error: { message: "prompt is too long", code: "context_length_exceeded" } } },
    { kind: "invalid", retry: false, tooLong: true, says: /too long/ },
  ],
];

const wholeTroubles: readonly (readonly [string, Trouble, Expected])[] = [
  ["an answer cut in the middle", { is: "cut", after: 1 }, { kind: "unavailable", retry: true, says: /connection to .* broke/ }],
  ["an answer that is not JSON", { is: "invalid json", after: 1 }, { kind: "broken", retry: true, says: /not JSON/ }],
  [
    "an error that calls itself a success",
    { is: "error event", after: 1, error: { message: "overloaded", code: "overloaded" } },
    { kind: "unavailable", retry: true, says: /takes no more requests/ },
  ],
];

let server: ScriptedServer | undefined;
async function serve(script: Script, options: ServerOptions = {}): Promise<ScriptedServer> {
  server = await startScriptedServer(script, options);
  return server;
}
const closeServer = async (): Promise<void> => {
  await server?.close();
  server = undefined;
};

for (const api of ["chat", "responses"] as const) {
  for (const stream of [true, false]) {
    describe(`over ${api}, ${stream ? "streaming" : "in one piece"}`, () => {
      afterEach(closeServer);
      const over: Partial<Connection> = { api, stream };

      for (const [what, trouble, expected] of [...refusals, ...(stream ? streamTroubles : wholeTroubles)]) {
        it(`${what} is a fault that says what to do, and leaves nothing under way`, async () => {
          const { url, idle } = await serve([{ text, trouble }]);
          const result = await openai(connection(url, over))(askRequest(), never);
          assertFault(result, expected);
          await idle();
        });
      }

      it("the answer comes after the trouble is over, and its text is whole", async () => {
        const troubles: readonly Trouble[] = [status(429, error("x"), { "retry-after": "2" }), status(500), { is: "cut", after: 3 }];
        const { url, requests } = await serve([{ text, calls: [{ tool: "read_file", args: { path: "a" } }], trouble: troubles }]);
        const clock = fakeClock({ quietMs: 50 });
        const heard: string[] = [];
        const request = askRequest({ onText: (delta) => void heard.push(delta), onRestart: () => void heard.splice(0) });
        const model = retry({ clock, random: () => 0 })(openai(connection(url, over)));
        const result = await clock.until(model(request, never));
        assert.ok(result.ok);
        assert.equal(result.value.text, text.join(""));
        assert.equal(heard.join(""), text.join(""));
        assert.equal(result.value.calls.length, 1);
        assert.equal(requests.length, 4);
        assert.deepEqual(clock.naps, [2000, 0, 0]);
      });

      const silences: readonly (readonly [string, Trouble, RegExp])[] = [
        ["never begins to answer", { is: "hang" }, /did not begin to answer within 1 s/],
        ["stalls in the middle", { is: "stall", after: 3 }, /fell silent for 0\.5 s/],
      ];
      for (const [what, trouble, says] of silences) {
        it(`a server that ${what} is left, and its connection closed`, async () => {
          const { url, next, idle } = await serve([{ text, trouble }]);
          const clock = fakeClock({ quietMs: 50 });
          const arrived = next();
          const alive = signOfLife();
          const result = timeout({ clock, firstMs: 1000, idleMs: 500, host: "the server" })(openai(connection(url, over)))(
            askRequest({ onActivity: alive.sign }),
            never,
          );
          await (trouble.is === "hang" ? arrived : alive.seen);
          assertFault(await clock.until(result), { kind: "timeout", retry: true, says });
          await idle();
        });

        it(`cancelling a call whose server ${what} rejects with the reason and closes the connection`, async () => {
          const { url, next, idle } = await serve([{ text, trouble }]);
          const stop = new AbortController();
          const arrived = next();
          const alive = signOfLife();
          const result = compose(retry({ clock: fakeClock({ quietMs: 50 }), random: Math.random }))(openai(connection(url, over)))(
            askRequest({ onActivity: alive.sign }),
            stop.signal,
          );
          await (trouble.is === "hang" ? arrived : alive.seen);
          stop.abort(new Error("the user left"));
          await assert.rejects(result, /the user left/);
          await idle();
          assert.equal(server?.requests.length, 1);
        });
      }
    });
  }
}

function signOfLife(): { readonly sign: () => void; readonly seen: Promise<void> } {
  let sign: () => void = () => undefined;
  const seen = new Promise<void>((resolve) => (sign = resolve));
  return { sign: () => sign(), seen };
}
