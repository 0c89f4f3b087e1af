// Every kind of card in every theme: nothing that a checker for accessibility finds, nothing that the page's own policy has to stop, nothing wider than the view.

import { strict as assert } from "node:assert";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import { projectRoot } from "../support/harness.ts";
import { type BarePage, browser, themes } from "./bare-page.ts";
import { type Scene, scenes } from "./views.ts";

/** Where pictures of all scenes go, if they are wanted: `PROVISO_PICTURES=FOLDER npm test -- webview`. */
const pictures = process.env["PROVISO_PICTURES"];

async function set(bare: BarePage, { view, press = [], also = [] }: Scene): Promise<void> {
  // Whatever the scene before left open is gone with its card.
  await bare.post({ type: "reset", header: { ...view.header, run: undefined, examples: [] }, items: [], earlier: 0 });
  await bare.show(view);
  for (const name of press) {
    await bare.page.getByRole("button", { name }).first().dispatchEvent("click");
  }
  await bare.post(...also);
  await bare.page.waitForTimeout(350);
}

export async function faultsOf({ page }: BarePage): Promise<readonly string[]> {
  await page.evaluate(axe.source);
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

  for (const theme of themes) {
    it(`are faultless in ${theme}`, async function () {
      this.timeout(60_000);
      const faults: string[] = [];
      const bare = await open({ theme, ...(pictures ? { scale: 2 } : {}) });
      for (const [name, scene] of Object.entries(all)) {
        await set(bare, scene);
        faults.push(
          ...(await faultsOf(bare)).map((fault) => `${name}: ${fault}`),
          ...(await bare.violations()).map((one) => `${name}: ${one}`),
        );
        if (pictures) {
          mkdirSync(join(projectRoot(), pictures), { recursive: true });
          await bare.page.screenshot({ path: join(projectRoot(), pictures, `${name}.${theme}.png`) });
        }
      }
      assert.deepEqual(faults, []);
    });
  }

  it("fit a narrow view and a wide one", async function () {
    this.timeout(60_000);
    for (const width of [240, 900]) {
      const bare = await open({ width });
      for (const [name, scene] of Object.entries(all)) {
        await set(bare, scene);
        const wider = await bare.page.evaluate(
          `[...document.querySelectorAll(".view *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".diff, .code, .output, .table, .cut")).map((one) => one.className).slice(0, 3)`,
        );
        assert.deepEqual(wider, [], `${name} at ${width}`);
      }
    }
  });
});
