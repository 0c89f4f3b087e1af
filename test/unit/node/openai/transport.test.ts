import { strict as assert } from "node:assert";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { Headers } from "../../../../src/node/openai/light-web.ts";
import { OversizedReply, send } from "../../../../src/node/openai/transport.ts";

describe("the transport", () => {
  let server: Server;
  afterEach(() => new Promise<void>((resolve) => server.close(() => resolve())));

  async function listen(started: Server): Promise<string> {
    server = started;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }
  const serve = (listener: RequestListener): Promise<string> => listen(createHttpServer(listener));
  const get = { method: "GET", headers: {} };

  it("sends method, headers and body, and gives status, headers and body", async () => {
    const url = await serve((request, response) => {
      response.writeHead(201, { "x-method": request.method, "x-team": request.headers["x-team"], "set-cookie": ["a", "b"] });
      request.pipe(response);
    });
    const response = await send(url, { method: "POST", headers: { "x-team": "blue" }, body: "grüß dich" });
    assert.deepEqual([response.ok, response.status], [true, 201]);
    assert.deepEqual(
      ["X-Method", "x-team", "set-cookie", "x-none"].map((name) => response.headers.get(name)),
      ["POST", "blue", "a, b", null],
    );
    assert.equal(await response.text(), "grüß dich");
  });

  it("asks again at once when an idle connection was closed under it", async () => {
    let connections = 0;
    const url = await listen(
      createServer((socket) => {
        const first = ++connections === 1;
        let requests = 0;
        socket.on("error", () => undefined);
        socket.on("data", () => {
          if (first && ++requests === 2) socket.resetAndDestroy();
          else socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
          if (!first) socket.end();
        });
      }),
    );
    assert.equal(await (await send(url, get)).text(), "ok");
    // The agent takes the connection back once the response has ended.
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(await (await send(url, get)).text(), "ok");
    assert.equal(connections, 2);
  });

  it("stops a reply that never ends", async () => {
    const piece = Buffer.alloc(2 ** 20, "x");
    const url = await serve((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(piece));
      };
      response.on("drain", more).writeHead(200);
      more();
    });
    const response = await send(url, get);
    await assert.rejects(response.text(), OversizedReply);
  }).timeout(20_000);

  it("reads no more of an error than can explain it", async () => {
    const url = await serve((_request, response) => response.writeHead(500).end("x".repeat(2 ** 20)));
    const text = await (await send(url, get)).text();
    assert.ok(text.length < 2 ** 18);
  });

  it("does not connect once cancelled", async () => {
    const url = await serve(() => assert.fail("asked"));
    await assert.rejects(send(url, { ...get, signal: AbortSignal.abort(new Error("too late")) }), /too late/);
  });
});

describe("light headers", () => {
  it("are found by any spelling of their name, joined when repeated", () => {
    const headers = new Headers([
      ["Accept", "a"],
      ["accept", "b"],
    ]);
    headers.set("X-One", "1");
    assert.deepEqual(
      [headers.get("ACCEPT"), headers.has("x-one"), [...headers]],
      [
        "a, b",
        true,
        [
          ["accept", "a, b"],
          ["x-one", "1"],
        ],
      ],
    );
    headers.delete("Accept");
    assert.deepEqual([...headers.entries()], [["x-one", "1"]]);
  });
});
