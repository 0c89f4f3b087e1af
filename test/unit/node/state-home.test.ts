import { strict as assert } from "node:assert";
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { findWorkspaceHome, openWorkspaceHome, stateHome } from "../../../src/node/state-home.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("where Proviso keeps its own", () => {
  const at = (env: Record<string, string>, platform: NodeJS.Platform = "linux"): string => stateHome({ env, platform, home: "/home/u" });

  it("is PROVISO_HOME before all else", () => {
    assert.equal(at({ PROVISO_HOME: "/p", XDG_STATE_HOME: "/x" }), "/p");
    assert.equal(at({ PROVISO_HOME: "p" }), resolve("p"));
  });

  it("is the XDG state folder, unless that is relative, as its specification has it", () => {
    assert.equal(at({ XDG_STATE_HOME: "/x" }), join("/x", "proviso"));
    assert.equal(at({ XDG_STATE_HOME: "x" }), "/home/u/.local/state/proviso");
    assert.equal(at({ XDG_STATE_HOME: "", PROVISO_HOME: "" }), "/home/u/.local/state/proviso");
  });

  it("is where each platform keeps such things", () => {
    assert.equal(at({}), "/home/u/.local/state/proviso");
    assert.equal(at({}, "darwin"), "/home/u/Library/Application Support/proviso");
    assert.equal(at({ LOCALAPPDATA: "/local" }, "win32"), join("/local", "proviso"));
    assert.equal(at({}, "win32"), join("/home/u/AppData/Local/proviso"));
  });
});

describe("what Proviso keeps of a workspace", () => {
  const folder = tempFolder();
  const home = (): string => folder.in("state", "proviso");

  function workspace(...names: readonly string[]): string {
    const path = folder.in(...names);
    mkdirSync(path, { recursive: true });
    return path;
  }

  async function opened(path: string): Promise<{ readonly path: string; readonly root: string; readonly runs: string }> {
    const result = await openWorkspaceHome(home(), path);
    assert.ok(result.ok, result.ok ? "" : result.fault.message);
    return result.value;
  }

  it("is readable by its owner alone and says which workspace it belongs to", async () => {
    const root = workspace("my project");
    const { path, runs } = await opened(root);
    assert.match(basename(path), /^my_project-[0-9a-f]{12}$/);
    for (const own of [path, runs, dirname(path), home()]) assert.equal(statSync(own).mode & 0o777, 0o700);
    const note = join(path, "workspace.json");
    assert.deepEqual(JSON.parse(readFileSync(note, "utf8")), { v: 1, root });
    assert.equal(statSync(note).mode & 0o777, 0o600);
  });

  it("is the same whatever link the workspace was reached by, and another for another folder of that name", async () => {
    const root = workspace("a", "project");
    symlinkSync(root, folder.in("link"));
    assert.deepEqual(await opened(folder.in("link")), await opened(root));
    assert.notEqual((await opened(workspace("b", "project"))).path, (await opened(root)).path);
  });

  it("is created only when asked for", async () => {
    const found = await findWorkspaceHome(home(), workspace("w"));
    assert.ok(found.ok);
    assert.throws(() => statSync(home()), /ENOENT/);
  });

  it("is a fault for a workspace that does not exist, and where it cannot be made", async () => {
    const missing = await openWorkspaceHome(home(), folder.in("nowhere"));
    assert.equal(missing.ok ? "" : missing.fault.kind, "missing");
    writeFileSync(folder.in("state"), "");
    const blocked = await openWorkspaceHome(home(), workspace("w"));
    assert.match(blocked.ok ? "" : blocked.fault.message, /Proviso's own folder .* could not be created: .*; check the path/);
  });
});
