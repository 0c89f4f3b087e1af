// A request with the least in it, for tests of what asks models.

import type { AskRequest } from "../../src/agent/model/ask.ts";

export const askRequest = (over: Partial<AskRequest> = {}): AskRequest => ({
  purpose: "act",
  messages: [
    { role: "system", text: "You are terse." },
    { role: "user", text: "Say hello." },
  ],
  tools: [],
  subject: { run: "r1", goal: "greet" },
  ...over,
});
