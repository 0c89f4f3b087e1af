// A run that goes in circles in the real workbench: its card hands it over as a document, puts its files back, and plans anew.

import { strict as assert } from "node:assert";
import type { Script } from "../support/script.ts";
import { ask, workbenchWithModel } from "./with-model.ts";
import { expect } from "./workbench.ts";

const check = { by: "content", path: "src/invoice.js", matches: "WHOLESALE" };
const edit = (replace: string) => ({
  calls: [{ tool: "edit_file", args: { path: "src/invoice.js", blocks: [{ search: "/** A line", replace }] } }],
});

/** The first plan changes a file and then looks at it for ever; the second does what is wanted. */
const script: Script = ({ answer, text, turn }) => {
  const anew = text.includes("An earlier plan did not do");
  if (answer === "plan")
    return { answer: { steps: [{ id: "mend", goal: anew ? "Name it WHOLESALE" : "Go round", role: "coder", needs: [], check }] } };
  if (answer === "reflection") return { answer: { because: "It failed.", lesson: "Try again.", then: "give up" } };
  if (text.includes("Your step: Name it WHOLESALE")) return turn === 0 ? edit("// WHOLESALE\n/** A line") : { text: "That was it." };
  return turn === 0 ? edit("// round\n/** A line") : { calls: [{ tool: "read_file", args: { path: "src/invoice.js" } }] };
};

describe("a fuse that blew", () => {
  const { open } = workbenchWithModel(script);

  it("hands over, rolls back and plans anew from its card", async () => {
    const window = await open();
    const before = window.text("src/invoice.js");
    await ask(window, "Give ten pieces the bulk price and then stop");
    await window.chat.getByRole("button", { name: "Accept", exact: true }).first().click();
    const card = window.chat.getByRole("alert", { name: "Fuse blown: repeats" });
    await card.waitFor();
    assert.match(window.text("src/invoice.js"), /round/);
    await window.chat.getByRole("button", { name: /^Fuses/ }).click();
    await expect(window.chat.getByRole("meter", { name: "repeats" })).toHaveAttribute("aria-valuetext", "3 of 3 times the same call");
    await window.picture("fuse");

    await card.getByRole("radio", { name: /^Hand over/ }).check();
    await card.getByRole("button", { name: "Hand over" }).click();
    await expect(window.page.locator(".monaco-editor").getByText("Hand-over: Give ten pieces").first()).toBeVisible();

    await card.getByRole("radio", { name: /^Roll back/ }).check();
    await card.getByRole("button", { name: "Roll back…" }).click();
    await window.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: "Restore 1 file" }).first().click();
    await expect.poll(() => window.text("src/invoice.js")).toEqual(before);

    await card.getByRole("radio", { name: /^Plan anew/ }).check();
    await card.getByRole("button", { name: "Plan anew" }).click();
    await expect(window.chat.getByText("Name it WHOLESALE").first()).toBeVisible();
    await window.button("Approve plan").click();
    await window.chat.getByRole("button", { name: "Accept", exact: true }).first().click();
    await window.card(/^Evidence, /).waitFor();
    assert.match(window.text("src/invoice.js"), /WHOLESALE/);
  });
});
