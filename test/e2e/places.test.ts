// Where it is used: without a model, without a folder, and in a workspace nobody trusts.

import { strict as assert } from "node:assert";
import { approveUntil } from "./with-model.ts";
import { expect, workbench } from "./workbench.ts";

describe("without a model", () => {
  const { open } = workbench(() => ({}));

  it("the offline engine finds and mends the failing test, and proves it", async () => {
    const window = await open();
    await window.showChat();
    await window.chat.getByRole("button", { name: "Fix the failing test" }).click();
    await window.picture("offline-started");
    await approveUntil(window, window.chat.getByText("Done and proved", { exact: true }));
    assert.match(window.text("src/invoice.js"), /quantity >= BULK_QUANTITY/);
    await window.picture("offline-end");
  });

  it("says what it cannot do, and what to do about it", async () => {
    const window = await open();
    await window.showChat();
    await window.send("Write me a poem about invoices");
    await expect(window.chat.getByText(/Without a language model I do not understand/).first()).toBeVisible();
    assert.equal(await window.button("Approve plan").count(), 0, "no plan is put to anybody first");
    await expect(window.chat.getByText("Done and proved")).toHaveCount(0);
    await window.picture("offline-cannot");
  });

  it("without a folder it says so and offers to open one", async () => {
    const window = await open({ folder: null });
    await window.showChat();
    await expect(window.chat.getByText("No folder is open.")).toBeVisible();
    await expect(window.button("Open a folder")).toBeVisible();
    await window.picture("no-folder");
  });
});

describe("in a workspace that is not trusted", () => {
  const { open } = workbench(() => ({
    trust: true,
    settings: { "security.workspace.trust.startupPrompt": "never", "security.workspace.trust.banner": "never" },
  }));

  it("says what it does not do there, and changes nothing", async () => {
    const window = await open();
    await window.showChat();
    await expect(window.chat.getByText(/This workspace is not trusted/)).toBeVisible();
    await window.picture("untrusted");
    const before = window.text("src/invoice.js");
    await window.send("Fix the failing test");
    await expect(window.chat.getByText("Stopped by a fuse")).toBeVisible();
    await expect(window.chat.getByText(/trust the workspace/).first()).toBeVisible();
    await window.picture("untrusted-run");
    assert.equal(window.text("src/invoice.js"), before);
    assert.equal(await window.button(/^(Approve|Accept)$/).count(), 0, "nothing is offered that would change or run anything");
  });
});
