// What is on screen. Patches come in, signals go out; nothing here decides anything and nothing is kept that the host cannot send again.

import { batch, type Signal, signal } from "@preact/signals";
import { patched } from "../protocol/patch.ts";
import type { CallDetail, Header, Item, RuleOffer, RunLine, ToView } from "../protocol/to-view.ts";
import { save, saved, send } from "./host.ts";

const emptyHeader: Header = {
  run: undefined,
  mood: "idle",
  steps: [],
  verified: 0,
  waiting: 0,
  waits: "",
  spend: { usd: 0, limit: 0, unpriced: 0, tokens: 0 },
  fuses: [],
  context: undefined,
  model: "",
  mode: "supervised",
  unsandboxed: undefined,
  limits: undefined,
  folder: undefined,
  examples: [],
};

export interface Notice {
  readonly text: string;
  readonly action?: { readonly label: string; readonly command: string };
}

export const header = signal<Header>(emptyHeader);
export const items = signal<readonly Item[]>([]);
export const earlier = signal(0);
export const runs = signal<readonly RunLine[] | undefined>(undefined);
export const notice = signal<Notice | undefined>(undefined);
export const prefill = signal<string | undefined>(undefined);
/** What the host has found last for words typed after "@". */
export const found = signal<{ readonly words: string; readonly paths: readonly string[] }>({ words: "", paths: [] });
/** What a person began and has not sent, by name; outlives a hidden view and a reloaded window. */
const begun = new Map<string, unknown>();
let begunAt = 0;
/** Counts how often the host knew better what was begun; what holds such words is drawn anew then. */
export const recalled = signal(0);
/** The card that a key or a command approves, as it stands on the screen. */
export const pressed = signal<string | undefined>(undefined);
/** False until the host has spoken: what is shown is from the last time. */
export const live = signal(false);

const details = new Map<string, Signal<CallDetail | undefined>>();
const offers = new Map<string, Signal<readonly RuleOffer[] | undefined>>();
const tails = new Map<string, Signal<string>>();

export const detailOf = (id: string): Signal<CallDetail | undefined> => at(details, id, undefined);
export const offersOf = (id: string): Signal<readonly RuleOffer[] | undefined> => at(offers, id, undefined);
/** Streamed text that no event has confirmed yet. */
export const tailOf = (id: string): Signal<string> => at(tails, id, "");

const tailChars = 20_000;
/** More than a message may hold is kept in the page alone. */
const mostBegun = 200_000;

export function take(message: ToView): void {
  batch(() => {
    switch (message.type) {
      case "reset":
        header.value = message.header;
        items.value = message.items;
        earlier.value = message.earlier;
        for (const map of [details, offers, tails]) map.clear();
        live.value = true;
        notice.value = undefined;
        break;
      case "patch":
        if (message.header) header.value = message.header;
        items.value = patched(items.value, message);
        earlier.value = message.earlier;
        for (const { item } of message.put) if (item.kind === "step" || item.kind === "call") forgetTail(item);
        break;
      case "delta": {
        const tail = tailOf(message.id);
        tail.value = ((message.fresh ? "" : tail.value) + message.text).slice(-tailChars);
        return;
      }
      case "detail":
        detailOf(message.id).value = message.detail;
        return;
      case "offers":
        offersOf(message.id).value = message.offers;
        return;
      case "runs":
        runs.value = message.runs;
        return;
      case "found":
        found.value = message;
        return;
      case "prefill":
        prefill.value = message.text;
        return;
      case "begun":
        recall(message);
        return;
      case "press":
        pressed.value = message.id;
        return;
      case "notice":
        notice.value = message;
        return;
    }
  });
  keepAll();
}

/** Remembers under that name; undefined forgets. */
export function keep(name: string, value: unknown): void {
  if (JSON.stringify(begun.get(name)) === JSON.stringify(value)) return;
  if (value === undefined) begun.delete(name);
  else begun.set(name, value);
  // Two changes within one millisecond are two.
  begunAt = Math.max(Date.now(), begunAt + 1);
  keepAll();
  tell();
}

const tellMs = 150;
let telling: ReturnType<typeof setTimeout> | undefined;
let toldAt = 0;

/** What is new is told at once, what follows it within a moment together: a page that is hidden has no time to say more. */
function tell(): void {
  if (telling !== undefined || toldAt === begunAt) return;
  toldAt = begunAt;
  const json = JSON.stringify([...begun]);
  if (json.length <= mostBegun) send({ type: "begun", at: begunAt, json });
  telling = setTimeout(() => {
    telling = undefined;
    tell();
  }, tellMs);
}

/** The newer of what the page and the host know. */
function recall({ at, json }: Extract<ToView, { type: "begun" }>): void {
  if (at <= begunAt) return;
  begunAt = at;
  if (json === JSON.stringify([...begun])) return;
  begun.clear();
  for (const [name, value] of JSON.parse(json) as [string, unknown][]) begun.set(name, value);
  recalled.value++;
}

export const kept = (name: string): unknown => begun.get(name);

const keepAll = (): void => save({ header: header.value, items: items.value.slice(-40), begun: [...begun], begunAt });

/** First paint from what was last seen; the host corrects it. */
export function restore(): void {
  const state = saved();
  if (typeof state !== "object" || state === null || !("header" in state) || !("items" in state)) return;
  header.value = { ...emptyHeader, ...(state.header as Partial<Header>) };
  if ("begunAt" in state && typeof state.begunAt === "number") begunAt = state.begunAt;
  if ("begun" in state && Array.isArray(state.begun))
    for (const [name, value] of state.begun as [string, unknown][]) begun.set(name, value);
  items.value = Array.isArray(state.items) ? (state.items as Item[]) : [];
}

/** What an event has settled is no longer streaming. */
function forgetTail(item: Item): void {
  const tail = tails.get(item.id);
  if (tail && (item.kind !== "call" || item.mood !== "running")) tail.value = "";
}

function at<T>(map: Map<string, Signal<T>>, id: string, start: T): Signal<T> {
  let found = map.get(id);
  if (!found) {
    found = signal(start);
    map.set(id, found);
  }
  return found;
}
