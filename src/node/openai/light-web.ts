// Just enough of two web globals for the openai client, which touches them on every request. Node 20 loads its whole fetch
// implementation (about 20 ms) on the first touch, and we do not use it: requests go over node:http (see transport.ts).
// The bundler puts these in the globals' place (esbuild `inject`) for the command line; without that the globals serve as well.

/** Header fields by case-insensitive name. */
export class Headers implements Iterable<[string, string]> {
  readonly #fields = new Map<string, string>();

  constructor(fields: Iterable<readonly [string, string]> = []) {
    for (const [name, value] of fields) this.append(name, value);
  }

  append(name: string, value: string): void {
    const before = this.get(name);
    this.set(name, before === null ? value : `${before}, ${value}`);
  }

  set(name: string, value: string): void {
    this.#fields.set(name.toLowerCase(), value);
  }

  get(name: string): string | null {
    return this.#fields.get(name.toLowerCase()) ?? null;
  }

  has(name: string): boolean {
    return this.#fields.has(name.toLowerCase());
  }

  delete(name: string): void {
    this.#fields.delete(name.toLowerCase());
  }

  entries(): IterableIterator<[string, string]> {
    return this.#fields.entries();
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }
}

/** Only asked whether a request's body is one; ours never is. @public (the bundler names it) */
export class FormData {}
