// "Test Connection": one small request, and in one message exactly what came of it, with the way to mend it at hand.

import * as vscode from "vscode";
import { capabilityText } from "../node/capability-text.ts";
import type { ModelChoice } from "./models.ts";

export async function testConnection(models: ModelChoice): Promise<void> {
  models.forget();
  const choice = await models.choose();
  if (!choice.ok) return void vscode.window.showErrorMessage(choice.fault.message);
  const [primary] = choice.value.chain;
  if (primary.kind === "rules")
    return void vscode.window.showInformationMessage(`The offline engine answers, and needs no connection: ${primary.why}.`);
  const { diagnose } = await import("../node/diagnose.ts");
  const found = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Asking ${primary.name}…`, cancellable: false },
    () => diagnose(primary, { env: process.env, now: () => Date.now() }, AbortSignal.timeout(60_000)),
  );
  if (found.ok) {
    const { ms, capability, tools, notes } = found;
    const text = `${primary.name} answered in ${ms} ms: ${capabilityText({ ...capability, tools })}.`;
    return void vscode.window.showInformationMessage([text, ...notes].join(" "));
  }
  const key = /\bkey\b/.test(found.message) ? ["Set Key"] : [];
  const pressed = await vscode.window.showErrorMessage(found.message, ...key, "Select Model", "Open Settings");
  if (pressed === "Set Key") await vscode.commands.executeCommand("proviso.setModelKey");
  if (pressed === "Select Model") await vscode.commands.executeCommand("proviso.selectModel");
  if (pressed === "Open Settings")
    await vscode.commands.executeCommand("workbench.action.openSettings", "proviso.providers proviso.baseUrl");
}
