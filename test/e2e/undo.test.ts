// What one Ctrl+Z means after a change of several files: all of it goes back, in the files that are not open too. Where a person has typed in
// one of them since, VS Code takes back the file in front and what was created or deleted, leaves the other texts, and says so.

import { existsSync } from "node:fs";
import { join } from "node:path";
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
  { path: "src/invoice.js", blocks: [{ search: "quantity > BULK_QUANTITY", replace: "quantity >= BULK_QUANTITY" }] },
  { path: "README.md", blocks: [{ search: "# tally", replace: "# Ten is bulk" }] },
  { path: "src/money.js", blocks: [{ search: "halves up", replace: "halves upwards" }] },
  { path: "NOTES.md", text: "# Notes\n" },
  { path: "test/money.test.js", delete: true },
];
const script: Script = (cue) => {
  if (cue.answer === "plan") return { answer: { steps: [step] } };
  return cue.turn === 0 ? { calls: [{ tool: "change_files", args: { files } }] } : { text: "Done." };
};

describe("Ctrl+Z after a change of several files", () => {
  const { open } = workbenchWithModel(script);

  const textOf = (window: Window, path: string): string | undefined =>
    existsSync(join(window.folder, path)) ? window.text(path) : undefined;
  const texts = (window: Window): readonly (string | undefined)[] => files.map(({ path }) => textOf(window, path));
  const holds = (window: Window, wanted: readonly (string | undefined)[]): Promise<void> =>
    expect.poll(() => texts(window)).toEqual(wanted);

  /** What the files held before and after the change, once all of it is written. */
  async function applied(
    window: Window,
  ): Promise<{ readonly before: readonly (string | undefined)[]; readonly after: readonly (string | undefined)[] }> {
    const before = texts(window);
    const [invoice = "", readme = "", money = ""] = before;
    await ask(window);
    await window
      .card(/Waits for approval/)
      .getByRole("button", { name: "Accept", exact: true })
      .click();
    const after = [
      invoice.replace("quantity > BULK", "quantity >= BULK"),
      readme.replace("# tally", "# Ten is bulk"),
      money.replace("halves up", "halves upwards"),
      "# Notes\n",
      undefined,
    ];
    await holds(window, after);
    return { before, after };
  }

  async function show(window: Window, name: string, line: string): Promise<void> {
    await window.page.keyboard.press("ControlOrMeta+p");
    await window.page.locator(".quick-input-widget input.input").fill(name);
    await window.page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first().click();
    await window.page.locator(".editor-instance .monaco-editor .view-line", { hasText: line }).first().click();
  }

  it("takes back all of it, the files that are not open, created and deleted too, and Redo brings it again", async () => {
    const window = await open();
    const { before, after } = await applied(window);
    await show(window, "invoice.js", "quantity >= BULK");
    await window.page.keyboard.press("ControlOrMeta+z");
    const line = window.page.locator(".editor-instance .monaco-editor .view-line", { hasText: "quantity > BULK" }).first();
    await line.waitFor();
    // As with any undo the texts stand in the editors and are not saved yet.
    await window.command("File: Save All");
    await holds(window, before);
    await line.click();
    await window.page.keyboard.press("ControlOrMeta+Shift+z");
    await window.page.locator(".editor-instance .monaco-editor .view-line", { hasText: "quantity >= BULK" }).first().waitFor();
    await window.command("File: Save All");
    await holds(window, after);
  });

  it("takes back the file in front and leaves the other texts where a person has typed in one of them since, and says so", async () => {
    const window = await open();
    const { before, after } = await applied(window);
    await show(window, "README.md", "Ten is bulk");
    await window.page.keyboard.press("End");
    await window.page.keyboard.type(", said I");
    await show(window, "invoice.js", "quantity >= BULK");
    await window.page.keyboard.press("ControlOrMeta+z");
    await window.page.locator(".editor-instance .monaco-editor .view-line", { hasText: "quantity > BULK" }).first().waitFor();
    await window.page
      .getByText(/Could not undo .* across all files/)
      .first()
      .waitFor();
    await window.picture("undo-beside-a-person");
    await window.command("File: Save All");
    await holds(window, [before[0], after[1]?.replace("Ten is bulk", "Ten is bulk, said I"), after[2], before[3], before[4]]);
  });
});
