// What is kept of a command's output: the head and the tail of each stream and of both in order of arrival, sanitised;
// and, once that is not everything, the whole of it in a file. Bounded memory whatever the command prints.

import { Sanitiser } from "./sanitise.ts";
import type { Spill } from "./spill.ts";

export type StreamName = "stdout" | "stderr";

const headBytes = 16 * 1024;
const tailBytes = 48 * 1024;
const longestLine = 2000;
const lineHead = 1500;
const lineTail = 300;

/** Keeps the first 16 KiB and the last 48 KiB of what it is given. */
export class HeadTail {
  readonly #head: Buffer[] = [];
  #headSize = 0;
  #ring: Buffer | undefined;
  /** Bytes that went past the head; the ring holds the last of them. */
  #past = 0;

  push(bytes: Buffer): void {
    const rest = this.#past === 0 ? this.#fillHead(bytes) : bytes;
    if (rest.length === 0) return;
    this.#ring ??= Buffer.alloc(tailBytes);
    const last = rest.subarray(Math.max(0, rest.length - tailBytes));
    const start = (this.#past + rest.length - last.length) % tailBytes;
    const untilEnd = last.copy(this.#ring, start);
    last.copy(this.#ring, 0, untilEnd);
    this.#past += rest.length;
  }

  get truncated(): boolean {
    return this.#past > tailBytes;
  }

  /** True when taking so many more bytes would drop some. */
  overflows(more: number): boolean {
    return this.#headSize + this.#past + more > headBytes + tailBytes;
  }

  /** Everything kept, as bytes; the whole stream while nothing was dropped. */
  kept(): Buffer {
    return Buffer.concat([...this.#head, this.#tail()]);
  }

  text(): string {
    const head = Buffer.concat(this.#head);
    const tail = this.#tail();
    if (!this.truncated) return cutLines(Buffer.concat([head, tail]).toString("utf8"));
    const first = characterStart(tail);
    const omitted = this.#past - tail.length + first;
    return `${cutLines(head.toString("utf8"))}\n[... ${omitted} bytes omitted ...]\n${cutLines(tail.toString("utf8", first))}`;
  }

  /** Takes what the head has room for, whole characters only, and returns the rest. */
  #fillHead(bytes: Buffer): Buffer {
    const room = headBytes - this.#headSize;
    let cut = Math.min(bytes.length, room);
    while (cut > 0 && continues(bytes[cut])) cut--;
    this.#head.push(bytes.subarray(0, cut));
    this.#headSize += cut;
    return bytes.subarray(cut);
  }

  #tail(): Buffer {
    if (this.#ring === undefined) return Buffer.alloc(0);
    if (this.#past <= tailBytes) return this.#ring.subarray(0, this.#past);
    const start = this.#past % tailBytes;
    return Buffer.concat([this.#ring.subarray(start), this.#ring.subarray(0, start)]);
  }
}

/** Both streams of one command. */
export class Capture {
  readonly both = new HeadTail();
  readonly stdout = new HeadTail();
  readonly stderr = new HeadTail();
  readonly #filters = { stdout: new Sanitiser(), stderr: new Sanitiser() };
  readonly #spill: Spill | undefined;
  readonly #onText: ((text: string, stream: StreamName) => void) | undefined;
  #received = 0;

  constructor(spill: Spill | undefined, onText: ((text: string, stream: StreamName) => void) | undefined) {
    this.#spill = spill;
    this.#onText = onText;
  }

  /** Bytes the command wrote, before anything was removed. */
  get received(): number {
    return this.#received;
  }

  push(stream: StreamName, bytes: Uint8Array): void {
    this.#received += bytes.length;
    this.#keep(stream, this.#filters[stream].push(bytes));
  }

  /** No more will come. */
  end(): void {
    for (const stream of ["stdout", "stderr"] as const) this.#keep(stream, this.#filters[stream].end());
  }

  #keep(stream: StreamName, text: string): void {
    if (text === "") return;
    const bytes = Buffer.from(text, "utf8");
    if (this.both.overflows(bytes.length)) {
      if (this.#spill?.used === false) this.#spill.write(this.both.kept());
      this.#spill?.write(bytes);
    }
    this.both.push(bytes);
    this[stream].push(bytes);
    this.#onText?.(text, stream);
  }
}

function cutLines(text: string): string {
  if (text.length <= longestLine) return text;
  const cut = (line: string): string =>
    line.length <= longestLine
      ? line
      : `${line.slice(0, lineHead)}[... ${line.length - lineHead - lineTail} characters ...]${line.slice(-lineTail)}`;
  return text.split("\n").map(cut).join("\n");
}

const continues = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** Where the first whole character begins. */
function characterStart(bytes: Buffer): number {
  let index = 0;
  while (continues(bytes[index])) index++;
  return index;
}
