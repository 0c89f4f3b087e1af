// A file at one instant: what it held, and how it was stored.

export interface FileImage {
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes, hex. */
  readonly digest: string;
  /** Permission bits, e.g. 0o644. */
  readonly mode: number;
}
