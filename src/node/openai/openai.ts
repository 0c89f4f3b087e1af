// An Ask over the openai package: one call to one model of one server, streamed, native tool calls, no retries.
// Everything the server does wrong becomes a Fault; cancelling rejects at once and closes the socket.
// The package is loaded on the first call, beside the first request, never before.

import { abortable, linked } from "../../agent/model/abort.ts";
import type { Ask, AskRequest, Reply } from "../../agent/model/ask.ts";
import { ok, type Result } from "../../agent/result.ts";
import type { Connection } from "./connection.ts";
import { type Features, initialFeatures } from "./features.ts";

/** One model of one server. Structured answers come back as text: put `structured` (agent/model/answer.ts) around it. */
export function openai(connection: Connection): Ask {
  let features = initialFeatures(connection);
  return async (request, signal) => {
    signal.throwIfAborted();
    const learn = (better: Features): void => {
      features = better;
    };
    // The client never takes its listeners off a signal again, so each call gets its own.
    const call = linked(signal);
    return abortable(exchange({ connection, request, features, learn }, call.signal), signal).finally(call.release);
  };
}

interface Exchange {
  readonly connection: Connection;
  readonly request: AskRequest;
  readonly features: Features;
  readonly learn: (better: Features) => void;
}

/** No server can lack more than there are features. */
const mostLessons = 8;

async function exchange({ connection, request, learn, ...start }: Exchange, signal: AbortSignal): Promise<Result<Reply>> {
  const [{ callOnce }, { causeOf, faultOf }, { Refused }, { withoutRefused }] = await Promise.all([
    import("./call.ts"),
    import("./faults.ts"),
    import("./refusal.ts"),
    import("./features.ts"),
  ]);
  let { features } = start;
  for (let lessons = 0; ; lessons++) {
    try {
      return ok(await callOnce(connection, request, features, signal));
    } catch (error) {
      signal.throwIfAborted();
      const cause = causeOf(error);
      const better = cause instanceof Refused && lessons < mostLessons ? withoutRefused(features, cause.refusal, connection) : undefined;
      if (!better) return { ok: false, fault: faultOf(error, connection) };
      features = better;
      learn(better);
    }
  }
}
