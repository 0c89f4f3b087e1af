import { strict as assert } from "node:assert";
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { applyTouches, keepImages, measure } from "../../src/agent/gate.ts";
import { git } from "../../src/agent/tool/git.ts";
import { gitRestore } from "../../src/agent/tool/git-restore.ts";
import type { World } from "../../src/agent/world.ts";
import { TestRepository } from "../support/repository.ts";
import { changes, observed } from "../support/tool-world.ts";

const never = new AbortController().signal;

for (const confine of ["where possible", "never"] as const) {
  describe(`the git tool, confined ${confine}`, function () {
    if (process.platform === "win32") return;
    this.timeout(30_000);
    let repository: TestRepository;
    let world: World;
    beforeEach(async function () {
      repository = new TestRepository({ "a.txt": "one\ntwo\n", "src/b.txt": "b\n" });
      world = await repository.world(confine);
      if (confine === "where possible" && !world.shell.sandbox.active) this.skip();
    });
    afterEach(() => repository.scratch.remove());

    const say = async (input: unknown, on: World = world): Promise<string> => {
      const result = await observed(git, on, input);
      return result.ok ? result.value.text : `${result.fault.kind}: ${result.fault.message}`;
    };

    it("tells what has changed, what would be committed, and what was", async () => {
      assert.equal(await say({ verb: "status" }), "## main");
      repository.write({ "a.txt": "one\n2\n", "new file.txt": "n\n" });
      assert.equal(await say({ verb: "status" }), '## main\n M a.txt\n?? "new file.txt"');
      assert.match(await say({ verb: "diff" }), /-two\n\+2/);
      assert.equal(await say({ verb: "diff", staged: true }), "no differences");
      assert.match(await say({ verb: "diff", from: "HEAD", paths: ["a.txt"] }), /\+2/);
      assert.match(await say({ verb: "log" }), /^[0-9a-f]+ \d{4}-\d\d-\d\d Ada \(HEAD -> main\)\n {2}first$/);
      assert.match(await say({ verb: "branch" }), /^\* main {2}first$/m);
    });

    it("stages and commits by the person's own name, the message as it is", async () => {
      repository.write({ "a.txt": "1\n", "src/b.txt": "2\n", "c d.txt": "c\n" });
      assert.match(await say({ verb: "add", paths: ["a.txt"] }), /^M {2}a\.txt$/);
      const message = 'fix: it\'s "done" $(touch x) `touch x` %s \\n\n\n# not a comment\n-m';
      assert.match(await say({ verb: "commit", message }), /^committed [0-9a-f]+ fix: it's "done"[^\n]*\nM\ta\.txt$/);
      assert.equal(repository.git("log", "-1", "--format=%an <%ae>%n%B").trim(), `Ada <ada@example.invalid>\n${message}`);
      assert.match(await say({ verb: "commit", message: "only this", paths: ["c d.txt"] }), /A\tc d\.txt$/);
      assert.equal(repository.git("status", "--short").trim(), "M src/b.txt");
      assert.match(await say({ verb: "commit", message: "nothing" }), /^invalid: git commit did not work: .*(no changes|nothing)/s);
    });

    it("commits what was deleted, and leaves what else is staged alone", async () => {
      rmSync(repository.at("a.txt"));
      repository.write({ "src/b.txt": "staged\n" });
      repository.git("add", "src/b.txt");
      assert.match(await say({ verb: "commit", message: "gone", paths: ["a.txt"] }), /D\ta\.txt$/);
      assert.equal(repository.git("status", "--short").trim(), "M  src/b.txt");
    });

    it("makes branches and goes between them, never over work that is not committed", async () => {
      assert.equal(await say({ verb: "switch", name: "topic", create: true }), "on topic");
      repository.write({ "a.txt": "topic\n", ".vscode/tasks.json": "{}\n" });
      await say({ verb: "commit", message: "on topic", paths: ["a.txt", ".vscode/tasks.json"] });
      assert.equal(await say({ verb: "switch", name: "main" }), "on main");
      assert.equal(readFileSync(repository.at("a.txt"), "utf8"), "one\ntwo\n");
      assert.equal(await say({ verb: "branch", name: "side", from: "topic" }), "created side");
      repository.write({ "a.txt": "precious\n" });
      assert.match(await say({ verb: "switch", name: "topic" }), /^invalid: .*would be overwritten/s);
      assert.equal(readFileSync(repository.at("a.txt"), "utf8"), "precious\n");
    });

    it("takes paths and names for nothing else", async () => {
      repository.write({ "--all": "x\n", ":(top)x": "y\n", "*.txt": "star\n", "a.txt": "changed\n" });
      for (const path of ["--all", ":(top)x", "*.txt"]) await say({ verb: "add", paths: [path] });
      assert.deepEqual(repository.git("diff", "--cached", "--name-only").trim().split("\n").sort(), ["*.txt", "--all", ":(top)x"]);
      for (const bad of [
        { verb: "log", from: "--output=x" },
        { verb: "switch", name: "-f" },
        { verb: "branch", name: "--delete" },
        { verb: "status", paths: ["a"] },
        { verb: "commit" },
        { verb: "reset" },
        { verb: "diff", from: "HEAD:.env" },
      ])
        assert.equal(git.input.safeParse(bad).success, false, JSON.stringify(bad));
    });

    it("shows no secret that nobody named, and still commits files whole", async () => {
      repository.write({ ".env": "KEY=1\n" });
      repository.git("add", ".env");
      repository.git("commit", "--quiet", "-m", "oops");
      repository.write({ ".env": "KEY=hunter2\n" });
      assert.equal(await say({ verb: "diff" }), "no differences");
      assert.match(await say({ verb: "status" }), / M \.env/);
      await say({ verb: "commit", message: "more", paths: [".env"] });
      assert.equal(repository.git("show", "HEAD:.env"), "KEY=hunter2\n");
    });

    it("runs nothing that the repository names", async () => {
      const traps = setTraps(repository);
      repository.write({ "a.txt": "changed\n", "trap.txt": "changed\n" });
      for (const input of [
        { verb: "status" },
        { verb: "diff" },
        { verb: "diff", staged: true, from: "HEAD" },
        { verb: "log" },
        { verb: "branch" },
        { verb: "add", paths: ["a.txt"] },
        { verb: "commit", message: "m" },
        { verb: "branch", name: "b" },
        { verb: "switch", name: "b" },
      ]) {
        const said = await say(input);
        assert.ok(!/^(invalid|missing|timeout):/.test(said), `${JSON.stringify(input)}: ${said}`);
      }
      await changes(gitRestore, world, { paths: ["src/b.txt"], from: "HEAD~1" });
      assert.deepEqual(traps.sprung(), []);
      // The traps do work: a person's git springs them.
      repository.write({ "a.txt": "again\n", "trap.txt": "again\n" });
      repository.git("status");
      repository.git("diff");
      repository.git("commit", "--quiet", "--no-gpg-sign", "-am", "as a person");
      for (const name of ["fsmonitor", "external", "clean", "pre-commit", "post-commit"]) assert.ok(traps.sprung().includes(name), name);
    });

    it("does not write what goes through a filter that it does not run", async () => {
      repository.write({ ".gitattributes": "*.bin filter=lfs\n", "x.bin": "big\n", "y.txt": "y\n" });
      assert.match(await say({ verb: "add", paths: ["."] }), /^unavailable: x\.bin goes through a filter/);
      assert.match(await say({ verb: "add", paths: ["y.txt"] }), /^A {2}y\.txt$/);
      repository.git("add", "x.bin", ".gitattributes");
      assert.match(await say({ verb: "switch", name: "main" }), /^unavailable: x\.bin/);
    });

    it("cannot change what git would run later", async function () {
      if (confine === "never") this.skip();
      const words = ["config", "core.pager", "touch x"];
      const said = await world.git.run({ call: "c", args: words, access: "write" }, never);
      assert.ok(said.ok && said.value.exit !== 0);
      const read = await world.git.run({ call: "c", args: ["add", "."], access: "read" }, never);
      repository.write({ "n.txt": "n" });
      assert.ok(read.ok && (await world.git.run({ call: "c", args: ["add", "."], access: "read" }, never)).ok);
      assert.equal(repository.git("diff", "--cached", "--name-only"), "");
    });

    it("works in a linked worktree, whose repository lies elsewhere", async () => {
      repository.git("worktree", "add", "--quiet", "-b", "linked", "../linked");
      const folder = repository.scratch.at("home", "linked");
      const linked = await repository.world(confine, folder);
      writeFileSync(`${folder}/a.txt`, "linked\n");
      assert.equal(await say({ verb: "status" }, linked), "## linked\n M a.txt");
      assert.match(await say({ verb: "commit", message: "there", paths: ["a.txt"] }, linked), /^committed /);
      assert.equal(repository.gitIn(folder, "status", "--short"), "");
      assert.equal(repository.git("log", "-1", "--format=%s", "linked").trim(), "there");
    });

    it("works in a submodule, and looks past those below", async () => {
      repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", repository.folder, "sub");
      repository.git("commit", "--quiet", "-m", "with a part");
      const folder = repository.at("sub");
      writeFileSync(`${folder}/a.txt`, "inner\n");
      assert.equal(await say({ verb: "status" }), "## main");
      const inner = await repository.world(confine, folder);
      assert.equal(await say({ verb: "status" }, inner), "## main...origin/main\n M a.txt");
      assert.match(await say({ verb: "commit", message: "inside", paths: ["a.txt"] }, inner), /^committed /);
      assert.equal(await say({ verb: "status" }), "## main\n M sub");
    });

    it("only looks where the repository lies above, and says so where there is none", async () => {
      const below = await repository.world(confine, repository.at("src"));
      repository.write({ "src/b.txt": "below\n", "a.txt": "above\n" });
      assert.equal(await say({ verb: "status" }, below), "## main\n M b.txt");
      assert.match(await say({ verb: "add", paths: ["b.txt"] }, below), /^denied: The repository is .*work, above the open folder/);
      rmSync(repository.at(".git"), { recursive: true });
      assert.match(await say({ verb: "status" }), /^missing: This workspace is no git repository/);
    });

    it("believes no .git file that leads to another repository", async () => {
      const folder = repository.scratch.at("home", "stranger");
      mkdirSync(folder);
      writeFileSync(`${folder}/.git`, `gitdir: ${repository.at(".git")}\n`);
      assert.match(await say({ verb: "status" }, await repository.world(confine, folder)), /^denied: The \.git file here/);
    });

    it("restores files through the gate, which can take that back", async () => {
      repository.write({ "a.txt": "mine\r\n", "src/b.txt": "mine too\n" });
      assert.ok(gitRestore.kind === "change");
      const measured = await measure(world, gitRestore, { paths: ["a.txt"] }, never);
      assert.ok(measured.ok);
      assert.equal(readFileSync(repository.at("a.txt"), "utf8"), "mine\r\n");
      assert.ok((await keepImages(world, measured.value.changes)).ok);
      assert.ok((await applyTouches(world, measured.value.touches, never)).result.ok);
      assert.equal(readFileSync(repository.at("a.txt"), "utf8"), "one\ntwo\n");
      assert.equal(readFileSync(repository.at("src/b.txt"), "utf8"), "mine too\n");
      const back = measured.value.touches.map((touch) => ({ ...touch, before: touch.after, after: touch.before }));
      assert.ok((await applyTouches(world, back, never)).result.ok);
      assert.equal(readFileSync(repository.at("a.txt"), "utf8"), "mine\r\n");
    });

    it("restores folders, deleted files, bytes and long files alike, but nothing git does not know", async () => {
      const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31) % 256));
      writeFileSync(repository.at("src/bytes"), bytes);
      repository.git("add", "src/bytes");
      repository.git("commit", "--quiet", "-m", "bytes");
      appendFileSync(repository.at("src/bytes"), "more");
      rmSync(repository.at("src/b.txt"));
      repository.write({ "src/new.txt": "new\n" });
      const restored = await changes(gitRestore, world, { paths: ["src"] });
      assert.ok(restored.ok, JSON.stringify(restored));
      assert.deepEqual(
        restored.value.map(({ shown, before }) => [shown, before === null]),
        [
          ["src/b.txt", true],
          ["src/bytes", false],
        ],
      );
      assert.deepEqual(Buffer.from(restored.value[1]?.after ?? []), bytes);
      const unknown = await changes(gitRestore, world, { paths: ["src/new.txt"] });
      assert.match(unknown.ok ? "" : unknown.fault.message, /^Nothing in src\/new\.txt differs/);
    });
  });
}

/** Everything that a repository can name for git to run, each leaving its name in a file beside the workspace. */
function setTraps(repository: TestRepository): { readonly sprung: () => readonly string[] } {
  const log = repository.at("SPRUNG");
  const trap = (name: string): string => `${repository.at(`trap-${name}`)}`;
  const names = [
    "fsmonitor",
    "external",
    "textconv",
    "clean",
    "smudge",
    "process",
    "pager",
    "editor",
    "ssh",
    "gpg",
    "askpass",
    "helper",
    "driver",
    "included",
  ];
  for (const name of names) {
    writeFileSync(trap(name), `#!/bin/sh\necho ${name} >> ${log}\ncat 2>/dev/null </dev/null\nexit 0\n`, { mode: 0o755 });
  }
  const hooks = repository.at(".git", "hooks");
  mkdirSync(hooks, { recursive: true });
  for (const name of [
    "pre-commit",
    "commit-msg",
    "prepare-commit-msg",
    "post-commit",
    "post-checkout",
    "post-index-change",
    "reference-transaction",
    "pre-auto-gc",
  ])
    writeFileSync(`${hooks}/${name}`, `#!/bin/sh\necho ${name} >> ${log}\nexit 0\n`, { mode: 0o755 });
  repository.write({ ".gitattributes": "a.txt diff=evil\ntrap.txt filter=evil\ntrap2.txt filter=in=cluded merge=evil\n" });
  repository.write({ "trap.txt": "t\n" });
  repository.git("add", ".gitattributes", "trap.txt");
  repository.git("commit", "--quiet", "--no-verify", "-m", "attributes");
  writeFileSync(
    repository.at("extra.config"),
    `[filter "in=cluded"]\n  clean = ${trap("included")}\n  smudge = ${trap("included")}\n  required = true\n`,
  );
  const config = [
    `[core]\n  fsmonitor = ${trap("fsmonitor")}\n  pager = ${trap("pager")}\n  editor = ${trap("editor")}\n  sshCommand = ${trap("ssh")}\n  askPass = ${trap("askpass")}`,
    `[pager]\n  status = ${trap("pager")}\n  log = ${trap("pager")}\n  diff = ${trap("pager")}\n  branch = ${trap("pager")}`,
    `[diff]\n  external = ${trap("external")}\n[diff "evil"]\n  textconv = ${trap("textconv")}\n  command = ${trap("external")}`,
    `[filter "evil"]\n  clean = ${trap("clean")}\n  smudge = ${trap("smudge")}`,
    `[merge "evil"]\n  driver = ${trap("driver")}`,
    `[gpg]\n  program = ${trap("gpg")}\n[commit]\n  gpgSign = true\n[log]\n  showSignature = true`,
    `[credential]\n  helper = ${trap("helper")}`,
    `[alias]\n  status = !${trap("driver")}\n  commit = !${trap("driver")}`,
    `[protocol "ext"]\n  allow = always\n[remote "origin"]\n  url = ext::${trap("ssh")}\n  promisor = true`,
    `[include]\n  path = ../extra.config`,
  ];
  appendFileSync(repository.at(".git", "config"), `\n${config.join("\n")}\n`);
  rmSync(log, { force: true });
  return { sprung: () => (existsSync(log) ? [...new Set(readFileSync(log, "utf8").trim().split("\n"))] : []) };
}
