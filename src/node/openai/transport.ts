// Carries the openai client's requests over node:http(s) instead of fetch. Gains: cancelling closes the socket at once, system
// errors keep their codes, every byte counts as a sign of life, an editor's proxy settings apply, and the first request leaves
// about 20 ms earlier. Redirects are not followed: a key must not travel to a host nobody configured.

import type { IncomingMessage } from "node:http";
import http from "node:http";
import { Headers } from "./light-web.ts";

/** What the client uses of a Response. */
export interface WireResponse {
  readonly ok: boolean;
  readonly status: number;
  readonly url: string;
  readonly headers: Headers;
  readonly body: AsyncIterable<Uint8Array>;
  text(): Promise<string>;
  json(): Promise<unknown>;
}

export interface WireRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** The reply grew past what any answer can be; its message ends in what to do. */
export class OversizedReply extends Error {
  override readonly name = "OversizedReply";
}

/** No answer of a model is this long; a server that goes on writing is broken. */
const mostBytes = 64 * 2 ** 20;
/** An error's explanation is read this far. */
const mostErrorBytes = 64 * 2 ** 10;

/** Sends one request. Resolves with the response's head; rejects with the system error, or with the signal's reason. */
export async function send(url: string, request: WireRequest, onBytes: () => void = () => undefined): Promise<WireResponse> {
  const message = await exchange(url, request);
  const status = message.statusCode ?? 0;
  const succeeded = status >= 200 && status < 300;
  const answers = succeeded && !message.headers["content-type"]?.includes("text/html");
  const body = bytesOf(message, onBytes, answers ? mostBytes : mostErrorBytes, answers);
  const text = (): Promise<string> => textOf(body);
  return {
    ok: succeeded,
    status,
    url,
    headers: new Headers(
      Object.entries(message.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, [value].flat().join(", ")] as const])),
    ),
    body,
    text,
    json: async () => JSON.parse(await text()) as unknown,
  };
}

async function exchange(url: string, wire: WireRequest): Promise<IncomingMessage> {
  const { request: open } = url.startsWith("https:") ? (await import("node:https")).default : http;
  wire.signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const attempt = (): void => {
      const request = open(url, { method: wire.method, headers: { ...wire.headers } });
      const cancel = (): void => void request.destroy(abortReason(wire.signal));
      wire.signal?.addEventListener("abort", cancel, { once: true });
      request.once("response", resolve);
      request.once("close", () => wire.signal?.removeEventListener("abort", cancel));
      request.once("error", (error: NodeJS.ErrnoException) => {
        // The server closed an idle connection just as it was used again; nothing was processed.
        if (request.reusedSocket && error.code === "ECONNRESET" && !wire.signal?.aborted) attempt();
        else reject(error);
      });
      request.end(wire.body);
    };
    attempt();
  });
}

const abortReason = (signal: AbortSignal | undefined): Error =>
  signal?.reason instanceof Error ? signal.reason : new DOMException("cancelled", "AbortError");

async function* bytesOf(message: IncomingMessage, onBytes: () => void, most: number, complain: boolean): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of message as AsyncIterable<Uint8Array>) {
    onBytes();
    total += chunk.length;
    if (total > most) {
      message.destroy();
      if (complain) throw new OversizedReply(`the reply is larger than ${most / 2 ** 20} MB`);
      return;
    }
    yield chunk;
  }
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
