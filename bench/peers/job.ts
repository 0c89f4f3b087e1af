// What `npm run bench -- peers` gives to every contestant alike: the job, and the model that plays it. The model answers at once and in
// this process, so all time between two of its answers is the contestant's.

import { readFileSync } from "node:fs";

export interface Job {
  readonly measure: "time" | "memory" | "tokens";
  /** Nothing; what a killed process would need; and that synced, before the model is asked again, so that a power cut loses nothing either. */
  readonly keep: "memory" | "kept" | "synced";
  /** Holds the folders `workspace` and `kept`. */
  readonly folder: string;
  /** Answers of the model that call a tool; one more ends the job. */
  readonly turns: number;
  readonly goal: string;
  readonly instructions: string;
  readonly tools: readonly ToolSpec[];
  /** Files that the turns read; turns beyond ask the user, who gives the same answer each time. */
  readonly reads: readonly string[];
  /** The file that the answer cites. */
  readonly cites: string;
}

export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  readonly parameters: Record<string, unknown>;
}

export interface Wanted {
  readonly id: string;
  readonly tool: string;
  readonly input: Record<string, unknown>;
}

/** One request as its contestant put it to the model, in one form for all, so that tokens can be compared. */
export interface Sent {
  readonly messages: readonly {
    readonly role: string;
    readonly text: string;
    readonly calls?: readonly { readonly tool: string; readonly args: string }[];
  }[];
  readonly tools: readonly ToolSpec[];
}

export interface Report {
  /** Milliseconds of each turn. */
  readonly times: readonly number[];
  /** Bytes of heap that a turn leaves behind, all garbage collected. */
  readonly bytes?: number;
  readonly sent: readonly Sent[];
}

export const answer = "Keep the public names as they are, change nothing outside the folder that was named, and run the tests. ".repeat(3);
/** The first turns pay for compiling, and for what exists once. */
const warm = 50;

/** The job this process was started with; undefined where it was started only to be loaded. */
export function givenJob(): Job | undefined {
  const path = process.argv[2];
  return path === undefined ? undefined : (JSON.parse(readFileSync(path, "utf8")) as Job);
}

/** The model, and the clock that runs between its answers. */
export class Script {
  readonly #job: Job;
  readonly #marks: number[] = [];
  readonly #heap: number[] = [];
  readonly #sent: Sent[] = [];

  constructor(job: Job) {
    this.#job = job;
  }

  /** The call that the model wants next; undefined when it is done. */
  reply(request: () => Sent): Wanted | undefined {
    const { measure, turns, reads } = this.#job;
    const turn = this.#marks.length;
    this.#marks.push(performance.now());
    if (measure === "memory" && (turn === warm || turn === turns)) this.#heap.push(heapUsed());
    if (measure === "tokens") this.#sent.push(structuredClone(request()));
    if (turn >= turns) return undefined;
    const path = reads[turn];
    const id = `call_${turn}`;
    return path === undefined
      ? { id, tool: "ask_user", input: { question: `question ${turn}` } }
      : { id, tool: "read_file", input: { path } };
  }

  /** Writes what was measured where the bench reads it. Throws if the job was not done, or not by using the tools. */
  report(used: number): void {
    const { measure, turns } = this.#job;
    if (this.#marks.length !== turns + 1 || used !== turns) {
      throw new Error(`the model was asked ${this.#marks.length} times and ${used} calls were made, in a job of ${turns} turns`);
    }
    const [before, after] = this.#heap;
    const report: Report = {
      times: measure === "time" ? this.#marks.slice(1).map((mark, i) => mark - (this.#marks[i] ?? mark)) : [],
      ...(before === undefined || after === undefined ? {} : { bytes: (after - before) / (turns - warm) }),
      sent: this.#sent,
    };
    process.stdout.write(`${JSON.stringify(report)}\n`);
  }
}

export const lastWords = (job: Job): string => `Done, see ${job.cites}:1.`;

function heapUsed(): number {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error("memory is measured with node --expose-gc");
  for (let i = 0; i < 3; i++) gc();
  return process.memoryUsage().heapUsed;
}
