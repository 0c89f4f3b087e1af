// The story over the wire: what the scripted server says, found by what the request holds. Where a command's ending is unknown, the
// model looks before it runs it again, as it is told to.

import type { Cue, Line, Script } from "./script.ts";
import { storyPlan, storyTurns } from "./story.ts";

export const storyScript: Script = (cue) => {
  if (cue.answer === "plan") return { answer: storyPlan };
  if (cue.answer === "reflection") return { answer: { because: "2 + 3 gave 6.", lesson: "Add, do not multiply.", then: "retry" } };
  return cue.text.includes(doubt) ? afterDoubt(cue) : told(cue);
};

const doubt = "how it ended is unknown";

function told(cue: Cue): Line {
  const attempt = /This is attempt (\d+)/.exec(cue.text)?.[1] ?? "1";
  const said = storyTurns[`${stepOf(cue)}.${attempt}`]?.[cue.turn] ?? "Nothing more to do.";
  return typeof said === "string" ? { text: said } : { calls: said.map(({ tool, args }) => ({ tool, args })) };
}

/** The only commands of the story are the tests, which may run again, and one that must not. */
function afterDoubt(cue: Cue): Line {
  if (stepOf(cue) === "mend") return cue.last.includes(doubt) ? run("node test.js") : { text: "add() adds again." };
  if (cue.last.includes(doubt)) return { calls: [{ tool: "read_file", args: { path: "log.txt" } }] };
  return /log\.txt does not exist/.test(cue.last) ? run("echo noted >> log.txt") : { text: "Noted." };
}

const run = (line: string): Line => ({ calls: [{ tool: "run_command", args: { line } }] });

function stepOf(cue: Cue): string {
  const goal = /Your step: (.*)/.exec(cue.text)?.[1];
  return storyPlan.steps.find((one) => one.goal === goal)?.id ?? "";
}
