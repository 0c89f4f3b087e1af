// One policy file, read and checked as a whole: JSON with comments, the schema, what a list may hold, unique ids, and the rules' own
// examples. The first thing wrong refuses the file, with its line and a reason that says what to correct.

import { readFile } from "node:fs/promises";
import type { JSONPath, Node } from "jsonc-parser";
import { failingExamples } from "../../agent/policy/examples.ts";
import { PolicyFile, type Rule } from "../../agent/policy/rules.ts";
import { fail, ok, type Result } from "../../agent/result.ts";
import { isMissing, refused } from "../errno.ts";

export type FileKind = "workspace" | "personal";

/** The rules of a file; none where there is no file. */
export async function readRules(path: string, kind: FileKind): Promise<Result<readonly Rule[]>> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    return isMissing(error) ? ok([]) : refused(`The policy file ${path} could not be read`, error);
  }
  return parseRules(text, path, kind);
}

/** The same from a text; `path` is for the messages. */
export async function parseRules(text: string, path: string, kind: FileKind): Promise<Result<readonly Rule[]>> {
  const parsed = await parsePolicy(text, path, kind);
  if (!parsed.ok) return parsed;
  for (const { rule, wrong } of parsed.value) {
    const [fault] = await failingExamples([rule]);
    if (fault) return wrong(fault.message.replace(/\.$/, ""));
  }
  return ok(parsed.value.map(({ rule }) => rule));
}

export interface ReadRule {
  readonly rule: Rule;
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
  const at = (where: JSONPath): Node => findNodeAtLocation(tree, where) ?? (where.length === 0 ? tree : at(where.slice(0, -1)));
  const parsed = PolicyFile.safeParse(getNodeValue(tree));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const unknown = issue?.code === "unrecognized_keys" ? issue.keys[0] : undefined;
    const where = [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])].map((step) =>
      typeof step === "symbol" ? String(step) : step,
    );
    const what = unknown === undefined ? (issue?.message ?? "is wrong").replace(/^Invalid (input|option): /, "") : "is no word of policy";
    return wrong(at(where).offset, `"${where.join(".")}" ${what}`);
  }
  const { rules } = parsed.data;
  for (const [index, rule] of rules.entries()) {
    const offset = at(["rules", index]).offset;
    if (kind === "workspace" && rule.verdict === "allow") {
      return wrong(at(["rules", index, "verdict"]).offset, `rule "${rule.id}" allows, and a workspace's own rules may only ask or deny`);
    }
    if (rules.findIndex(({ id }) => id === rule.id) < index) return wrong(offset, `there are two rules called "${rule.id}"`);
  }
  return ok(rules.map((rule, index) => ({ rule, wrong: (what) => wrong(at(["rules", index, "examples"]).offset, what) })));
}

/** "CommaExpected" → "comma expected". */
const words = (code: string): string => code.replace(/(?!^)[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
