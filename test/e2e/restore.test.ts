// Going back as a person does it: after a run, to before one of its steps, seen first as a diff of all files; and back again.

import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { sampleScript } from "./sample-story.ts";
import { approveUntil, workbenchWithModel } from "./with-model.ts";
import { expect } from "./workbench.ts";

describe("restoring what a run changed", () => {
  const { open } = workbenchWithModel(sampleScript);

  it("shows every file first, puts them back, and takes that back", async () => {
    const window = await open();
    const before = window.text("src/invoice.js");
    const notes = join(window.folder, "CHANGES.md");
    const isThere = (): boolean => existsSync(notes);
    await window.showChat();
    await window.send("Lines of ten pieces should get the bulk price");
    const end = window.card("Evidence, 3 of 3 proved");
    await approveUntil(window, end);
    const after = window.text("src/invoice.js");
    assert.notEqual(after, before);

    // From the card of the step, by keyboard from there on.
    await window.button("Restore to before this step…").first().focus();
    await window.page.keyboard.press("Enter");
    const choices = window.page.locator(".quick-input-list .monaco-list-row");
    await choices
      .filter({ hasText: /Restore [12] files?/ })
      .first()
      .waitFor();
    await expect(window.page.getByRole("tab", { name: /As it was before step/ })).toBeVisible();
    assert.equal(window.text("src/invoice.js"), after, "nothing is written before it is chosen");
    await window.picture("restore");
    await window.page.keyboard.press("Escape");
    await expect(window.page.getByRole("tab", { name: /As it was before step/ })).toHaveCount(0);
    assert.equal(window.text("src/invoice.js"), after, "Escape leaves everything as it is");

    await window.command("Proviso: Restore to…");
    await choices.filter({ hasText: "The start of the run" }).click();
    await choices.filter({ hasText: "Restore 2 files" }).first().waitFor();
    await window.picture("restore-all");
    await window.page.keyboard.press("Enter");
    await expect.poll(() => [window.text("src/invoice.js"), isThere()]).toEqual([before, false]);
    await expect(window.chat.getByText(/I put files back as they were at the start of the run/)).toBeVisible();
    await window.card("Evidence, older than the files, some were put back").waitFor();
    await window.picture("restored");

    // The restore is the newest point: to before it is where the run had brought the files.
    await window.command("Proviso: Restore to…");
    await choices.filter({ hasText: "Before files were restored" }).first().click();
    await choices.filter({ hasText: "Restore 2 files" }).first().waitFor();
    await window.page.keyboard.press("Enter");
    await expect.poll(() => [window.text("src/invoice.js"), isThere()]).toEqual([after, true]);
  });
});
