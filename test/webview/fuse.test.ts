// The card of a fuse and the panel of all of them, by keyboard alone.

import { strict as assert } from "node:assert";
import type { BarePage } from "./bare-page.ts";
import { browser } from "./bare-page.ts";
import { type Scene, scenes } from "./views.ts";

describe("a fuse that blew", () => {
  const { open } = browser();
  let all: Readonly<Record<string, Scene>>;
  before(async () => {
    all = await scenes();
  });
  const staged = async (name: string): Promise<BarePage> => {
    const bare = await open({});
    await bare.stage(all[name] ?? assert.fail(`there is no scene ${name}`));
    return bare;
  };
  const taken = async (bare: BarePage): Promise<readonly string[]> =>
    (await bare.sent()).flatMap((message) => (message.type === "offer" ? [`${message.take} of ${message.run}`] : []));

  for (const [presses, take, verb] of [
    [0, "more", "Go on with more"],
    [1, "replan", "Plan anew"],
    [2, "rollBack", "Roll back…"],
    [3, "handOver", "Hand over"],
  ] as const) {
    it(`offers to ${verb}, and does it at the press of a key`, async () => {
      const bare = await staged("fuse");
      const { page } = bare;
      await page.getByRole("radio").first().focus();
      for (let i = 0; i < presses; i++) await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate("document.activeElement.textContent"), verb);
      assert.deepEqual(await taken(bare), []);
      await page.keyboard.press("Enter");
      assert.deepEqual(await taken(bare), [`${take} of story`]);
    });
  }

  it("says what each would do, and is a group with a name", async () => {
    const { page } = await staged("fuse");
    assert.equal(await page.getByRole("group", { name: "What now" }).getByRole("radio").count(), 4);
    assert.equal(await page.getByRole("radio", { name: /Roll back files as they were before step 2; your own edits stay/ }).count(), 1);
  });

  it("offers to try again where the model could not be asked, beside its connection", async () => {
    const bare = await staged("fuse-model");
    await bare.page.getByRole("button", { name: "Try again" }).press("Enter");
    assert.deepEqual(await taken(bare), ["more of story"]);
    assert.equal(await bare.page.getByRole("button", { name: "Test connection" }).count(), 1);
  });
});

describe("the panel of fuses", () => {
  const { open } = browser();

  it("is folded, says which is nearest, and unfolds to a meter for each", async () => {
    const bare = await open({});
    const { working } = await scenes();
    await bare.stage(working ?? assert.fail("no scene"));
    const { page } = bare;
    const fold = page.getByRole("button", { name: /^Fuses nearest: plans, 1 of 4 plans/ });
    assert.equal(await fold.getAttribute("aria-expanded"), "false");
    assert.equal(await page.getByRole("meter", { name: "no progress" }).count(), 0);
    await fold.press("Enter");
    const meter = page.getByRole("meter", { name: "no progress" });
    assert.match((await meter.getAttribute("aria-valuetext")) ?? "", /^\d of 20 turns without progress$/);
    assert.equal(await page.locator(".fuses").getByRole("meter").count(), 11);
    await page.locator(".fuses").getByRole("button", { name: "Fuse settings" }).press("Enter");
    assert.ok((await bare.sent()).some((message) => message.type === "command" && message.name === "fuseSettings"));
  });
});
