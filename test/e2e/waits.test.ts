// What waits loudly in the real workbench: a question of critical risk, told in a notice, and one with a time limit, which runs out.

import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Script } from "../support/script.ts";
import { ask, workbenchWithModel } from "./with-model.ts";
import { expect } from "./workbench.ts";

const step = {
  id: "mend",
  goal: "Give ten pieces the bulk price",
  role: "coder",
  needs: [],
  check: { by: "content", path: "src/invoice.js", matches: "BULK" },
};

const script: Script = (cue) => {
  if (cue.answer === "plan") return { answer: { steps: [step] } };
  if (cue.answer === "reflection") return { answer: { because: "It failed.", lesson: "Try again.", then: "give up" } };
  if (cue.turn > 0) return { text: "That was it." };
  if (/Reset it/.test(cue.text)) return { calls: [{ tool: "run_command", args: { line: "git reset --hard" } }] };
  return { calls: [{ tool: "run_command", args: { line: "echo late > late.txt" } }] };
};

describe("what waits", () => {
  const { open, whole, told } = workbenchWithModel(script);

  it("critical risk is told in a modal notice that can reject and show, never approve; Escape decides nothing", async () => {
    const window = await open();
    await ask(window, "Reset it");
    const notice = window.page.locator(".monaco-dialog-box");
    await expect(notice).toContainText("git reset --hard");
    await expect(notice.getByRole("button", { name: /approve/i })).toHaveCount(0);
    await window.picture("critical-modal");
    await window.page.keyboard.press("Escape");
    await expect(notice).toHaveCount(0);
    const card = window.card(/Run a command/);
    await expect(card.getByRole("button", { name: "Approve once" })).toBeDisabled();
    await window.picture("critical-card");
    await card.getByRole("button", { name: "Reject…" }).click();
    await card.getByLabel(/^Why\?/).fill("Keep my work");
    await card.getByRole("button", { name: "Reject", exact: true }).click();
    await expect.poll(told).toContain("Keep my work");
  });

  it("a question with a time limit counts down, over a reload too, and counts as rejected when nobody answers", async () => {
    whole().configure({ "proviso.approval.timeoutSeconds": 15 });
    const window = await open();
    await ask(window, "Note it");
    const timer = window.card(/Run a command/).getByRole("timer");
    await expect(timer).toHaveText(/^Counts as rejected in \d+ s$/);
    const left = async (): Promise<number> => Number(/\d+/.exec((await timer.textContent()) ?? "")?.[0] ?? Number.NaN);
    const before = await left();
    await window.picture("countdown");
    await window.page.reload();
    await window.showChat();
    await expect(window.card(/Run a command/)).toHaveCount(0);
    assert.ok(before > 0);
    await expect.poll(told).toMatch(/no answer|in time|timed out/i);
    assert.equal(existsSync(join(window.folder, "late.txt")), false);
    await window.picture("countdown-over");
    whole().configure({ "proviso.approval.timeoutSeconds": null });
  });
});
