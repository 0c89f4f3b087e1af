// How a program's entry says what one call of it does. An entry reads the arguments and reports acts; it decides nothing.

import type { Trait } from "../rules.ts";
import type { Arg } from "../shell/word.ts";

/** A program with its arguments, wrappers already taken off. */
export interface Call {
  /** Without its folder. */
  readonly name: string;
  readonly args: readonly Arg[];
  readonly stdin: Stdin;
}

/**
 * What a command prints, as far as it is known. `paths`: files it was allowed to see, `found` where they lie; none of them need be read
 * again to be shown, but a name may say that it holds a secret. `selection`: some of its input's lines. `words`: exactly these.
 * `revisions`: names of commits, which neither are options nor lead anywhere.
 */
export type Output =
  | { readonly of: "anything" | "selection" | "revisions" }
  | { readonly of: "paths"; readonly found: readonly Arg[] }
  | { readonly of: "words"; readonly words: readonly Arg[] };

/** What the program reads from. */
export type Stdin =
  | { readonly of: "nothing" }
  | { readonly of: "pipe"; readonly holds: Output }
  | { readonly of: "text"; readonly text: string | undefined };

export type Program = (call: Call, act: Act) => void;

export interface Depth {
  /** Everything below the path too. */
  readonly deep?: boolean;
}

export interface Act {
  reads(path: Arg, depth?: Depth): void;
  writes(path: Arg, depth?: Depth): void;
  deletes(path: Arg, depth?: Depth): void;
  reaches(host: string | undefined): void;
  /** Only looks, as far as its arguments say. Every other act still counts. */
  onlyLooks(): void;
  /** Prints its arguments and does nothing else with them. */
  prints(): void;
  is(trait: Trait, note: string): void;
  /** Does all that follows in this folder. */
  enters(folder: Arg): void;
  /** Runs another program with these words. */
  runs(words: readonly Arg[], stdin?: Stdin): void;
  /** Has a shell run this text. */
  interprets(line: Arg): void;
  /** What its output is, where more is known than that it prints something. */
  outputs(output: Output): void;
}
