// The profile is made and read here; only a Mac can enforce it.
import { strict as assert } from "node:assert";
import { wrapCommandWithSandboxMacOS } from "@anthropic-ai/sandbox-runtime/dist/sandbox/macos-sandbox-utils.js";
import { Seatbelt } from "../../../../src/node/sandbox/seatbelt.ts";
import { defaultLimits } from "../../../../src/node/shell/limits.ts";
import type { Launch } from "../../../../src/node/shell/launch.ts";
import { valueOf } from "../../../support/real-files.ts";
import { Scratch } from "../../../support/scratch.ts";

describe("a command on macOS", () => {
  const scratch = new Scratch().with({ "home/work/a.txt": "a" });
  after(() => scratch.remove());
  const [home, root, cache] = [scratch.at("home"), scratch.at("home", "work"), scratch.at("home", "cache")];
  const options = {
    root,
    cache,
    env: { PATH: "/usr/bin:/bin", HOME: home, SECRET: "x" },
    pass: [],
    show: ["/opt/more"],
    limits: defaultLimits(),
  };
  const command = { line: "npm test", cwd: root, mark: "m", network: false, set: {} };
  const open = (): Seatbelt => new Seatbelt(options, wrapCommandWithSandboxMacOS);
  const lineOf = (launch: Launch): string => launch.args.find((word) => word.includes("sandbox-exec")) ?? "";
  const section = (profile: string, from: string): string => profile.slice(profile.indexOf(from));
  const pattern = (text: string): string => text.replaceAll(".", "\\\\.");

  it("is wrapped in a profile that denies by default, and keeps the words of the line apart", async () => {
    const { launch } = valueOf(await open().enter({ ...command, words: ["a b", "$(x)"] }));
    const line = lineOf(launch);
    assert.match(line, /sandbox-exec -p '\(version 1\)\n\(deny default/);
    assert.match(line, /-c '[^']*TMPDIR=.*npm test' [^ ]+ "\$@"$/s);
    assert.deepEqual(launch.args.slice(-2), ["a b", "$(x)"]);
    assert.equal(launch.sandboxed, true);
    assert.equal(launch.env["SECRET"], undefined);
    assert.equal(launch.env["HOME"], `${cache}/home`);
  });

  it("may write in the workspace and a folder of ours, but not what other programs obey, whether it exists or not", async () => {
    const { launch } = valueOf(await open().enter(command));
    const writes = section(lineOf(launch), "; File write");
    assert.match(writes, new RegExp(`allow file-write\\*\\s+\\(subpath "${root}"\\)\\s+\\(subpath "${cache}/tmp"\\)`));
    for (const name of [".git", ".vscode", ".husky", ".envrc", ".mcp.json"]) {
      assert.ok(writes.includes(`(subpath "${root}/${name}")`), name);
      assert.ok(writes.includes(`^${root.replaceAll("-", "-")}/(.*/)?${pattern(name)}`), `any ${name}`);
    }
    assert.ok(!writes.includes(`(allow file-write*\n  (subpath "${home}")`));
  });

  it("sees nothing of the home but tool chains and the workspace, and no secrets in it", async () => {
    const { launch } = valueOf(await open().enter(command));
    const line = lineOf(launch);
    const reads = line.slice(line.indexOf("; File read"), line.indexOf("; File write"));
    assert.match(reads, new RegExp(`deny file-read\\*\\s+\\(subpath "${home}"\\)`));
    for (const shown of [root, `${home}/.nvm`, "/opt/more"]) assert.ok(reads.includes(`(subpath "${shown}")`), shown);
    assert.ok(!reads.includes(`${home}/.ssh`));
    assert.match(reads, /\\\\\.env/);
  });

  it("has a network only where it was granted, and a loopback only beside jobs", async () => {
    const confiner = open();
    const network = async (more: object = {}): Promise<string> => {
      const line = lineOf(valueOf(await confiner.enter({ ...command, ...more })).launch);
      return line.slice(line.indexOf("; Network"), line.indexOf("; File read"));
    };
    assert.doesNotMatch(await network(), /allow network/);
    assert.match(await network({ network: true }), /allow network/);
    const release = await confiner.share();
    assert.match(await network(), /localhost/);
    assert.doesNotMatch(await network(), /allow network\*\)/);
    release();
    release();
    assert.doesNotMatch(await network(), /localhost/);
  });

  it("in a private copy writes there, and not in the workspace", async () => {
    const door = valueOf(await open().enterCopies());
    const launch = door("/private/copy", { root, files: [], links: [], folders: [], packages: [], shared: [] } as never, command);
    const writes = section(lineOf(launch), "; File write");
    assert.equal(launch.cwd, "/private/copy");
    assert.ok(writes.includes('(subpath "/private/copy")'));
    assert.ok(!writes.includes(`(subpath "${root}")`));
  });

  it("that is git writes in its own folders, but not its configuration", async () => {
    const opening = { folders: [`${root}/.git`], access: "write" as const, frozen: [`${root}/.git/config`, `${root}/.git/hooks`] };
    const { launch } = valueOf(await open().enterRepository(command, opening));
    const writes = section(lineOf(launch), "; File write");
    assert.match(writes, new RegExp(`allow file-write\\*\\s+\\(subpath "${root}"\\)`));
    assert.match(writes, new RegExp(`deny file-write\\*\\s+\\(subpath "${root}/\\.git/config"\\)`));
    const looking = valueOf(await open().enterRepository(command, { ...opening, access: "read" }));
    assert.ok(!section(lineOf(looking.launch), "; File write").includes(`(subpath "${root}")`));
  });
});
