// The words of policy: verdicts, rules, decisions. Schema and type of what a person may write in a policy file.
// Knows nothing of how a rule is matched (judge.ts) or where rules come from.

import * as z from "zod";
import { roles } from "../plan.ts";
import { Effect } from "../tool/tool.ts";

export type Verdict = z.infer<typeof Verdict>;
export const Verdict = z.enum(["allow", "ask", "deny"]);

/** Every field given must match (and); within a field any of the listed values (or). An empty match matches everything. */
export type Match = z.infer<typeof Match>;
export const Match = z.strictObject({
  tool: z.array(z.string()).optional(),
  /** Matches when the part has at least one of these effects. */
  effect: z.array(Effect).optional(),
  /** Globs over real paths, relative to the workspace inside it and absolute outside. Every path of the part must match. */
  path: z.array(z.string()).optional(),
  /** Where the paths lie. */
  where: z.enum(["inside", "outside"]).optional(),
  /** First word of a simple command, without its directory. */
  program: z.array(z.string()).optional(),
  /** Globs over the arguments, in order; "**" stands for any number of arguments. */
  args: z.array(z.string()).optional(),
  host: z.array(z.string()).optional(),
  role: z.array(z.enum(roles)).optional(),
  mode: z.array(z.string()).optional(),
  /** True: only where foreign text is in the context. */
  tainted: z.boolean().optional(),
  sandboxed: z.boolean().optional(),
});

export type Rule = z.infer<typeof Rule>;
export const Rule = z.strictObject({
  id: z.string().min(1),
  /** Lower is looked at first; rules of equal priority keep their order. */
  priority: z.number().int().default(100),
  match: Match,
  verdict: Verdict,
  why: z.string().min(1),
  /** Shell lines that this rule must and must not match; checked when the rules load. */
  examples: z.strictObject({ match: z.array(z.string()).default([]), noMatch: z.array(z.string()).default([]) }).optional(),
});

export const PolicyFile = z.strictObject({ $schema: z.string().optional(), version: z.literal(1).default(1), rules: z.array(Rule) });
export type PolicyFile = z.infer<typeof PolicyFile>;

export const ListName = z.enum(["guard", "workspace", "personal"]);
export type ListName = z.infer<typeof ListName>;

/** Three ordered lists; the strictest of their verdicts wins; silence of the personal list denies. */
export interface Policy {
  readonly guard: readonly Rule[];
  readonly workspace: readonly Rule[];
  readonly personal: readonly Rule[];
}

/** One simple command, redirection or path of a call, with the verdict it got and why. */
export type PartDecision = z.infer<typeof PartDecision>;
export const PartDecision = z.object({ part: z.string(), verdict: Verdict, list: ListName, rule: z.string().optional(), reason: z.string() });

export type Decision = z.infer<typeof Decision>;
export const Decision = z.object({
  verdict: Verdict,
  list: ListName,
  rule: z.string().optional(),
  reason: z.string(),
  parts: z.array(PartDecision),
});
