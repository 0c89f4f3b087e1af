// One at a time: whoever enters waits until those before are out.

export class Queue {
  #last: Promise<unknown> = Promise.resolve();
  #inside = 0;

  /** How many wait behind the one whose turn it is. */
  get waiting(): number {
    return Math.max(0, this.#inside - 1);
  }

  get empty(): boolean {
    return this.#inside === 0;
  }

  /** Does the work when it is its turn; rejects with the signal's reason where it was cancelled by then. */
  enter<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.#inside++;
    const turn = this.#last.then(() => {
      signal?.throwIfAborted();
      return work();
    });
    const out = turn.finally(() => this.#inside--);
    this.#last = out.catch(() => undefined);
    return out;
  }
}
