// What the webview holds of a view, and the difference between two such holdings as the smallest message that turns one into the other.
// Pure. Items that are the same object, or the same in content, are not sent again.

import type { View } from "./present.ts";
import type { Item, Placed, ToView } from "./to-view.ts";

/** How many rows of a step the webview holds; older ones come when asked for. */
export const windowSize = 100;

type Patch = Extract<ToView, { type: "patch" }>;

/** The part of a view that the webview holds. */
export interface Shown extends View {
  /** Rows left out. */
  readonly earlier: number;
}

/** Each step with its newest `size` rows, and all that is no row: heads, questions, endings. So a long run costs the page no more than a short one. */
export function shownOf({ header, items }: View, size: number = windowSize): Shown {
  const kept: Item[] = [];
  let rows = 0;
  for (let i = items.length - 1; i >= 0; i--) {
    const item = items[i];
    if (!item) continue;
    if (item.kind === "step") rows = 0;
    if (isRow(item) && ++rows > size) continue;
    kept.push(item);
  }
  return { header, items: kept.reverse(), earlier: items.length - kept.length };
}

const isRow = (item: Item): boolean => item.kind === "call" || item.kind === "lesson" || (item.kind === "text" && item.by === "model");

export function resetTo({ header, items, earlier }: Shown): Extract<ToView, { type: "reset" }> {
  return { type: "reset", header, items, earlier };
}

/** Undefined when nothing a person could see has changed. */
export function patchOf(before: Shown, after: Shown): Patch | undefined {
  const known = new Map(before.items.map((item, at) => [item.id, { item, at }]));
  const put: Placed[] = [];
  let last = -1;
  after.items.forEach((item, i) => {
    const old = known.get(item.id);
    known.delete(item.id);
    // What stands in the page in this order already stays where it is.
    if (old && old.at > last && same(old.item, item)) last = old.at;
    else put.push({ item, after: after.items[i - 1]?.id });
  });
  const gone = [...known.keys()];
  const header = same(before.header, after.header) ? undefined : after.header;
  if (put.length === 0 && gone.length === 0 && !header) return undefined;
  return { type: "patch", put, gone, earlier: after.earlier, ...(header ? { header } : {}) };
}

/** The items after a patch, as the page has them. */
export function patched(before: readonly Item[], { put, gone }: Pick<Patch, "put" | "gone">): readonly Item[] {
  const lost = new Set([...gone, ...put.map(({ item }) => item.id)]);
  const next = before.filter((item) => !lost.has(item.id));
  for (const { item, after } of put) {
    const index = after === undefined ? -1 : next.findIndex((other) => other.id === after);
    // A page that restored itself may lack the neighbour; what is new comes at the end.
    next.splice(after === undefined ? 0 : index < 0 ? next.length : index + 1, 0, item);
  }
  return next;
}

const same = (a: Item | View["header"], b: Item | View["header"]): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
