// The words of policy: verdicts, rules, decisions. Schema and type of what a person may write in a policy file.
// Knows nothing of how a rule is matched (judge.ts) or where rules come from.

import * as z from "zod";
import { roles } from "../plan.ts";
import { Effect } from "../tool/risk.ts";

export type Verdict = z.infer<typeof Verdict>;
export const Verdict = z.enum(["allow", "ask", "deny"]);

/** What is known of a part besides its effect. */
export type Trait = z.infer<typeof Trait>;
export const Trait = z.enum([
  /** A program known to only look, with arguments known to keep it so. */
  "readonly",
  /** A known program that changes what it is told to. */
  "changes",
  /** Runs code that is not in the line: an interpreter, a build, a script, a package. */
  "code",
  /** A program the table does not know. */
  "unknown",
  /** A known program with an option or argument the table does not know. */
  "obscure",
  /** What runs, or what it touches, is computed at run time. */
  "dynamic",
  /** The line could not be read with certainty. */
  "unparsed",
  /** Changes what the programs after it are or do: PATH, LD_PRELOAD, GIT_*, ... */
  "environment",
  /** Changes the machine: services, users, packages, mounts, the clock, other processes. */
  "system",
  /** Runs as somebody else or in another root. */
  "privilege",
  /** Throws work away that nothing can bring back. */
  "discard",
  /** Uses or shows credentials. */
  "credential",
  /** Known to destroy a disk, a home or a system. */
  "destructive",
]);

/** An allow rule matches a part with one of these only where it names it: nobody allows them by accident. */
export const grave: readonly Trait[] = [
  "obscure",
  "dynamic",
  "unparsed",
  "environment",
  "system",
  "privilege",
  "discard",
  "credential",
  "destructive",
];

/** Bounded, so that a file from elsewhere cannot make judging slow. */
const Glob = z
  .string()
  .max(500)
  .refine((pattern) => pattern.split("{").length <= 6, "has more than five alternatives in braces");

/**
 * Every field given must match (and); within a field any of the listed values (or). An empty match matches everything.
 * A rule is held against one part at a time: one simple command, redirection, path or host of a call.
 */
export type Match = z.infer<typeof Match>;
export const Match = z.strictObject({
  workspace: z.array(z.string()).optional().describe("Absolute folders: matches in these workspaces only."),
  tool: z.array(z.string()).optional().describe("Names of tools."),
  effect: z.array(Effect).optional().describe("What the part does; each part does exactly one of these."),
  trait: z.array(Trait).optional().describe("What is known of the part. An allow rule must name the grave ones it means to allow."),
  path: z
    .array(Glob)
    .optional()
    .describe(
      'Globs over real paths, relative to the workspace inside it, absolute or from "~/" outside. An allow rule must cover all that the part may touch; an ask or deny rule matches (in any case of letters) as soon as it may touch one such path.',
    ),
  within: z.array(Glob).optional().describe("The same globs, but whatever the verdict, all that the part may touch must lie in them."),
  where: z.enum(["inside", "outside"]).optional().describe("Where the path lies."),
  program: z
    .array(z.string())
    .optional()
    .describe(
      "First word of a simple command, without its folder. An allow rule with a program and no effect allows running it, not what its arguments touch.",
    ),
  args: z.array(Glob).optional().describe('Globs over the arguments, in order; "**" stands for any number of arguments.'),
  line: z.array(z.string()).optional().describe("The whole shell line, exactly."),
  host: z.array(Glob).optional().describe("Globs over host names."),
  bytesAtLeast: z.number().nonnegative().optional().describe("Matches where the call would write at least so many bytes."),
  usdAtLeast: z.number().nonnegative().optional().describe("Matches once the run has cost at least so much."),
  confidenceBelow: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("Matches where the agent's own confidence, 0 to 1, is known and below this."),
  role: z.array(z.enum(roles)).optional().describe("Who does the step."),
  mode: z.array(z.string()).optional().describe("read-only, supervised or autonomous."),
  tainted: z.boolean().optional().describe("True: only where foreign text is in the context."),
  disturbed: z
    .boolean()
    .optional()
    .describe("True: only after a command made or changed what other programs obey, until a person approves something."),
  sandboxed: z.boolean().optional().describe("Whether the operating system would confine a command."),
});

/** A shell line, or the call of a tool: what it would do to which path or host. */
export type Example = z.infer<typeof Example>;
export const Example = z.union([
  z.string(),
  z.strictObject({ tool: z.string(), effect: Effect, path: z.string().optional(), host: z.string().optional() }),
]);

export type Rule = z.infer<typeof Rule>;
export const Rule = z.strictObject({
  id: z.string().min(1).describe("Named in every decision the rule makes; once per file."),
  priority: z
    .number()
    .int()
    .default(100)
    .describe("Lower is looked at first; rules of equal priority keep their order. The shipped rules begin at 1000."),
  match: Match,
  verdict: Verdict,
  why: z.string().min(1).describe("One sentence, shown with every decision."),
  examples: z
    .strictObject({ match: z.array(Example).default([]), noMatch: z.array(Example).default([]) })
    .optional()
    .describe("What this rule must and must not match: shell lines or calls. Checked when the rules load."),
});

export const PolicyFile = z.strictObject({ $schema: z.string().optional(), version: z.literal(1).default(1), rules: z.array(Rule) });
export type PolicyFile = z.infer<typeof PolicyFile>;

export const ListName = z.enum(["guard", "workspace", "role", "personal"]);
export type ListName = z.infer<typeof ListName>;

/** Ordered lists; in each the first match decides, the strictest of their verdicts wins, silence of the personal list denies. */
export interface Policy {
  readonly guard: readonly Rule[];
  readonly workspace: readonly Rule[];
  /** What the roles of a child run and of its parents may not exceed: one more list each, which can only tighten. */
  readonly ceilings?: readonly (readonly Rule[])[];
  readonly personal: readonly Rule[];
}

/** One simple command, redirection or path of a call, with the verdict it got and why. Older journals know no more than that. */
export type PartDecision = z.infer<typeof PartDecision>;
export const PartDecision = z.object({
  part: z.string(),
  verdict: Verdict,
  list: ListName,
  rule: z.string().optional(),
  reason: z.string(),
  effect: Effect.optional(),
  /** The path or host it falls on, as the call names it. */
  named: z.string().optional(),
  /** Where that path really leads, if elsewhere than it says. */
  leads: z.string().optional(),
  /** It writes what was not there. */
  fresh: z.boolean().optional(),
  /** Where it stands in the line of the call's risk: from a character up to another, in units of UTF-16. */
  spans: z.array(z.tuple([z.number(), z.number()])).optional(),
});

export type Decision = z.infer<typeof Decision>;
export const Decision = z.object({
  verdict: Verdict,
  list: ListName,
  rule: z.string().optional(),
  reason: z.string(),
  parts: z.array(PartDecision),
});
