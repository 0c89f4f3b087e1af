// What a disk does to runs, through the real command line: said in one sentence, and nothing that can be trusted is lost.

import { strict as assert } from "node:assert";
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CommandLine, says } from "../support/command-line.ts";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";

describe("what a disk does wrong", () => {
  let server: ScriptedServer;
  let cli: CommandLine;
  beforeEach(async () => {
    server = await startScriptedServer(() => ({ text: "It is a.txt:1." }));
    cli = new CommandLine([["a.txt", "a\n"]], { OPENAI_BASE_URL: server.url, PROVISO_MODEL: "scripted" });
  });
  afterEach(async () => {
    cli.remove();
    await server.close();
  });
  const journal = (): string => {
    const workspaces = join(cli.folder, "state", "workspaces");
    const runs = join(workspaces, readdirSync(workspaces)[0] ?? "", "runs");
    return join(runs, readdirSync(runs)[0] ?? "", "journal.jsonl");
  };

  it("puts garbage into the middle of a journal: what came before is told, then the line is named", async () => {
    await cli.run("run", "What is in a.txt?");
    const lines = readFileSync(journal(), "utf8").split("\n");
    writeFileSync(journal(), [...lines.slice(0, 2), "garbage", ...lines.slice(2)].join("\n"));
    const shown = await cli.run("show");
    assert.equal(shown.code, 1);
    assert.match(shown.out, /^▸ What is in a\.txt\?/);
    says(shown, /is damaged: line 3/);
    for (const command of ["resume", "replay"]) {
      const finished = await cli.run(command);
      assert.equal(finished.code, 1);
      says(finished, /is damaged: line 3/);
    }
    assert.equal((await cli.run("runs")).code, 0);
  });

  it("tears the last line: it is cut, and the run goes on", async () => {
    await cli.run("run", "What is in a.txt?");
    const lines = readFileSync(journal(), "utf8").trimEnd().split("\n");
    writeFileSync(journal(), `${lines.slice(0, -1).join("\n")}\n{"v":1,"seq":`);
    const resumed = await cli.run("resume", "--json");
    assert.equal(resumed.code, 0, resumed.err);
    assert.equal((await cli.run("replay")).code, 0);
  });

  it("is written by a newer Proviso: nothing is touched", async () => {
    await cli.run("run", "What is in a.txt?");
    appendFileSync(journal(), '{"v":99,"seq":100,"at":0,"type":"run.danced"}\n');
    const finished = await cli.run("resume");
    assert.equal(finished.code, 1);
    says(finished, /was written by a newer Proviso/);
  });

  it("loses the workspace while the run is not looking", async () => {
    await cli.run("run", "What is in a.txt?");
    rmSync(cli.workspace, { recursive: true });
    const finished = await cli.start(["resume", "--workspace", cli.workspace], { cwd: cli.folder }).finished;
    assert.equal(finished.code, 2);
    says(finished, /There is no folder/);
  });

  it("has no room of ours: a home that cannot be made", async () => {
    cli.env["PROVISO_HOME"] = join(cli.workspace, "a.txt", "home");
    const finished = await cli.run("run", "What is in a.txt?");
    assert.notEqual(finished.code, 0);
    says(finished, /a part of the path is a file|could not be created/);
  });
});
