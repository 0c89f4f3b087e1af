// The README's pictures of the cards, laid side by side from those that the webview's tests take: `npm run shots`.

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { chromiumOptions } from "../tools/vscode/harness.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const pictures = join(root, "dist", "pictures");
const shots = join(root, "media", "shots");
const scenes = ["plan", "change", "command", "end"];
const themes = [
  { theme: "dark", cards: scenes },
  { theme: "light", cards: ["plan", "change"] },
  { theme: "high-contrast", cards: ["plan", "change"] },
];

mkdirSync(shots, { recursive: true });
const browser = await chromium.launch(chromiumOptions);
for (const { theme, cards } of themes) {
  const page = await browser.newPage({ viewport: { width: cards.length * 388 + 8, height: 776 } });
  const images = cards.map((card) => `<img src="data:image/png;base64,${readFileSync(join(pictures, `${card}.${theme}.png`), "base64")}">`);
  await page.setContent(
    `<style>body { margin: 8px; display: flex; gap: 8px; background: #3b3b3b } img { width: 380px; height: 760px; object-fit: cover; object-position: top; border-radius: 6px }</style>${images.join("")}`,
  );
  await page.screenshot({ path: join(shots, `cards-${theme}.png`) });
}
await browser.close();
