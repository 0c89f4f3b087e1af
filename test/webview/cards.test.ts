// Every kind of card in every theme: nothing that a checker for accessibility finds, nothing that the page's own policy has to stop, nothing wider than the view.

import { strict as assert } from "node:assert";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import { projectRoot } from "../support/harness.ts";
import { type BarePage, browser, type Theme, themes } from "./bare-page.ts";
import { type Scene, scenes } from "./views.ts";

/** Where pictures of all scenes go, if they are wanted: `PROVISO_PICTURES=FOLDER npm test -- webview`. */
const pictures = process.env["PROVISO_PICTURES"];

async function faultsOf({ page }: BarePage): Promise<readonly string[]> {
  const found = (await page.evaluate(`axe.run(document, { resultTypes: ["violations"] })`)) as axe.AxeResults;
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)} (${node.any[0]?.message ?? node.all[0]?.message ?? ""})`),
  );
}

describe("cards", () => {
  const { open } = browser();
  let all: Readonly<Record<string, Scene>>;
  before(async () => {
    all = await scenes();
  });

  it("are faultless in every theme", async function () {
    this.timeout(60_000);
    const faults = await Promise.all(
      themes.map(async (theme) => faultsIn(await open({ theme, ...(pictures ? { scale: 2 } : {}) }), theme)),
    );
    assert.deepEqual(faults.flat(), []);
  });

  async function faultsIn(bare: BarePage, theme: Theme): Promise<readonly string[]> {
    const faults: string[] = [];
    await bare.page.evaluate(axe.source);
    for (const [name, scene] of Object.entries(all)) {
      await bare.stage(scene);
      const found = [...(await faultsOf(bare)), ...(await bare.violations())];
      faults.push(...found.map((fault) => `${name} in ${theme}: ${fault}`));
      if (pictures === undefined) continue;
      mkdirSync(join(projectRoot(), pictures), { recursive: true });
      await bare.page.screenshot({ path: join(projectRoot(), pictures, `${name}.${theme}.png`) });
    }
    return faults;
  }

  for (const width of [240, 900])
    it(`fit a view ${width} pixels wide`, async function () {
      this.timeout(60_000);
      const bare = await open({ width });
      for (const [name, scene] of Object.entries(all)) {
        await bare.stage(scene);
        const wider = await bare.page.evaluate(
          `[...document.querySelectorAll(".view *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".diff, .code, .output, .table, .cut")).map((one) => one.className).slice(0, 3)`,
        );
        assert.deepEqual(wider, [], name);
        if (pictures === undefined) continue;
        mkdirSync(join(projectRoot(), pictures), { recursive: true });
        await bare.page.screenshot({ path: join(projectRoot(), pictures, `${name}.${width}.png`) });
      }
    });
});
