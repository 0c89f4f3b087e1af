// "Always allow…": the rule is shown before it is kept, kept where Show Policy says, and asked no more than it says.

import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Script } from "../support/script.ts";
import { ask, workbenchWithModel } from "./with-model.ts";
import { expect } from "./workbench.ts";

const once = "echo one >> log.txt";
const other = "echo two >> log.txt";
const plan = {
  steps: [
    { id: "log", goal: "Write the log", role: "coder", needs: [], check: { by: "content", path: "log.txt", matches: "one\\none\\ntwo" } },
  ],
};

/** The same line twice, then another. */
const script: Script = (cue) => {
  if (cue.answer === "plan") return { answer: plan };
  if (cue.answer === "reflection") return { answer: { because: "It failed.", lesson: "Try again.", then: "give up" } };
  const line = [once, once, other][cue.turn];
  return line === undefined ? { text: "The log is written." } : { calls: [{ tool: "run_command", args: { line } }] };
};

describe("always allow", () => {
  const { open, whole } = workbenchWithModel(script);

  it("shows the exact rule, keeps it, asks the same line no more and another one still; Show Policy lists it", async () => {
    const window = await open();
    await ask(window, "Write the log");
    const first = window.card(/Run a command/);
    await first.getByRole("button", { name: "Always allow…" }).click();
    const rule = first.getByRole("group", { name: "Rule to add" });
    await expect(rule.getByText(`exactly: ${once}`)).toBeVisible();
    await expect(rule.locator("code").first()).toContainText(JSON.stringify([once]));
    await window.picture("always-allow");
    await rule.getByRole("button", { name: "Save rule and approve" }).click();

    // The second time passes; what waits next is the other line.
    await expect(
      window
        .card(/Run a command/)
        .getByText(other)
        .first(),
    ).toBeVisible();
    assert.equal(window.text("log.txt"), "one\none\n");
    const kept = JSON.parse(readFileSync(join(whole().home, "config/proviso/policy.json"), "utf8").replace(/^\s*\/\/.*$/gm, "")) as {
      readonly rules: readonly { readonly match: { readonly line?: readonly string[] }; readonly verdict: string }[];
    };
    assert.deepEqual(
      kept.rules.map(({ match, verdict }) => [match.line, verdict]),
      [[[once], "allow"]],
    );
    await window
      .card(/Run a command/)
      .getByRole("button", { name: "Approve", exact: true })
      .click();
    await expect.poll(() => window.text("log.txt")).toBe("one\none\ntwo\n");

    await window.command("Proviso: Show Policy as Text");
    await window.page.getByRole("tab", { name: /Policy\.md/ }).waitFor();
    await window.page.keyboard.press("Control+F");
    await window.page.keyboard.type("echo one");
    await expect(window.page.locator(".view-line", { hasText: "echo one >> log.txt" }).first()).toBeVisible();
    await window.picture("show-policy");
  });
});
