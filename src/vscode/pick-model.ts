// The picker of models: everything that can be asked from here, each with what it takes, does and costs, as far as anyone knows.

import * as vscode from "vscode";
import type { Capability } from "../agent/model/capability.ts";
import type { Provider } from "../agent/settings.ts";
import type { Config } from "../node/config.ts";
import { capabilityText } from "../node/capability-text.ts";
import { offlineEngine } from "../protocol/offline.ts";
import { lmName } from "./lm.ts";

interface ModelPick extends vscode.QuickPickItem {
  /** As the setting takes it; "" to type one, undefined for what cannot be picked. */
  readonly model?: string;
}

/** The name picked or typed; undefined where the person left. */
export async function pickModel(config: Config, now: string): Promise<string | undefined> {
  const picker = vscode.window.createQuickPick<ModelPick>();
  picker.title = "Which model?";
  picker.placeholder = `Now: ${now}`;
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.busy = true;
  picker.items = ends;
  picker.show();
  const stop = new AbortController();
  const listed = offered(config, AbortSignal.any([stop.signal, AbortSignal.timeout(8000)])).then(
    (items) => {
      picker.items = [...ends.slice(0, 1), ...items, ...ends.slice(1)];
      picker.busy = false;
    },
    () => void (picker.busy = false),
  );
  const picked = await new Promise<ModelPick | undefined>((resolve) => {
    picker.onDidAccept(() => resolve(picker.selectedItems[0]));
    picker.onDidHide(() => resolve(undefined));
  });
  stop.abort();
  picker.dispose();
  await listed;
  if (picked?.model !== "") return picked?.model;
  return vscode.window.showInputBox({
    title: "Model",
    prompt: 'A model\'s id, or "provider/id" for one of proviso.providers.',
    value: now,
    ignoreFocusOut: true,
  });
}

const ends: readonly ModelPick[] = [
  {
    label: `$(tools) ${offlineEngine}`,
    description: "no network, no key",
    detail: "mends failing tests, renames, finds usages",
    model: "rules",
  },
  { label: "$(edit) Type a model's name…", alwaysShow: true, model: "" },
];

async function offered(config: Config, signal: AbortSignal): Promise<readonly ModelPick[]> {
  const [own, local, remote] = await Promise.all([fromVsCode(), fromThisMachine(config, signal), fromProviders(config, signal)]);
  return [...section("VS Code's own models", own), ...section("On this machine", local), ...remote];
}

const section = (label: string, items: readonly ModelPick[]): readonly ModelPick[] =>
  items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];

async function fromVsCode(): Promise<readonly ModelPick[]> {
  const models = await vscode.lm.selectChatModels();
  return models.map((model) => ({
    label: model.name,
    description: lmName(model),
    detail: capabilityText({ context: model.maxInputTokens }),
    model: lmName(model),
  }));
}

async function fromThisMachine({ probe }: Config, signal: AbortSignal): Promise<readonly ModelPick[]> {
  if (!probe) return [];
  const [{ findLocalServers }, { modelFacts }] = await Promise.all([import("../node/local-servers.ts"), import("../node/model-facts.ts")]);
  const servers = await findLocalServers(signal);
  const items = servers.flatMap(({ id, name, baseURL, models }) =>
    models.map(async (model): Promise<ModelPick> => {
      const { capability } = await modelFacts({ baseURL, model, headers: {}, key: undefined }, {}, signal);
      return { label: model, description: name, detail: capabilityText(capability), model: `${id}/${model}` };
    }),
  );
  return Promise.all(items);
}

async function fromProviders({ providers }: Config, signal: AbortSignal): Promise<readonly ModelPick[]> {
  const { listModels, isTalker } = await import("../node/openai/models.ts");
  const { tableFacts } = await import("../node/model-facts.ts");
  const sections = await Promise.all(
    providers.map(async (provider) => {
      const list = await listModels(provider.baseURL, credentials(provider), signal);
      const ids = list.ok ? list.value.filter(isTalker) : provider.models;
      const items = await Promise.all(
        ids.map(async (id): Promise<ModelPick> => {
          const known: Capability = { ...(await tableFacts(provider.baseURL, id)), ...configured(provider, id) };
          return { label: id, description: provider.id, detail: capabilityText(known), model: `${provider.id}/${id}` };
        }),
      );
      return section(provider.baseURL, list.ok ? items : [...items, { label: `$(warning) ${list.fault.message}`, alwaysShow: true }]);
    }),
  );
  return sections.flat();
}

const configured = ({ capabilities, prices }: Provider, model: string): Capability => ({
  ...capabilities[model],
  ...(prices[model] ? { price: prices[model] } : {}),
});

const credentials = ({ key, headers }: Provider): Readonly<Record<string, string>> => ({
  ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replaceAll("${key}", key ?? "")])),
});
