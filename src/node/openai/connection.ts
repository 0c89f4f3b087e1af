// Which model, where, and with what credentials: all a client needs to know of a provider. Pure data, made by config.ts.

/** `auto` is Responses for OpenAI itself and Chat Completions elsewhere, or the other one where a server knows only that. */
export type Api = "responses" | "chat" | "auto";

export interface Connection {
  /** The provider's name, as people configured it: "openai", "ollama". */
  readonly id: string;
  /** Ends before "/responses" or "/chat/completions", usually in "/v1". */
  readonly baseURL: string;
  readonly api: Api;
  readonly model: string;
  readonly key: string | undefined;
  /** Where the key comes from, for messages: "OPENAI_API_KEY" or a place in the config file. */
  readonly keyName: string;
  readonly headers: Readonly<Record<string, string>>;
  /** False for servers that cannot stream. */
  readonly stream: boolean;
}

/** Host and port as people know the server. Never holds credentials. */
export function hostOf(baseURL: string): string {
  const { host, hostname } = new URL(baseURL);
  return isLoopback(hostname) ? host : hostname;
}

export const isLoopback = (hostname: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

/** The same text without anything secret of the connection: its key, secret headers, and whatever looks like a key. */
export function redact(text: string, { key, headers }: Pick<Connection, "key" | "headers">): string {
  const hidden = Object.entries(headers).flatMap(([name, value]) =>
    /key|token|auth|secret|cookie/i.test(name) ? [value, value.replace(/^\w+ /, "")] : [],
  );
  const known = [key ?? "", ...hidden].filter((secret) => secret.length >= 4).sort((a, b) => b.length - a.length);
  const without = known.reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text);
  return without.replaceAll(/\b[sp]k-[\w*.-]{6,}/g, "[secret]");
}
