// Before-images of one run, named by their content. Kept per run, so that removing a run's folder removes all it kept and nothing else.
// Invariants: a blob has its name only once it is wholly on disk; what is read back is checked against its name; nothing is overwritten.

import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";
import { fail, ok, type Result } from "../agent/result.ts";
import type { Blobs } from "../agent/world.ts";
import { sha256 } from "./digest.ts";
import { makeFolder, writeDurably } from "./durable.ts";
import { codeOf, isMissing, refused } from "./errno.ts";
import { privateFile, privateFolder } from "./state-home.ts";

/** Smaller ones take a disk block either way. */
const worthPacking = 4096;

/** A store in the folder given, which is made when the first blob comes. */
export const createBlobs = (folder: string): Blobs => ({
  put: (bytes) => put(folder, bytes),
  get: (digest) => get(folder, digest),
});

async function put(folder: string, bytes: Uint8Array): Promise<Result<string>> {
  const digest = sha256(bytes);
  const plain = join(folder, digest);
  const packed = `${plain}.z`;
  try {
    if ((await exists(plain)) || (await exists(packed))) return ok(digest);
    await makeFolder(folder, privateFolder);
    const dense = bytes.length < worthPacking ? bytes : await promisify(deflateRaw)(bytes);
    // Written without compression where that gains little, so that reading it back costs nothing.
    if (dense.length < bytes.length * 0.9) await writeDurably(packed, dense, privateFile);
    else await writeDurably(plain, bytes, privateFile);
    return ok(digest);
  } catch (error) {
    return refused("What the file held before could not be kept, so it was not changed", error);
  }
}

async function get(folder: string, digest: string): Promise<Result<Uint8Array>> {
  if (!/^[0-9a-f]{64}$/.test(digest)) return fail("invalid", `"${digest}" does not name a stored file.`);
  try {
    const bytes = await load(join(folder, digest));
    if (bytes === undefined) return fail("missing", `The stored file ${digest} is gone from ${folder}; what it held cannot be restored.`);
    if (sha256(bytes) === digest) return ok(bytes);
  } catch (error) {
    if (!codeOf(error)?.startsWith("Z_")) return refused(`The stored file ${join(folder, digest)} could not be read`, error);
  }
  return fail("broken", `The stored file ${join(folder, digest)} is damaged; what it held cannot be restored.`);
}

async function load(path: string): Promise<Uint8Array | undefined> {
  return (await readIfThere(path)) ?? (await readIfThere(`${path}.z`).then((dense) => dense && promisify(inflateRaw)(dense)));
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  return readFile(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => {
      if (isMissing(error)) return false;
      throw error;
    },
  );
}
