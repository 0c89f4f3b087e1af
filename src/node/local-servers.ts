// Model servers that may run on this machine, and whether they do. Asks loopback only, all at once, and not for long:
// where nothing listens, the answer is immediate.

import { isTalker, listModels } from "./openai/models.ts";

export interface LocalServer {
  readonly id: string;
  readonly name: string;
  readonly baseURL: string;
}

export interface FoundServer extends LocalServer {
  /** Models to talk with, never empty. */
  readonly models: readonly string[];
}

const at = (id: string, name: string, port: number): LocalServer => ({ id, name, baseURL: `http://127.0.0.1:${port}/v1` });

/** In order of preference: the first two are surely what they seem; the ports of the others are used by many things. */
export const localServers: readonly LocalServer[] = [
  at("ollama", "Ollama", 11434),
  at("lmstudio", "LM Studio", 1234),
  at("llamacpp", "llama.cpp", 8080),
  at("vllm", "vLLM", 8000),
];

const usualPatienceMs = 300;

/** Those that answer with models, in order. Rejects only when cancelled. */
export async function findLocalServers(
  signal: AbortSignal,
  servers: readonly LocalServer[] = localServers,
  patienceMs = usualPatienceMs,
): Promise<readonly FoundServer[]> {
  const found = await Promise.all(servers.map((server) => probe(server, patienceMs, signal)));
  signal.throwIfAborted();
  return found.filter((server) => server !== undefined);
}

async function probe(server: LocalServer, patienceMs: number, signal: AbortSignal): Promise<FoundServer | undefined> {
  try {
    const models = await listModels(server.baseURL, {}, AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]));
    const talkers = models.ok ? models.value.filter(isTalker) : [];
    return talkers.length > 0 ? { ...server, models: talkers } : undefined;
  } catch {
    // Only cancelling and running out of patience end here.
    return undefined;
  }
}
