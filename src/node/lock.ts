// One writer at a time, across processes, without a daemon: each claimant writes a claim file beside the thing, then reads all others.
// Of two claims each is written before the other is read, so at least one sees the other, and two can never both hold.
// A claim is void when its process is gone; so a lock left by a dead process needs no taking over, and no live claim is ever removed
// but by its owner. A claim without content is one being written: its owner will read ours, so we need not mind it.

import { open, readdir, readFile, rm } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fail, ok, type Result } from "../agent/result.ts";
import { codeOf, isMissing, refused } from "./errno.ts";
import { ownIdentity, ProcessIdentity, type Sighting, sight } from "./process-identity.ts";

export interface Lock {
  /** Gives the lock back. Doing so twice is harmless. */
  release(): Promise<void>;
}

interface Claim {
  readonly path: string;
  readonly number: number;
  /** Undefined while its owner has not yet written who it is. */
  readonly owner: ProcessIdentity | undefined;
  readonly sighting: Sighting;
}

/** How long a claimant waits for a later one to see it and step back; that takes a later one a few milliseconds. */
const patience = { rounds: 100, ms: 5 };

/**
 * Takes the lock whose claims are the files `<path>.<number>`, or answers at once with a fault that names the process holding it.
 * `what` names the locked thing in that fault ("run 20261121-1326-k3f9").
 */
export async function takeLock(path: string, what: string): Promise<Result<Lock>> {
  try {
    for (;;) {
      const before = await readClaims(path);
      const holder = before.find(isLive);
      if (holder) return held(what, holder);
      const mine = await writeClaim(path, 1 + Math.max(0, ...before.map((claim) => claim.number)));
      if (mine === undefined) continue;
      const rival = await awaitOthers(path, mine);
      const release = (): Promise<void> => rm(mine.path, { force: true });
      if (rival === undefined) return ok({ release });
      await release();
      return held(what, rival);
    }
  } catch (error) {
    return refused(`The lock ${path} could not be taken`, error);
  }
}

/** The process that holds the lock now, if any. */
export async function lockHolder(path: string): Promise<ProcessIdentity | undefined> {
  return (await readClaims(path)).find(isLive)?.owner;
}

const isLive = (claim: Claim): boolean => claim.owner !== undefined && claim.sighting !== "gone";

/** Undefined once the lock is ours, with the claims of the dead swept away; else the claim that goes before ours. */
async function awaitOthers(path: string, mine: Pick<Claim, "path" | "number">): Promise<Claim | undefined> {
  for (let round = 0; ; round++) {
    const others = await readClaims(path, mine.number);
    const rival = others.find(isLive);
    if (rival === undefined) {
      for (const dead of others) if (dead.owner !== undefined) await rm(dead.path, { force: true });
      return undefined;
    }
    // The earlier claim stands and the later one steps back, unless the later one already held the lock: then it stays.
    if (rival.number < mine.number || round >= patience.rounds) return rival;
    await pause(patience.ms);
  }
}

/** Undefined when another process took that number first. */
async function writeClaim(path: string, number: number): Promise<Pick<Claim, "path" | "number"> | undefined> {
  const mine = `${path}.${number}`;
  const owner = JSON.stringify(await ownIdentity());
  try {
    const file = await open(mine, "wx", 0o600);
    try {
      await file.writeFile(owner);
    } catch (error) {
      await rm(mine, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    return { path: mine, number };
  } catch (error) {
    if (codeOf(error) === "EEXIST") return undefined;
    throw error;
  }
}

/** All claims in order, but for the one that need not be read. */
async function readClaims(path: string, except?: number): Promise<Claim[]> {
  const folder = dirname(path);
  const prefix = `${basename(path)}.`;
  const names = (await readdir(folder)).filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)));
  const numbers = names.map((name) => Number(name.slice(prefix.length))).filter((number) => number !== except);
  const claims = await Promise.all(numbers.map((number) => readClaim(`${path}.${number}`, number)));
  return claims.filter((claim) => claim !== undefined).sort((a, b) => a.number - b.number);
}

async function readClaim(path: string, number: number): Promise<Claim | undefined> {
  try {
    const owner = parseOwner(await readFile(path, "utf8"));
    return { path, number, owner, sighting: owner ? await sight(owner) : "gone" };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function parseOwner(text: string): ProcessIdentity | undefined {
  try {
    return ProcessIdentity.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function held(what: string, { owner, sighting, path }: Claim): ReturnType<typeof fail> {
  const pid = owner?.pid ?? 0;
  if (sighting === "elsewhere") {
    const place = `process ${pid} on ${owner?.host ?? "another machine"} or in a container there`;
    return fail("unavailable", `${what} is held by ${place}; end that process, or delete ${path} if it is gone.`, { retry: true });
  }
  const who = pid === process.pid ? `this process already (${pid})` : `process ${pid}`;
  return fail("unavailable", `${what} is open in ${who}; use it there, or end that process first.`, { retry: true });
}
