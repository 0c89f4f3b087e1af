// What happens to people beside the plan: the file changes under its diff, a second window, a full disk, settings that make no sense. Each
// costs nothing and says what to do.

import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Script } from "../support/script.ts";
import { rightEdit } from "./sample-story.ts";
import { ask, workbenchWithModel } from "./with-model.ts";
import { expect, type Window } from "./workbench.ts";

const plan = (line: string) => ({
  steps: [{ id: "mend", goal: "Give ten pieces the bulk price", role: "coder", needs: [], check: { by: "command", line } }],
});

/** One step, one edit; where that was not possible the model says so, and the check decides. */
const script: Script = (cue) => {
  if (cue.answer === "plan") return { answer: plan("npm test") };
  if (cue.answer === "reflection") return { answer: { because: "The file was not changed.", lesson: "Read it first.", then: "give up" } };
  return cue.turn === 0 ? { calls: [{ tool: "edit_file", args: rightEdit }] } : { text: `I was told: ${cue.last.slice(0, 300)}` };
};

async function untilChange(window: Window): Promise<ReturnType<Window["card"]>> {
  await ask(window);
  const change = window.card(/Change src\/invoice\.js/);
  await window.page.getByRole("tab", { name: /^Proposed: / }).waitFor();
  await expect(change.getByRole("button", { name: "Accept", exact: true })).toBeEnabled();
  return change;
}

describe("odd moments", () => {
  const { open, whole } = workbenchWithModel(script);

  it("a file saved while its diff is open keeps what was saved, and gets what was accepted", async () => {
    const window = await open();
    const change = await untilChange(window);
    const before = window.text("src/invoice.js");
    writeFileSync(join(window.folder, "src/invoice.js"), `// mine\n${before}`);
    await change.getByRole("button", { name: "Accept", exact: true }).click();
    await expect.poll(() => window.text("src/invoice.js")).toBe(`// mine\n${before.replace("quantity > BULK", "quantity >= BULK")}`);
    await window.card("Evidence, 1 of 1 proved").waitFor();
  });

  it("words typed into a diff are merged into what the file became meanwhile, and kept where both changed the same line", async () => {
    const window = await open();
    const change = await untilChange(window);
    const before = window.text("src/invoice.js");
    await change.getByRole("button", { name: "Edit hunk 1" }).click();
    const line = window.page.locator(".monaco-diff-editor .editor.modified .view-line", { hasText: ">=" });
    await line.click();
    await window.page.keyboard.press("End");
    await window.page.keyboard.type(" // typed");
    writeFileSync(join(window.folder, "src/invoice.js"), before.replace("if (quantity > BULK_QUANTITY) {", "if (quantity > 7) {"));
    await change.getByRole("button", { name: /^(?:Accept|Apply 1)$/ }).click();
    await expect(window.chat.getByRole("alert")).toContainText("A hunk meets lines that you changed meanwhile");
    await window.picture("stale-diff");
    assert.match(window.text("src/invoice.js"), /quantity > 7/, "nothing was written");

    writeFileSync(join(window.folder, "src/invoice.js"), `// mine\n${before}`);
    await change.getByRole("button", { name: /^(?:Accept|Apply 1)$/ }).click();
    const typed = before.replace("if (quantity > BULK_QUANTITY) {", "if (quantity >= BULK_QUANTITY) { // typed");
    await expect.poll(() => window.text("src/invoice.js")).toBe(`// mine\n${typed}`);
  });

  it("a file deleted while it is reviewed is not made again; the person is told, and with a rejection the model", async () => {
    const window = await open();
    const change = await untilChange(window);
    rmSync(join(window.folder, "src/invoice.js"));
    await change.getByRole("button", { name: "Accept", exact: true }).click();
    await expect(window.chat.getByRole("alert")).toContainText("src/invoice.js was deleted meanwhile");
    await change.getByRole("button", { name: "Reject…" }).click();
    await change.getByLabel(/^Why\?/).fill("it is gone");
    await change.getByRole("button", { name: "Reject", exact: true }).click();
    await expect(window.chat.getByText(/I was told: .*it is gone/).first()).toBeVisible();
    assert.equal(existsSync(join(window.folder, "src/invoice.js")), false);
    await window.picture("deleted-under-diff");
  });

  it("a file that is read-only is left alone, and the model is told", async () => {
    const window = await open();
    chmodSync(join(window.folder, "src/invoice.js"), 0o444);
    const before = window.text("src/invoice.js");
    const change = await untilChange(window);
    await change.getByRole("button", { name: "Accept", exact: true }).click();
    await expect(window.chat.getByText(/src\/invoice\.js is read-only/).first()).toBeVisible();
    assert.equal(window.text("src/invoice.js"), before);
  });

  it("a second window shows a run that works in the first, cannot decide for it, and learns that its question is gone", async () => {
    const first = await open();
    const change = await untilChange(first);
    const second = await open({ folder: first.folder });
    await second.showChat();
    await second.chat.getByRole("button", { name: "Ten pieces should be cheaper", exact: true }).click();
    const seen = second.card(/Change src\/invoice\.js/);
    await seen.getByRole("button", { name: "Accept", exact: true }).click();
    await expect(second.chat.getByRole("alert")).toContainText(/is open in process \d+; use it there/);
    await second.picture("second-window");
    assert.match(first.text("src/invoice.js"), /quantity > BULK/, "nothing happened");

    await change.getByRole("button", { name: "Accept", exact: true }).click();
    await first.card("Evidence, 1 of 1 proved").waitFor();
    await seen.getByRole("button", { name: "Accept", exact: true }).click();
    await second.card("Evidence, 1 of 1 proved").waitFor();
    await expect(second.chat.getByRole("alert")).toContainText(/This no longer waits/);
    assert.match(first.text("src/invoice.js"), /quantity >= BULK/);
  });

  it("in a workspace of two folders the run works in the one that is chosen, and says which", async () => {
    const [shop, other] = [whole().sample(), whole().sample()];
    const workspace = join(other, "both.code-workspace");
    writeFileSync(
      workspace,
      JSON.stringify({
        folders: [
          { path: shop, name: "shop" },
          { path: other, name: "other" },
        ],
      }),
    );
    const window = await open({ folder: workspace, shown: other });
    await window.showChat();
    await expect(window.button("shop")).toBeVisible();
    await window.button("shop").click();
    await window.page.locator(".quick-input-list .monaco-list-row", { hasText: "other" }).click();
    await expect(window.button("other")).toBeVisible();
    const change = await untilChange(window);
    await window.picture("two-folders");
    await change.getByRole("button", { name: "Accept", exact: true }).click();
    await window.card("Evidence, 1 of 1 proved").waitFor();
    assert.match(window.text("src/invoice.js"), /quantity >= BULK/);
    assert.notEqual(window.text("src/invoice.js"), whole().textIn(shop, "src/invoice.js"), "the other folder was left alone");
  });

  it("a setting that makes no sense is told once, in one sentence, and its default holds", async () => {
    whole().configure({ "proviso.mode": "reckless", "proviso.limits.usd": "lots" });
    const window = await open();
    await window.showChat();
    const told = window.page.locator(".notifications-toasts .notification-list-item-message");
    await expect(told.filter({ hasText: 'Setting proviso.mode is "reckless"' })).toHaveCount(1);
    await expect(told.filter({ hasText: 'Setting proviso.limits.usd is "lots"' })).toHaveCount(1);
    await expect(window.button("supervised")).toBeVisible();
    await window.picture("wrong-settings");
    whole().configure({ "proviso.mode": undefined, "proviso.limits.usd": undefined });
  });
});

describe("on a full disk", () => {
  let disk = "";
  let mounted = false;
  const { open } = workbenchWithModel(script, () => {
    disk = mkdtempSync(join(tmpdir(), "pv-full-"));
    mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=512k", "tmpfs", disk]).status === 0;
    return { stateHome: join(disk, "proviso") };
  });
  after(() => {
    if (mounted) spawnSync("umount", ["-l", disk]);
    rmSync(disk, { recursive: true, force: true });
  });

  it("the run stops with one sentence, loses nothing, and goes on once there is room", async function () {
    // Only an administrator can make a disk this small.
    if (!mounted) this.skip();
    const window = await open();
    const change = await untilChange(window);
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, "filler"), new Uint8Array(bavail * bsize));
    // Longer than what may be left of the last block of the journal.
    await change.getByRole("button", { name: "Reject…" }).click();
    await change.getByLabel(/^Why\?/).fill("Because. ".repeat(1000));
    await change.getByRole("button", { name: "Reject", exact: true }).click();
    const told = window.page.locator(".notification-list-item", { hasText: "no space left on device; free some" });
    await expect(told).toHaveCount(1);
    await window.picture("full-disk");
    assert.match(window.text("src/invoice.js"), /quantity > BULK/, "nothing was written");
    rmSync(join(disk, "filler"));
    await told.getByRole("button", { name: "Resume" }).click();
    await change.getByRole("button", { name: "Accept", exact: true }).click();
    await window.card("Evidence, 1 of 1 proved").waitFor();
    assert.match(window.text("src/invoice.js"), /quantity >= BULK/);
  });
});
