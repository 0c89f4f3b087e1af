// How near one fuse is to blowing. Apart from what measures it, so that whoever only draws it loads nothing else.

import type { FuseName } from "../event.ts";

/** How near a fuse is to blowing: it does at `limit`. */
export interface Gauge {
  readonly fuse: FuseName;
  /** Of which step, where each step has its own. */
  readonly step?: string;
  readonly used: number;
  readonly limit: number;
  /** "12 of 40 turns". */
  readonly said: string;
}

/** 0 to 1. */
export const nearness = ({ used, limit }: Pick<Gauge, "used" | "limit">): number => (limit <= 0 ? 1 : Math.min(1, used / limit));
