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

/** What the program reads from. `paths`: a list of files found by the commands before it, in folders judged there. */
export type Stdin =
  | { readonly of: "nothing" }
  | { readonly of: "pipe"; readonly lists: "anything" | "paths" }
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
  /** Its output is a list of paths it was allowed to see. */
  listsPaths(): void;
  /** Its output is a selection of its input's lines. */
  selects(): void;
}
