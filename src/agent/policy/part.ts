// What rules are held against: the smallest pieces of a call. One simple command, one path, one redirection, one host each,
// with exactly one effect. Pure data; who finds the parts: analyse.ts. Who makes their paths real: prepare.ts.

import type { RoleName } from "../plan.ts";
import type { Effect } from "../tool/risk.ts";
import type { Glob } from "./glob.ts";
import type { Trait } from "./rules.ts";

export interface Part {
  /** As shown to people. */
  readonly text: string;
  readonly effect: Effect;
  readonly traits: readonly Trait[];
  /** Why a trait is there, in a few words. */
  readonly note?: string;
  /** First word of the simple command this part belongs to, without its directory. */
  readonly program?: string;
  readonly args?: readonly string[];
  readonly target?: Target;
  readonly host?: string;
  /** The path or host it falls on, as the call names it. */
  readonly named?: string;
  /** Where it stands in the line; absent or empty: nowhere that is known. */
  readonly spans?: readonly Span[];
}

/** From this character of the line up to that one, in units of UTF-16. */
export type Span = readonly [from: number, to: number];

/** A path as the call names it, not yet made real. */
export interface Target {
  /** Absolute or from "~"; of a tool's argument as given. With `glob`: the folder the pattern starts in. */
  readonly path: string;
  /** Whose rules "a/../b" follows: the kernel walks through a, tools take it for b. */
  readonly walk: "kernel" | "text";
  /** What a shell pattern adds below `path`. */
  readonly glob?: string;
  /** True where everything below is meant too. */
  readonly deep: boolean;
}

/** A part whose path has been made real. */
export interface PlacedPart extends Part {
  readonly place?: Spot;
  /** Where its path really leads, where that is not what the call says. */
  readonly leads?: string;
}

export interface Spot {
  /** As shown to people; a pattern stays one. */
  readonly shown: string;
  /** Nothing is there yet. */
  readonly missing?: true;
  readonly inside: boolean;
  readonly deep: boolean;
  /** The path in every form a rule may name it. */
  readonly names: readonly Glob[];
}

/** A call with all that rules may look at. */
export interface Subject {
  /** Absolute folder of the workspace. */
  readonly root: string;
  readonly tool: string;
  readonly line?: string | undefined;
  readonly parts: readonly PlacedPart[];
  readonly role?: RoleName | undefined;
  readonly mode: string;
  /** Foreign text is in the context. */
  readonly tainted: boolean;
  /** A command made or changed what other programs obey, and nobody has looked since. */
  readonly disturbed: boolean;
  /** The operating system would confine a command. */
  readonly sandboxed: boolean;
  /** What the run has cost so far. */
  readonly usd: number;
  /** The agent's own estimate, 0 to 1. */
  readonly confidence?: number | undefined;
  /** How much the call would write. */
  readonly bytes?: number | undefined;
}
