// A workbench whose model speaks from a script, over the wire; and what a person does in it again and again.

import type { Locator } from "@playwright/test";
import type { Script } from "../support/script.ts";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";
import { expect, type Window, type Workbench, workbench, type WorkbenchOptions, type WindowOptions } from "./workbench.ts";

export interface ModelWorkbench {
  readonly open: (options?: WindowOptions) => Promise<Window>;
  readonly whole: () => Workbench;
  readonly model: () => ScriptedServer;
  /** All that the model was told, as JSON lines. */
  readonly told: () => string;
}

/** For the tests of a `describe`. With `key`, the model answers nobody who does not know it. */
export function workbenchWithModel(
  script: Script,
  options: () => WorkbenchOptions & { readonly key?: string } = () => ({}),
): ModelWorkbench {
  let running: ScriptedServer | undefined;
  const model = (): ScriptedServer => {
    if (!running) throw new Error("The model is there from the first test on.");
    return running;
  };
  const { open, whole } = workbench(async () => {
    const { key, settings, ...others } = options();
    running = await startScriptedServer(script, key === undefined ? {} : { key });
    return { ...others, settings: { "proviso.baseUrl": running.url, "proviso.model": "scripted", ...settings } };
  });
  after(() => running?.close());
  const told = (): string =>
    model()
      .requests.map((request) => JSON.stringify(request.body))
      .join("\n");
  return { open, whole, model, told };
}

/** Says what is wanted in the chat and approves the plan as it comes. */
export async function ask(window: Window, goal = "Ten pieces should be cheaper"): Promise<void> {
  await window.showChat();
  await window.send(goal);
  await window.button("Approve plan").click();
}

/** Approves whatever is put to the person, until `end` is on screen. */
export async function approveUntil(window: Window, end: Locator): Promise<void> {
  const next = window.button(/^(Approve|Approve plan|Accept)$/).first();
  await expect(async () => {
    if (!(await end.isVisible()) && (await next.isVisible())) await next.click({ timeout: 1000 });
    await expect(end).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 200_000 });
}
