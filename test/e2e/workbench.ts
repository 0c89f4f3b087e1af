// The packaged extension in a real workbench, driven as a person drives it: one server for a test file, a fresh window on a fresh copy of the sample for each test.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Browser,
  type BrowserContext,
  chromium,
  expect as patient,
  type FrameLocator,
  type Locator,
  type Page,
} from "@playwright/test";
import { loadHarness, projectRoot, type Server } from "../support/harness.ts";
import { packagedExtension } from "./packaged.ts";

/** A busy machine is slow, not wrong: whatever is waited for may take this long, and no test sleeps. */
const patienceMs = 45_000;
export const expect = patient.configure({ timeout: patienceMs });

export interface WorkbenchOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Workspaces start untrusted and the person is asked. */
  readonly trust?: boolean;
  /** Where what must not be lost is kept; below the home where nothing is said. */
  readonly stateHome?: string;
  /** Packages installed beside the extension, and what they are told. */
  readonly beside?: { readonly packages: readonly string[]; readonly env: Readonly<Record<string, string>> };
}

export interface WindowOptions {
  /** What to open; a fresh copy of the sample where nothing is said, no folder where it is null. */
  readonly folder?: string | null;
  /** The folder that the window's own `text` reads, where another file or folder is opened. */
  readonly shown?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
}

export class Workbench {
  readonly #browser: Browser;
  readonly #server: Server;
  readonly #home: { readonly path: string; remove(): void };
  readonly #folders: string[] = [];
  readonly #windows: Window[] = [];
  readonly #seal: (context: BrowserContext) => Promise<void>;

  static async start({ settings = {}, trust = false, stateHome, beside }: WorkbenchOptions = {}): Promise<Workbench> {
    const harness = await loadHarness();
    const home = harness.makeHome({
      "proviso.findLocalModels": false,
      ...(trust ? { "security.workspace.trust.enabled": true } : {}),
      ...settings,
    });
    for (const vsix of [packagedExtension(), ...(beside?.packages ?? [])]) harness.installVsix(home.path, vsix);
    const server = await harness.startServer({
      home: home.path,
      trust,
      env: { PROVISO_HOME: stateHome ?? join(home.path, "proviso"), XDG_CONFIG_HOME: join(home.path, "config"), ...beside?.env },
    });
    const browser = await chromium.launch(harness.chromiumOptions);
    return new Workbench({ browser, server, home, seal: harness.onlyLoopback });
  }

  private constructor(parts: {
    readonly browser: Browser;
    readonly server: Server;
    readonly home: { readonly path: string; remove(): void };
    readonly seal: (context: BrowserContext) => Promise<void>;
  }) {
    this.#browser = parts.browser;
    this.#server = parts.server;
    this.#home = parts.home;
    this.#seal = parts.seal;
  }

  get home(): string {
    return this.#home.path;
  }

  get serverPid(): number {
    return this.#server.pid;
  }

  textIn(folder: string, path: string): string {
    return readFileSync(join(folder, path), "utf8");
  }

  /** Changes the user's settings, which VS Code notices by itself. */
  configure(settings: Readonly<Record<string, unknown>>): void {
    const file = join(this.home, "user/User/settings.json");
    const now = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
    writeFileSync(file, JSON.stringify({ ...now, ...settings }, null, 2));
  }

  /** A fresh copy of the sample workspace, or of another fixture. */
  sample(name = "sample-workspace"): string {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "pv-ws-")));
    this.#folders.push(folder);
    cpSync(join(projectRoot(), "test/fixtures", name), folder, { recursive: true });
    return folder;
  }

  async open({
    folder = this.sample(),
    shown = folder ?? "",
    viewport = { width: 1400, height: 900 },
  }: WindowOptions = {}): Promise<Window> {
    const context = await this.#browser.newContext({ viewport, reducedMotion: "reduce" });
    await this.#seal(context);
    const page = await context.newPage();
    page.setDefaultTimeout(patienceMs);
    await page.goto(this.#server.address(folder ?? undefined), { waitUntil: "commit" });
    const window = new Window({ page, context, folder: shown });
    this.#windows.push(window);
    return window;
  }

  /** Closes the windows a test opened; a picture of each is kept when the test failed. */
  async closeWindows(failed: string | undefined): Promise<void> {
    for (const window of this.#windows.splice(0)) {
      if (failed !== undefined) await window.picture(failed).catch(() => undefined);
      await window.context.close();
    }
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.#server.stop();
    this.#home.remove();
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  }
}

export class Window {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly folder: string;
  /** The chat's own document, two frames down. */
  readonly chat: FrameLocator;

  constructor(parts: { readonly page: Page; readonly context: BrowserContext; readonly folder: string }) {
    this.page = parts.page;
    this.context = parts.context;
    this.folder = parts.folder;
    this.chat = parts.page.frameLocator('iframe.webview[src*="extensionId=proviso.proviso"]').frameLocator("iframe#active-frame");
  }

  async showChat(): Promise<void> {
    const tab = this.page.getByRole("tab", { name: "Proviso" }).first();
    await tab.waitFor();
    // A window that was reloaded opens the chat by itself, and another click on its icon would close it again.
    await expect(async () => {
      if ((await tab.getAttribute("aria-selected")) !== "true") await tab.click();
      // Away from the icon, whose label would lie over the chat.
      await this.page.mouse.move(700, 700);
      await this.composer.waitFor({ timeout: 15_000 });
    }).toPass();
  }

  get composer(): Locator {
    return this.chat.locator("form.composer textarea");
  }

  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press("Enter");
  }

  button(name: string | RegExp): Locator {
    return this.chat.getByRole("button", { name });
  }

  card(name: string | RegExp): Locator {
    return this.chat.getByRole("region", { name });
  }

  /** What stands in a file of the workspace. */
  text(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  /** Runs a command of the palette by its title. */
  async command(title: string): Promise<void> {
    // The palette's list is made when its text changes; one opened too early stays empty.
    await expect(async () => {
      await this.page.keyboard.press("Escape");
      await this.page.keyboard.press("F1");
      const box = this.page.locator(".quick-input-widget input.input");
      await box.fill(`>${title}`, { timeout: 5000 });
      await this.page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().click({ timeout: 5000 });
    }).toPass({ timeout: patienceMs });
  }

  /** A key means nothing until VS Code has been told that its target was looked at. Only one that surely did nothing is pressed again. */
  async pressUntil(key: string, done: Locator): Promise<void> {
    await expect(async () => {
      await this.page.keyboard.press(key);
      await expect(done).toBeVisible({ timeout: 8000 });
    }).toPass();
  }

  /** Chooses a colour theme by the name it is listed under. */
  async theme(name: string): Promise<void> {
    await this.page.keyboard.press("Control+K");
    await this.page.keyboard.press("Control+T");
    await this.page.locator(".quick-input-widget input.input").fill(name);
    await this.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: name }).waitFor();
    await this.page.keyboard.press("Enter");
    await expect(this.chat.locator(`body[data-vscode-theme-id="${name}"]`)).toBeAttached();
  }

  async picture(name: string): Promise<void> {
    const folder = join(projectRoot(), "dist/test-results");
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name.replaceAll(/[^\w-]+/g, "-").slice(0, 100)}.png`) });
  }
}

/** A workbench for the tests of a `describe`, with its windows closed after each. */
export function workbench(options: () => WorkbenchOptions | Promise<WorkbenchOptions>): {
  readonly open: (options?: WindowOptions) => Promise<Window>;
  readonly whole: () => Workbench;
} {
  let running: Workbench | undefined;
  const whole = (): Workbench => {
    if (!running) throw new Error("The workbench is there from the first test on.");
    return running;
  };
  before(async function () {
    this.timeout(120_000);
    running = await Workbench.start(await options());
  });
  afterEach(async function () {
    await running?.closeWindows(this.currentTest?.state === "failed" ? this.currentTest.fullTitle() : undefined);
  });
  after(async function () {
    this.timeout(30_000);
    await running?.stop();
  });
  return { open: (asked) => whole().open(asked), whole };
}
