// Goals that only an editor's language servers can meet, told from their words: the problems it reports, one of them, the imports of a
// file; and what proves each of them. Reads whole goals alone: one that says anything besides is not one of these.

import { withoutMarks } from "./mention.ts";
import type { Check } from "./plan.ts";

export type EditorGoal =
  | { readonly do: "problems"; readonly path: string | undefined }
  | { readonly do: "problem"; readonly path: string; readonly line: number; readonly message: string | undefined }
  | { readonly do: "imports"; readonly path: string | undefined };

/** What the goal asks of the editor, or undefined where it asks for something else or something more. No path means the whole workspace. */
export function readEditorGoal(words: string): EditorGoal | undefined {
  // What a problem says is quoted word for word.
  const one = oneProblem.exec(words);
  if (one?.[1] !== undefined)
    return { do: "problem", path: withoutMarks(one[1]).replaceAll('"', ""), line: Number(one[2]), message: one[3]?.trim() };
  const goal = withoutMarks(words);
  const problems = someProblems.exec(goal);
  if (problems) return problems[1] === undefined && isOne.test(goal) ? undefined : placed("problems", problems[1]);
  const imports = someImports.exec(goal);
  return imports ? placed("imports", imports[1]) : undefined;
}

/** The proof of such a goal: what the editor reports afterwards. A single problem is known by what it says, wherever it has moved to. */
export function proofOf(goal: EditorGoal): Check {
  const paths = [goal.path ?? "."];
  return goal.do === "problem" && goal.message !== undefined
    ? { by: "diagnostics", paths, message: goal.message }
    : { by: "diagnostics", paths };
}

const please = "^\\s*(?:please\\s+|(?:can|could)\\s+you\\s+(?:please\\s+)?)?";
const all = "(?:all\\s+)?(?:of\\s+)?(?:the\\s+|these\\s+|those\\s+|my\\s+)?(?:reported\\s+)?";
const place = "(?:\\s+(?:in|of|with|for|across)\\s+(.+?)|\\s+everywhere)?\\s*[.!?]*\\s*$";
const reported =
  "(?:problems?|diagnostics|warnings?|issues|(?:types?|typescript|compile|compiler|compilation|build|lint|linter|linting|eslint|syntax)\\s+(?:errors?|problems?|issues?|warnings?))";

const oneProblem = new RegExp(
  `${please}(?:fix|solve|resolve|repair)\\s+(?:the|this)\\s+(?:problem|error|warning)\\s+(?:at|in|on)\\s+[\`'"]?(\\S.*?):(\\d+)[\`'"]?(?:\\s*:\\s*(\\S[\\s\\S]*))?$`,
  "i",
);
const someProblems = new RegExp(
  `${please}(?:fix|solve|resolve|repair|correct|clear|clean\\s+up|get\\s+rid\\s+of)\\s+${all}${reported}${place}`,
  "i",
);
const someImports = new RegExp(
  `${please}(?:organi[sz]e|tidy(?:\\s+up)?|clean\\s+up|optimi[sz]e|remove\\s+${all}unused)\\s+${all}imports?${place}`,
  "i",
);

/** "The problem", without saying which. */
const isOne = /\b(?:problem|warning|issue|error)\s*[.!?]*\s*$/i;

function placed(wish: "problems" | "imports", words: string | undefined): EditorGoal | undefined {
  if (words === undefined || everywhere.test(words)) return { do: wish, path: undefined };
  const place = words.replace(/^(?:the\s+)?(?:file|folder)\s+/i, "");
  const [, , quoted] = /^([`'"])([^`'"]*)\1$/.exec(place) ?? [];
  const path = quoted ?? place;
  return /[./]/.test(path) && (quoted !== undefined || !/[\s`'"]/.test(path))
    ? { do: wish, path: path.replace(/(?<=.)\/$/, "") }
    : undefined;
}

const everywhere =
  /^(?:the\s+|this\s+|my\s+|our\s+)?(?:whole\s+|entire\s+)?(?:workspace|project|code\s*base|code|repository|repo)$|^(?:all|every)\s+(?:the\s+|of\s+the\s+)?files?$/i;
