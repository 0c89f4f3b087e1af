// Applies search/replace blocks to a text. All are located in the original text, so their order does not matter; blocks that overlap
// are refused, both. A block that cannot be applied does not stop the others, but then the whole is not ok.

import * as z from "zod";
import { type Located, locate, type Refused, type Tier } from "./match.ts";
import type { Nearest } from "./nearest.ts";
import { splitMark } from "./text.ts";
import { createSource, type Source } from "./source.ts";
import type { Place } from "./window.ts";

export type Block = z.infer<typeof Block>;
export const Block = z.object({ search: z.string(), replace: z.string(), all: z.boolean().optional() });

export interface Applied {
  /** Which of the blocks, counted from 0. */
  readonly index: number;
  readonly tier: Tier;
  readonly confidence: number;
  /** Lines of the original text that were replaced, counted from 1, the last included. */
  readonly places: readonly { readonly from: number; readonly to: number }[];
}

export interface Failed {
  readonly index: number;
  /** One sentence that says what to do next. */
  readonly reason: string;
  readonly nearest?: Nearest;
}

export interface Outcome {
  readonly ok: boolean;
  /** The text with every block that could be applied. */
  readonly text: string;
  readonly applied: readonly Applied[];
  readonly failed: readonly Failed[];
}

/** Applies the blocks. Pure; neither the text nor a block is ever partly used. */
export function applyBlocks(text: string, blocks: readonly Block[]): Outcome {
  const { bom, body } = splitMark(text);
  const source = createSource(body);
  const edits: Edit[] = [];
  const failed: Failed[] = [];
  for (const [index, given] of blocks.entries()) {
    const block = { ...given, search: splitMark(given.search).body, replace: splitMark(given.replace).body };
    const found = locate(source, block);
    if (found.ok) edits.push({ index, found });
    else if (source.lf.includes(block.search)) failed.push({ index, ...reasonOf(found) });
    else failed.push({ index, ...explain(found, block, blocks, index) });
  }
  const stretches = stretchesOf(edits);
  const clashes = findClashes(stretches);
  for (const [index, clash] of clashes) failed.push({ index, reason: clash });
  const good = edits.filter(({ index }) => !clashes.has(index));
  return {
    ok: failed.length === 0,
    text:
      bom +
      splice(
        source,
        stretches.filter(({ index }) => !clashes.has(index)),
      ),
    applied: good.map(({ index, found }) => ({
      index,
      tier: found.tier,
      confidence: found.confidence,
      places: found.places.map((place) => ({ from: place.fromLine + 1, to: place.toLine })),
    })),
    failed: failed.sort((a, b) => a.index - b.index),
  };
}

interface Edit {
  readonly index: number;
  readonly found: Located;
}

interface Stretch {
  readonly index: number;
  readonly place: Place;
}

const stretchesOf = (edits: readonly Edit[]): readonly Stretch[] =>
  edits
    .flatMap(({ index, found }) => found.places.map((place) => ({ index, place })))
    .sort((a, b) => a.place.start - b.place.start || a.place.end - b.place.end);

/** Blocks that want the same text, each with a sentence that names the other. */
function findClashes(stretches: readonly Stretch[]): ReadonlyMap<number, string> {
  const clashes = new Map<number, string>();
  let widest: Stretch | undefined;
  for (const stretch of stretches) {
    if (widest && widest.index !== stretch.index && overlap(widest.place, stretch.place)) {
      const lines = `lines ${stretch.place.fromLine + 1}-${Math.min(stretch.place.toLine, widest.place.toLine)}`;
      const say = (other: number) => `Block ${other} changes the same text (${lines}); make one block of the two.`;
      if (!clashes.has(widest.index)) clashes.set(widest.index, say(stretch.index));
      if (!clashes.has(stretch.index)) clashes.set(stretch.index, say(widest.index));
    }
    if (!widest || stretch.place.end > widest.place.end) widest = stretch;
  }
  return clashes;
}

/** Two blocks that both fill an empty file start at one point and clash too. */
const overlap = (a: Place, b: Place): boolean => b.start < a.end || (a.start === b.start && a.end === b.end);

function splice(source: Source, stretches: readonly Stretch[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const { place } of stretches) {
    parts.push(source.raw.slice(done, place.start), place.text);
    done = place.end;
  }
  parts.push(source.raw.slice(done));
  return parts.join("");
}

/** A search that only another block would create fails for a reason of its own. */
function explain(refused: Refused, block: Block, blocks: readonly Block[], index: number): Omit<Failed, "index"> {
  const creator = blocks.findIndex((other, at) => at !== index && other.replace.includes(block.search));
  if (creator === -1) return reasonOf(refused);
  const hint = `Block ${creator} would create it, but every block is looked for in the text as it is now; make one block of the two.`;
  return { ...reasonOf(refused), reason: `${refused.reason} ${hint}` };
}

const reasonOf = ({ reason, nearest }: Refused): Omit<Failed, "index"> => (nearest ? { reason, nearest } : { reason });
