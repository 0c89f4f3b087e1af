// Plays the whole corpus: every attempt confined, as whoever runs the tests and, where that is root, as an ordinary user too;
// and every attempt where nothing confines it, which proves that it could have been seen to succeed.

import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { accessSync, chmodSync, constants, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { openShell } from "../../src/node/shell.ts";
import { escapes, ordinary } from "../fixtures/sandbox/corpus.ts";
import type { Escape } from "../fixtures/sandbox/escape.ts";
import { privateFolders } from "../fixtures/sandbox/fs-read.ts";
import { Scratch } from "../support/scratch.ts";

interface Told {
  readonly id: string;
  readonly held?: boolean;
  readonly told: string;
}
type Playbill = ReadonlyMap<string, Told>;

const ordinaryUser = 65_534;
const isRoot = process.geteuid?.() === 0;
const all = Object.values(escapes).flat();
/** The words of all who play. */
const canaries: string[] = [];

const reason = await whyNot();
if (reason !== undefined) {
  describe("THE SANDBOX IS NOT TESTED HERE", () => {
    it(`because ${reason}`, function () {
      process.stderr.write(`\n*** The sandbox corpus (${all.length} escapes, ${ordinary.length} controls) did not run: ${reason} ***\n\n`);
      this.skip();
    });
  });
} else {
  describe("the sandbox", function () {
    this.timeout(400_000);
    const stage = new Scratch();
    let asSelf: Playbill;
    let asUser: Playbill | undefined;
    let proofs: Playbill;
    before(async () => {
      const player = await bundle(stage);
      const user = isRoot && canBecome(player) ? ordinaryUser : undefined;
      if (isRoot && user === undefined)
        process.stderr.write("\n*** Not played as an ordinary user: Node or setpriv is out of such a user's reach. ***\n\n");
      const self = play(player, "confined", 21_000, undefined);
      const other = user === undefined ? undefined : play(player, "confined", 22_000, user);
      const free = play(player, "proofs", 23_000, user);
      const freeAsRoot = isRoot ? play(player, "proofs as root", 24_000, undefined) : Promise.resolve(new Map());
      [asSelf, asUser] = await Promise.all([self, other]);
      proofs = new Map([...(await free), ...(await freeAsRoot)]);
    });
    after(() => {
      stage.remove();
      for (const folder of isRoot ? privateFolders : [])
        for (const canary of canaries) rmSync(join(folder, `secret-${canary}`), { force: true });
    });

    for (const [category, list] of Object.entries(escapes)) {
      describe(`contains ${category}`, () => {
        for (const escape of list) {
          it(`${escape.id}${escape.note === undefined ? "" : ` (${escape.note})`}`, () => heldIn(asSelf, escape.id));
          if (isRoot) {
            it(`${escape.id}, as an ordinary user`, function () {
              if (asUser === undefined) this.skip();
              heldIn(asUser, escape.id);
            });
          }
          it(`${escape.id} can get out where nothing confines it`, function () {
            if (!isProvable(escape)) this.skip();
            const told = proofs.get(escape.id);
            assert.equal(told?.held, false, `it did not even get out unconfined, so it proves nothing: ${told?.told}`);
          });
        }
      });
    }

    describe("lets ordinary work go on", () => {
      for (const control of ordinary) {
        const missing = control.needs !== undefined && !exists(control.needs);
        it(`${control.id}${control.note === undefined ? "" : ` (${control.note})`}`, function () {
          if (missing) this.skip();
          heldIn(asSelf, control.id);
          if (asUser !== undefined) heldIn(asUser, control.id);
        });
      }
    });
  });
}

function heldIn(bill: Playbill, id: string): void {
  const told = bill.get(id);
  assert.equal(told?.held, true, told?.told ?? "it was not played");
}

function isProvable({ proof }: Escape): boolean {
  if (typeof proof === "object") return "careless" in proof;
  return isRoot || (proof !== "plain as root" && proof !== "plain as nobody else");
}

async function whyNot(): Promise<string | undefined> {
  const scratch = new Scratch();
  try {
    const { path } = scratch;
    const shell = await openShell({
      workspace: path,
      spill: path,
      pids: path,
      cache: scratch.at("cache"),
      env: process.env,
      confine: "where possible",
    });
    return shell.sandbox.active ? undefined : shell.sandbox.reason;
  } finally {
    scratch.remove();
  }
}

/** One file that any user can read, wherever the project itself lies. */
async function bundle(stage: Scratch): Promise<string> {
  chmodSync(stage.path, 0o755);
  const outfile = stage.at("player.mjs");
  const entry = join(process.cwd(), "test", "sandbox", "player.ts");
  await build({ entryPoints: [entry], bundle: true, platform: "node", format: "esm", outfile, logLevel: "silent" });
  return outfile;
}

function play(player: string, way: string, port: number, user: number | undefined): Promise<Playbill> {
  const canary = randomUUID();
  canaries.push(canary);
  const secret = join(mkdtempSync(join(tmpdir(), "proviso-secret-")), "secret");
  writeFileSync(secret, `SECRET-${canary}\n`);
  const descriptor = openSync(secret, "r");
  rmSync(join(secret, ".."), { recursive: true });
  const words = [process.execPath, player, way, canary, String(port)];
  const [file = "", ...args] = user === undefined ? words : ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--clear-groups", ...words];
  const env = user === undefined ? process.env : { PATH: "/usr/local/bin:/usr/bin:/bin", LANG: "C.UTF-8", HOME: "/nonexistent" };
  const stdio = ["ignore" as const, "pipe" as const, "inherit" as const, ...Array<"ignore">(27).fill("ignore"), descriptor];
  const child = spawn(file, args, { cwd: "/", env, stdio });
  const told = new Map<string, Told>();
  if (child.stdout) createInterface({ input: child.stdout }).on("line", (line) => remember(told, JSON.parse(line) as Told));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve(told));
  });
}

function remember(told: Map<string, Told>, one: Told): void {
  told.set(one.id, one);
}

function canBecome(player: string): boolean {
  return exists("/usr/bin/setpriv") && isReadable(process.execPath) && isReadable(player);
}

/** Whether everybody may read it: its folders must let everybody in. */
function isReadable(path: string): boolean {
  return ["/root", "/home"].every((folder) => !path.startsWith(`${folder}/`));
}

function exists(path: string): boolean {
  try {
    accessSync(path, constants.F_OK);
    return true;
  } catch {
    return false;
  }
}
