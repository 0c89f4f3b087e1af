// One HTTP exchange through the openai client, and the choice of how to read what comes back.
// The client brings authentication, headers, URLs and the event-stream parser; transport.ts carries its requests.

import OpenAI from "openai";
import type { AskRequest, Reply } from "../../agent/model/ask.ts";
import { ChatReader, chatBody } from "./chat.ts";
import type { Connection } from "./connection.ts";
import { WireFault } from "./faults.ts";
import type { Features } from "./features.ts";
import { Refused, refusalInStream, refusalOfResponse } from "./refusal.ts";
import { ResponsesReader, responsesBody } from "./responses.ts";
import { send, type WireResponse } from "./transport.ts";

/** Asks once. Throws whatever goes wrong; faults.ts knows what it means. */
export async function callOnce(connection: Connection, request: AskRequest, features: Features, signal: AbortSignal): Promise<Reply> {
  const { id, model } = connection;
  const client = clientFor(connection, request.onActivity);
  if (features.api === "chat") {
    const reader = new ChatReader(request, model);
    const body = chatBody(request, model, features);
    await pour(
      client.post("/chat/completions", { body, stream: features.stream, signal }),
      (part) => reader.read(part),
      (whole) => reader.read(whole),
    );
    return reader.reply();
  }
  const reader = new ResponsesReader(request, { provider: id, model });
  const body = responsesBody(request, { provider: id, model }, features);
  await pour(
    client.post("/responses", { body, stream: features.stream, signal }),
    (part) => reader.read(part),
    (whole) => reader.readWhole(whole),
  );
  return reader.reply();
}

function clientFor({ baseURL, key, headers }: Connection, onActivity: (() => void) | undefined): OpenAI {
  return new OpenAI({
    baseURL,
    apiKey: key ?? "none",
    defaultHeaders: { ...(key === undefined ? { Authorization: null } : {}), ...headers },
    // Credentials and destinations come from the connection alone.
    adminAPIKey: null,
    organization: null,
    project: null,
    maxRetries: 0,
    // Time-outs are a layer's affair, and this one would cut a long wait for a first byte.
    timeout: 2 ** 31 - 1,
    logLevel: "off",
    fetch: async (url, init) => {
      if (typeof url !== "string") throw new TypeError("the openai client names addresses as text");
      const { method = "GET", body, signal } = init ?? {};
      const fields = Object.fromEntries((init?.headers ?? []) as Iterable<[string, string]>);
      const response = await send(
        url,
        { method, headers: fields, ...(typeof body === "string" ? { body } : {}), ...(signal ? { signal } : {}) },
        onActivity,
      );
      const page = response.headers.get("content-type")?.includes("text/html") ?? false;
      if (!response.ok || page) throw new Refused(refusalOfResponse(response.status, response.headers, await response.text(), Date.now()));
      // Of a Response the client uses only what WireResponse has.
      return response as unknown as Response;
    },
  });
}

interface Pending {
  withResponse(): Promise<{ readonly data: unknown; readonly response: unknown }>;
}

/** Feeds the parts of a stream, or the one JSON value of a server that does not stream (asked to or not), to a reader. */
async function pour(pending: Pending, onPart: (part: unknown) => void, onWhole: (whole: unknown) => void): Promise<void> {
  const { data, response } = await pending.withResponse();
  const { headers, json } = response as WireResponse;
  if (!isStream(data)) return onWhole(accepted(typeof data === "string" ? JSON.parse(data) : data));
  if (headers.get("content-type")?.includes("application/json")) return onWhole(accepted(await json()));
  let parts = 0;
  for await (const part of data) {
    parts++;
    onPart(part);
  }
  if (parts === 0) throw new WireFault("answered with nothing");
}

const isStream = (data: unknown): data is AsyncIterable<unknown> =>
  typeof data === "object" && data !== null && Symbol.asyncIterator in data;

/** Some servers report errors with HTTP 200. */
function accepted(whole: unknown): unknown {
  const error = typeof whole === "object" && whole !== null && "error" in whole ? whole.error : undefined;
  if (error && !("object" in (whole as object))) throw new Refused(refusalInStream(error));
  return whole;
}
