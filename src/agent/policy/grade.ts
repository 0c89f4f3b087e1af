// How grave a call is, for whoever is asked about it: how loud to ask, never whether. From what it does, whether it can be undone,
// how far it reaches and how sure the agent is.

import * as z from "zod";
import { doubtful } from "../doubt.ts";
import type { Effect } from "../tool/risk.ts";
import type { PlacedPart, Subject } from "./part.ts";
import type { Trait } from "./rules.ts";

const grades = ["low", "moderate", "high", "critical"] as const;
export type Grade = z.infer<typeof Grade>;
export const Grade = z.enum(grades);

/** The grade of the gravest part; one step more where the agent doubts itself. */
export function gradeOf(subject: Subject): Grade {
  const worst = Math.max(0, ...subject.parts.map((part) => grades.indexOf(partGrade(part, subject))));
  const doubts = subject.confidence !== undefined && subject.confidence < doubtful && worst > 0;
  return grades[Math.min(worst + (doubts ? 1 : 0), grades.length - 1)] ?? "critical";
}

const byTrait: Readonly<Partial<Record<Trait, Grade>>> = {
  destructive: "critical",
  privilege: "critical",
  system: "critical",
  discard: "critical",
  credential: "high",
  environment: "high",
  dynamic: "high",
  unparsed: "high",
  obscure: "moderate",
  code: "moderate",
  unknown: "moderate",
};

const byEffect: Readonly<Record<Effect, Grade>> = { read: "low", execute: "low", write: "moderate", delete: "moderate", network: "high" };

function partGrade(part: PlacedPart, { sandboxed, tainted }: Subject): Grade {
  const found = [byEffect[part.effect], ...part.traits.map((trait) => byTrait[trait] ?? "low")];
  const looks = part.traits.length === 1 && part.traits[0] === "readonly";
  if (part.effect === "execute" && !looks) found.push(sandboxed ? "moderate" : "high");
  if (part.place && !part.place.inside) found.push(part.effect === "read" ? "moderate" : "critical");
  if (part.effect === "delete" && part.program !== undefined) found.push("high");
  if (tainted && part.effect === "network") found.push("critical");
  return found.reduce((worst, grade) => (grades.indexOf(grade) > grades.indexOf(worst) ? grade : worst), "low");
}
