// Judging in tests: shell lines and calls in an imaginary workspace, with the shipped rules unless others are given.

import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { shippedPolicy } from "../../src/agent/policy/defaults.ts";
import { judge } from "../../src/agent/policy/judge.ts";
import { type Ground, prepare, type Question } from "../../src/agent/policy/prepare.ts";
import type { Decision, Match, Policy, Rule, Verdict } from "../../src/agent/policy/rules.ts";
import { fail, ok } from "../../src/agent/result.ts";
import type { Risk } from "../../src/agent/tool/risk.ts";

export const root = "/workspace";
export const home = "/home/you";

/** A disk of which only the links are known, from an absolute path to an absolute path, and the absolute paths where nothing is. */
export function imaginaryGround(links: Readonly<Record<string, string>> = {}, missing: readonly string[] = []): Ground {
  return {
    root,
    home,
    locate: async (path) => {
      if (path.includes("\0")) return fail("invalid", "A path cannot hold a NUL character.");
      let real = posix.resolve(root, path);
      for (let i = 0; i < 8; i++) {
        const link = Object.keys(links).find((from) => real === from || real.startsWith(`${from}/`));
        if (link !== undefined) real = `${links[link]}${real.slice(link.length)}`;
      }
      const inside = real === root || real.startsWith(`${root}/`);
      return ok({
        real,
        inside,
        shown: inside ? posix.relative(root, real) || "." : real,
        kind: missing.includes(real) ? "missing" : "file",
      });
    },
  };
}

export interface Circumstances extends Partial<Omit<Question, "tool" | "risk">> {
  readonly policy?: Policy;
  readonly ground?: Ground;
  readonly cwd?: string;
}

const usual = { mode: "supervised", tainted: false, sandboxed: true } as const;

/** Judges a shell line of a sandboxed, supervised run, unless said otherwise. */
export const judgeLine = async (line: string, about: Circumstances = {}): Promise<Decision> => (await weighLine(line, about)).decision;

/** The same with the risk as the policy understood it. */
export async function weighLine(
  line: string,
  { policy = shippedPolicy(root), ground = imaginaryGround(), cwd, ...rest }: Circumstances = {},
): Promise<{ readonly decision: Decision; readonly risk: Risk }> {
  const risk = { effects: ["execute" as const], paths: [], line, ...(cwd === undefined ? {} : { cwd }), reversible: false };
  const { subject, risk: understood } = await prepare({ ...usual, ...rest, tool: "run_command", risk }, ground);
  return { decision: judge(policy, subject), risk: understood };
}

/** Judges a call that is no command. */
export async function judgeTool(
  tool: string,
  risk: Question["risk"],
  { policy = shippedPolicy(root), ground = imaginaryGround(), ...rest }: Circumstances = {},
): Promise<Decision> {
  const { subject } = await prepare({ ...usual, ...rest, tool, risk }, ground);
  return judge(policy, subject);
}

export const rule = (id: string, verdict: Verdict, match: Match = {}, priority = 100): Rule => ({
  id,
  verdict,
  match,
  priority,
  why: `${id} says so.`,
});

/** The lines of a table in test/fixtures/policy: comments left out, "␤" made a line break. */
export function tableOf(name: string): readonly string[] {
  const text = readFileSync(join(process.cwd(), "test/fixtures/policy", name), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "" && !/^##? /.test(line))
    .map((line) => line.replaceAll("␤", "\n"));
}
