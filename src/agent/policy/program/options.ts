// Reads arguments the way getopt does, against a table of the options that are known. What is not in the table is reported as
// unknown, also abbreviations of known names: a program's harmless options are listed, never its harmful ones.

import type { Arg } from "../shell/word.ts";

/**
 * Options as words: "-n" a flag · "-n=" with a value · "--color?" with a value that must be attached · "-f<" the value is a file
 * read · "-o>" a file written · "-#" any number such as -20. Names are given exactly; "-abc" stands for the flags a, b and c.
 */
export type OptionSpec = string;

export interface Parsed {
  readonly options: readonly Found[];
  readonly operands: readonly Arg[];
  /** Options that are not in the table. */
  readonly unknown: readonly string[];
  /** Where "--" stood among the operands. */
  readonly dash: number | undefined;
}
export interface Found {
  readonly name: string;
  readonly kind: Kind;
  readonly value?: Arg;
}
type Kind = "flag" | "value" | "attached" | "read" | "write";

export interface Manner {
  /** Options end at the first operand (wrappers, git). */
  readonly stopsEarly?: true;
  /** Not getopt: one option per word, or a value only in the next word (or as a number). Everything else is unknown. */
  readonly clusters?: "none" | "without values";
}

export function parseOptions(spec: OptionSpec, args: readonly Arg[], manner: Manner = {}): Parsed {
  return new Reader(tableOf(spec), args, manner).read();
}

/** True when a word that is only known as a pattern may turn out to be an option. */
export const mayBeOption = (arg: Arg): boolean => (arg.form === "pattern" || arg.form === "fed") && /^[-*?[{\\]/.test(arg.text);

const suffixes: Readonly<Record<string, Kind>> = { "=": "value", "?": "attached", "<": "read", ">": "write" };
const tables = new Map<OptionSpec, ReadonlyMap<string, Kind>>();

/** Tables are made when first asked for. */
function tableOf(spec: OptionSpec): ReadonlyMap<string, Kind> {
  const known = tables.get(spec);
  if (known) return known;
  const table = new Map<string, Kind>();
  for (const word of spec.split(/\s+/).filter(Boolean)) {
    const kind = suffixes[word.slice(-1)] ?? "flag";
    const name = kind === "flag" ? word : word.slice(0, -1);
    if (kind !== "flag" && /^-[^-]{2,}$/.test(name)) throw new Error(`${word} is neither a flag, nor one letter, nor a long option`);
    if (kind === "flag" && /^-[^-]{2,}$/.test(name)) for (const letter of name.slice(1)) table.set(`-${letter}`, kind);
    else table.set(name, kind);
  }
  tables.set(spec, table);
  return table;
}

class Reader {
  readonly #options: Found[] = [];
  readonly #operands: Arg[] = [];
  readonly #unknown: string[] = [];
  #dash: number | undefined;
  #next = 0;

  readonly #table: ReadonlyMap<string, Kind>;
  readonly #args: readonly Arg[];
  readonly #manner: Manner;

  constructor(table: ReadonlyMap<string, Kind>, args: readonly Arg[], manner: Manner) {
    this.#table = table;
    this.#args = args;
    this.#manner = manner;
  }

  read(): Parsed {
    while (this.#next < this.#args.length) {
      const arg = this.#args[this.#next++];
      if (!arg) break;
      const isOption = arg.text.length > 1 && arg.text.startsWith("-") && arg.form !== "computed" && arg.form !== "fed";
      if (arg.form === "literal" && arg.text === "--") {
        this.#dash = this.#operands.length;
        return this.#rest();
      }
      if (isOption) this.#option(arg);
      else {
        this.#operands.push(arg);
        if (this.#manner.stopsEarly) return this.#rest();
      }
    }
    return this.#rest();
  }

  #rest(): Parsed {
    this.#operands.push(...this.#args.slice(this.#next));
    return { options: this.#options, operands: this.#operands, unknown: this.#unknown, dash: this.#dash };
  }

  #option(arg: Arg): void {
    const text = arg.text;
    const equals = text.indexOf("=");
    const name = equals > 0 ? text.slice(0, equals) : text;
    const kind = this.#table.get(name);
    if (arg.form === "pattern" && equals < 0) this.#unknown.push(text);
    else if (kind !== undefined && (text.startsWith("--") || name.length > 2 || equals < 0))
      this.#long(name, kind, equals > 0 ? after(arg, equals + 1) : undefined);
    else if (text.startsWith("--")) this.#unknown.push(name);
    else if (/^-\d+$/.test(text) && this.#table.has("-#")) this.#options.push({ name: "-#", kind: "flag" });
    else this.#cluster(arg);
  }

  #long(name: string, kind: Kind, value: Arg | undefined): void {
    if (kind === "flag" && value) this.#unknown.push(name);
    else this.#add(name, kind, value ?? (takesNext(kind) ? this.#args[this.#next++] : undefined));
  }

  #cluster(arg: Arg): void {
    for (let i = 1; i < arg.text.length; i++) {
      const name = `-${arg.text.charAt(i)}`;
      const kind = this.#table.get(name);
      if (kind === undefined || this.#defies(kind, arg.text, i)) {
        this.#unknown.push(i === 1 ? arg.text : name);
        return;
      }
      if (kind === "flag") this.#add(name, kind, undefined);
      else {
        const rest = i + 1 < arg.text.length ? after(arg, i + 1) : undefined;
        this.#add(name, kind, rest ?? (takesNext(kind) ? this.#args[this.#next++] : undefined));
        return;
      }
    }
  }

  /** Whether a program with a reader of its own may understand this word differently. */
  #defies(kind: Kind, text: string, index: number): boolean {
    if (this.#manner.clusters === "none") return kind === "flag" ? text.length > 2 : index > 1;
    return this.#manner.clusters === "without values" && kind !== "flag" && !/^-[A-Za-z]\d*$/.test(text);
  }

  #add(name: string, kind: Kind, value: Arg | undefined): void {
    if (takesNext(kind) && !value) this.#unknown.push(name);
    else this.#options.push(value ? { name, kind, value } : { name, kind });
  }
}

const takesNext = (kind: Kind): boolean => kind === "value" || kind === "read" || kind === "write";
const after = (arg: Arg, index: number): Arg => ({ ...arg, text: arg.text.slice(index) });
