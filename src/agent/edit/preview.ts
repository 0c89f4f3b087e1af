// What a change looks like before it is made: a unified diff per file with its counts.

import { decode } from "./text.ts";
import { unifiedDiff } from "./diff.ts";
import type { Preview } from "../tool/observation.ts";
import type { Change } from "../tool/tool.ts";

/** Pure. A binary side is named, not shown. */
export function previewOf(changes: readonly Change[]): Preview {
  return { kind: "diff", files: changes.map(filePreview) };
}

function filePreview({ shown, before, after }: Change): { path: string; diff: string; added: number; removed: number } {
  const old = before ? decode(before.bytes) : undefined;
  const now = after ? decode(after) : undefined;
  if (old?.ok === false || now?.ok === false) return { path: shown, diff: `Binary file ${shown} differs\n`, added: 0, removed: 0 };
  return { path: shown, ...unifiedDiff(shown, old?.value.text, now?.value.text) };
}
