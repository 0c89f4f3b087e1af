// Which models answer: from the settings, keys in secret storage, VS Code's own models, local servers, or the embedded rules engine. Keys
// are read when a run opens and are kept nowhere else.

import { randomUUID } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import type { Ask } from "../agent/model/ask.ts";
import { ok, type Result } from "../agent/result.ts";
import type { RunState } from "../agent/state.ts";
import type { Clock, World } from "../agent/world.ts";
import type { Breakers } from "../node/breakers.ts";
import type { ModelChoice as Choice, Models } from "../node/choose-model.ts";
import type { Config } from "../node/config.ts";
import type { KnownSecret } from "../node/secrets/patterns.ts";
import { offlineEngine } from "../protocol/offline.ts";
import { type ProviderSettings, readSettings } from "./settings.ts";

const openaiUrl = "https://api.openai.com/v1";
/** The one provider of the simple settings, and where its key is kept. */
const simpleKey = "proviso.modelKey";
const keyOf = (id: string): string => `proviso.modelKey.${id}`;

export class ModelChoice {
  readonly #secrets: vscode.SecretStorage;
  /** Kept over runs: what one learnt of a host that fails, the next need not learn again. */
  #breakers: Breakers | undefined;
  #choice: Promise<Result<Models>> | undefined;
  #name = "";

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  /** As shown: the chosen model, or what will be tried. */
  get name(): string {
    const { model } = readSettings();
    return this.#name || model || offlineEngine;
  }

  /** Looks again at the next request; for when settings or the key changed. */
  forget(): void {
    this.#choice = undefined;
    this.#name = "";
  }

  /** The chosen models for one run, with their budgets counted from what the run has spent. */
  async connect(rules: Ask): Promise<Result<Connected>> {
    const choice = await this.choose();
    if (!choice.ok) return choice;
    const [primary] = choice.value.chain;
    if (primary.kind === "rules") return ok({ name: "rules", models: () => ({ ask: rules }), secrets: [] });
    const [{ connectModels }, { Breakers }, { DayBook }, { modelKeys }, { allowance, pursesOf }, { replyStore }, own, config] =
      await Promise.all([
        import("../node/connect-models.ts"),
        import("../node/breakers.ts"),
        import("../node/day-book.ts"),
        import("../node/model-keys.ts"),
        import("../agent/model/purses.ts"),
        import("../node/reply-store.ts"),
        ownFolder(),
        this.config(),
      ]);
    this.#breakers ??= new Breakers();
    const breakers = this.#breakers;
    const book = new DayBook({ folder: join(own, "spend"), now: () => Date.now(), id: () => randomUUID() });
    const replies = replyStore({ folder: join(own, "replies"), mostBytes: config.cache.megabytes * 2 ** 20 });
    return ok({
      name: primary.name,
      secrets: modelKeys(choice.value),
      models: ({ state, clock }) =>
        connectModels(choice.value, {
          clock,
          config,
          rules,
          random: Math.random,
          purses: pursesOf({ state, clock }),
          book,
          dayLimit: () => allowance(state().run?.limits.day),
          replies,
          breakers,
        }),
    });
  }

  async choose(): Promise<Result<Models>> {
    this.#choice ??= this.#find();
    const choice = await this.#choice;
    if (choice.ok) this.#name = nameOf(choice.value.chain[0]);
    else this.forget();
    return choice;
  }

  async #find(): Promise<Result<Models>> {
    const { chooseModels } = await import("../node/choose-model.ts");
    const host = async (name: string) => (await import("./lm.ts")).findLm(name);
    return chooseModels(await this.config(), { host }, AbortSignal.timeout(10_000));
  }

  /** The person's settings file for the command line is not read here: in the editor the settings are VS Code's. */
  async config(): Promise<Config> {
    const settings = readSettings();
    const { model, baseUrl, api } = settings;
    const key = await this.#secrets.get(simpleKey);
    const simple = { id: baseUrl === "" ? "openai" : "server", baseURL: baseUrl || openaiUrl, api, headers: {}, models: [], stream: true };
    const first = { ...simple, models: model === "" ? [] : [model], prices: {}, capabilities: {}, ...(key === undefined ? {} : { key }) };
    const configured = await Promise.all(
      settings.providers.map(async (provider) => {
        const own = await this.#secrets.get(keyOf(provider.id));
        return own === undefined ? provider : { ...provider, key: own };
      }),
    );
    return {
      // A model named with its provider is that provider's; the simple settings serve the rest.
      providers: baseUrl === "" && key === undefined ? configured : [first, ...configured.filter(({ id }) => id !== first.id)],
      model: model === "" ? undefined : model,
      fallback: settings.fallback,
      routes: settings.routes,
      cache: settings.cache,
      limits: {},
      timeouts: {},
      probe: settings.findLocalModels,
      env: {},
    };
  }

  /** Stores or removes the key of a provider; asks which one where there are several. */
  async setKey(): Promise<void> {
    const { providers, baseUrl } = readSettings();
    const provider = providers.length === 0 ? undefined : await pickProvider(providers, baseUrl || openaiUrl);
    if (providers.length > 0 && provider === undefined) return;
    const place = provider?.id === undefined ? simpleKey : keyOf(provider.id);
    const key = await vscode.window.showInputBox({
      title: provider?.id === undefined ? "Model key" : `Key of ${provider.id}`,
      prompt: "Kept in VS Code's secret storage. Leave it empty to remove the key.",
      password: true,
      ignoreFocusOut: true,
    });
    if (key === undefined) return;
    if (key === "") await this.#secrets.delete(place);
    else await this.#secrets.store(place, key.trim());
    this.forget();
    void vscode.window.showInformationMessage(key === "" ? "The key is removed." : "The key is stored.");
  }
}

export interface Connected {
  readonly name: string;
  readonly models: Connect;
  readonly secrets: readonly KnownSecret[];
}

type Connect = (about: { readonly state: () => RunState; readonly clock: Clock }) => Pick<World, "ask" | "window">;

const nameOf = (choice: Choice): string => (choice.kind === "rules" ? offlineEngine : choice.name);

async function ownFolder(): Promise<string> {
  const { stateHome } = await import("../node/state-home.ts");
  return stateHome({ env: process.env, platform: process.platform, home: homedir() });
}

interface KeyPick extends vscode.QuickPickItem {
  readonly id: string | undefined;
}

function pickProvider(providers: readonly ProviderSettings[], simpleUrl: string): Thenable<KeyPick | undefined> {
  const items: KeyPick[] = [
    ...providers.map(({ id, baseURL }) => ({ label: id, description: baseURL, id })),
    { label: "The server of proviso.baseUrl", description: simpleUrl, id: undefined },
  ];
  return vscode.window.showQuickPick(items, { title: "Whose key?", matchOnDescription: true });
}
