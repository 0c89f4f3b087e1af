// An Ask over the openai package: one call to one model of one server, streamed, native tool calls, no retries.
// Everything the server does wrong becomes a Fault; cancelling rejects at once and closes the socket.
// The package is loaded on the first call and never before: whoever works without a model does not pay for it.

import { abortable, linked } from "../../agent/model/abort.ts";
import type { Capability } from "../../agent/model/capability.ts";
import type { Ask } from "../../agent/model/ask.ts";
import type { Connection } from "./connection.ts";
import { type Features, initialFeatures } from "./features.ts";

/** One model of one server; `tools` says where it is known beforehand that it calls them in words alone. Structured answers come back as text: put `structured` (agent/model/answer.ts) around it. */
export function openai(connection: Connection, tools?: Capability["tools"], onLearn?: (features: Features) => void): Ask {
  let features = initialFeatures(connection, tools);
  const learn = (better: Features): void => {
    features = better;
    onLearn?.(better);
  };
  return async (request, signal) => {
    signal.throwIfAborted();
    const { exchange } = await import("./exchange.ts");
    // The client never takes its listeners off a signal again, so each call gets its own.
    const call = linked(signal);
    return abortable(exchange(connection, request, features, learn, call.signal), signal).finally(call.release);
  };
}
