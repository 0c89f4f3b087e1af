// The chat's page alone in a browser, under the policy the extension gives it and with a theme's own variables. The host is the test: it posts messages and reads what the page sends.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "@playwright/test";
import { resetTo, shownOf } from "../../src/protocol/patch.ts";
import type { View } from "../../src/protocol/present.ts";
import type { ToHost } from "../../src/protocol/to-host.ts";
import type { ToView } from "../../src/protocol/to-view.ts";
import { loadHarness, projectRoot } from "../support/harness.ts";
import type { Scene } from "./views.ts";

export const themes = ["dark", "light", "high-contrast", "high-contrast-light"] as const;
export type Theme = (typeof themes)[number];

const origin = "http://proviso.test";
const read = (...path: readonly string[]): Buffer => readFileSync(join(projectRoot(), ...path));

export class BarePage {
  readonly page: Page;
  readonly context: BrowserContext;

  static async open(
    browser: Browser,
    {
      theme = "dark",
      width = 380,
      height = 900,
      scale = 1,
    }: { readonly theme?: Theme; readonly width?: number; readonly height?: number; readonly scale?: number } = {},
  ): Promise<BarePage> {
    const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: scale, reducedMotion: "reduce" });
    const page = await context.newPage();
    const files: Readonly<Record<string, { readonly body: Buffer | string; readonly contentType: string }>> = {
      "/": { body: html(theme), contentType: "text/html" },
      "/main.js": { body: read("dist/webview/main.js"), contentType: "text/javascript" },
      "/main.css": { body: read("dist/webview/main.css"), contentType: "text/css" },
      "/codicon.ttf": { body: read("dist/webview/codicon.ttf"), contentType: "font/ttf" },
    };
    await page.route("**/*", (route) => {
      const { pathname, origin: from } = new URL(route.request().url());
      const file = from === origin ? files[pathname] : undefined;
      return file ? route.fulfill(file) : route.abort();
    });
    await page.goto(`${origin}/`);
    return new BarePage(page, context);
  }

  private constructor(page: Page, context: BrowserContext) {
    this.page = page;
    this.context = context;
  }

  async post(...messages: readonly unknown[]): Promise<void> {
    await this.page.evaluate(
      `for (const message of ${JSON.stringify(messages)}) window.dispatchEvent(new MessageEvent("message", { data: message })); new Promise((done) => requestAnimationFrame(() => setTimeout(done)))`,
    );
  }

  /** Shows the view; what the page sends from here on is what `sent` tells. */
  async show(view: View, size?: number): Promise<void> {
    await this.page.evaluate("window.sent.length = 0");
    await this.post(resetTo(shownOf(view, size)) satisfies ToView);
  }

  /** Shows a scene as if it were the first, and waits until what can be decided can be pressed. */
  async stage({ view, press = [], also = [] }: Scene): Promise<void> {
    // Whatever the scene before left open is gone with its card.
    await this.post({ type: "reset", header: { ...view.header, run: undefined, examples: [] }, items: [], earlier: 0 });
    await this.show(view);
    for (const name of press)
      await this.page
        .getByRole("button", { name })
        .or(this.page.locator("summary", { hasText: name }))
        .first()
        .dispatchEvent("click");
    await this.post(...also);
    await this.#armed(view);
  }

  /** Waits until a card of the view can be decided, if it has one that can be decided by key. */
  async #armed({ items }: View): Promise<void> {
    const ids = items.flatMap((item) => (item.kind === "plan" || (item.kind === "approval" && !item.critical) ? [item.id] : []));
    if (ids.length === 0) return;
    // Not waitForFunction, which the page's policy refuses.
    await this.page.evaluate(`(async () => {
      const frame = () => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
      while (!window.sent.some(({ type, id }) => type === "armed" && ${JSON.stringify(ids)}.includes(id))) await frame();
      await frame();
    })()`);
  }

  /** What the page has sent, oldest first. */
  async sent(): Promise<readonly ToHost[]> {
    return this.page.evaluate("window.sent");
  }

  /** Reads whether anything ran that must not: dialogs, scripts, violations of the page's policy. */
  async violations(): Promise<readonly string[]> {
    return this.page.evaluate("window.violations");
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}

/** A browser for the tests of a `describe`; pages are closed after each. */
export function browser(): { open(options?: Parameters<typeof BarePage.open>[1]): Promise<BarePage> } {
  let running: Browser | undefined;
  const pages: BarePage[] = [];
  before(async () => {
    running = await chromium.launch((await loadHarness()).chromiumOptions);
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close();
  });
  after(() => running?.close());
  return {
    async open(options) {
      if (!running) throw new Error("The browser runs from the first test on.");
      const page = await BarePage.open(running, options);
      pages.push(page);
      return page;
    },
  };
}

/** The page as src/vscode/page.ts writes it, in the frame that VS Code makes for it. */
function html(theme: Theme): string {
  const { variables, styles, classes } = JSON.parse(read(`test/fixtures/theme/${theme}.json`).toString("utf8")) as {
    variables: Record<string, string>;
    styles: string;
    classes: string;
  };
  const policy = `default-src 'none'; script-src 'nonce-n'; style-src ${origin} 'nonce-n'; font-src ${origin}; require-trusted-types-for 'script'; trusted-types proviso`;
  const root = Object.entries(variables).map(([name, value]) => `${name}: ${value};`);
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Proviso</title>
<meta http-equiv="Content-Security-Policy" content="${policy}">
<style nonce="n">:root { ${root.join(" ")} }\n${styles}</style><link rel="stylesheet" href="/main.css">
<script nonce="n">
window.sent = []; window.violations = [];
addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective + " " + event.blockedURI));
window.alert = (text) => window.violations.push("alert " + text);
window.acquireVsCodeApi = () => { let state; return { postMessage: (message) => window.sent.push(structuredClone(message)), getState: () => state, setState: (next) => { state = next; } }; };
</script></head>
<body class="${classes}"><div id="root"></div><script nonce="n" src="/main.js"></script></body></html>`;
}
