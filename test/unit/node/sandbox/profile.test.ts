import { strict as assert } from "node:assert";
import { checkProtectable, workspaceGround } from "../../../../src/node/sandbox/ground.ts";
import { sandboxHint } from "../../../../src/node/sandbox/hint.ts";
import type { Host } from "../../../../src/node/sandbox/host.ts";
import { type Ground, sandboxArguments } from "../../../../src/node/sandbox/profile.ts";

const host: Host = { home: "/home/u", root: false, system: ["--ro-bind", "/usr", "/usr"], kernel: [], tools: [], visible: ["/usr"] };
const empty = { file: "/e/file", folder: "/e/folder" };
const bwrap = { path: "/usr/bin/bwrap", sizes: true, disableUserns: true };
const ground: Ground = {
  folder: "/home/u/w",
  at: "/home/u/w",
  above: { folders: [], hidden: [] },
  protect: [],
  mask: [],
  guard: [],
  own: [],
  writable: true,
  overlay: [],
  scratch: [],
};
const words = (more: Partial<Ground> = {}, network = false): readonly string[] =>
  sandboxArguments(bwrap, host, empty, { ground: { ...ground, ...more }, cwd: "/home/u/w", network });
const mounts = (list: readonly string[]): readonly string[] =>
  list.flatMap((word, index) => (/^--(ro-)?bind$/.test(word) ? [`${word} ${list[index + 1]} ${list[index + 2]}`] : []));

describe("the arguments for bubblewrap", () => {
  it("give up every namespace and capability, and the network unless it was granted", () => {
    for (const word of [
      "--unshare-user",
      "--unshare-pid",
      "--unshare-ipc",
      "--unshare-net",
      "--disable-userns",
      "--die-with-parent",
      "--new-session",
    ])
      assert.ok(words().includes(word), word);
    assert.equal(words().join(" ").includes("--cap-drop ALL"), true);
    assert.equal(words({}, true).includes("--unshare-net"), false);
  });

  it("mount nothing of the host writable but the workspace", () => {
    assert.deepEqual(
      mounts(words()).filter((mount) => mount.startsWith("--bind")),
      ["--bind /home/u/w /home/u/w"],
    );
  });

  it("hide the home before the workspace in it is shown, and close the root last", () => {
    const line = words().join(" ");
    assert.ok(line.indexOf("--tmpfs /home/u") < line.indexOf("--bind /home/u/w"));
    assert.ok(line.indexOf("--remount-ro / ") > line.indexOf("--bind /home/u/w"));
  });

  it("pin what lies above something protected, on a mount that the workspace's own then covers", () => {
    const found = mounts(words({ protect: ["/home/u/w/a/b/.git"], mask: ["/home/u/w/c/.env"] }));
    assert.deepEqual(found.slice(1), [
      "--bind /home/u/w /home/u/w",
      "--ro-bind /home/u/w/a /home/u/w/a",
      "--ro-bind /home/u/w/c /home/u/w/c",
      "--ro-bind /home/u/w/a/b /home/u/w/a/b",
      "--bind /home/u/w /home/u/w",
      "--ro-bind /home/u/w/a/b/.git /home/u/w/a/b/.git",
      "--ro-bind /e/file /home/u/w/c/.env",
    ]);
  });

  it("name no size where bubblewrap does not know them", () => {
    const old = sandboxArguments({ ...bwrap, sizes: false, disableUserns: false }, host, empty, {
      ground,
      cwd: "/home/u/w",
      network: false,
    });
    assert.equal(old.includes("--size") || old.includes("--disable-userns"), false);
  });
});

describe("a workspace", () => {
  it("cannot be protected when it is, or holds, a home or a part of the system", () => {
    const homes = ["/home/u"];
    for (const bad of ["/", "/home", "/home/u", "/usr/lib", "/etc/x", "/proc/1", "/dev"])
      assert.equal(checkProtectable(bad, homes).ok, false, bad);
    for (const good of ["/home/u/w", "/srv/w", "/tmp/w", "/usr/local/src/w", "/dev/shm/w", "/usrx"])
      assert.equal(checkProtectable(good, homes).ok, true, good);
  });

  it("is refused with the link that makes it so", () => {
    const refused = workspaceGround(
      "/w",
      { protect: [], mask: [], links: ["/w/.vscode"], prints: new Map() },
      { foreign: [], secret: [] },
      ground.above,
      [],
    );
    assert.ok(!refused.ok && refused.fault.message.includes("/w/.vscode is a link"));
  });
});

describe("the hint after a failure", () => {
  it("tells what programs say where the sandbox is the reason", () => {
    assert.match(sandboxHint("npm ERR! code EAI_AGAIN")?.text ?? "", /network/);
    assert.match(sandboxHint("curl: (7) Couldn't connect to server")?.text ?? "", /network/);
    assert.match(sandboxHint("touch: cannot touch 'x': Read-only file system")?.text ?? "", /write only/);
    assert.match(sandboxHint("strace: ptrace(PTRACE_TRACEME): Operation not permitted")?.text ?? "", /one run outside/);
    assert.match(
      sandboxHint("bash: fork: retry: Resource temporarily unavailable\nbash: fork: Resource temporarily unavailable")?.text ?? "",
      /limits/,
    );
  });

  it("says nothing where nothing points to it", () => {
    assert.equal(sandboxHint("AssertionError: expected 1 to be 2"), undefined);
  });
});
