// The cards in the workbench's own themes: axe finds nothing in them, contrast included, and neither the keyboard nor the focus goes
// where nobody sent it.

import { strict as assert } from "node:assert";
import axe from "axe-core";
import type { Frame } from "@playwright/test";
import { sampleScript } from "./sample-story.ts";
import { workbenchWithModel } from "./with-model.ts";
import { expect, type Window } from "./workbench.ts";

/** Whether pictures of all of it are wanted: `PROVISO_PICTURES=1 npm test -- e2e/themes`. */
const pictures = process.env["PROVISO_PICTURES"] !== undefined;

/** Those VS Code starts with, those before them, and high contrast. */
const themes = ["Light 2026", "Light Modern", "Default High Contrast", "Default High Contrast Light", "Dark Modern", "Dark 2026"] as const;

async function pageOf(window: Window): Promise<Frame> {
  const handle = await window.chat.locator("body").elementHandle();
  const frame = await handle?.ownerFrame();
  assert.ok(frame, "the chat's page is a frame");
  return frame;
}

async function faultsIn(window: Window, scene: string): Promise<readonly string[]> {
  const frame = await pageOf(window);
  await frame.evaluate(axe.source);
  const faults: string[] = [];
  for (const theme of themes) {
    await window.theme(theme);
    const { violations } = (await frame.evaluate(`axe.run(document, { resultTypes: ["violations"] })`)) as axe.AxeResults;
    for (const { id, nodes } of violations)
      for (const node of nodes) faults.push(`${scene} in ${theme}: ${id}: ${node.html.slice(0, 160)} (${node.any[0]?.message ?? ""})`);
    if (pictures) await window.picture(`theme-${scene}-${theme}`);
  }
  return faults;
}

describe("in the workbench's own themes", () => {
  const { open } = workbenchWithModel(sampleScript, () => ({ settings: { "proviso.review.openDiff": false } }));

  it("axe finds nothing in any card, and what is waiting never takes the focus", async () => {
    const window = await open({ viewport: { width: 1400, height: 1100 } });
    await window.showChat();
    const faults = [...(await faultsIn(window, "empty"))];
    await window.send("Lines of ten pieces should get the bulk price");
    await window.card(/^Plan, 3 steps/).waitFor();
    faults.push(...(await faultsIn(window, "plan")));
    await window.button("Approve plan").click();

    // Somebody writes in an editor while cards come and go.
    await window.page.keyboard.press("Control+N");
    const editor = window.page.locator(".editor-group-container .monaco-editor").first();
    await editor.waitFor();
    await expect(window.card(/Change src\/invoice\.js/)).toBeVisible();
    await expect(window.card(/CHANGES\.md/)).toBeVisible();
    await window.page.keyboard.type("still here");
    await expect(editor.locator(".view-line", { hasText: "still here" })).toBeVisible();
    faults.push(...(await faultsIn(window, "change")));

    await window
      .card(/CHANGES\.md/)
      .getByRole("button", { name: "Accept", exact: true })
      .click();
    await window
      .card(/Change src\/invoice\.js/)
      .getByRole("button", { name: "Accept", exact: true })
      .click();
    const command = window.card(/Run a command/);
    await command.getByRole("button", { name: "Always allow…" }).click();
    await command.getByRole("group", { name: "Rule to add" }).waitFor();
    faults.push(...(await faultsIn(window, "command")));
    await command.getByRole("button", { name: "Approve", exact: true }).click();
    await window.card("Evidence, 3 of 3 proved").waitFor();
    faults.push(...(await faultsIn(window, "end")));
    assert.deepEqual(faults, []);
  });
});
