// A server that speaks OpenAI's wire formats from a script: /v1/responses, /v1/chat/completions and /v1/models, streamed or not,
// and that can go wrong in every way a real one does. Loopback only. Also runs as a process of its own (scripted-server-main.ts).

import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Cue, findLine, type Line, type Script, type Trouble } from "./script.ts";
import { type Api, cueOfBody, eventsOf, type Json, wholeOf } from "./scripted-wire.ts";

export interface ScriptedServer {
  /** Base URL for clients, ending in /v1. */
  readonly url: string;
  readonly port: number;
  /** Every request to a model so far, oldest first; questions about the server itself are not kept. */
  readonly requests: readonly ServedRequest[];
  /** Resolves with the next request to arrive. */
  readonly next: () => Promise<ServedRequest>;
  /** Resolves when no response is under way any more: every one was finished, or its client has gone. */
  readonly idle: () => Promise<void>;
  close(): Promise<void>;
}

export interface ServedRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Json;
  readonly at: number;
}

export interface ServerOptions {
  /** Models it says it has. */
  readonly models?: readonly string[];
  /** Requests must carry this bearer key. */
  readonly key?: string;
  /** Answers in one object even where a stream was asked for. */
  readonly neverStreams?: boolean;
  /** Knows only this API; the other one's path is not found. */
  readonly only?: Api;
  /** Rejects bodies with these fields, naming them, as servers do that do not know them; or with the complaint given. */
  readonly refuses?: readonly string[] | ((body: Json) => string | undefined);
  /** Cuts what it writes into pieces of so many bytes, wherever that falls. */
  readonly bytesPerWrite?: number;
  readonly port?: number;
}

export async function startScriptedServer(script: Script, options: ServerOptions = {}): Promise<ScriptedServer> {
  const requests: ServedRequest[] = [];
  const served = new Map<string, number>();
  let underWay = 0;
  const waiting: (() => void)[] = [];
  const expecting: ((request: ServedRequest) => void)[] = [];
  const server = createServer((request, response) => {
    underWay++;
    response.once("close", () => {
      if (--underWay === 0) for (const tell of waiting.splice(0)) tell();
    });
    serve(request, response).catch((error: unknown) => {
      response.destroy();
      throw error;
    });
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "").replace(/\?.*$/, "");
    const body = await bodyOf(request);
    const arrived = { path, headers: request.headers, body, at: performance.now() };
    if (request.method === "POST" && path.startsWith("/v1/")) {
      requests.push(arrived);
      for (const tell of expecting.splice(0)) tell(arrived);
    }
    if (options.key !== undefined && request.headers.authorization !== `Bearer ${options.key}`) {
      return sendJson(response, 401, {
        error: {
          message: `Incorrect API key provided: ${request.headers.authorization}`,
          type: "invalid_request_error",
          code: "invalid_api_key",
        },
      });
    }
    if (path === "/v1/models")
      return sendJson(response, 200, {
        object: "list",
        data: (options.models ?? ["scripted"]).map((id) => ({ id, object: "model", created: 0, owned_by: "test" })),
      });
    const api = path === "/v1/chat/completions" ? "chat" : path === "/v1/responses" ? "responses" : undefined;
    if (!api || (options.only && options.only !== api)) return sendJson(response, 404, { detail: "Not Found" });
    const complaint = complaintAbout(body, options.refuses ?? []);
    if (complaint !== undefined)
      return sendJson(response, 400, { error: { message: complaint, type: "invalid_request_error", code: null } });
    const cue = cueOfBody(api, body);
    const line = findLine(script, cue);
    await speak(response, {
      api,
      line,
      cue,
      stream: body["stream"] === true && options.neverStreams !== true,
      trouble: troubleFor(line, body),
      bytesPerWrite: options.bytesPerWrite,
    });
  }

  function troubleFor({ trouble }: Line, body: Json): Trouble | undefined {
    if (trouble === undefined || "is" in trouble) return trouble;
    const content = createHash("sha256").update(JSON.stringify(body)).digest("hex");
    const times = served.get(content) ?? 0;
    served.set(content, times + 1);
    return trouble[times];
  }

  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    port,
    requests,
    next: () => new Promise((resolve) => expecting.push(resolve)),
    idle: () => (underWay === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function complaintAbout(body: Json, refuses: NonNullable<ServerOptions["refuses"]>): string | undefined {
  if (typeof refuses === "function") return refuses(body);
  const path = refuses.map((field) => pathTo(body, field)).find((one) => one !== undefined);
  return path === undefined ? undefined : `Unsupported parameter: '${path}'`;
}

/** Where in the body a field of that name is: "text.format". */
function pathTo(value: unknown, field: string): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, child] of Object.entries(value)) {
    if (key === field) return key;
    const below = pathTo(child, field);
    if (below !== undefined) return `${key}.${below}`;
  }
  return undefined;
}

interface Speech {
  readonly api: Api;
  readonly line: Line;
  readonly cue: Cue;
  readonly stream: boolean;
  readonly trouble: Trouble | undefined;
  readonly bytesPerWrite: number | undefined;
}

const forever = (): Promise<never> => new Promise(() => undefined);

async function speak(response: ServerResponse, speech: Speech): Promise<void> {
  const { api, line, cue, stream, trouble } = speech;
  switch (trouble?.is) {
    default:
      break;
    case "status":
      return sendJson(
        response,
        trouble.status,
        trouble.body ?? { error: { message: `made to fail with ${trouble.status}`, type: "test" } },
        trouble.headers,
      );
    case "hang":
      return forever();
    case "page":
      response.writeHead(trouble.status ?? 200, { "content-type": "text/html" });
      response.end("<!DOCTYPE html><html><body><h1>Sign in</h1></body></html>");
      return;
    case "wrong shape":
      return sendJson(response, 200, [["surprise"]]);
  }
  if (!stream) return speakWhole(response, speech);
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
  const events = trouble?.is === "no choice" ? emptyEvents(api) : eventsOf(api, line, cue);
  const write = (text: string): Promise<void> => writeAll(response, text, speech.bytesPerWrite);
  for (const [at, event] of events.entries()) {
    if (trouble && "after" in trouble && at === trouble.after) return misbehave(response, trouble, write);
    const text = `${api === "responses" ? `event: ${String(event["type"])}\n` : ""}data: ${JSON.stringify(event)}\n\n`;
    await write(trouble?.is === "broken events" ? text.replaceAll("\n", " ").replaceAll("data:", "dato:") : text);
  }
  if (api === "chat") await write("data: [DONE]\n\n");
  response.end();
}

async function misbehave(
  response: ServerResponse,
  trouble: Extract<Trouble, { readonly after: number }>,
  write: (text: string) => Promise<void>,
): Promise<void> {
  switch (trouble.is) {
    case "stall":
      return forever();
    case "cut":
      await write('data: {"half":');
      response.destroy();
      return;
    case "early end":
      response.end();
      return;
    case "invalid json":
      await write("data: {not json}\n\n");
      response.end();
      return;
    case "error event":
      await write(`event: error\ndata: ${JSON.stringify(trouble.error)}\n\n`);
      response.end();
      return;
  }
}

async function speakWhole(response: ServerResponse, { api, line, cue, trouble }: Speech): Promise<void> {
  const whole = wholeOf(api, line, cue);
  const text = JSON.stringify(trouble?.is === "no choice" ? { ...whole, choices: [], output: [] } : whole);
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  switch (trouble?.is) {
    case undefined:
    case "no choice":
      response.end(text);
      return;
    case "stall":
      response.write(text.slice(0, 20));
      return forever();
    case "invalid json":
    case "broken events":
      response.end(`${text.slice(0, -9)}?????????`.slice(0, text.length));
      return;
    case "error event":
      response.end(JSON.stringify({ error: trouble.error }).padEnd(Buffer.byteLength(text)).slice(0, Buffer.byteLength(text)));
      return;
    default:
      // The length was promised; less comes.
      response.write(text.slice(0, 20), () => response.destroy());
  }
}

function emptyEvents(api: Api): readonly Json[] {
  const base = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 0, model: "scripted", choices: [] };
  if (api === "chat") return [base, { ...base, usage: { prompt_tokens: 5, completion_tokens: 0, total_tokens: 5 } }];
  return [
    {
      type: "response.completed",
      sequence_number: 0,
      response: { id: "resp_1", object: "response", status: "completed", error: null, output: [], usage: null },
    },
  ];
}

async function writeAll(response: ServerResponse, text: string, size: number | undefined): Promise<void> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size ?? bytes.length) {
    const piece = bytes.subarray(at, at + (size ?? bytes.length));
    await new Promise<void>((resolve) => response.write(piece, () => resolve()));
  }
}

function sendJson(response: ServerResponse, status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(typeof value === "string" ? value : JSON.stringify(value));
}

async function bodyOf(request: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return text === "" ? {} : (JSON.parse(text) as Json);
}
