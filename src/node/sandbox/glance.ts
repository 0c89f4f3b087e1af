// A look at something that seldom changes, taken anew when the last one is old. Whoever asks while one is being taken shares it.

const oldMs = 30_000;

export class Glance<T> {
  readonly #look: () => Promise<T>;
  #last: { readonly seen: Promise<T>; readonly at: number } | undefined;

  constructor(look: () => Promise<T>) {
    this.#look = look;
  }

  /** A look that failed is not kept. */
  async get(): Promise<T> {
    const now = performance.now();
    if (this.#last === undefined || now - this.#last.at > oldMs) this.#last = { seen: this.#look(), at: now };
    const { seen } = this.#last;
    try {
      return await seen;
    } catch (error) {
      if (this.#last?.seen === seen) this.#last = undefined;
      throw error;
    }
  }

  /** The next who asks looks anew. */
  forget(): void {
    this.#last = undefined;
  }
}
