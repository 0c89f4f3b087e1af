// A model's key: asked for in a box that hides it, sent to the server and nowhere else, and in no file.

import { strict as assert } from "node:assert";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { sampleScript } from "./sample-story.ts";
import { workbenchWithModel } from "./with-model.ts";
import { expect } from "./workbench.ts";

const key = "sk-test-5f1d9c0e7a42";

describe("a model's key", () => {
  const { open, whole, model } = workbenchWithModel(sampleScript, () => ({ key }));

  it("is kept in secret storage, and a run without it says what to do", async () => {
    const window = await open();
    await window.showChat();
    await window.send("Lines of ten pieces should get the bulk price");
    await expect(window.chat.getByText(/key/i).first()).toBeVisible();
    await window.command("Proviso: Set Model Key");
    const box = window.page.locator(".quick-input-widget input");
    await expect(box).toHaveAttribute("type", "password");
    await box.fill(key);
    await box.press("Enter");
    await window.command("Proviso: New Run");
    await window.send("Lines of ten pieces should get the bulk price");
    await window.card(/^Plan, 3 steps/).waitFor();
    assert.ok(model().requests.some(({ headers }) => headers.authorization === `Bearer ${key}`));
    assert.deepEqual(filesWith(whole().home, key), []);
  });
});

function filesWith(folder: string, text: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => {
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat?.isFile() === true && stat.size < 5_000_000 && readFileSync(path).includes(text);
  });
}
