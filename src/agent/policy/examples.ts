// A rule's own examples: shell lines and calls that it must and must not fit. Run when rules load, so that a rule that does not
// say what its author meant never comes into force.

import type { Result } from "../result.ts";
import { fail, ok } from "../result.ts";
import type { Risk } from "../tool/risk.ts";
import type { Place } from "../world.ts";
import { type About, matches } from "./match.ts";
import type { Subject } from "./part.ts";
import { prepare } from "./prepare.ts";
import type { Example, Rule } from "./rules.ts";
import { foldPath } from "./shell/scene.ts";

export interface ExampleFault {
  readonly rule: string;
  readonly example: Example;
  /** One sentence. */
  readonly message: string;
}

/** Every example that does not hold. Examples are judged in an imaginary workspace; no file is looked at. */
export async function failingExamples(rules: readonly Rule[]): Promise<readonly ExampleFault[]> {
  const faults: ExampleFault[] = [];
  for (const rule of rules) {
    for (const example of rule.examples?.match ?? []) {
      if (!(await fits(rule, example)))
        faults.push({ rule: rule.id, example, message: `Rule "${rule.id}" should match ${told(example)} and does not.` });
    }
    for (const example of rule.examples?.noMatch ?? []) {
      if (await fits(rule, example))
        faults.push({ rule: rule.id, example, message: `Rule "${rule.id}" should not match ${told(example)} and does.` });
    }
  }
  return faults;
}

const told = (example: Example): string =>
  typeof example === "string" ? JSON.stringify(example) : `${example.tool} (${example.effect} ${example.path ?? example.host ?? ""})`;

/** True when some part of the example is one the rule speaks of. */
async function fits(rule: Rule, example: Example): Promise<boolean> {
  const { parts, ...about } = await subjectOf(rule, example);
  return parts.some((part) => matches(rule, part, about satisfies About));
}

const root = "/workspace";
const home = "/home/you";

/** The circumstances are those the rule speaks of; where it does not, a sandboxed command in a supervised run. */
async function subjectOf({ match }: Rule, example: Example): Promise<Subject> {
  const risk: Risk =
    typeof example === "string"
      ? { effects: ["execute"], paths: [], line: example, reversible: false }
      : {
          effects: [example.effect],
          paths: example.path === undefined ? [] : [example.path],
          hosts: example.host === undefined ? [] : [example.host],
          reversible: true,
        };
  const question = {
    tool: typeof example === "string" ? (match.tool?.[0] ?? "run_command") : example.tool,
    risk,
    role: match.role?.[0],
    mode: match.mode?.[0] ?? "supervised",
    tainted: match.tainted ?? false,
    disturbed: match.disturbed ?? false,
    sandboxed: match.sandboxed ?? true,
    usd: match.usdAtLeast,
    bytes: match.bytesAtLeast,
    confidence: match.confidenceBelow === undefined ? undefined : 0,
  };
  const { subject } = await prepare(question, { root, home, locate: locateImagined });
  return subject;
}

async function locateImagined(path: string): Promise<Result<Place>> {
  if (path.includes("\0")) return fail("invalid", "A path cannot hold a NUL character.");
  const real = foldPath(path.startsWith("/") ? path : `${root}/${path}`);
  const inside = real === root || real.startsWith(`${root}/`);
  const shown = inside ? real.slice(root.length + 1) || "." : real;
  return ok({ real, shown, inside, kind: "file" });
}
