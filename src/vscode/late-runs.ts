// The store of runs, fetched when it is first wanted: with it come the engine, the policy's grammar and this machine's adapters,
// which are most of what the extension weighs.

import type { Runs } from "./session.ts";

export function lateRuns(load: () => Promise<Runs>): Runs {
  let loading: Promise<Runs> | undefined;
  const store = (): Promise<Runs> => (loading ??= load());
  return {
    create: async (goal, watch) => (await store()).create(goal, watch),
    open: async (id, watch) => (await store()).open(id, watch),
    read: async (id) => (await store()).read(id),
    list: async () => (await store()).list(),
    delete: async (id) => (await store()).delete(id),
    rewind: async (id) => (await store()).rewind(id),
    pack: async (id) => (await store()).pack(id),
    take: async (path) => (await store()).take(path),
    goals: async () => (await store()).goals(),
    audited: async () => (await store()).audited(),
    stored: async () => (await store()).stored(),
    journalOf: async (id) => (await store()).journalOf(id),
  };
}
