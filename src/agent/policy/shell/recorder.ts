// Turns what a program's entry reports into parts. One recorder per simple command.
// Invariant: a path that cannot be named before the line runs still leaves a part, marked dynamic.

import type { Effect } from "../../tool/risk.ts";
import type { Part, Span } from "../part.ts";
import type { Act, Call, Depth, Output, Stdin } from "../program/act.ts";
import type { Trait } from "../rules.ts";
import { foldPath, type Scene, targetsOf } from "./scene.ts";
import type { Arg } from "./word.ts";

/** What a command may have the shell do in turn. */
export interface Interpreter {
  run(words: readonly Arg[], stdin: Stdin, scene: Scene): void;
  line(text: string, scene: Scene): void;
  emit(part: Part): void;
}

export class Recorder implements Act {
  output: Output = { of: "anything" };
  #scene: Scene;
  readonly #traits = new Set<Trait>();
  readonly #notes: string[] = [];
  readonly #call: Call;
  readonly #program: string;
  readonly #shell: Interpreter;
  readonly #effects: Part[] = [];
  readonly #spans: readonly Span[];
  #prints = false;

  /** `program` is what rules call it: its name, or its path where that is not the system's. `spans`: where the command stands. */
  constructor(call: Call, program: string, scene: Scene, { spans, ...shell }: Interpreter & { readonly spans: readonly Span[] }) {
    this.#spans = spans;
    this.#call = call;
    this.#program = program;
    this.#scene = scene;
    this.#shell = shell;
  }

  reads(path: Arg, depth: Depth = {}): void {
    if (path.form !== "fed" || path.from) this.#path("read", path, depth);
    else for (const found of path.seen ?? []) this.#path("read", { ...found, at: path.at }, { deep: true });
  }
  writes(path: Arg, depth: Depth = {}): void {
    this.#path("write", path, depth);
  }
  deletes(path: Arg, depth: Depth = {}): void {
    this.#path("delete", path, depth);
  }
  reaches(host: string | undefined): void {
    this.#effects.push({
      ...this.#part("network", host === undefined ? this.#call.name : `${this.#call.name} ${host}`),
      ...(host === undefined ? {} : { host, named: host }),
    });
  }
  onlyLooks(): void {
    this.#traits.add("readonly");
  }
  prints(): void {
    this.#prints = true;
  }
  is(trait: Trait, note: string): void {
    this.#traits.add(trait);
    if (!this.#notes.includes(note)) this.#notes.push(note);
  }
  enters(folder: Arg): void {
    this.reads(folder);
    const targets = targetsOf(this.#scene, folder, false);
    const known = targets?.every(({ glob }) => glob === undefined) ? targets.map(({ path }) => path) : undefined;
    this.#scene = { ...this.#scene, folders: known };
  }
  runs(words: readonly Arg[], stdin: Stdin = { of: "nothing" }): void {
    this.#shell.run(words, stdin, this.#within());
  }
  interprets(line: Arg): void {
    if (line.form === "literal") this.#shell.line(line.text, this.#within());
    else this.is("dynamic", `${this.#call.name} runs text that is computed`);
  }
  outputs(output: Output): void {
    this.output = output;
  }

  /** Emits the command's own part and then those of its effects. */
  finish(): void {
    const { args } = this.#call;
    if (args.some(({ form }) => form === "computed")) this.is("dynamic", "an argument is computed at run time");
    if (!this.#prints && args.some(({ form }) => form === "printable")) this.is("dynamic", "an argument is computed at run time");
    const text = [display(this.#program), ...args.map(({ text, form }) => (form === "literal" ? display(text) : text))].join(" ");
    if (this.#traits.size > 1) this.#traits.delete("readonly");
    const traits: readonly Trait[] = this.#traits.size > 0 ? [...this.#traits] : ["changes"];
    const note = this.#notes.length > 0 ? { note: this.#notes.join("; ") } : {};
    this.#shell.emit({ ...this.#part("execute", text.length > 300 ? `${text.slice(0, 300)}…` : text), traits, ...note });
    for (const part of this.#effects) this.#shell.emit(part);
  }

  #within(): Scene {
    return { ...this.#scene, within: this.#spans };
  }

  #path(effect: Effect, arg: Arg, { deep = false }: Depth): void {
    const part = { ...this.#part(effect, `${effect} ${arg.text}`), named: arg.text, ...(arg.at ? { spans: [arg.at] } : {}) };
    const targets = targetsOf(this.#scene, arg, deep);
    if (!targets) {
      this.#effects.push({ ...part, traits: ["dynamic"], note: "the path is computed at run time" });
      return;
    }
    for (const target of targets) {
      if (target.glob === undefined && isStream(target.path)) continue;
      const device = effect !== "read" && isDisk(target.path);
      if (device) this.is("destructive", `${arg.text} is a device`);
      this.#effects.push({ ...part, target });
    }
  }

  #part(effect: Effect, text: string): Part {
    return { text, effect, traits: [], program: this.#program, args: this.#call.args.map((arg) => arg.text), spans: this.#spans };
  }
}

const streams = /^\/dev\/(null|zero|full|u?random|stdin|stdout|stderr|tty|fd\/\d+)$/;
/** Devices that hold nothing. Only plain spellings count: no "..", so that no link can lead elsewhere. */
const isStream = (path: string): boolean => streams.test(path);
const isDisk = (path: string): boolean =>
  /^\/dev\/(sd|hd|vd|xvd|nvme|mmcblk|disk|rdisk|loop|dm-|mapper\/|md|mem$|kmem$|port$)/.test(foldPath(path));

const display = (text: string): string => (/^[\w@%+=:,./~^-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** Redirections go through the same recording, without a program. */
export function recordPath(effect: Effect, arg: Arg, text: string, scene: Scene, emit: (part: Part) => void): void {
  const targets = targetsOf(scene, arg, false);
  const named = arg.text;
  if (!targets) emit({ text, effect, named, traits: ["dynamic"], note: "the path is computed at run time" });
  for (const target of targets ?? []) {
    const network = /^\/dev\/(tcp|udp)\/([^/]+)/.exec(foldPath(target.path));
    if (network?.[2]) emit({ text, effect: "network", named: network[2], traits: [], host: network[2] });
    else if (target.glob !== undefined || !isStream(target.path)) {
      const disk = effect !== "read" && isDisk(target.path);
      emit({ text, effect, named, traits: disk ? ["destructive"] : [], target, ...(disk ? { note: `${arg.text} is a device` } : {}) });
    }
  }
}
