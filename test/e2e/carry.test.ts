// Forking a run from a step, exporting it and importing it again, as a person does it: from the chat, the list of runs and the palette.

import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sampleScript } from "./sample-story.ts";
import { approveUntil, workbenchWithModel } from "./with-model.ts";
import { expect } from "./workbench.ts";

describe("carrying a run", () => {
  const { open } = workbenchWithModel(sampleScript, () => ({ settings: { "files.simpleDialog.enable": true } }));

  it("forks from a step and shows the fork, exports the old run, and does not take in what is there already", async () => {
    const window = await open();
    await window.showChat();
    const goal = "Lines of ten pieces should get the bulk price";
    await window.send(goal);
    const end = window.card("Evidence, 3 of 3 proved");
    await approveUntil(window, end);
    const after = window.text("src/invoice.js");

    await window.button("Fork from here…").last().click();
    await expect(window.chat.getByPlaceholder("How should it go on from here?")).toBeVisible();
    await expect(end).toHaveCount(0);
    assert.equal(window.text("src/invoice.js"), after, "no file is touched");
    await window.picture("forked");

    // The oldest of the two in the list is the one that was forked.
    await window.command("Proviso: Show Runs");
    const choices = window.page.locator(".quick-input-list .monaco-list-row");
    await choices.filter({ hasText: "done" }).first().click();
    await end.waitFor();
    await window.command("Proviso: Export Run…");
    const name = window.page.locator(".quick-input-box input");
    const file = join(window.folder, "carried.jsonl");
    await expect(name).toHaveValue(/proviso-\d{8}-\d{4}-\w{4}\.jsonl$/);
    await name.fill(file);
    await window.page.getByRole("button", { name: "OK", exact: true }).click();
    await expect.poll(() => existsSync(file)).toBe(true);
    assert.equal((JSON.parse(readFileSync(file, "utf8").split("\n")[0] ?? "") as { proviso?: string }).proviso, "run");

    await window.command("Proviso: Import Run…");
    await choices.filter({ hasText: "carried.jsonl" }).click();
    await expect(window.page.locator(".notification-list-item", { hasText: /Run \S+ is here already; delete it first/ })).toBeVisible();
  });
});
