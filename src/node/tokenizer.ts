// A real tokenizer (o200k, OpenAI's), loaded when it is first asked: most calls are far from any limit and need none.

import type { CountTokens } from "../agent/model/tokens.ts";

export const countTokens: CountTokens = async (text) => {
  const { countTokens: count } = await import("gpt-tokenizer/encoding/o200k_base");
  // Words of control are counted as the text they are.
  return count(text, { allowedSpecial: "all" });
};
