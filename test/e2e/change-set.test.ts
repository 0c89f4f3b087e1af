// One proposal over several files, with a new one, a deleted one and a renamed one, reviewed in the real editor as one thing.

import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import { join } from "node:path";
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
const files = [
  {
    path: "src/invoice.js",
    blocks: [
      { search: "BULK_PERCENT = 5;", replace: "BULK_PERCENT = 6;\nexport const MOST = 100;\nexport const LEAST = 1;" },
      { search: "quantity > BULK_QUANTITY", replace: "quantity >= BULK_QUANTITY" },
    ],
  },
  { path: "NOTES.md", text: "# Notes\n\nTen is bulk.\nSix percent.\n" },
  { path: "test/money.test.js", delete: true },
  { path: "README.md", to: "GUIDE.md" },
];
const script: Script = (cue) => {
  if (cue.answer === "plan") return { answer: { steps: [step] } };
  return cue.turn === 0 ? { calls: [{ tool: "change_files", args: { files } }] } : { text: "Done." };
};

describe("a change of several files, reviewed as one", () => {
  const { open, told } = workbenchWithModel(script);

  const lens = (window: Window, name: string | RegExp): Locator => window.page.locator(".codelens-decoration a", { hasText: name });
  const tab = (window: Window, name: RegExp): Locator => window.page.getByRole("tab", { name });
  const isThere = (window: Window, path: string): boolean => existsSync(join(window.folder, path));

  async function waitingSet(window: Window): Promise<Locator> {
    await ask(window);
    await tab(window, /^Proposed: invoice\.js/).waitFor();
    const card = window.card(/Waits for approval/);
    await card.getByText("0 of 6 decided").waitFor();
    return card;
  }
  const decided = (card: Locator, n: number): Promise<void> => card.getByText(`${n} of 6 decided`).waitFor();
  const isInFront = (window: Window, name: string): Promise<void> =>
    expect(tab(window, new RegExp(`^Proposed: ${name}`))).toHaveAttribute("aria-selected", "true");

  it("is seen whole in one diff, in the tree and in the explorer; accepted and rejected file by file, it is applied as decided", async () => {
    const window = await open();
    const card = await waitingSet(window);
    await window.command("Proviso: Show All Changes of the Review");
    await tab(window, /^Proposed: 5 files/).waitFor();
    await expect(window.page.locator(".multiDiffEntry")).not.toHaveCount(0);
    await window.picture("change-set-overview");
    await window.command("View: Show Explorer");
    const inExplorer = (name: string, decoration: string): Locator =>
      window.page
        .locator(".explorer-folders-view .monaco-list-row", { hasText: name })
        .locator(`[class*="monaco-decoration-${decoration}"]`);
    await expect(inExplorer("README.md", "itemBadge")).not.toHaveCount(0);
    await expect(inExplorer("src", "bubbleBadge")).not.toHaveCount(0);
    await expect(inExplorer("AGENTS.md", "item")).toHaveCount(0);
    await window.picture("change-set-explorer");

    await window.showChat();
    const before = window.text("src/invoice.js");
    await window.page.getByRole("button", { name: /^Pending Changes/ }).click();
    await window.page.locator(".pane-body .monaco-list-row", { hasText: "invoice.js" }).click();
    const line = (text: string): Locator => window.page.locator(".editor-instance .view-line", { hasText: text }).first();
    await line("BULK_PERCENT = 6").click();
    // By keyboard from hunk to hunk and from file to file, and back.
    for (const [key, name] of [
      ["Alt+F5", "invoice.js"],
      ["Alt+F5", "NOTES.md"],
      ["Alt+F5", "money.test.js"],
      ["Shift+Alt+F5", "NOTES.md"],
      ["Shift+Alt+F5", "invoice.js"],
    ] as const) {
      await window.page.keyboard.press(key);
      await isInFront(window, name);
    }
    // One line of three that are proposed, and the rest of the file as it is proposed.
    await line("MOST = 100").click();
    await window.page.keyboard.press("Home");
    await window.page.keyboard.press("Shift+End");
    await lens(window, "Accept selected lines").click();
    await decided(card, 1);
    await lens(window, "Accept file").click();
    await decided(card, 2);
    for (const [name, command, count] of [
      ["NOTES.md", "Accept", 3],
      ["money.test.js", "Accept", 4],
      ["(README|GUIDE).md", "Reject", 5],
      ["(README|GUIDE).md", "Reject", 6],
    ] as const) {
      await isInFront(window, name);
      await window.command(`Proviso: ${command} All Hunks of the File`);
      await decided(card, count);
    }
    assert.deepEqual(
      [window.text("src/invoice.js"), isThere(window, "NOTES.md"), isThere(window, "test/money.test.js")],
      [before, false, true],
    );
    await window.picture("change-set-decided");
    await window.command("Proviso: Apply What Is Decided");
    await expect(card).toBeHidden();
    const applied = before
      .replace("BULK_PERCENT = 5;", "BULK_PERCENT = 5;\nexport const MOST = 100;")
      .replace("quantity > BULK_QUANTITY", "quantity >= BULK_QUANTITY");
    await expect.poll(() => window.text("src/invoice.js")).toBe(applied);
    const there = (): readonly boolean[] =>
      ["NOTES.md", "test/money.test.js", "README.md", "GUIDE.md"].map((path) => isThere(window, path));
    await expect.poll(there).toEqual([true, false, true, false]);
    await expect.poll(told).toMatch(/accepted/);
  });
});
