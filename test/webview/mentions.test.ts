// "@" in the composer: what is offered, what the keys do with it, and that the box stays the person's.

import { strict as assert } from "node:assert";
import { expect, type Locator } from "@playwright/test";
import type { ToHost } from "../../src/protocol/to-host.ts";
import { type BarePage, browser } from "./bare-page.ts";
import { scenes } from "./views.ts";

describe("a mention", () => {
  const { open } = browser();

  async function room(): Promise<{ readonly bare: BarePage; readonly box: Locator; readonly list: Locator; readonly options: Locator }> {
    const bare = await open();
    const scene = (await scenes())["empty"];
    assert.ok(scene);
    await bare.show(scene.view);
    const list = bare.page.getByRole("listbox", { name: "Files" });
    return { bare, list, box: bare.page.getByPlaceholder("Type @ to add a file"), options: list.getByRole("option") };
  }

  async function sent<T extends ToHost["type"]>(bare: BarePage, type: T): Promise<readonly Extract<ToHost, { type: T }>[]> {
    return (await bare.sent()).filter((message): message is Extract<ToHost, { type: T }> => message.type === type);
  }

  /** The host answers once it has been asked. */
  async function answer(bare: BarePage, words: string, ...paths: readonly string[]): Promise<void> {
    await expect.poll(async () => (await sent(bare, "find")).at(-1)?.words).toBe(words);
    await bare.post({ type: "found", words, paths });
  }

  it("is looked for as it is typed, walked with the arrows and taken with Enter; one Ctrl+Z takes it back", async () => {
    const { bare, box, list, options } = await room();
    await box.focus();
    await bare.page.keyboard.type("explain @inv");
    await answer(bare, "inv", "src/invoice.js", "test/invoice.test.js", "invoice/");
    await expect(options).toHaveText([/^invoice\.js\s*src$/, /^invoice\.test\.js\s*test$/, "invoice/"]);
    await expect(options.nth(0)).toHaveAttribute("aria-selected", "true");
    await bare.page.keyboard.press("ArrowUp");
    await expect(options.nth(2)).toHaveAttribute("aria-selected", "true");
    await bare.page.keyboard.press("ArrowDown");
    await bare.page.keyboard.press("ArrowDown");
    await expect(box).toHaveAttribute("aria-activedescendant", (await options.nth(1).getAttribute("id")) ?? "none");
    await expect(box).toBeFocused();
    await bare.page.keyboard.press("Enter");
    await expect(box).toHaveValue("explain @test/invoice.test.js ");
    await expect(list).toHaveCount(0);
    await bare.page.keyboard.press("Control+z");
    await expect(box).toHaveValue("explain @inv");
    await bare.page.keyboard.press("Control+Shift+z");
    await bare.page.keyboard.press("Enter");
    assert.deepEqual(await sent(bare, "send"), [{ type: "send", text: "explain @test/invoice.test.js ", as: "run" }]);
  });

  it("is asked about once typing rests, and what was found before is narrowed meanwhile", async () => {
    const { bare, box, options } = await room();
    await box.focus();
    await bare.page.keyboard.type("@i");
    await answer(bare, "i", "src/index.js", "src/invoice.js");
    await bare.page.keyboard.type("nv");
    await expect(options).toHaveText([/^invoice\.js/]);
    await answer(bare, "inv", "src/invoice.js", "lib/inventory.js");
    await expect(options).toHaveCount(2);
    await bare.post({ type: "found", words: "in", paths: ["src/index.js"] });
    await expect(options).toHaveCount(0);
    assert.ok((await sent(bare, "find")).length <= 3);
  });

  it("with a space in its path is quoted, and replaces the whole word the cursor is in", async () => {
    const { bare, box } = await room();
    await box.fill("see @notes and go");
    for (let i = 0; i < 9; i++) await bare.page.keyboard.press("ArrowLeft");
    await bare.page.keyboard.type("e");
    await answer(bare, "note", "docs/my notes.md");
    await bare.page.keyboard.press("Tab");
    await expect(box).toHaveValue('see @"docs/my notes.md" and go');
    await bare.page.keyboard.type("now ");
    await expect(box).toHaveValue('see @"docs/my notes.md" now and go');
    await expect(box).toBeFocused();
  });

  it("leaves the box at the second Escape: the first closes the list, for good while this one is typed", async () => {
    const { bare, box, list } = await room();
    await box.focus();
    await bare.page.keyboard.type("@i");
    await answer(bare, "i", "src/invoice.js");
    await expect(list).toBeVisible();
    await bare.page.keyboard.press("Escape");
    await expect(list).toHaveCount(0);
    await bare.page.keyboard.type("n");
    await bare.post({ type: "found", words: "in", paths: ["src/invoice.js"] });
    await expect(list).toHaveCount(0);
    await expect(box).toBeFocused();
    await bare.page.keyboard.press("Escape");
    await expect(box).not.toBeFocused();
  });

  it("is begun by its button and taken with the pointer, and the cursor stays in the box", async () => {
    const { bare, box, list, options } = await room();
    await box.fill("explain");
    await bare.page.getByRole("button", { name: "Add a file" }).click();
    await expect(box).toHaveValue("explain @");
    await answer(bare, "", "README.md", "src/invoice.js");
    await options.nth(1).click();
    await expect(box).toHaveValue("explain @src/invoice.js ");
    await expect(box).toBeFocused();
    await expect(list).toHaveCount(0);
  });

  it("that is typed to its end is not offered again, so that Enter sends", async () => {
    const { bare, box, list } = await room();
    await box.focus();
    await bare.page.keyboard.type("@README.md");
    await answer(bare, "README.md", "README.md");
    await expect(list).toHaveCount(0);
    await bare.page.keyboard.press("Enter");
    assert.equal((await sent(bare, "send")).length, 1);
  });

  it("is none in an address or in code, and nothing is asked about", async () => {
    const { bare, box } = await room();
    await box.focus();
    await bare.page.keyboard.type("mail me@example.org about `npm i @types/node");
    await bare.page.waitForTimeout(150);
    assert.deepEqual(await sent(bare, "find"), []);
  });

  it("that nothing fits says so, and the list goes when the box is left", async () => {
    const { bare, box, list } = await room();
    await box.focus();
    await bare.page.keyboard.type("@zzz");
    await answer(bare, "zzz");
    await expect(bare.page.getByText("No file here fits.")).toBeVisible();
    await bare.page.keyboard.press("Backspace");
    await answer(bare, "zz", "src/buzz/zz.js");
    await expect(list).toBeVisible();
    await box.blur();
    await expect(list).toHaveCount(0);
  });
});
