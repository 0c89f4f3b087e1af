// The lookout of one run, loaded when the first command comes. Until then there is nothing it could have seen.

import type { Blobs, Files, Lookout } from "../../agent/world.ts";
import type { FileLookout } from "../lookout.ts";

export interface RunLookout extends Lookout {
  /** Somebody else than a command writes this file, at this moment. */
  wrote(path: string): void;
  close(): void;
}

export function lazyLookout(options: { readonly root: string; readonly shelf: string; readonly blobs: Blobs }): RunLookout {
  let loading: Promise<FileLookout> | undefined;
  let loaded: FileLookout | undefined;
  const load = async (): Promise<FileLookout> => {
    const { FileLookout } = await import("../lookout.ts");
    loaded = new FileLookout(options);
    return loaded;
  };
  return {
    watch: async (signal) => (await (loading ??= load())).watch(signal),
    wrote: (path) => loaded?.wrote(path),
    close: () => loaded?.close(),
  };
}

/** The files, telling the lookout of every one that is written through them. */
export const noticed = (files: Files, { wrote }: RunLookout): Files => ({
  ...files,
  swap: (path, ...rest) => {
    wrote(path);
    return files.swap(path, ...rest);
  },
  swapAll: (swaps) => {
    for (const { path } of swaps) wrote(path);
    return files.swapAll(swaps);
  },
});
