// The real command line, killed for real: SIGKILL at random instants, resumed, killed again, until it ends. Whatever happens, the
// workspace ends the same, nothing is done twice and nothing is lost.

import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { storyEnd, storyFiles, storyGoal } from "../support/story.ts";
import { storyScript } from "../support/story-server.ts";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";

const wantedKills = 200;
const mostKillsPerRun = 6;

describe("the command line killed at random instants", () => {
  let server: ScriptedServer;
  before(async () => {
    server = await startScriptedServer(storyScript);
  });
  after(() => server.close());

  it(`ends the same after ${wantedKills} real kills, does nothing twice and loses nothing`, async function () {
    this.timeout(580_000);
    const calm = await tellOnce(server.url, () => undefined);
    let kills = 0;
    const worker = async (): Promise<void> => {
      while (kills < wantedKills) {
        const told = await tellOnce(server.url, (nth) => (nth < mostKillsPerRun ? Math.random() * calm.ms * 1.05 : undefined));
        kills += told.kills;
      }
    };
    await Promise.all([worker(), worker()]);
    assert.ok(kills >= wantedKills);
  });
});

/** One story from its beginning to its end; `killAfter` says when the nth process of it is killed. */
async function tellOnce(url: string, killAfter: (nth: number) => number | undefined): Promise<{ kills: number; ms: number }> {
  const folder = mkdtempSync(join(tmpdir(), "kill-"));
  const workspace = join(folder, "workspace");
  for (const [path, text] of storyFiles()) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), text);
  }
  writeFileSync(join(workspace, "package.json"), '{"type":"module","scripts":{"test":"node test.js"}}\n');
  const env = {
    PATH: process.env["PATH"],
    HOME: folder,
    PROVISO_HOME: join(folder, "state"),
    OPENAI_BASE_URL: url,
    OPENAI_API_KEY: "sk-test",
    PROVISO_MODEL: "scripted",
  };
  const cli = (args: readonly string[], ms: number | undefined): Promise<Ended> =>
    run(["dist/cli.js", ...args, "--approve", "all", "--json", "--workspace", workspace], env, ms);

  const started = performance.now();
  let kills = 0;
  let ended = await cli(["run", storyGoal], killAfter(0));
  for (let nth = 1; ended.killed || isUnborn(ended); nth++) {
    kills += ended.killed ? 1 : 0;
    assert.ok(nth < 20, `it never ends: ${ended.err}`);
    const born = !isUnborn(ended) && journalPath(folder) !== undefined;
    ended = await cli(born ? ["resume"] : ["run", storyGoal], killAfter(nth));
  }
  const about = `${ended.err}\n${readJournal(folder)}`;
  assert.equal(ended.code, 0, about);
  for (const [path, text] of Object.entries(storyEnd)) assert.equal(readFileSync(join(workspace, path), "utf8"), text, `${path}\n${about}`);
  assert.deepEqual(readdirSync(workspace).sort(), ["NOTES.md", "log.txt", "package.json", "src", "test.js"], about);
  const replayed = await run(["dist/cli.js", "replay", "latest", "--workspace", workspace], env, undefined);
  assert.equal(replayed.code, 0, replayed.err + replayed.out);
  const verified = await run(["dist/cli.js", "audit", "verify", "--workspace", workspace], env, undefined);
  assert.equal(verified.code, 0, verified.err + verified.out);
  rmSync(folder, { recursive: true, force: true });
  return { kills, ms: performance.now() - started };
}

interface Ended {
  readonly code: number | null;
  readonly killed: boolean;
  readonly out: string;
  readonly err: string;
}

/** Killed before anything was journaled: there is no run to resume, so it is started anew. */
const isUnborn = (ended: Ended): boolean => ended.code !== 0 && ended.err.includes("There is no run");

function run(args: readonly string[], env: NodeJS.ProcessEnv, killAfterMs: number | undefined): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfterMs);
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code, killed: signal === "SIGKILL", out, err });
    });
  });
}

function journalPath(folder: string): string | undefined {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).find((file) => file.endsWith("journal.jsonl"));
}

/** What the run's journal says of the events that matter here, for when something went wrong. */
function readJournal(folder: string): string {
  const path = journalPath(folder);
  return path === undefined ? "(no journal)" : readFileSync(join(folder, path), "utf8").replaceAll(/^(.{0,400}).*$/gm, "$1");
}
