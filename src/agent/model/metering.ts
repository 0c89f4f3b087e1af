// Counts the tokens of a reply whose server told none. Such numbers are marked, because a bill may differ from them.

import { ok } from "../result.ts";
import type { Layer } from "./ask.ts";
import { countRequest, type CountTokens } from "./tokens.ts";

export const metering =
  (count: CountTokens): Layer =>
  (next) =>
  async (request, signal) => {
    const result = await next(request, signal);
    if (!result.ok || result.value.usage.input + result.value.usage.output > 0) return result;
    const { text, calls } = result.value;
    const [input, output] = await Promise.all([
      countRequest(request, count),
      count([text, ...calls.map((call) => call.tool + call.args)].join("\n")),
    ]);
    return ok({ ...result.value, usage: { input, output, counted: true } });
  };
