// A person's own version of what was proposed: a command on the spot, a plan or any other input in their editor.
// Refuses a plan that is not one before it reaches the run, so that a slip of the pen costs nothing.

import type { ApprovalRequest, Resolution } from "../../agent/approval.ts";
import { type Plan, parsePlan } from "../../agent/plan.ts";
import { fail, ok, type Result } from "../../agent/result.ts";
import type { Io } from "../io.ts";
import { editorOf, editText } from "./editor.ts";
import type { Terminal } from "./terminal.ts";

type JsonValue = NonNullable<ApprovalRequest["input"]>;

export type Amended =
  | { readonly is: "changed"; readonly resolution: Resolution }
  /** The person stepped back, or left it as it was. */
  | { readonly is: "unchanged" }
  | { readonly is: "wrong"; readonly why: string };

interface Desk {
  readonly terminal: Terminal;
  readonly env: Io["env"];
}

const unchanged: Amended = { is: "unchanged" };
const wrong = (why: string): Amended => ({ is: "wrong", why });

export async function amend(request: ApprovalRequest, desk: Desk, signal: AbortSignal): Promise<Amended> {
  if (request.plan) return editorOf(desk.env) ? planInEditor(request.plan, desk) : planInPlace(request.plan, desk, signal);
  const { input } = request;
  if (isCommand(input)) {
    const written = await desk.terminal.write("command ›", input.line, signal);
    if (written === undefined || written.trim() === "" || written === input.line) return unchanged;
    return { is: "changed", resolution: { answer: "amend", input: { ...input, line: written } } };
  }
  return inputInEditor(input, desk);
}

const isCommand = (input: unknown): input is { readonly line: string } =>
  typeof input === "object" && input !== null && "line" in input && typeof input.line === "string";

async function inputInEditor(input: unknown, desk: Desk): Promise<Amended> {
  const before = `${JSON.stringify(input, null, 2)}\n`;
  const after = await inEditor("call.json", before, desk);
  if (typeof after !== "string") return after;
  if (after.trim() === before.trim()) return unchanged;
  const value = parseJson(after);
  return value.ok ? { is: "changed", resolution: { answer: "amend", input: value.value } } : wrong(value.fault.message);
}

async function planInEditor(plan: Plan, desk: Desk): Promise<Amended> {
  const before = `${JSON.stringify({ steps: plan.steps }, null, 2)}\n`;
  const after = await inEditor("plan.json", before, desk);
  if (typeof after !== "string") return after;
  if (after.trim() === before.trim()) return unchanged;
  const value = parseJson(after);
  if (!value.ok) return wrong(value.fault.message);
  const edited = value.value;
  return asPlan(typeof edited === "object" && !Array.isArray(edited) ? { ...edited, goal: plan.goal } : edited);
}

function parseJson(text: string): Result<JsonValue> {
  try {
    return ok(JSON.parse(text) as JsonValue);
  } catch (error) {
    return fail("invalid", `What you wrote is not JSON (${error instanceof Error ? error.message : String(error)}); nothing was changed.`);
  }
}

async function inEditor(name: string, text: string, { terminal, env }: Desk): Promise<string | Amended> {
  const editor = editorOf(env);
  if (editor === undefined)
    return wrong("Set $EDITOR to a program that edits text to change this; or reject it and say what should differ.");
  const edited = await terminal.lend(() => editText(editor, name, text));
  return edited.ok ? edited.value : wrong(edited.fault.message);
}

/** Without an editor: each step's goal, then its check where it is a command. An empty goal drops the step. */
async function planInPlace(plan: Plan, { terminal }: Desk, signal: AbortSignal): Promise<Amended> {
  const steps: Plan["steps"] = [];
  for (const [i, step] of plan.steps.entries()) {
    const goal = await terminal.write(`${i + 1} goal ›`, step.goal, signal);
    if (goal === undefined) return unchanged;
    if (goal.trim() === "") continue;
    const check = step.check.by === "command" ? await terminal.write(`${i + 1} done when this exits 0 ›`, step.check.line, signal) : "";
    if (check === undefined) return unchanged;
    steps.push({
      ...step,
      goal: goal.trim(),
      check: step.check.by === "command" && check.trim() !== "" ? { by: "command", line: check.trim() } : step.check,
    });
  }
  const kept = new Set(steps.map((step) => step.id));
  const edited = { goal: plan.goal, steps: steps.map((step) => ({ ...step, needs: step.needs.filter((need) => kept.has(need)) })) };
  return JSON.stringify(edited) === JSON.stringify(plan) ? unchanged : asPlan(edited);
}

function asPlan(value: unknown): Amended {
  const parsed = parsePlan(value, { diagnostics: false });
  return parsed.ok ? { is: "changed", resolution: { answer: "amend", plan: parsed.value } } : wrong(parsed.fault.message);
}
