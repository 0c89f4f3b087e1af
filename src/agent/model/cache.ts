// Replies kept by the digest of their request: the very same request can be answered again without a model. Exact only; nothing near
// enough is ever served. Every whole reply is kept. Served at once where a person chose it for the purpose (`serves`), for so long as it
// is fresh; and to any purpose, in place of a failure, as the last model in a chain. Never to a request that wants a fresh one.

import { fail, ok, type Result } from "../result.ts";
import type { Clock } from "../world.ts";
import type { AskRequest, Layer, Purpose, Reply } from "./ask.ts";
import { answerSchema } from "./schema.ts";
import type { Provider } from "./fallback.ts";

/** Where replies are kept: bounded, and losing one is no harm. Neither rejects. */
export interface Replies {
  get(key: string): Promise<Kept | undefined>;
  put(key: string, kept: Kept): Promise<void>;
}

export interface Kept {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly reply: Omit<Reply, "answer">;
  /** The structured answer, as it was before it was parsed. */
  readonly answer?: unknown;
}

export interface CacheOptions {
  readonly clock: Clock;
  readonly digest: (text: string) => string;
  readonly replies: Replies;
  /** Names what answers, so that a reply of one set of models is not taken for that of another. */
  readonly models: string;
  /** Purposes whose requests are answered from here first. */
  readonly serves: readonly Purpose[];
  /** How long a reply serves. */
  readonly freshMs: number;
}

export interface Cache {
  readonly layer: Layer;
  /** For the end of a chain. */
  readonly provider: Provider;
}

const cachedName = "a cached answer";

export function cache({ clock, digest, replies, models, serves, freshMs }: CacheOptions): Cache {
  const keyOf = (request: AskRequest): string => digest(JSON.stringify([models, wordsOf(request)]));
  const find = async (request: AskRequest): Promise<Reply | undefined> => {
    if (request.fresh) return undefined;
    const kept = await replies.get(keyOf(request));
    return kept && clock.now() - kept.at < freshMs ? retold(kept, request) : undefined;
  };
  const tell = (request: AskRequest, reply: Reply): Result<Reply> => {
    if (reply.text !== "") request.onText?.(reply.text);
    return ok(reply);
  };
  return {
    layer: (next) => async (request, signal) => {
      const known = serves.includes(request.purpose) ? await find(request) : undefined;
      if (known) return tell(request, known);
      const result = await next(request, signal);
      if (result.ok && isWhole(result.value)) {
        const { answer, ...reply } = result.value;
        await replies.put(keyOf(request), { at: clock.now(), reply, ...(answer === undefined ? {} : { answer }) });
      }
      return result;
    },
    provider: {
      name: cachedName,
      lacks: async (request) => ((await find(request)) ? undefined : "does not exist for this request"),
      ask: async (request) => {
        const known = await find(request);
        return known ? tell(request, known) : fail("unavailable", "There is no cached answer any more; try again.");
      },
    },
  };
}

/** What decides the reply: the words. Not who listens, which run it is for, how calls are numbered, nor a provider's sealed items. */
const wordsOf = ({ purpose, messages, tools, answer, maxOutput, above }: AskRequest): unknown => [
  purpose,
  messages.map((message) =>
    message.role === "assistant"
      ? [message.role, message.text, message.calls.map(({ tool, args }) => [tool, args])]
      : message.role === "tool"
        ? [message.role, message.tool, message.text]
        : [message.role, message.text],
  ),
  tools,
  answer && [answer.name, answerSchema(answer.schema).plain],
  maxOutput ?? null,
  above ?? 0,
];

/** Cut off or refused replies are not kept, nor those that are from the cache themselves or made without a model. */
const isWhole = ({ finish, model }: Reply): boolean =>
  (finish === "stop" || finish === "calls") && model !== "rules" && !model.endsWith(` (${cachedName})`);

/** A kept reply as the answer to this request: it costs nothing, and says what it is. */
function retold({ reply, answer }: Kept, request: AskRequest): Reply | undefined {
  const parsed = request.answer?.schema.safeParse(answer);
  if (parsed && !parsed.success) return undefined;
  return {
    ...reply,
    ...(parsed ? { answer: parsed.data } : {}),
    model: `${reply.model} (${cachedName})`,
    usage: { input: 0, output: 0, usd: 0 },
  };
}
