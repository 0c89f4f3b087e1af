// Words of a foreign hand, and what the page does by itself: nothing a model writes becomes more than text, and the page asks for nothing that nobody pressed.

import { strict as assert } from "node:assert";
import { expect } from "@playwright/test";
import { patchOf, resetTo, shownOf } from "../../src/protocol/patch.ts";
import { ToHost } from "../../src/protocol/to-host.ts";
import { browser } from "./bare-page.ts";
import { hostile, longView, scenes, viewSaying } from "./views.ts";

describe("the chat's page", () => {
  const { open } = browser();

  it("shows what a model makes up as text: no tag, no script, no command, no hidden direction", async () => {
    const bare = await open();
    await bare.show(viewSaying(hostile));
    await bare.post({ type: "delta", id: "call:a.1", text: hostile }, { type: "delta", id: "step:a", text: hostile });
    await expect(bare.page.getByText("<script>alert(1)</script>").first()).toBeVisible();
    assert.deepEqual(await bare.violations(), []);
    const made = await bare.page.evaluate(
      `[...document.querySelectorAll("#root img, #root script, #root a, #root iframe, #root details, #root style, #root [onerror]")].map((one) => one.outerHTML)`,
    );
    assert.deepEqual(made, []);
    for (const name of ["run", "file", "js"]) await expect(bare.page.getByRole("button", { name, exact: true })).toHaveCount(0);
    const words = await bare.page.locator("#root").innerText();
    assert.doesNotMatch(words, /[\u202a-\u202e\u2066-\u2069]/u, "a control that turns text round is shown as a mark");
  });

  it("sends only messages of the protocol, whatever is pressed", async () => {
    const bare = await open();
    for (const [name, scene] of Object.entries(await scenes())) {
      await bare.stage(scene);
      // Each button that was there, and then each that the first round brought.
      for (const round of [1, 2]) {
        const pressed = await bare.page.evaluate(
          `(() => { const all = [...document.querySelectorAll("button")]; all.forEach((one) => one.click()); return all.length; })()`,
        );
        assert.ok(Number(pressed) > 0, `${name}, round ${round}`);
      }
      const wrong = (await bare.sent()).filter((message) => !ToHost.safeParse(message).success);
      assert.deepEqual(wrong, [], name);
    }
  });

  it("unfolds by key what fills the model's window, and keeps it open while the run goes on", async () => {
    const all = await scenes();
    const [unknown, full] = [all["context-unknown"]?.view, all["context-full"]?.view];
    assert.ok(unknown && full);
    const bare = await open();
    await bare.show(unknown);
    await expect(bare.page.getByRole("row", { name: /^Tool results/ })).toBeHidden();
    await bare.page.locator("summary", { hasText: "Context about" }).focus();
    await bare.page.keyboard.press("Enter");
    await expect(bare.page.getByRole("row", { name: /^Tools \d/ })).toBeVisible();
    await expect(bare.page.getByText("How many tokens the model can take is not known.")).toBeVisible();
    await bare.post({ type: "patch", header: full.header, put: [], gone: [], earlier: 0 });
    await expect(bare.page.getByRole("row", { name: /^Free \d/ })).toBeVisible();
    await expect(bare.page.getByRole("meter", { name: "Context" })).toHaveAttribute(
      "aria-valuenow",
      String(Math.round(full.header.context?.full ?? -1)),
    );
  });

  it("approves the bytes that were shown, and only once the card has been on screen", async () => {
    const { command } = await scenes();
    const bare = await open();
    assert.ok(command);
    await bare.page.evaluate(`new MutationObserver(() => {
      window.atFirst ??= document.querySelector(".btn.primary")?.disabled;
    }).observe(document.body, { subtree: true, childList: true })`);
    await bare.show(command.view);
    const approve = bare.page.getByRole("button", { name: "Approve", exact: true });
    await expect(approve).toBeEnabled();
    assert.equal(await bare.page.evaluate("window.atFirst"), true, "not before anybody could see it");
    await approve.click();
    const request = command.view.items.flatMap((item) => (item.kind === "approval" ? [item.request] : []))[0];
    const sent = (await bare.sent()).filter((message) => message.type === "approve");
    assert.deepEqual(
      sent.map((message) => message.type === "approve" && message.digest),
      [request?.digest],
    );
  });

  it("refuses ten megabytes of pasted text with a sentence, keeps what was typed before, and stays alive", async () => {
    const bare = await open();
    await bare.show(viewSaying("Go on"));
    const { keyboard } = bare.page;
    const box = bare.page.getByRole("textbox").last();
    await box.fill("short");
    await bare.page.evaluate(`document.addEventListener("copy", (event) => {
      event.clipboardData.setData("text/plain", "x".repeat(10_000_000));
      event.preventDefault();
    }, { once: true })`);
    await box.selectText();
    await keyboard.press("Control+C");
    await keyboard.press("End");
    await keyboard.press("Control+V");
    await expect(bare.page.getByRole("alert")).toContainText("10,000,005 characters are too many");
    await expect(box).toHaveValue("short");
    await keyboard.press("Enter");
    await expect(bare.page.getByRole("alert")).toHaveCount(0);
    assert.deepEqual(
      (await bare.sent()).filter(({ type }) => type === "send"),
      [{ type: "send", text: "short", as: "steer" }],
    );
  });

  it("does not send more than a request may hold, however it came into the composer", async () => {
    const bare = await open();
    await bare.show(viewSaying("Go on"));
    const box = bare.page.getByRole("textbox").last();
    await box.fill("x".repeat(100_001));
    await expect(bare.page.getByRole("alert")).toContainText("100,001 characters are too many");
    await box.press("Enter");
    assert.deepEqual(
      (await bare.sent()).filter(({ type }) => type === "send"),
      [],
    );
  });

  it("keeps what was typed, and where the cursor is, while new things arrive", async () => {
    const { working, change } = await scenes();
    assert.ok(working && change);
    const bare = await open();
    await bare.show(change.view);
    const box = bare.page.getByRole("textbox").last();
    await box.fill("half a thought");
    const patch = patchOf(shownOf(change.view), shownOf(working.view));
    await bare.post(patch, { type: "delta", id: "step:mend", text: "more" });
    await expect(box).toBeFocused();
    await expect(box).toHaveValue("half a thought");
  });

  it("passes the focus on to the composer when the card that had it has gone, and takes it from nobody else", async () => {
    const { working, change } = await scenes();
    assert.ok(working && change);
    const bare = await open();
    await bare.stage(change);
    const composer = bare.page.locator(".composer textarea");
    const gone = patchOf(shownOf(change.view), shownOf(working.view));
    const button = bare.page.getByRole("button", { name: "Reject…" });
    await button.click();
    const why = bare.page.getByLabel(/^Why\?/);
    await expect(why).toBeFocused();
    // The person goes elsewhere; the box that stays open does not call back whoever left it.
    await composer.focus();
    await bare.post(resetTo(shownOf({ ...change.view, header: { ...change.view.header, verified: 1 } })));
    await expect(why).toBeVisible();
    await expect(composer).toBeFocused();
    await why.focus();
    await bare.post(gone);
    await expect(why).toHaveCount(0);
    await expect(composer).toBeFocused();
  });

  it("begins the streamed text anew when the model is asked again", async () => {
    const { working } = await scenes();
    assert.ok(working);
    const bare = await open();
    await bare.show(working.view);
    const step = working.view.items.find((item) => item.kind === "step" && item.mood === "working");
    assert.ok(step);
    await bare.post({ type: "delta", id: step.id, text: "half a tho" });
    await expect(bare.page.getByText("half a tho")).toBeVisible();
    await bare.post({ type: "delta", id: step.id, text: "a whole thought", fresh: true });
    await expect(bare.page.getByText("a whole thought")).toBeVisible();
    await expect(bare.page.getByText("half a tho")).toHaveCount(0);
  });

  it("says once in each step that another model answers, where it began to and why", async () => {
    const { switch: scene } = await scenes();
    assert.ok(scene);
    const bare = await open();
    await bare.show(scene.view);
    const notes = bare.page.getByRole("note", { name: "Model switched to rules" });
    const steps = scene.view.items.filter((item) => item.kind === "step" && item.calls > 0).length;
    await expect(notes).toHaveCount(steps);
    await expect(notes.first()).toHaveText(/rules answers instead of openai\/gone\s*openai has no model gone; choose another\./);
  });

  it("asks about a limit with what the buttons do, before there is a plan as well", async () => {
    const { limit } = await scenes();
    assert.ok(limit);
    const bare = await open();
    await bare.show({ ...limit.view, items: limit.view.items.filter((item) => item.kind === "approval") });
    const card = bare.page.getByRole("region", { name: /^Raise the limit of today/ });
    await expect(card.getByRole("button", { name: "Raise to $4.00" })).toBeEnabled();
    await card.getByRole("button", { name: "Stop here" }).click();
    assert.deepEqual((await bare.sent()).at(-1), { type: "reject", id: "limit:run", why: "" });
  });

  it("holds a hundred rows of a long run and shows earlier ones on request", async () => {
    const bare = await open();
    await bare.show(longView(5000));
    assert.equal(await bare.page.locator(".call").count(), 100);
    await expect(bare.page.getByText("src/file-4999.ts")).toBeVisible();
    await bare.page.getByRole("button", { name: "Show 100 earlier" }).click();
    assert.deepEqual((await bare.sent()).at(-1), { type: "earlier" });
  });
});
