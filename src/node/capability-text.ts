// What a model takes, does and costs, in a line: "128k context · calls tools · sees images · $1.25 in, $10 out per million tokens".

import type { Capability } from "../agent/model/capability.ts";

/** What is not known is said to be unknown. */
export function capabilityText({ context, tools, vision, price }: Capability): string {
  return [
    context === undefined ? "context unknown" : `${thousands(context)} context`,
    ...(tools === undefined ? [] : [tools === "native" ? "calls tools" : tools === "words" ? "tools in words" : "no tools"]),
    ...(vision ? ["sees images"] : []),
    price ? `$${short(price.input)} in, $${short(price.output)} out per million tokens` : "price unknown",
  ].join(" · ");
}

const thousands = (tokens: number): string =>
  tokens >= 1_000_000 ? `${short(tokens / 1_000_000)}M` : tokens >= 1000 ? `${Math.round(tokens / 1000)}k` : String(tokens);

const short = (value: number): string => String(Math.round(value * 1000) / 1000);
