// Where the sandbox cannot stand nothing is allowed that it would have confined. Shown where user namespaces are really forbidden.
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Scratch } from "../support/scratch.ts";

const cli = join(process.cwd(), "dist", "cli.js");
/** No further user namespace can be made in here, which is what a hardened host or a container does. */
const hardened = ["--unshare-user", "--disable-userns", "--dev-bind", "/", "/", "--"];

describe("a machine whose sandbox does not stand", function () {
  this.timeout(60_000);
  let scratch: Scratch;
  before(function () {
    const stands = existsSync("/usr/bin/bwrap") && spawnSync("/usr/bin/bwrap", [...hardened, "true"]).status === 0;
    if (!stands || !existsSync(cli)) this.skip();
  });
  beforeEach(() => {
    scratch = new Scratch().with({ "work/a.txt": "a\n" });
  });
  afterEach(() => scratch.remove());

  const proviso = (...words: readonly string[]) =>
    spawnSync("/usr/bin/bwrap", [...hardened, process.execPath, cli, ...words, "--workspace", scratch.at("work")], {
      encoding: "utf8",
      env: { ...process.env, HOME: scratch.at("home"), XDG_STATE_HOME: scratch.at("state") },
    });

  it("asks about each command, even one that only looks, and runs none where nobody answers", () => {
    const said = proviso("policy", "check", "--line", "ls", "--json");
    const decision = JSON.parse(said.stdout) as { readonly verdict: string; readonly rule: string };
    assert.deepEqual([decision.verdict, decision.rule], ["ask", "guard.unsandboxed"]);
  });

  it("says why, and runs nothing outside by itself", () => {
    const run = spawnSync(
      "/usr/bin/bwrap",
      [...hardened, process.execPath, cli, "exec", "--json", "--workspace", scratch.at("work"), "--", "touch", "ran"],
      { encoding: "utf8", env: { ...process.env, HOME: scratch.at("home"), XDG_STATE_HOME: scratch.at("state") } },
    );
    const result = JSON.parse(run.stdout) as { readonly sandbox: boolean; readonly refused?: string; readonly exit: number | null };
    assert.deepEqual([result.sandbox, result.exit, run.status], [false, null, 3]);
    assert.match(result.refused ?? "", /outside a sandbox \(the system forbids user namespaces/);
    assert.equal(existsSync(scratch.at("work", "ran")), false);
  });

  it("runs one there once it was approved, and says that nothing confined it", () => {
    const run = spawnSync(
      "/usr/bin/bwrap",
      [...hardened, process.execPath, cli, "exec", "--approve", "all", "--workspace", scratch.at("work"), "--", "touch", "ran"],
      { encoding: "utf8", env: { ...process.env, HOME: scratch.at("home"), XDG_STATE_HOME: scratch.at("state") } },
    );
    assert.equal(run.status, 0, run.stderr);
    assert.match(run.stderr, /was not confined/);
    assert.equal(existsSync(scratch.at("work", "ran")), true);
  });
});
