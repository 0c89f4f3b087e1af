// Which model answers: from the settings, the key in secret storage, a local server, or the embedded rules engine. Keys are read when
// a run opens and are kept nowhere else.

import * as vscode from "vscode";
import type { Ask } from "../agent/model/ask.ts";
import { ok, type Result } from "../agent/result.ts";
import type { RunState } from "../agent/state.ts";
import type { Clock } from "../agent/world.ts";
import type { ModelChoice as Choice } from "../node/choose-model.ts";
import type { Config } from "../node/config.ts";
import { readSettings } from "./settings.ts";

const keyName = "proviso.modelKey";
const openaiUrl = "https://api.openai.com/v1";

export class ModelChoice {
  readonly #secrets: vscode.SecretStorage;
  #choice: Promise<Result<Choice>> | undefined;
  #name = "";

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  /** As shown: the chosen model, or what will be tried. */
  get name(): string {
    const { model } = readSettings();
    return this.#name || model || "offline engine";
  }

  /** Looks again at the next request; for when settings or the key changed. */
  forget(): void {
    this.#choice = undefined;
    this.#name = "";
  }

  /** The chosen model as an Ask for one run, with its budget counted from what the run has spent. */
  async ask(
    rules: Ask,
  ): Promise<Result<{ readonly name: string; readonly ask: (about: { readonly state: RunState; readonly clock: Clock }) => Ask }>> {
    const choice = await this.choose();
    if (!choice.ok) return choice;
    if (choice.value.kind === "rules") return ok({ name: "rules", ask: () => rules });
    const chosen = choice.value;
    const [{ connectModel }, { Ledger }, config] = await Promise.all([
      import("../node/connect-model.ts"),
      import("../agent/model/ledger.ts"),
      this.#config(),
    ]);
    return ok({
      name: chosen.name,
      ask: ({ state, clock }) => {
        const { usd, inputTokens, outputTokens, requests } = state.spend;
        const { limits } = state.run ?? { limits: { usd: readSettings()["limits.usd"], tokens: Number.POSITIVE_INFINITY } };
        const ledger = new Ledger(
          "this run",
          { tokens: limits.tokens, usd: limits.usd },
          { calls: requests, tokens: inputTokens + outputTokens, usd },
        );
        return connectModel(chosen, { clock, random: Math.random, ledgers: [ledger], timeouts: config.timeouts });
      },
    });
  }

  async choose(): Promise<Result<Choice>> {
    this.#choice ??= this.#find();
    const choice = await this.#choice;
    if (choice.ok) this.#name = choice.value.kind === "rules" ? "offline engine" : choice.value.name;
    else this.forget();
    return choice;
  }

  async #find(): Promise<Result<Choice>> {
    const { chooseModel } = await import("../node/choose-model.ts");
    const { model } = readSettings();
    return chooseModel(await this.#config(), model === "" ? {} : { model }, AbortSignal.timeout(10_000));
  }

  /** The person's settings file for the command line is not read here: in the editor the settings are VS Code's. */
  async #config(): Promise<Config> {
    const { model, baseUrl, api, findLocalModels } = readSettings();
    const key = await this.#secrets.get(keyName);
    const server = {
      id: baseUrl === "" ? "openai" : "server",
      baseURL: baseUrl || openaiUrl,
      api,
      headers: {},
      models: model === "" ? [] : [model],
      stream: true,
      prices: {},
    };
    const providers = baseUrl === "" && key === undefined ? [] : [key === undefined ? server : { ...server, key }];
    return { providers, model: model === "" ? undefined : model, limits: {}, timeouts: {}, probe: findLocalModels, env: {} };
  }

  async setKey(): Promise<void> {
    const key = await vscode.window.showInputBox({
      title: "Model key",
      prompt: "Kept in VS Code's secret storage. Leave it empty to remove the key.",
      password: true,
      ignoreFocusOut: true,
    });
    if (key === undefined) return;
    if (key === "") await this.#secrets.delete(keyName);
    else await this.#secrets.store(keyName, key.trim());
    this.forget();
    void vscode.window.showInformationMessage(key === "" ? "The model key is removed." : "The model key is stored.");
  }

  /** Lists what the server offers, and lets a name be typed where it offers no list. */
  async select(): Promise<void> {
    const settings = readSettings();
    const { listModels } = await import("../node/openai/models.ts");
    const { findLocalServers, localServers } = await import("../node/local-servers.ts");
    const signal = AbortSignal.timeout(5000);
    const key = await this.#secrets.get(keyName);
    const remote =
      settings.baseUrl !== "" || key !== undefined
        ? await listModels(settings.baseUrl || openaiUrl, key === undefined ? {} : { authorization: `Bearer ${key}` }, signal)
        : ok([]);
    const local = settings.findLocalModels ? await findLocalServers(signal, localServers) : [];
    type Pick = vscode.QuickPickItem & { readonly model?: string; readonly baseUrl?: string };
    const items: Pick[] = [
      { label: "Offline engine", description: "no network, no key: mends failing tests, renames, finds usages", model: "rules" },
      ...(remote.ok
        ? remote.value.map((id): Pick => ({ label: id, description: settings.baseUrl || "OpenAI", model: id }))
        : [{ label: `$(warning) ${remote.fault.message}` }]),
      ...local.flatMap((server) =>
        server.models.map((id): Pick => ({ label: id, description: server.name, model: id, baseUrl: server.baseURL })),
      ),
      { label: "$(edit) Type a model's name…", model: "" },
    ];
    const picked = await vscode.window.showQuickPick(items, {
      title: "Which model?",
      placeHolder: `Now: ${this.name}`,
      matchOnDescription: true,
    });
    if (picked?.model === undefined) return;
    const model =
      picked.model === ""
        ? await vscode.window.showInputBox({ title: "Model", value: settings.model, ignoreFocusOut: true })
        : picked.model;
    if (model === undefined) return;
    const configuration = vscode.workspace.getConfiguration("proviso");
    if (picked.baseUrl !== undefined) await configuration.update("baseUrl", picked.baseUrl, vscode.ConfigurationTarget.Global);
    await configuration.update("model", model, vscode.ConfigurationTarget.Global);
    this.forget();
  }

  /** Sends one tiny request and says exactly what came of it. */
  async test(): Promise<void> {
    this.forget();
    const choice = await this.choose();
    if (!choice.ok) return void vscode.window.showErrorMessage(choice.fault.message);
    if (choice.value.kind === "rules") return void vscode.window.showInformationMessage(`The offline engine answers: ${choice.value.why}.`);
    const { openai } = await import("../node/openai/openai.ts");
    const { connection, name } = choice.value;
    const started = Date.now();
    const request = {
      purpose: "judge",
      messages: [{ role: "user", text: "Answer with the word ok." }],
      tools: [],
      subject: { run: "test", goal: "test" },
    } as const;
    const reply = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `Asking ${name}…`, cancellable: false },
      () => openai(connection)(request, AbortSignal.timeout(30_000)),
    );
    if (reply.ok) void vscode.window.showInformationMessage(`${name} answered in ${Date.now() - started} ms.`);
    else void vscode.window.showErrorMessage(reply.fault.message);
  }
}
