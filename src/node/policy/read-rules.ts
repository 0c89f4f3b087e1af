// One policy file, read and checked as a whole: JSON with comments, the schema, what a list may hold, unique ids, and the rules' own
// examples. The first thing wrong refuses the file, with its line and a reason that says what to correct.

import { readFile } from "node:fs/promises";
import type { JSONPath } from "jsonc-parser";
import { failingExamples } from "../../agent/policy/examples.ts";
import { PolicyFile, type Rule } from "../../agent/policy/rules.ts";
import { fail, ok, type Result } from "../../agent/result.ts";
import { isMissing, refused } from "../errno.ts";

export type FileKind = "workspace" | "personal";

/** A rule and the line of its file that it begins at. */
export interface WrittenRule {
  readonly rule: Rule;
  readonly line: number;
}

/** The rules of a file; none where there is no file. */
export async function readRules(path: string, kind: FileKind): Promise<Result<readonly WrittenRule[]>> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    return isMissing(error) ? ok([]) : refused(`The policy file ${path} could not be read`, error);
  }
  return parseRules(text, path, kind);
}

/** The same from a text; `path` is for the messages. */
export async function parseRules(text: string, path: string, kind: FileKind): Promise<Result<readonly WrittenRule[]>> {
  const parsed = await parsePolicy(text, path, kind);
  return parsed.ok ? keepingExamples(parsed.value) : parsed;
}

/** The value of a setting that holds rules: the same schema and the same checks, its faults name the place by its path. */
export async function checkSetting(value: unknown, name: string): Promise<Result<readonly Rule[]>> {
  const wrong = (where: JSONPath, what: string) =>
    fail(
      "invalid",
      `The setting ${[name, ...where.slice(1)].map(step).join("")}: ${what.replace(/^"rules[^"]*" /, "")}; correct it, it is not used until then.`,
    );
  const checked = checkRules({ rules: value ?? [] }, "personal", wrong);
  if (!checked.ok) return checked;
  const kept = await keepingExamples(
    checked.value.map((rule, index) => ({ rule, line: 0, wrong: (what) => wrong(["rules", index], what) })),
  );
  return kept.ok ? ok(kept.value.map(({ rule }) => rule)) : kept;
}

const step = (one: string | number, index: number): string => (typeof one === "number" ? `[${one}]` : index === 0 ? one : `.${one}`);

async function keepingExamples(rules: readonly ReadRule[]): Promise<Result<readonly WrittenRule[]>> {
  for (const { rule, wrong } of rules) {
    const [fault] = await failingExamples([rule]);
    if (fault) return wrong(fault.message.replace(/\.$/, ""));
  }
  return ok(rules.map(({ rule, line }) => ({ rule, line })));
}

export interface ReadRule extends WrittenRule {
  /** A fault that points at the rule's examples. */
  readonly wrong: (what: string) => ReturnType<typeof fail>;
}

/** Everything but the examples. */
export async function parsePolicy(text: string, path: string, kind: FileKind): Promise<Result<readonly ReadRule[]>> {
  const { parseTree, getNodeValue, findNodeAtLocation, printParseErrorCode } = await import("jsonc-parser");
  const body = text.replace(/^\uFEFF/, "");
  const lineAt = (offset: number): number => body.slice(0, offset).split("\n").length;
  const wrong = (offset: number, what: string) =>
    fail("invalid", `${path}:${lineAt(offset)}: ${what}; correct it, the file is not used until then.`);
  if (body.trim() === "") return wrong(0, "the file is empty");
  const errors: { error: number; offset: number; length: number }[] = [];
  const tree = parseTree(body, errors, { allowTrailingComma: true });
  const [broken] = errors;
  if (!tree || broken)
    return wrong(broken?.offset ?? 0, `not JSON (${broken ? words(printParseErrorCode(broken.error)) : "value expected"})`);
  const at = (where: JSONPath): number =>
    (findNodeAtLocation(tree, where) ?? (where.length === 0 ? tree : undefined))?.offset ?? at(where.slice(0, -1));
  const checked = checkRules(getNodeValue(tree), kind, (where, what) => wrong(at(where), what));
  if (!checked.ok) return checked;
  return ok(
    checked.value.map((rule, index) => ({
      rule,
      line: lineAt(at(["rules", index])),
      wrong: (what) => wrong(at(["rules", index, "examples"]), what),
    })),
  );
}

/** The schema, what a list may hold, and unique ids. */
function checkRules(value: unknown, kind: FileKind, wrong: (where: JSONPath, what: string) => Result<never>): Result<readonly Rule[]> {
  const parsed = PolicyFile.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const unknown = issue?.code === "unrecognized_keys" ? issue.keys[0] : undefined;
    const where = [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])].map((one) =>
      typeof one === "symbol" ? String(one) : one,
    );
    const what = unknown === undefined ? (issue?.message ?? "is wrong").replace(/^Invalid (input|option): /, "") : "is no word of policy";
    return wrong(where, `"${where.join(".")}" ${what}`);
  }
  const { rules } = parsed.data;
  for (const [index, rule] of rules.entries()) {
    if (kind === "workspace" && rule.verdict === "allow")
      return wrong(["rules", index, "verdict"], `rule "${rule.id}" allows, and a workspace's own rules may only ask or deny`);
    if (rules.findIndex(({ id }) => id === rule.id) < index) return wrong(["rules", index], `there are two rules called "${rule.id}"`);
  }
  return ok(rules);
}

/** "CommaExpected" → "comma expected". */
const words = (code: string): string => code.replace(/(?!^)[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
