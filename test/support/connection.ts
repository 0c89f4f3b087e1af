// A connection to a scripted server, for tests of the wire.

import type { Connection } from "../../src/node/openai/connection.ts";

export const testKey = "sk-test-0123456789abcdef";

export const connection = (baseURL: string, over: Partial<Connection> = {}): Connection => ({
  id: "test",
  baseURL,
  api: "chat",
  model: "scripted",
  key: testKey,
  keyName: "OPENAI_API_KEY",
  headers: {},
  stream: true,
  ...over,
});
