// What a goal asks for, read from its words alone: the few things the rules engine can do, in many wordings. What it does not recognise
// it does not guess at. Several wishes joined by "and", "then" or full stops are several intents.

import { type EditorGoal, readEditorGoal } from "../../editor-goal.ts";
import { withoutMarks } from "../../mention.ts";

export type Intent =
  | EditorGoal
  | { readonly do: "mend"; readonly about: string; readonly namesTests: boolean }
  | { readonly do: "usages"; readonly name: string }
  | { readonly do: "definition"; readonly name: string }
  | { readonly do: "rename"; readonly from: string; readonly to: string; readonly path: string | undefined }
  | { readonly do: "test" }
  | { readonly do: "help" };

/** All wishes of the goal in order; undefined as soon as one of them is not understood. */
export function readIntents(goal: string): readonly Intent[] | undefined {
  const whole = readOne(goal);
  // What a problem says is quoted, not asked for.
  if (whole?.do === "problem") return [whole];
  const parts = goal
    .split(/(?:\.\s+|;\s*|\n+|,?\s+(?:and\s+then|then|and|after\s+that)\s+)/i)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  if (parts.length < 2) return whole && [whole];
  const intents = parts.map(readOne);
  const known = intents.filter((intent) => intent !== undefined);
  if (known.length === parts.length) return merge(known);
  // "fix the test and keep the style": one wish with a rider is still that wish.
  return whole && known.length <= 1 && whole.do === "mend" ? [whole] : undefined;
}

/** "Fix the tests and make them pass" is one wish. */
function merge(intents: readonly Intent[]): readonly Intent[] {
  return intents.filter((intent, i) => {
    const before = intents[i - 1];
    return (
      !(before && before.do === intent.do && (intent.do === "mend" || intent.do === "test" || intent.do === "help")) &&
      !(before?.do === "mend" && intent.do === "test")
    );
  });
}

const name = "[`'\"“]?([A-Za-z_$][\\w$]*(?:(?:\\.|#|::)[A-Za-z_$][\\w$]*)*)(?:\\(\\))?[`'\"”]?";
const kind =
  "(?:the\\s+)?(?:(?:function|method|class|variable|constant|const|symbol|identifier|parameter|property|field|type|interface|module|attribute|name)\\s+)?";

const patterns: readonly (readonly [RegExp, (found: readonly string[], goal: string) => Intent])[] = [
  [
    new RegExp(
      `\\brename\\s+${kind}${name}\\s+(?:to|as|into|->|=>|→)\\s+${name}(?:.*?\\b(?:in|of|within)\\s+(?:"([^"]+\\.\\w+)"|[\`'"]?([\\w./-]+\\.\\w+)))?`,
      "i",
    ),
    ([from = "", to = "", quoted, path]) => ({ do: "rename", from: last(from), to: last(to), path: quoted ?? path }),
  ],
  [
    new RegExp(`\\bchange\\s+the\\s+name\\s+of\\s+${kind}${name}\\s+to\\s+${name}`, "i"),
    ([from = "", to = ""]) => ({ do: "rename", from: last(from), to: last(to), path: undefined }),
  ],
  [
    new RegExp(
      `\\bwhere\\s+(?:is|are|was|were)\\s+${kind}${name}\\s+(?:\\w+\\s+)?(?:defined|declared|implemented|located|created|introduced)`,
      "i",
    ),
    ([of = ""]) => ({ do: "definition", name: last(of) }),
  ],
  [
    new RegExp(`\\b(?:definition|declaration|implementation)\\s+(?:of|for)\\s+${kind}${name}`, "i"),
    ([of = ""]) => ({ do: "definition", name: last(of) }),
  ],
  [new RegExp(`\\bwhere\\s+(?:does|do)\\s+${kind}${name}\\s+come\\s+from`, "i"), ([of = ""]) => ({ do: "definition", name: last(of) })],
  [new RegExp(`\\b(?:what|which\\s+\\w+)\\s+defines\\s+${kind}${name}`, "i"), ([of = ""]) => ({ do: "definition", name: last(of) })],
  [
    new RegExp(`\\b(?:usages?|uses|references|callers|occurrences|calls|mentions)\\s+(?:of|to|for)\\s+${kind}${name}`, "i"),
    ([of = ""]) => ({ do: "usages", name: last(of) }),
  ],
  [
    new RegExp(
      `\\bwhere\\s+(?:is|are|do\\s+(?:we|i)\\s+use|does\\s+\\w+\\s+use)\\s+${kind}${name}\\s*(?:\\w+\\s+)?(?:used|called|referenced|imported|invoked|mentioned)?\\s*\\??$`,
      "i",
    ),
    ([of = ""]) => ({ do: "usages", name: last(of) }),
  ],
  [
    new RegExp(`\\b(?:who|what|which\\s+\\w+)\\s+(?:calls?|uses?|references?|imports?|invokes?)\\s+${kind}${name}`, "i"),
    ([of = ""]) => ({ do: "usages", name: last(of) }),
  ],
  [
    new RegExp(`\\b(?:find|show|list)\\s+(?:me\\s+)?(?:all\\s+)?${kind}${name}\\s+(?:usages?|uses|references|callers)\\b`, "i"),
    ([of = ""]) => ({ do: "usages", name: last(of) }),
  ],
  [
    /^\s*(?:help|hi|hello|\?)\s*[!?.]*\s*$|\bwhat\s+(?:can|do)\s+you\s+do\b|\bwho\s+are\s+you\b|\byour\s+capabilities\b|\bhow\s+can\s+you\s+help\b|\bwhat\s+are\s+you\s+able\b/i,
    () => ({ do: "help" }),
  ],
  [
    /\b(?:fix|repair|mend|solve|debug|correct|resolve|heal|cure|sort\s+out)\b.*\b(?:tests?|specs?|suite|pytest|unittest|mocha|jest|vitest|failures?|failing|broken|bugs?|errors?|crash(?:es)?|red|regressions?)\b/is,
    mendOf,
  ],
  [/\b(?:fix|repair|mend|debug)\b.*\b\w+[._-](?:test|spec)\b|\b(?:fix|repair|mend)\b.*\btest_\w+/is, mendOf],
  [
    /\b(?:make|get|turn|have)\b.*\b(?:tests?|specs?|suite|ci|build|pytest)\b.*\b(?:pass(?:es|ing)?|green|succeed|work(?:ing)?|run\s+clean(?:ly)?)\b/is,
    mendOf,
  ],
  [/\b(?:tests?|specs?|suite)\b.*\b(?:fails?|failing|broken|red)\b/is, mendOf],
  [/\b(?:failing|broken|red)\s+(?:unit\s+)?(?:tests?|specs?)\b/i, mendOf],
  [
    /\b(?:run|execute|start|launch)\b.*\b(?:tests?|specs?|test\s*suite|pytest|unittest|mocha|jest|vitest)\b|\b(?:do|are|is|does)\b.*\b(?:tests?|suite)\b.*\b(?:pass(?:es|ing)?|green|ok)\b|^\s*(?:npm\s+)?test\s*[.!]?\s*$|\bcheck\b.*\btests?\b/i,
    () => ({ do: "test" }),
  ],
];

function readOne(goal: string): Intent | undefined {
  const inEditor = readEditorGoal(goal);
  if (inEditor) return inEditor;
  const plain = withoutMarks(goal);
  for (const [pattern, make] of patterns) {
    const found = pattern.exec(plain);
    if (found) return make(found.slice(1), goal);
  }
  return undefined;
}

function mendOf(_: readonly string[], goal: string): Intent {
  return {
    do: "mend",
    about: goal,
    namesTests:
      /\b(?:tests?|specs?|suite|ci|pytest|unittest|mocha|jest|vitest|pass(?:es|ing)?|green)\b|\btest_\w+|[._-](?:test|spec)\b/i.test(goal),
  };
}

/** `Stack.push` is asked about as `push`. */
const last = (path: string): string => path.split(/\.|#|::/).at(-1) ?? path;

/** A command the goal spells out in backticks: "fix the tests, run them with `make check`". */
export const commandIn = (goal: string): string | undefined =>
  /`([^`]*\b(?:test|pytest|unittest|mocha|jest|vitest|check|tap|ava)\b[^`]*)`/.exec(goal)?.[1];
