// A process of its own that plays a part of the corpus and tells the outcomes, one JSON line each. Run as whatever user it is
// to be played as. Arguments: which way ("confined", "proofs", "proofs as root"), the word that makes a secret recognisable
// (descriptor 30 is open on a file with it), the first port to use, and a pattern for the ids to play.

import { mkdirSync, rmSync } from "node:fs";
import { escapes, ordinary } from "../fixtures/sandbox/corpus.ts";
import type { Escape, Proof } from "../fixtures/sandbox/escape.ts";
import { makeTemplate } from "./arena.ts";
import { attempt, type Stage, type Way } from "./attempt.ts";

/** Most of an attempt is waiting. */
const lanes = 3;

interface Part {
  readonly escape: Escape;
  readonly way: Way;
}

const [, , asked = "confined", canary = "", port = "21000", only = ""] = process.argv;
const template = makeTemplate(canary);
const stage: Stage = { template, canary, cache: `${template}-cache`, port: Number(port) };
mkdirSync(stage.cache);
try {
  const parts = partsOf(asked).filter(({ escape }) => only === "" || new RegExp(only).test(escape.id));
  const together = parts.filter(({ escape }) => escape.alone !== true).values();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (const part of together) await play(part);
    }),
  );
  for (const part of parts.filter(({ escape }) => escape.alone)) await play(part);
} finally {
  rmSync(template, { recursive: true, force: true });
  rmSync(stage.cache, { recursive: true, force: true });
}
process.exit(0);

async function play({ escape, way }: Part): Promise<void> {
  const begun = performance.now();
  const outcome = await attempt(stage, escape, way).catch((error: unknown) => ({ held: undefined, told: String(error) }));
  process.stdout.write(`${JSON.stringify({ id: escape.id, ...outcome, ms: Math.round(performance.now() - begun) })}\n`);
}

function partsOf(way: string): readonly Part[] {
  const all = Object.values(escapes).flat();
  if (way === "confined") {
    const controls = ordinary.map((control): Escape => ({ ...control, held: control.works, proof: { unproved: "a control" } }));
    return [...all, ...controls].map((escape) => ({ escape, way: "confined" }));
  }
  return all.flatMap((escape) => {
    const wanted = wayOf(escape.proof, way);
    return wanted === undefined ? [] : [{ escape, way: wanted }];
  });
}

function wayOf(proof: Proof, asked: string): Way | undefined {
  if (typeof proof === "object") return "careless" in proof && asked === "proofs" ? proof : undefined;
  if (asked === "proofs as root")
    return proof === "plain as root" ? "plain" : proof === "plain as nobody else" ? "as nobody else" : undefined;
  return proof === "plain" ? "plain" : proof === "plain in a terminal" ? "in a terminal" : undefined;
}
