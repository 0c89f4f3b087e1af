// One story, told to every test that needs a whole run: look, mend (wrongly, then rightly), tidy up. It goes through every station
// of the journey: plan, approval, reading, editing, a failing check, reflection, rollback, a second attempt, a command, a creation,
// a deletion, evidence, answer. Each reply depends only on what the request holds, so an interrupted run hears the same again.

import type { Ask, AskRequest, Reply, ToolCall } from "../../src/agent/model/ask.ts";
import { fail, ok } from "../../src/agent/result.ts";

export const storyGoal = "Mend add() and then leave a note of it";

export const storyFiles = (): Map<string, string> =>
  new Map([
    ["package.json", '{"name":"sums","scripts":{"test":"node test.js"}}\n'],
    ["src/add.js", "export const add = (a, b) => a - b;\n"],
    ["test.js", 'import { add } from "./src/add.js";\nif (add(2, 3) !== 5) throw new Error(`2 + 3 is ${add(2, 3)}`);\n'],
    ["old.txt", "to be deleted\n"],
  ]);

export const storyEnd: Readonly<Record<string, string>> = {
  "src/add.js": "export const add = (a, b) => a + b;\n",
  "NOTES.md": "add() adds again.\n",
  "log.txt": "noted\n",
};

/** What the workspace's commands do, over files in memory. */
export function storyCommand(line: string, files: Map<string, string>): { exit: number; output: string } {
  if (line === "node test.js") {
    const right = files.get("src/add.js")?.includes("a + b") ?? false;
    return right ? { exit: 0, output: "ok\n" } : { exit: 1, output: "Error: 2 + 3 is wrong\n    at test.js:2\n" };
  }
  if (line === "echo noted >> log.txt") {
    files.set("log.txt", `${files.get("log.txt") ?? ""}noted\n`);
    return { exit: 0, output: "" };
  }
  return { exit: 127, output: `${line}: not found\n` };
}

const call = (tool: string, input: unknown): Omit<ToolCall, "id"> => ({ tool, args: JSON.stringify(input) });
const edit = (replace: string): Omit<ToolCall, "id"> => call("edit_file", { path: "src/add.js", blocks: [{ search: "a - b", replace }] });

/** What the model says: by step, attempt and number of turns already taken. */
export const storyTurns: Readonly<Record<string, readonly (Omit<ToolCall, "id">[] | string)[]>> = {
  "look.1": [[call("read_file", { path: "src/add.js" }), call("search_text", { pattern: "add" })], "add() subtracts: src/add.js:1"],
  "mend.1": [[edit("a * b")], "Done, it multiplies."],
  "mend.2": [
    [call("read_file", { path: "src/add.js" })],
    [edit("a + b")],
    [call("run_command", { line: "node test.js" })],
    "add() adds again.",
  ],
  "note.1": [
    [call("create_file", { path: "NOTES.md", text: "add() adds again.\n" }), call("delete_file", { path: "old.txt" })],
    [call("run_command", { line: "echo noted >> log.txt" })],
    "Noted.",
  ],
};

export const storyPlan = {
  steps: [
    { id: "look", goal: "Find what is wrong with add()", role: "researcher", needs: [], check: { by: "citation" } },
    { id: "mend", goal: "Make add() add", role: "coder", needs: ["look"], check: { by: "command", line: "node test.js" } },
    { id: "note", goal: "Leave a note", role: "coder", needs: ["mend"], check: { by: "content", path: "NOTES.md", matches: "adds again" } },
  ],
};

const storyReply = (request: AskRequest): Reply => {
  const usage = { input: 100, output: 10, usd: 0 };
  const base = { text: "", calls: [], usage, model: "scripted", finish: "stop" as const };
  if (request.purpose === "plan") return { ...base, answer: storyPlan };
  if (request.purpose === "reflect")
    return { ...base, answer: { because: "2 + 3 gave 6.", lesson: "Add, do not multiply.", then: "retry" } };
  const { step } = request.subject;
  const turn = request.messages.filter((message) => message.role === "assistant").length;
  const said = storyTurns[`${step?.id}.${step?.attempt}`]?.[turn] ?? "Nothing more to do.";
  if (typeof said === "string") return { ...base, text: said };
  return { ...base, calls: said.map((one, i) => ({ ...one, id: `${step?.id}-${step?.attempt}-${turn}-${i}` })), finish: "calls" };
};

export const storyModel: Ask = async (request, signal) => (signal.aborted ? fail("unavailable", "cancelled") : ok(storyReply(request)));
