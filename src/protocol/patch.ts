// The difference between two views as the smallest message that turns one into the other. Pure.
// Items that are the same object, or the same in content, are not sent again.

import type { View } from "./present.ts";
import type { Item, Placed, ToView } from "./to-view.ts";

/** How many items the webview holds; older ones come when asked for. */
export const windowSize = 100;

export function resetTo(view: View, size: number = windowSize): Extract<ToView, { type: "reset" }> {
  const earlier = Math.max(0, view.items.length - size);
  return { type: "reset", header: view.header, items: view.items.slice(earlier), earlier };
}

/** Undefined when nothing a person could see has changed. */
export function patchOf(before: View, after: View): Extract<ToView, { type: "patch" }> | undefined {
  const known = new Map(before.items.map((item, i) => [item.id, { item, after: before.items[i - 1]?.id }]));
  const put: Placed[] = [];
  after.items.forEach((item, i) => {
    const previous = after.items[i - 1]?.id;
    const old = known.get(item.id);
    if (!old || old.after !== previous || !same(old.item, item)) put.push({ item, after: previous });
    known.delete(item.id);
  });
  const gone = [...known.keys()];
  const header = same(before.header, after.header) ? undefined : after.header;
  if (put.length === 0 && gone.length === 0 && !header) return undefined;
  return { type: "patch", put, gone, ...(header ? { header } : {}) };
}

const same = (a: Item | View["header"], b: Item | View["header"]): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
