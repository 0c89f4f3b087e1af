// The main job as a person does it: ask, edit the plan, approve it, change a proposed edit in its diff and accept it, approve a command, see it proved.

import { strict as assert } from "node:assert";
import { sampleScript } from "./sample-story.ts";
import { workbenchWithModel } from "./with-model.ts";
import { expect } from "./workbench.ts";

describe("the main job with a model", () => {
  const { open, told } = workbenchWithModel(sampleScript);

  it("goes from a goal over an edited plan and an edited change to evidence", async () => {
    const window = await open();
    await window.showChat();
    const before = window.text("src/invoice.js");
    await window.composer.pressSequentially("Lines of ten pieces should get the bulk price, see @invo");
    await expect(window.chat.getByRole("option").first()).toHaveText(/^invoice\.js\s*src$/);
    await window.picture("mention");
    await window.composer.press("Enter");
    await expect(window.composer).toHaveValue(/ see @src\/invoice\.js $/);
    await window.composer.press("Enter");
    const plan = window.card(/^Plan, 3 steps/);
    await plan.waitFor();
    await window.picture("plan");

    // The note becomes the second step, and says what it is about.
    const steps = plan.getByRole("listitem");
    await steps.nth(2).hover();
    await steps.nth(2).getByRole("button", { name: "Move up" }).click();
    await steps.nth(1).getByRole("button", { name: "Edit" }).click();
    await plan.getByLabel("Goal").fill("Leave a note in CHANGES.md");
    await plan.getByRole("button", { name: "Keep" }).click();
    await plan.getByRole("button", { name: "Approve edited plan" }).click();

    // The person goes on writing while the diff opens beside it.
    await window.composer.pressSequentially("half a thou");
    const change = window.card(/Change src\/invoice\.js/);
    await change.waitFor();
    await window.page.getByRole("tab", { name: /^Proposed: / }).waitFor();
    await window.composer.pressSequentially("ght");
    await expect(window.composer).toHaveValue("half a thought");
    await expect(window.composer).toBeFocused();
    await window.composer.fill("");
    assert.equal(window.text("src/invoice.js"), before, "nothing is written before it is accepted");

    // The right side is edited, and accepted from the title of the diff.
    await change.getByRole("button", { name: "Review", exact: true }).click();
    await window.page.locator(".editor-instance .monaco-editor.focused").waitFor();
    await window.page.locator(".editor-actions").getByRole("button", { name: "Compare Side by Side" }).click();
    const right = window.page.locator(".monaco-diff-editor .editor.modified");
    const line = right.locator(".view-line", { hasText: ">=" });
    await line.waitFor();
    await window.picture("diff");
    await line.click();
    await window.page.keyboard.press("End");
    await window.page.keyboard.type(" // ten or more");
    await window.page
      .locator(".editor-actions")
      .getByRole("button", { name: /^Approve/ })
      .click();
    await expect(change).toBeHidden();
    await expect
      .poll(() => window.text("src/invoice.js"))
      .toBe(before.replace("if (quantity > BULK_QUANTITY) {", "if (quantity >= BULK_QUANTITY) { // ten or more"));

    await window
      .card(/CHANGES\.md/)
      .getByRole("button", { name: "Accept", exact: true })
      .click();
    const command = window.card(/Run/);
    await command.waitFor();
    await window.picture("command");
    await command.getByRole("button", { name: "Approve", exact: true }).click();

    const evidence = window.card("Evidence, 3 of 3 proved");
    await evidence.waitFor();
    await window.picture("end");
    await expect(window.chat.getByText("Done and proved", { exact: true })).toBeVisible();
    await expect(window.chat.getByText("ran after the last write").first()).toBeVisible();
    assert.match(told(), /Named with @, to be looked at first where it is a file or folder here: src\/invoice\.js\./);
    assert.match(told(), /changed by the user to:.{0,200}ten or more/);
    await expect(window.page.getByRole("tab", { name: /\(proposed\)|^Proposed: / })).toHaveCount(0);
  });
});
