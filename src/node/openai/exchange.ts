// One call to a server, as often as it takes to find out what the server does not understand. Loads the openai package.

import type { Ask, AskRequest, Reply } from "../../agent/model/ask.ts";
import { inWords } from "../../agent/model/react.ts";
import { ok, type Result } from "../../agent/result.ts";
import { callOnce } from "./call.ts";
import type { Connection } from "./connection.ts";
import { causeOf, faultOf } from "./faults.ts";
import { type Features, withoutRefused } from "./features.ts";
import { Refused } from "./refusal.ts";

/** No server lacks more than there are features. */
const mostLessons = 8;

/** The reply, or the fault. `learn` hears of every feature that had to go; rejects only when cancelled, or for a bug. */
export async function exchange(
  connection: Connection,
  request: AskRequest,
  start: Features,
  learn: (better: Features) => void,
  signal: AbortSignal,
): Promise<Result<Reply>> {
  let features = start;
  for (let lessons = 0; ; lessons++) {
    try {
      const { tools } = features;
      const once: Ask = async (asked, cancel) => ok(await callOnce(connection, asked, features, cancel));
      return await (tools ? once : inWords(once))(request, signal);
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
