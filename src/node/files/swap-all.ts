// Replaces several files together or none. Every one is compared before the first is touched; where one cannot be written after all,
// those that were are put back. A process killed in between leaves that to whoever finds its intent in the journal.

import { ok, type Result } from "../../agent/result.ts";
import type { FileImage } from "../../agent/file-image.ts";
import type { FileSwap, Landed } from "../../agent/world.ts";
import { sha256 } from "../digest.ts";

export interface Hands {
  /** Null where there is no file. */
  readonly read: (path: string) => Promise<Result<FileImage | null>>;
  readonly swap: (swap: FileSwap) => Promise<Result<void>>;
  /** The fault of a file that holds something else than was expected. */
  readonly stale: (path: string, now: FileImage | null) => Promise<Result<never>>;
}

/** Swaps all or none, as far as nobody else writes at the same moment. */
export async function swapTogether({ read, swap, stale }: Hands, swaps: readonly FileSwap[]): Promise<Result<readonly Landed[]>> {
  const images = new Map<string, FileImage | null>();
  for (const { path, before } of swaps) {
    const now = await read(path);
    if (!now.ok) return now;
    if ((now.value?.digest ?? null) !== before) return stale(path, now.value);
    images.set(path, now.value);
  }
  const done: FileSwap[] = [];
  for (const one of swaps) {
    const swapped = await swap(one);
    if (!swapped.ok) {
      for (const { path, after, chmod } of done.toReversed()) {
        const old = images.get(path);
        const mode = old?.mode === undefined ? {} : { mode: old.mode, ...(chmod === undefined ? {} : { chmod: old.mode }) };
        await swap({ path, before: digestOf(after), after: old?.bytes ?? null, ...mode });
      }
      return swapped;
    }
    done.push(one);
  }
  return ok(swaps.map(({ path, after }) => ({ path, digest: digestOf(after) })));
}

const digestOf = (bytes: Uint8Array | null): string | null => (bytes === null ? null : sha256(bytes));
