import { strict as assert } from "node:assert";
import { mkdirSync, writeFileSync } from "node:fs";
import { fail, ok } from "../../../../src/agent/result.ts";
import { askUser } from "../../../../src/agent/tool/ask-user.ts";
import { runCommand } from "../../../../src/agent/tool/command.ts";
import { searchText } from "../../../../src/agent/tool/search.ts";
import type { Task } from "../../../../src/agent/world.ts";
import { sha256 } from "../../../support/memory-world.ts";
import { faultOf, valueOf } from "../../../support/real-files.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { observed, toolWorld } from "../../../support/tool-world.ts";

describe("search_text", () => {
  const folder = tempFolder();
  const search = async (input: object) => observed(searchText, await toolWorld(folder.path), input);

  it("answers path, line and text", async () => {
    mkdirSync(folder.in("src"));
    writeFileSync(folder.in("src", "a.ts"), "one\n  needle(1)\n");
    writeFileSync(folder.in("b.md"), "Needle\nneedle\n");
    assert.equal(valueOf(await search({ pattern: "needle(" })).text, "src/a.ts:2: needle(1)");
    assert.equal(valueOf(await search({ pattern: "needle", include: "*.md" })).text, "b.md:2: needle");
    assert.equal(valueOf(await search({ pattern: "NEEDLE", ignoreCase: true, path: "b.md" })).text, "b.md:1: Needle\nb.md:2: needle");
    assert.equal(valueOf(await search({ pattern: "n.*\\(\\d\\)", regex: true, path: "src" })).text, "src/a.ts:2: needle(1)");
  });

  it("says when nothing matches, when there is more, and when a line is too long", async () => {
    writeFileSync(folder.in("f"), `${"x\n".repeat(201)}${"y".repeat(500)}\n`);
    assert.equal(valueOf(await search({ pattern: "zebra" })).text, 'Nothing matches "zebra".');
    assert.match(valueOf(await search({ pattern: "x" })).text, /^f:1: x\n[^]*\[the first 200; there are more, narrow the search\]$/);
    assert.equal(valueOf(await search({ pattern: "yy" })).text, `f:202: ${"y".repeat(300)} [cut]`);
  });

  it("passes on why a search is impossible", async () => {
    assert.match(faultOf(await search({ pattern: "(", regex: true })), /^invalid/);
    assert.match(faultOf(await search({ pattern: "a", path: "gone" })), /^missing/);
  });
});

describe("run_command", () => {
  const folder = tempFolder();
  const run = async (input: object, ending: Parameters<typeof toolWorld>[1]) =>
    observed(runCommand, await toolWorld(folder.path, ending), input);

  it("tells of what the command made that other programs obey, and counts it", async () => {
    const made = Array.from({ length: 12 }, (_, index) => ({ path: `.h${index}`, change: "created" as const }));
    const { text, data } = valueOf(await run({ line: "x" }, { run: () => ({ exit: 0, output: "", audit: made }) }));
    assert.match(text, /obey these by themselves.*\.h0 \(created\).*\.h9 \(created\), 2 more\. A person must look/);
    assert.deepEqual(
      (data as { readonly disturbed: unknown }).disturbed,
      made.map(({ path }) => path),
    );
  });

  it("answers the exit code, then the output", async () => {
    const tasks: Task[] = [];
    mkdirSync(folder.in("sub"));
    const answer = await run(
      { line: "npm test", cwd: "sub", seconds: 7 },
      {
        run: (task) => {
          tasks.push(task);
          return { exit: 3, output: "one\ntwo\n" };
        },
      },
    );
    assert.deepEqual(valueOf(answer), {
      text: "exit 3\none\ntwo",
      data: { exit: 3, sandboxed: true, truncated: false, killedBy: null, digest: sha256("one\ntwo\n") },
      trust: "workspace",
    });
    assert.deepEqual(
      tasks.map(({ call, line, cwd, timeoutMs }) => ({ call, line, cwd, timeoutMs })),
      [{ call: "s1.1.1.0", line: "npm test", cwd: folder.in("sub"), timeoutMs: 7000 }],
    );
  });

  it("says how a command ended that did not end by itself", async () => {
    assert.equal(valueOf(await run({ line: "x" }, {})).text, "exit 0\n(no output)");
    assert.equal(
      valueOf(await run({ line: "x" }, { run: () => ({ exit: null, killedBy: "timeout", output: "a" }) })).text,
      "stopped after 120 s\na",
    );
    assert.equal(
      valueOf(await run({ line: "x" }, { run: () => ({ exit: null, killedBy: "output-limit" }) })).text,
      "stopped: output-limit\n(no output)",
    );
    assert.equal(valueOf(await run({ line: "x" }, { run: () => ({ exit: 137, signal: "SIGKILL" }) })).text, "exit 137\n(no output)");
  });

  it("says how to read an output that was shortened, and what the sandbox may have to do with it", async () => {
    const { text } = valueOf(
      await run({ line: "x" }, { run: () => ({ output: "a", truncated: true, spill: "/elsewhere/x.txt", hint: "No network here." }) }),
    );
    assert.equal(text, "exit 0\na\n[shortened; the whole output: read_file output:s1.1.1.0]\nNo network here.");
  });

  it("is asked about before it is run again, and shown as a command", async () => {
    assert.equal(runCommand.kind === "observe" && runCommand.recovery, "ask");
    assert.deepEqual(runCommand.risk({ line: "rm x", cwd: "../y" }), {
      effects: ["execute"],
      paths: [],
      line: "rm x",
      cwd: "../y",
      reversible: false,
    });
    const preview =
      runCommand.kind === "observe"
        ? await runCommand.preview?.(await toolWorld(folder.path), { line: "ls" }, new AbortController().signal)
        : undefined;
    assert.deepEqual(preview, { ok: true, value: { kind: "command", line: "ls", cwd: "." } });
  });

  it("takes no more than 600 seconds", () => {
    assert.equal(runCommand.input.safeParse({ line: "x", seconds: 601 }).success, false);
    assert.equal(runCommand.input.safeParse({ line: "" }).success, false);
  });
});

describe("ask_user", () => {
  const folder = tempFolder();

  it("hands the question over and the answer back, word for word", async () => {
    const world = await toolWorld(folder.path, { answer: (question, options) => ok(`${question} ${options.join("/")} -> b`) });
    assert.equal(valueOf(await observed(askUser, world, { question: "Which?", options: ["a", "b"] })).text, "Which? a/b -> b");
    assert.deepEqual(askUser.risk({ question: "Which?" }), { effects: [], paths: [], reversible: true });
  });

  it("passes on that nobody can answer", async () => {
    const world = await toolWorld(folder.path, { answer: () => fail("unavailable", "Nobody is here; decide yourself.") });
    assert.equal(faultOf(await observed(askUser, world, { question: "Which?" })), "unavailable: Nobody is here; decide yourself.");
  });
});
