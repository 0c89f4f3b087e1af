// The purpose "plan": one step for each wish of the goal, each with a proof that fits. Uses what the conversation says of the workspace.
// Refuses at once what could not be done: a goal it does not understand or may not follow, and a second plan where the first was sent back.

import { proofOf } from "../../editor-goal.ts";
import type { Check, Step } from "../../plan.ts";
import { fail, ok, type Result } from "../../result.ts";
import type { AskRequest } from "../ask.ts";
import { isInEditor, needsEditor, onlyPlan, refusal, wantsMore } from "./abilities.ts";
import { commandIn, type Intent, readIntents } from "./intent.ts";

/** A plan without its goal; a fault for goals it does not understand. */
export function makePlan(request: AskRequest): Result<{ readonly steps: readonly Step[] }> {
  const { goal } = request.subject;
  const intents = readIntents(goal);
  if (!intents) return fail("unavailable", refusal(goal, request));
  if (request.subject.mode === "read-only" && !intents.every(isReading)) return fail("denied", wantsMore);
  const why = sentBack(request);
  if (why !== undefined) return fail("unavailable", onlyPlan(why));
  const steps: Step[] = [];
  for (const [i, intent] of intents.entries()) {
    const step = stepFor(intent, `${intent.do}-${i + 1}`, request);
    if (!step.ok) return step;
    steps.push({ ...step.value, needs: steps.slice(-1).map(({ id }) => id) });
  }
  return ok({ steps });
}

function stepFor(intent: Intent, id: string, request: AskRequest): Result<Step> {
  const line = checkedLine(request);
  const step = (goal: string, role: Step["role"], check: Check): Result<Step> => ok({ id, goal, role, needs: [], check });
  switch (intent.do) {
    case "help":
      return step("What can you do?", "researcher", { by: "citation" });
    case "usages":
      return step(`Find usages of ${intent.name}`, "researcher", { by: "citation" });
    case "definition":
      return step(`Where is ${intent.name} defined?`, "researcher", { by: "citation" });
    case "test":
      return step("Run the tests", "tester", { by: "citation" });
    case "rename":
      return step(`Rename ${intent.from} to ${intent.to}${within(intent.path)}`, "coder", {
        by: "command",
        line: line ?? mentions(intent.to),
      });
    case "problems":
      return isInEditor(request)
        ? step(`Fix the problems${within(intent.path)}`, "coder", proofOf(intent))
        : fail("unavailable", needsEditor);
    case "problem":
      return isInEditor(request)
        ? step(
            `Fix the problem at ${intent.path}:${intent.line}${intent.message === undefined ? "" : `: ${intent.message}`}`,
            "coder",
            proofOf(intent),
          )
        : fail("unavailable", needsEditor);
    case "imports":
      return isInEditor(request)
        ? step(`Organise the imports${within(intent.path)}`, "coder", proofOf(intent))
        : fail("unavailable", needsEditor);
    case "mend":
      if (line === undefined)
        return fail(
          "missing",
          "I do not know how the tests are run here; say it in the goal, for example: fix the failing test, run `npm test`.",
        );
      return step(intent.about, "coder", { by: "command", line });
  }
}

const isReading = (intent: Intent): boolean => ["help", "usages", "definition"].includes(intent.do);

/** Why the last plan was not taken; from the same conversation the same plan would be made again. */
function sentBack({ messages }: AskRequest): string | undefined {
  return messages.flatMap((message) => [...message.text.matchAll(/^An earlier plan did not do: (.+)$/gm)].map(([, why]) => why)).at(-1);
}

const within = (path: string | undefined): string => (path === undefined ? "" : ` in ${/\s/.test(path) ? `"${path}"` : path}`);

/** The weakest of proofs, for a workspace without tests: the new name is there. */
const mentions = (name: string): string => `grep -rqw --exclude-dir=node_modules --exclude-dir=.git -e '${name}' .`;

/** The line that runs the tests: from the goal, or from what the conversation says of the workspace. */
export function checkedLine(request: AskRequest): string | undefined {
  const said = request.messages
    .flatMap((message) => (message.role === "user" ? [/^Tests run with: (.+)$/m.exec(message.text)?.[1]] : []))
    .find(Boolean);
  return commandIn(request.subject.goal) ?? said;
}
