// What the confined commands that run at the same time have mounted over. A path that one of them could still have changed
// must not become a mount point for the next: bwrap before 0.12 follows a link that is put there at the last moment.

export class Neighbours {
  readonly #running = new Set<ReadonlySet<string>>();

  /** A path that came to be while a command was running that does not have it mounted over; undefined when all are safe. */
  unsafe(paths: readonly string[]): string | undefined {
    return paths.find((path) => [...this.#running].some((mounted) => !mounted.has(path)));
  }

  /** Returns how to say that the command has ended. */
  enter(paths: readonly string[]): () => void {
    const mounted = new Set(paths);
    this.#running.add(mounted);
    return () => this.#running.delete(mounted);
  }
}
