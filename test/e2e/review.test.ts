// A change reviewed hunk by hunk in the real editor: what is written is exactly what was decided, whatever comes between.

import { strict as assert } from "node:assert";
import type { Locator } from "@playwright/test";
import type { Script } from "../support/script.ts";
import { ask, workbenchWithModel } from "./with-model.ts";
import { expect, type Window } from "./workbench.ts";

const step = {
  id: "mend",
  goal: "Give ten pieces the bulk price",
  role: "coder",
  needs: [],
  check: { by: "content", path: "src/invoice.js", matches: "BULK" },
};
const blocks = [
  { search: "BULK_PERCENT = 5;", replace: "BULK_PERCENT = 6;" },
  { search: "quantity > BULK_QUANTITY", replace: "quantity >= BULK_QUANTITY" },
  { search: "a discount cannot be negative", replace: "A discount cannot be negative" },
];
const script: Script = (cue) => {
  if (cue.answer === "plan") return { answer: { steps: [step] } };
  return cue.turn === 0 ? { calls: [{ tool: "edit_file", args: { path: "src/invoice.js", blocks } }] } : { text: "Done." };
};

describe("a change reviewed hunk by hunk", () => {
  const { open, told } = workbenchWithModel(script);

  const lens = (window: Window, name: string | RegExp): Locator => window.page.locator(".codelens-decoration a", { hasText: name });
  /** Words above a hunk that are no command. */
  const says = (window: Window, words: string | RegExp): Locator => window.page.locator(".codelens-decoration", { hasText: words }).first();
  const tab = (window: Window): Locator => window.page.getByRole("tab", { name: /^Proposed: invoice\.js/ });

  async function waitingChange(window: Window): Promise<Locator> {
    await ask(window);
    await tab(window).waitFor();
    const card = window.card(/Change src\/invoice\.js/);
    await card.getByText("0 of 3 decided").waitFor();
    return card;
  }

  const press = (window: Window, key: string, decided: string): Promise<void> =>
    window.pressUntil(key, window.card(/Change src\/invoice\.js/).getByText(decided));

  async function openFile(window: Window): Promise<void> {
    await window.page.keyboard.press("ControlOrMeta+p");
    await window.page.locator(".quick-input-widget input.input").fill("src/invoice.js");
    await window.page
      .locator(".quick-input-list .monaco-list-row", { hasText: "invoice.js" })
      .filter({ hasNotText: "Proposed" })
      .first()
      .click();
    await window.page.getByRole("tab", { name: /^invoice\.js/ }).waitFor();
  }

  it("accept one, reject one with a reason, edit one, apply: the file holds exactly that, and the model hears it", async () => {
    const window = await open();
    const card = await waitingChange(window);
    const before = window.text("src/invoice.js");
    await lens(window, /^Accept$/)
      .first()
      .click();
    await card.getByText("1 of 3 decided").waitFor();
    await says(window, "Accepted").waitFor();
    // The next open hunk is in front: rejected by key, then given a reason.
    await press(window, "Alt+n", "2 of 3 decided");
    await lens(window, "Why…").click();
    await window.page.locator(".quick-input-widget input.input").fill("ten is not yet bulk");
    await window.page.keyboard.press("Enter");
    await card.getByText("Rejected: ten is not yet bulk").waitFor();
    assert.equal(window.text("src/invoice.js"), before, "nothing is written before it is applied");

    await lens(window, /^Edit$/)
      .last()
      .click();
    const right = window.page.locator(".monaco-diff-editor .editor.modified");
    await right.locator(".view-line", { hasText: "A discount" }).waitFor();
    await expect(right.locator(".view-line", { hasText: "quantity > BULK_QUANTITY" })).toBeVisible();
    await window.page.keyboard.press("End");
    await window.page.keyboard.type(" // mine");
    await card.getByText("3 of 3 decided").waitFor();
    await card.getByRole("button", { name: "Apply 2" }).click();
    await expect(card).toBeHidden();
    const expected = before
      .replace("BULK_PERCENT = 5;", "BULK_PERCENT = 6;")
      .replace('"a discount cannot be negative");', '"A discount cannot be negative"); // mine');
    await expect.poll(() => window.text("src/invoice.js")).toBe(expected);
    await window.card(/^Evidence/).waitFor();
    assert.match(told(), /1 accepted, 1 changed, 1 rejected/);
    assert.match(told(), /rejected: ten is not yet bulk/);
    assert.match(told(), /changed by the user to:.{0,100}mine/);
    await expect(tab(window)).toHaveCount(0);
  });

  it("one Ctrl+Z takes back all that was applied to a file that is open", async () => {
    const window = await open();
    const card = await waitingChange(window);
    const before = window.text("src/invoice.js");
    await openFile(window);
    await card.getByRole("button", { name: "Accept", exact: true }).click();
    await expect.poll(() => window.text("src/invoice.js")).toMatch(/BULK_PERCENT = 6[\s\S]*quantity >= BULK[\s\S]*A discount/);
    await window.page.getByRole("tab", { name: /^invoice\.js/ }).click();
    await window.page.locator(".editor-instance .monaco-editor .view-line", { hasText: "BULK_PERCENT = 6" }).click();
    await window.page.keyboard.press("ControlOrMeta+z");
    await window.page.keyboard.press("ControlOrMeta+s");
    await expect.poll(() => window.text("src/invoice.js")).toBe(before);
  });

  it("what is decided is there after a reload, in the card, the tree and the editor", async () => {
    const window = await open();
    const card = await waitingChange(window);
    await lens(window, /^Accept$/)
      .first()
      .click();
    await card.getByText("1 of 3 decided").waitFor();
    await window.page.reload();
    await window.showChat();
    await card.getByText("1 of 3 decided").waitFor({ timeout: 30_000 });
    await tab(window).click();
    await says(window, "Accepted").waitFor();
    await window.page.getByRole("button", { name: /^Pending Changes/ }).click();
    await expect(window.page.getByRole("treeitem", { name: /BULK_PERCENT = 6.*accepted/ })).toBeVisible();
    await card.getByRole("button", { name: "Apply 1, reject the rest" }).click();
    await expect.poll(() => window.text("src/invoice.js")).toMatch(/BULK_PERCENT = 6/);
    assert.match(window.text("src/invoice.js"), /quantity > BULK_QUANTITY/);
    await expect(window.page.getByRole("button", { name: /^Pending Changes/ })).toHaveCount(0);
  });

  it("what the person types in the file meanwhile is kept, and only where it meets a hunk is something asked", async () => {
    const window = await open();
    const card = await waitingChange(window);
    const before = window.text("src/invoice.js");
    await openFile(window);
    const editor = window.page.locator(".editor-instance .monaco-editor").first();
    await editor.locator(".view-line", { hasText: "return full;" }).click();
    await window.page.keyboard.press("End");
    await window.page.keyboard.type("\nvoid 0;");
    await editor.locator(".view-line", { hasText: "quantity > BULK" }).click();
    await window.page.keyboard.press("End");
    await window.page.keyboard.type(" // mine");

    await window.page.keyboard.press("Alt+j");
    await says(window, "You changed these lines meanwhile").waitFor();
    await expect(card.getByText("You changed these lines meanwhile.")).toBeVisible();
    await window.picture("review-conflict");
    await card.getByRole("button", { name: "Accept", exact: true }).click();
    await expect(window.chat.getByText(/meet lines that you changed meanwhile|meets lines that you changed meanwhile/)).toBeVisible();
    await lens(window, "Take proposal").first().click();
    await card.getByText("1 of 3 decided").waitFor();
    await card.getByRole("button", { name: "Accept the other 2" }).click();
    await expect(card).toBeHidden();
    const text = (): string => window.text("src/invoice.js");
    await expect.poll(text).toContain("A discount cannot be negative");
    assert.equal(
      text(),
      before
        .replace("BULK_PERCENT = 5;", "BULK_PERCENT = 6;")
        .replace("quantity > BULK_QUANTITY", "quantity >= BULK_QUANTITY")
        .replace("return full;", "return full;\n  void 0;")
        .replace("a discount", "A discount"),
    );
  });

  it("keyboard alone goes through a whole review, and a key decides nothing that was not looked at", async () => {
    const window = await open();
    const card = await waitingChange(window);
    // The cursor is in the chat's box, where the keys of a review mean nothing.
    await window.composer.click();
    await window.page.keyboard.press("Shift+Alt+y");
    await card.getByText("0 of 3 decided").waitFor();
    await window.page.keyboard.press("Alt+j");
    await window.page.locator(".editor-instance .monaco-editor.focused").waitFor();
    await press(window, "Alt+n", "1 of 3 decided");
    await window.page.keyboard.press("Shift+Alt+F5");
    await window.page.keyboard.press("Alt+F5");
    await press(window, "Alt+y", "2 of 3 decided");
    await press(window, "Shift+Alt+y", "3 of 3 decided");
    await window.command("Proviso: Apply What Is Decided");
    await expect(card).toBeHidden();
    await expect.poll(() => window.text("src/invoice.js")).toMatch(/quantity >= BULK_QUANTITY/);
    assert.match(window.text("src/invoice.js"), /BULK_PERCENT = 5;/);
    assert.match(window.text("src/invoice.js"), /A discount cannot/);
  });
});
