// Which models a server says it has. Does without the openai client, so that looking for servers costs nothing when there are none.

import * as z from "zod";
import { fail, ok, type Result } from "../../agent/result.ts";
import { hostOf } from "./connection.ts";
import { send } from "./transport.ts";

const List = z.object({ data: z.array(z.looseObject({ id: z.string().min(1) })) });

/** Ids in the server's own order. Faults: unavailable (nothing answers, or not with a list). Rejects only when cancelled. */
export async function listModels(
  baseURL: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Result<readonly string[]>> {
  const host = hostOf(baseURL);
  try {
    const response = await send(`${baseURL.replace(/\/$/, "")}/models`, {
      method: "GET",
      headers: { accept: "application/json", ...headers },
      signal,
    });
    const list = response.ok ? List.safeParse(await response.json()) : undefined;
    if (!list?.success) {
      await response.text();
      return fail("unavailable", `${host} does not list its models (HTTP ${response.status}); name one yourself.`);
    }
    return ok(list.data.data.map(({ id }) => id));
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Error)) throw error;
    return fail(
      "unavailable",
      `${host} does not list its models (${(error as NodeJS.ErrnoException).code ?? error.name}); check that it is up.`,
    );
  }
}

/** Whether the name is that of a model to talk with, rather than to embed, rank or listen with. */
export const isTalker = (model: string): boolean =>
  !/embed|rerank|whisper|tts|bge-|clip|moderation|dall-e|sora|image|transcribe|realtime|audio/i.test(model);
