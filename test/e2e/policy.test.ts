// The Policy view in the real workbench: every rule with its origin and what it decided, opened where it was written, taken back by key.

import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "@playwright/test";
import type { Script } from "../support/script.ts";
import { ask, workbenchWithModel } from "./with-model.ts";
import { expect, type Window } from "./workbench.ts";

const line = "echo one >> log.txt";
const plan = {
  steps: [{ id: "log", goal: "Write the log", role: "coder", needs: [], check: { by: "content", path: "log.txt", matches: "one" } }],
};
const script: Script = (cue) => {
  if (cue.answer === "plan") return { answer: plan };
  if (cue.answer === "reflection") return { answer: { because: "It failed.", lesson: "Try again.", then: "give up" } };
  return cue.turn === 0 ? { calls: [{ tool: "run_command", args: { line } }] } : { text: "The log is written." };
};

const rule = (id: string, verdict: string, program: string): object => ({
  id,
  verdict,
  match: { program: [program] },
  why: `You said so about ${program}.`,
});

describe("the Policy view", () => {
  const { open, whole } = workbenchWithModel(script);

  const row = (window: Window, name: string | RegExp): Locator => window.page.getByRole("treeitem", { name });
  async function showPolicy(window: Window): Promise<void> {
    await window.command("Proviso: Show Policy");
    await row(window, /^Decisions: /).waitFor();
    // The whole height for the rules, so that all of them are drawn.
    const run = window.page.locator(".pane-header", { hasText: /^Run$/ });
    if ((await run.getAttribute("aria-expanded")) === "true") await run.click();
    await row(window, /^Guard: /).waitFor();
  }
  const personal = (): string => join(whole().home, "config/proviso/policy.json");
  const write = (path: string, rules: readonly object[]): void => {
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, JSON.stringify({ rules }, null, 2));
  };

  it("counts what was decided; a rule opens where it was written, and Delete takes back one's own", async () => {
    write(personal(), [rule("no-curl", "deny", "curl"), rule("my-make", "allow", "make")]);
    const window = await open();
    await ask(window, "Write the log");
    const card = window.card(/Run a command/);
    await card.getByRole("button", { name: "Always allow…" }).click();
    await card.getByRole("button", { name: "Approve for this session" }).click();
    await expect.poll(() => existsSync(join(window.folder, "log.txt"))).toBe(true);

    await showPolicy(window);
    const granted = row(window, /granted for this session/);
    await granted.waitFor();
    await expect(row(window, /^Decisions: .*1 asked/)).toBeVisible();
    await expect(row(window, /^Workspace: no rules/)).toBeVisible();
    await window.picture("policy-view");

    await granted.click();
    await window.page.keyboard.press("Delete");
    await expect(granted).toHaveCount(0);

    // One that forbids is taken back only after a question.
    const curl = row(window, /^no-curl, deny/);
    await curl.click();
    await window.page.getByRole("tab", { name: "policy.json" }).waitFor();
    await window.page.keyboard.press("Delete");
    const question = window.page.locator(".monaco-dialog-box");
    await expect(question).toContainText("Take back no-curl?");
    await window.picture("policy-take-back");
    await question.getByRole("button", { name: "Take It Back" }).click();
    await expect(curl).toHaveCount(0);
    assert.doesNotMatch(readFileSync(personal(), "utf8"), /no-curl/);
    assert.match(readFileSync(personal(), "utf8"), /my-make/);
  });
});
