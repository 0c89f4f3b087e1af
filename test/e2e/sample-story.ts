// What the scripted model says about the sample workspace: look, mend, leave a note. Each answer depends on what the request holds, never on a count of requests.

import type { Cue, Line, Script } from "../support/script.ts";

const samplePlan = {
  steps: [
    { id: "look", goal: "Find where the bulk price is decided", role: "researcher", needs: [], check: { by: "citation" } },
    { id: "mend", goal: "Give ten pieces the bulk price", role: "coder", needs: ["look"], check: { by: "command", line: "npm test" } },
    {
      id: "note",
      goal: "Leave a note for the changelog",
      role: "coder",
      needs: ["look"],
      check: { by: "content", path: "CHANGES.md", matches: "ten pieces" },
    },
  ],
} as const;

export const rightEdit = { path: "src/invoice.js", blocks: [{ search: "quantity > BULK_QUANTITY", replace: "quantity >= BULK_QUANTITY" }] };

const look = (cue: Cue): Line =>
  cue.turn === 0
    ? {
        calls: [
          { tool: "read_file", args: { path: "src/invoice.js" } },
          { tool: "search_text", args: { pattern: "BULK_QUANTITY" } },
        ],
      }
    : { text: "`lineTotal` compares with `>` in src/invoice.js:9, so a line of exactly ten pieces pays the full price." };

const mend = (cue: Cue): Line => {
  if (/rejected|no reason given|Rather/.test(cue.last))
    return {
      calls: [
        {
          tool: "edit_file",
          args: { path: "src/invoice.js", blocks: [{ search: "quantity > BULK_QUANTITY", replace: "!(quantity < BULK_QUANTITY)" }] },
        },
      ],
    };
  return (
    (
      [
        { calls: [{ tool: "edit_file", args: rightEdit }] },
        { calls: [{ tool: "run_command", args: { line: "npm test" } }] },
      ] satisfies Line[]
    )[cue.turn] ?? { text: "Ten pieces now get the bulk price; all tests pass." }
  );
};

const note = (cue: Cue): Line =>
  cue.turn === 0
    ? { calls: [{ tool: "create_file", args: { path: "CHANGES.md", text: "# Changes\n\n- A line of ten pieces gets the bulk price.\n" } }] }
    : { text: "The note is written." };

/** Three steps, the second of which changes a file and runs the tests. */
export const sampleScript: Script = (cue) => {
  if (cue.answer === "plan") return { answer: samplePlan };
  if (cue.answer === "reflection")
    return {
      answer: { because: "The tests still fail at test/invoice.test.js:17.", lesson: "Compare with >= and run the tests.", then: "retry" },
    };
  const step = /Your step: (.*)/.exec(cue.text)?.[1] ?? "";
  return /find/i.test(step) ? look(cue) : /note/i.test(step) ? note(cue) : mend(cue);
};
