import { strict as assert } from "node:assert";
import { type AddressInfo, createServer } from "node:net";
import type { Reply } from "../../../../src/agent/model/ask.ts";
import type { Result } from "../../../../src/agent/result.ts";
import type { Connection } from "../../../../src/node/openai/connection.ts";
import { openai } from "../../../../src/node/openai/openai.ts";
import { askRequest } from "../../../support/ask-request.ts";
import { assertFault } from "../../../support/assert-fault.ts";
import { connection, testKey } from "../../../support/connection.ts";
import type { Script, Trouble } from "../../../support/script.ts";
import { type ScriptedServer, type ServerOptions, startScriptedServer } from "../../../support/scripted-server.ts";

const never = new AbortController().signal;
let server: ScriptedServer | undefined;
async function serve(script: Script, options: ServerOptions = {}): Promise<ScriptedServer> {
  server = await startScriptedServer(script, options);
  return server;
}
const closeServer = async (): Promise<void> => {
  await server?.close();
  server = undefined;
};

describe("the way to a server", () => {
  afterEach(closeServer);
  const ask = (baseURL: string, over: Partial<Connection> = {}): Promise<Result<Reply>> =>
    openai(connection(baseURL, over))(askRequest(), never);

  it("that is closed is a fault that names it", async () => {
    const { port, close } = await startScriptedServer([]);
    await close();
    assertFault(await ask(`http://127.0.0.1:${port}/v1`), {
      kind: "unavailable",
      retry: true,
      says: new RegExp(`^Nothing answers at 127\\.0\\.0\\.1:${port}; start the server of "test"`),
    });
  });

  it("whose name nobody knows is a fault that names it", async () => {
    const result = await ask("http://proviso-no-such-host.invalid/v1");
    assert.ok(!result.ok);
    assert.equal(result.fault.kind, "unavailable");
    assert.match(result.fault.message, /The name proviso-no-such-host\.invalid (is not known|could not be looked up)/);
  });

  it("that does not speak HTTP is a fault", async () => {
    const talker = createServer((socket) => socket.resume().end("220 mail.example ESMTP\r\n"));
    await new Promise<void>((resolve) => talker.listen(0, "127.0.0.1", resolve));
    const { port } = talker.address() as AddressInfo;
    assertFault(await ask(`http://127.0.0.1:${port}/v1`), { kind: "broken", retry: true, says: /does not speak HTTP as expected/ });
    await new Promise((resolve) => talker.close(resolve));
  });

  it("that needs TLS where there is none is a fault", async () => {
    const { port } = await serve([]);
    assertFault(await ask(`https://127.0.0.1:${port}/v1`), {
      kind: "unavailable",
      retry: false,
      says: /No trusted secure connection to 127\.0\.0\.1/,
    });
  });

  it("is not asked at all once cancelled", async () => {
    const { url, requests } = await serve([]);
    const stop = AbortSignal.abort(new Error("too late"));
    await assert.rejects(openai(connection(url))(askRequest(), stop), /too late/);
    assert.equal(requests.length, 0);
  });
});

describe("a fault", () => {
  afterEach(closeServer);
  const leaky = (secret: string): Trouble => ({
    is: "status",
    status: 400,
    body: { error: { message: `Bad key ${secret} in header "Authorization: Bearer ${secret}"` } },
  });

  it("never holds the key, even where the server repeats it", async () => {
    const { url } = await serve([{ trouble: leaky(testKey) }]);
    const result = await openai(connection(url))(askRequest(), never);
    assert.ok(!result.ok);
    assert.equal(result.fault.message.includes(testKey), false);
    assert.match(result.fault.message, /Bad key \[secret\]/);
  });

  it("never holds the secret of a configured header", async () => {
    const { url } = await serve([{ trouble: leaky("very-private-value") }]);
    const result = await openai(connection(url, { headers: { "api-key": "very-private-value", "x-team": "header" } }))(askRequest(), never);
    assert.ok(!result.ok);
    assert.equal(result.fault.message.includes("very-private-value"), false);
    assert.match(result.fault.message, /header/);
  });

  it("never holds what looks like somebody else's key", async () => {
    const { url } = await serve([{ trouble: leaky("sk-proj-abcdefgh12345678") }]);
    const result = await openai(connection(url))(askRequest(), never);
    assert.ok(!result.ok);
    assert.equal(result.fault.message.includes("abcdefgh"), false);
  });

  it("says that a key is missing where none is set", async () => {
    const { url } = await serve([{ text: "hello" }], { key: testKey });
    assertFault(await openai(connection(url, { key: undefined }))(askRequest(), never), {
      kind: "unavailable",
      retry: false,
      says: /wants a key; set OPENAI_API_KEY\.$/,
    });
  });
});
