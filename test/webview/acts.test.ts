// What a person does in the chat, and what the host hears of it: a plan edited, a rule chosen, code taken, runs found again.

import { strict as assert } from "node:assert";
import { expect, type Locator } from "@playwright/test";
import type { ToHost } from "../../src/protocol/to-host.ts";
import { type BarePage, browser } from "./bare-page.ts";
import { type Scene, scenes, viewSaying } from "./views.ts";

describe("in the chat", () => {
  const { open } = browser();
  let all: Readonly<Record<string, Scene>>;
  before(async () => {
    all = await scenes();
  });

  async function staged(name: string): Promise<BarePage> {
    const scene = all[name];
    assert.ok(scene, name);
    const bare = await open();
    await bare.stage(scene);
    return bare;
  }

  async function last<T extends ToHost["type"]>(bare: BarePage, type: T): Promise<Extract<ToHost, { type: T }> | undefined> {
    return (await bare.sent()).findLast((message): message is Extract<ToHost, { type: T }> => message.type === type);
  }

  describe("a command", () => {
    it("is underlined part by part as it was decided, and read as a list of effects and rules", async () => {
      const bare = await staged("parts");
      await expect(bare.page.locator(".cmd .allow")).toHaveText("npx vitest run invoice --reporter=junit");
      await expect(bare.page.locator(".cmd .ask")).toHaveText("> reports/junit.xml");
      const rows = bare.page.getByRole("list", { name: "Parts of the call" }).getByRole("listitem");
      await expect(rows).toHaveText([
        "executes npx vitest run invoice --reporter=junit, rule test.run allows",
        "writes reports/junit.xml new, rule default.write asks",
      ]);
    });

    it("shows six parts, the strictest, and all of them when asked", async () => {
      const bare = await staged("parts-many");
      const rows = bare.page.getByRole("list", { name: "Parts of the call" }).getByRole("listitem");
      await expect(rows).toHaveCount(6);
      await expect(rows.filter({ hasText: "allows" })).toHaveCount(0);
      const more = bare.page.getByRole("button", { name: /^Show \d+ more: \d+ asked, \d+ allowed$/ });
      const hidden = Number(/\d+/.exec(await more.innerText())?.[0]);
      await more.press("Enter");
      await expect(rows).toHaveCount(6 + hidden);
      await bare.page.getByRole("button", { name: "Show the strictest only" }).press("Enter");
      await expect(rows).toHaveCount(6);
    });

    it("that was denied shows in its row what denied which part of it, before all else", async () => {
      const bare = await staged("denied");
      await expect(bare.page.locator(".detail > .cmd:first-child .deny")).toHaveText("> ~/.ssh/id_ed25519");
      await expect(bare.page.locator(".parts li", { hasText: "guard.outside denies" })).toHaveText(
        "writes ~/.ssh/id_ed25519, rule guard.outside denies",
      );
    });
  });

  describe("a plan", () => {
    async function plan(): Promise<{ readonly bare: BarePage; readonly card: Locator; readonly steps: Locator }> {
      const bare = await staged("plan");
      const card = bare.page.getByRole("region", { name: /^Plan, / });
      return { bare, card, steps: card.getByRole("listitem") };
    }

    const approved = async (bare: BarePage, card: Locator): Promise<Extract<ToHost, { type: "amendPlan" }>["steps"]> => {
      await card.getByRole("button", { name: "Approve edited plan" }).click();
      const sent = await last(bare, "amendPlan");
      assert.ok(sent);
      return sent.steps;
    };

    it("is edited, reordered and shortened by keyboard, and approved as it stands", async () => {
      const { bare, card, steps } = await plan();
      await steps.nth(2).focus();
      await bare.page.keyboard.press("Alt+ArrowUp");
      await expect(steps.nth(1)).toContainText("Leave a note");
      await steps.nth(0).focus();
      await bare.page.keyboard.press("Delete");
      await expect(steps).toHaveCount(2);
      await steps.nth(1).focus();
      await bare.page.keyboard.press("F2");
      await expect(card.getByLabel("Goal")).toBeFocused();
      await bare.page.keyboard.type("Make add() add numbers");
      await bare.page.keyboard.press("Enter");
      await expect(steps.nth(1)).toBeFocused();
      assert.deepEqual(
        (await approved(bare, card)).map(({ goal, needs }) => [goal, needs]),
        [
          ["Leave a note", ["mend"]],
          ["Make add() add numbers", []],
        ],
      );
    });

    it("gets a step that is added, with its own proof and what it comes after", async () => {
      const { bare, card } = await plan();
      await card.getByRole("button", { name: "Add a step" }).click();
      await card.getByLabel("Goal").fill("Tell the reviewers");
      await card.getByLabel("Proved when").selectOption({ label: "a file matches" });
      await card.getByLabel("File", { exact: true }).fill("REVIEW.md");
      await card.getByLabel("Pattern").fill("ready");
      await card.getByRole("checkbox", { name: /^1\. / }).check();
      await card.getByRole("checkbox", { name: /^3\. / }).uncheck();
      await card.getByRole("button", { name: "Keep" }).click();
      const added = (await approved(bare, card)).at(-1);
      assert.deepEqual(added, {
        id: "step-4",
        goal: "Tell the reviewers",
        role: "coder",
        needs: ["look"],
        check: { by: "content", path: "REVIEW.md", matches: "ready" },
      });
    });

    for (const way of ["Back", "Escape"] as const)
      it(`is as before when an added step is left with ${way}`, async () => {
        const { bare, card, steps } = await plan();
        await card.getByRole("button", { name: "Add a step" }).click();
        await expect(steps).toHaveCount(4);
        if (way === "Back") await card.getByRole("button", { name: "Back", exact: true }).click();
        else await bare.page.keyboard.press("Escape");
        await expect(steps).toHaveCount(3);
        await expect(steps.last()).toBeFocused();
        await expect(card.getByRole("button", { name: "Approve plan" })).toBeEnabled();
      });

    it("lets a step come only after those that do not come after it", async () => {
      const { card, steps } = await plan();
      await steps.nth(1).hover();
      await steps.nth(1).getByRole("button", { name: "Edit" }).click();
      await expect(card.getByRole("checkbox")).toHaveCount(1);
      await expect(card.getByRole("checkbox", { name: /^1\. / })).toBeChecked();
    });

    it("is sent back by a button that says so, and by the composer", async () => {
      const { bare, card } = await plan();
      await card.getByRole("button", { name: "Send back…" }).click();
      await card.getByRole("textbox").fill("Test first");
      await card.getByRole("button", { name: "Send back", exact: true }).click();
      assert.deepEqual(await last(bare, "reject"), { type: "reject", id: "plan", why: "Test first" });
      await bare.page.getByPlaceholder("Say what to change in the plan").fill("Tests first");
      await bare.page.getByRole("button", { name: "Send the plan back and say so" }).click();
      assert.deepEqual(await last(bare, "send"), { type: "send", text: "Tests first", as: "reject", id: "plan" });
    });
  });

  it("the composer names the question that its words reject", async () => {
    const bare = await staged("change-set");
    const [first] = all["change-set"]?.view.items.filter((item) => item.kind === "approval") ?? [];
    const box = bare.page.getByPlaceholder("Or say what to do instead (this rejects the first)");
    await box.fill("Not yet");
    await box.press("Enter");
    assert.deepEqual(await last(bare, "send"), { type: "send", text: "Not yet", as: "reject", id: first?.id });
  });

  it("a question says what it is for and how grave it is", async () => {
    const bare = await staged("command");
    const card = bare.page.getByRole("region", { name: /^Run a command\?/ });
    await expect(card.getByText("Step 2: Make add() add")).toBeVisible();
    await expect(card.locator("header")).toContainText("moderate risk");
    await expect(bare.page.getByText("1 command waits for you").first()).toBeVisible();
  });

  it("Always allow… shows each rule word for word and keeps the one that is chosen", async () => {
    const bare = await staged("command-always");
    const card = bare.page.getByRole("region", { name: /^Run a command\?/ });
    await expect(card.getByText('allow { "program": "npm" }')).toHaveCount(2);
    await card.getByRole("radio", { name: /with any arguments/ }).check();
    await card.getByRole("button", { name: "Save rule and approve" }).click();
    const sent = await last(bare, "approve");
    assert.deepEqual([sent?.remember, sent?.keep], [1, "file"]);
  });

  it("a call unfolds to its arguments, output, duration and the decision about it", async () => {
    const bare = await staged("end");
    await bare.page.getByRole("button", { name: "4 calls" }).click();
    const row = bare.page.getByRole("button", { name: /run_command.*node test\.js/ }).first();
    await row.click();
    const id = (await last(bare, "unfold"))?.id;
    const [detail] = all["end"]?.also ?? [];
    assert.ok(id !== undefined && typeof detail === "object" && detail !== null);
    await bare.post({ ...detail, id });
    await expect(bare.page.getByLabel("Arguments")).toContainText("node test.js");
    await expect(bare.page.getByLabel("Output", { exact: true })).toBeVisible();
    await expect(bare.page.getByText(/^took \d/)).toBeVisible();
    await expect(bare.page.getByText("default.command").first()).toBeVisible();
  });

  it("code of the model is coloured, copied and inserted where the cursor is", async () => {
    const bare = await open();
    await bare.show(viewSaying("Look:\n\n```js\nconst one = 1;\n```"));
    await expect(bare.page.locator(".code .hljs-keyword").first()).toHaveText("const");
    await bare.page.getByRole("button", { name: "Copy" }).first().click();
    await bare.page.getByRole("button", { name: "Insert at the cursor" }).first().click();
    assert.deepEqual(await last(bare, "copy"), { type: "copy", text: "const one = 1;" });
    assert.deepEqual(await last(bare, "insert"), { type: "insert", text: "const one = 1;" });
  });

  it("past runs are searched, opened, resumed, and deleted after a question", async () => {
    const bare = await staged("empty");
    const past = bare.page.getByRole("region", { name: "Past runs" });
    await past.getByPlaceholder("Search goals").fill("money");
    await expect.poll(() => last(bare, "runs")).toEqual({ type: "runs", search: "money" });
    await past.getByRole("button", { name: "Swap float money for decimal.js", exact: true }).click();
    await past.getByRole("button", { name: "Resume: Swap float money for decimal.js" }).click();
    await past.getByRole("button", { name: "Delete: Swap float money for decimal.js" }).click();
    assert.equal(await last(bare, "delete"), undefined);
    await past.getByRole("button", { name: "Delete its journal" }).click();
    for (const type of ["open", "resume", "delete"] as const) assert.deepEqual(await last(bare, type), { type, run: "r2" });
  });

  it("an example is asked with one press, and the offline engine says what it can do", async () => {
    const bare = await staged("offline");
    await expect(bare.page.getByRole("note")).toContainText("Offline engine mends failing tests, renames, finds usages.");
    await bare.page.getByRole("button", { name: "Add a model" }).click();
    assert.deepEqual(await last(bare, "command"), { type: "command", name: "selectModel" });
    await bare.page.getByRole("button", { name: "Fix the failing test" }).click();
    assert.deepEqual(await last(bare, "send"), { type: "send", text: "Fix the failing test", as: "run" });
  });

  it("what the offline engine cannot do ends with its list and with the way to a model first", async () => {
    const bare = await staged("offline-cannot");
    const card = bare.page.getByRole("alert");
    await expect(card.getByRole("heading")).toHaveText("The offline engine cannot do this");
    await expect(card.getByRole("listitem")).toHaveCount(2);
    await expect(card.locator(".primary")).toHaveText("Select model…");
  });

  it("where the workspace is not trusted, the way on is to its trust", async () => {
    const scene = all["offline-cannot"];
    assert.ok(scene);
    const bare = await open();
    await bare.show({ ...scene.view, header: { ...scene.view.header, limits: "This workspace is not trusted." } });
    await bare.page.getByRole("button", { name: "Manage trust" }).click();
    assert.deepEqual(await last(bare, "command"), { type: "command", name: "manageTrust" });
    await expect(bare.page.locator(".primary")).toHaveText(["Manage trust"]);
  });

  it("all that a run changed is offered to be undone", async () => {
    const bare = await staged("end");
    await bare.page.getByRole("button", { name: "Undo all…" }).click();
    assert.deepEqual(await last(bare, "restore"), { type: "restore", to: "start" });
  });
});
