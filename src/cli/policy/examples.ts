// `proviso policy test [FILE]`: the rules' own examples, all of them, with what fails and where.

import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { shippedPolicy } from "../../agent/policy/defaults.ts";
import { failingExamples } from "../../agent/policy/examples.ts";
import type { Rule } from "../../agent/policy/rules.ts";
import { ok, type Result } from "../../agent/result.ts";
import { isMissing, refused } from "../../node/errno.ts";
import { personalRulesPath, workspaceRulesPath } from "../../node/policy.ts";
import { type FileKind, parsePolicy } from "../../node/policy/read-rules.ts";
import { parseArguments } from "../arguments.ts";
import { type Command, exit, jsonLine, refuse } from "../io.ts";
import { findWorkspace } from "../workspace.ts";

export const testRules: Command = async (args, io) => {
  const parsed = parseArguments(args, {}, 1);
  if (!parsed.ok) return refuse(io, parsed.fault, exit.usage);
  const { options, operands } = parsed.value;
  const found = await findWorkspace(io, options.workspace);
  if (!found.ok) return refuse(io, found.fault, exit.usage);
  const own = workspaceRulesPath(found.value.root);
  const named = operands[0] === undefined ? undefined : resolve(io.cwd, operands[0]);
  const shipped = shippedPolicy();
  const sources: readonly Source[] =
    named === undefined
      ? [
          { from: "shipped", rules: ok([...shipped.guard, ...shipped.personal]) },
          await source(own, "workspace", "optional"),
          await source(personalRulesPath(io.env, io.env["HOME"] ?? homedir()), "personal", "optional"),
        ]
      : [await source(named, named === own ? "workspace" : "personal", "needed")];
  const reports = await Promise.all(sources.map(report));
  const failures = reports.flatMap(({ failures: each }) => each);
  if (options.json) io.stdout.write(reports.map(jsonLine).join(""));
  else {
    for (const failure of failures) io.stdout.write(`${failure}\n`);
    for (const { from, rules, examples, failures: each } of reports)
      io.stdout.write(`${from}: ${rules} rules, ${examples} examples, ${each.length} wrong\n`);
  }
  return failures.length === 0 ? exit.done : exit.failed;
};

interface Source {
  readonly from: string;
  readonly rules: Result<readonly Rule[]>;
}

async function source(path: string, kind: FileKind, need: "optional" | "needed"): Promise<Source> {
  try {
    const parsed = await parsePolicy(await readFile(path, "utf8"), path, kind);
    return { from: path, rules: parsed.ok ? ok(parsed.value.map(({ rule }) => rule)) : parsed };
  } catch (error) {
    return {
      from: path,
      rules: need === "optional" && isMissing(error) ? ok([]) : refused(`The policy file ${path} could not be read`, error),
    };
  }
}

async function report({
  from,
  rules,
}: Source): Promise<{ readonly from: string; readonly rules: number; readonly examples: number; readonly failures: readonly string[] }> {
  if (!rules.ok) return { from, rules: 0, examples: 0, failures: [rules.fault.message] };
  const examples = rules.value.reduce((sum, rule) => sum + (rule.examples?.match.length ?? 0) + (rule.examples?.noMatch.length ?? 0), 0);
  const failures = (await failingExamples(rules.value)).map(({ message }) => message);
  return { from, rules: rules.value.length, examples, failures };
}
