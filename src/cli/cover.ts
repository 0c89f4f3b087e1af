// What --approve lets pass without asking. A level covers effects; it never covers what the policy denies, because that is not
// asked, and never a call whose ending is unknown, because only a person can find out, nor one outside the sandbox, nor a higher limit.

import { isAbsolute, relative } from "node:path";
import type { ApprovalRequest, Resolution } from "../agent/approval.ts";
import { fail } from "../agent/result.ts";
import type { Effect } from "../agent/tool/risk.ts";
import type { Person } from "../agent/world.ts";

export const levels = ["none", "reads", "edits", "all"] as const;
export type Level = (typeof levels)[number];

const covered: Readonly<Record<Exclude<Level, "none" | "all">, readonly Effect[]>> = {
  reads: ["read"],
  edits: ["read", "write", "delete"],
};

/** `root` is the absolute real path of the workspace: files outside it are never changed under "edits". */
export function covers(level: Level, { subject, risk }: ApprovalRequest, root: string): boolean {
  if (level === "none" || subject.of === "recovery" || subject.of === "outside" || subject.of === "limit") return false;
  if (level === "all") return true;
  // Whether to go on after a failure has no risk of its own to measure: that is a decision, not an effect.
  if (!risk || subject.of === "step") return false;
  const changes = risk.effects.some((effect) => effect !== "read");
  return risk.effects.every((effect) => covered[level].includes(effect)) && (!changes || risk.paths.every((path) => isInside(path, root)));
}

function isInside(path: string, root: string): boolean {
  const below = isAbsolute(path) ? relative(root, path) : path;
  return below !== ".." && !/^\.\.[\\/]/.test(below) && !isAbsolute(below);
}

/** Answers what the level covers and puts the rest to the person behind. */
export function coveredBy(level: Level, root: string, person: Person): Person {
  return {
    attended: person.attended,
    ...(person.patienceMs ? { patienceMs: person.patienceMs } : {}),
    decide: async (request, signal): Promise<Resolution> =>
      covers(level, request, root) ? { answer: "approve", digest: request.digest, by: "policy" } : person.decide(request, signal),
    answer: (question, options, signal) => person.answer(question, options, signal),
  };
}

/** Where there is no terminal: everything that must be asked is rejected at once, and the journal says that nobody was there. */
export const absent: Person = {
  attended: false,
  decide: async () => ({ answer: "reject", why: "no terminal is attached and --approve does not cover it.", unattended: true }),
  answer: async () => fail("unavailable", "Nobody is here to answer; decide with what you know, or stop and say what is missing."),
};
