import { strict as assert } from "node:assert";
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { audit } from "../../../../src/node/sandbox/audit.ts";
import { isSecretName, literalCredential } from "../../../../src/node/sandbox/protected.ts";
import { type Scan, scanShared, scanSecrets, scanWorkspace } from "../../../../src/node/sandbox/scan.ts";
import { Scratch } from "../../../support/scratch.ts";

const never = new AbortController().signal;

describe("the look over a workspace", function () {
  if (process.platform !== "linux") return;
  let scratch: Scratch;
  beforeEach(() => {
    scratch = new Scratch();
    mkdirSync(scratch.at("w"));
  });
  afterEach(() => scratch.remove());

  const at = (...names: readonly string[]): string => scratch.at("w", ...names);
  const scan = async (): Promise<Scan> => {
    const found = await scanWorkspace(at(), never);
    assert.ok(found.ok, JSON.stringify(found));
    return found.value;
  };
  const put = (...names: readonly string[]): void => void scratch.with(Object.fromEntries(names.map((name) => [`w/${name}`, ""])));

  it("protects executable configuration at any depth, as a whole", async () => {
    put(
      ".git/config",
      ".vscode/settings.json",
      "a/b/c/d/e/f/g/h/.husky/pre-commit",
      "x/.github/workflows/ci.yml",
      "p.code-workspace",
      "deep/.npmrc",
      ".cargo/config.toml",
    );
    const { protect } = await scan();
    const expected = [
      ".cargo/config.toml",
      ".git",
      ".vscode",
      "a/b/c/d/e/f/g/h/.husky",
      "deep/.npmrc",
      "p.code-workspace",
      "x/.github/workflows",
    ];
    assert.deepEqual([...protect].sort(), expected.map((name) => at(name)).sort());
  });

  it("leaves ordinary names alone, however close", async () => {
    put(
      "git/config",
      ".gitignore",
      ".github/dependabot.yml",
      "vscode.ts",
      ".npmrc.md",
      "workflows/x.yml",
      "HEAD",
      "src/config",
      ".envoy.yaml",
      "id_card.png",
    );
    assert.deepEqual(await scan(), { protect: [], mask: [], links: [], prints: new Map() });
  });

  it("does not enter folders of packages", async () => {
    put("node_modules/dep/.vscode/settings.json", "node_modules/dep/.env", "web/node_modules/x/.git/config", ".venv/lib/.npmrc");
    assert.deepEqual((await scan()).protect, []);
  });

  it("hides what holds secrets, not their templates", async () => {
    put(".env", "app/.env.production", ".env.example", "app/.ENV", "id_rsa", "id_ed25519.pub", ".netrc", "keys/id_ecdsa", ".envrc");
    assert.deepEqual(
      [...(await scan()).mask].sort(),
      [".env", ".envrc", ".netrc", "app/.ENV", "app/.env.production", "id_rsa", "keys/id_ecdsa"].map((name) => at(name)).sort(),
    );
  });

  it("hides a package manager's configuration only where a token stands in it", async () => {
    scratch.with({
      "w/.npmrc": "//r/:_authToken=${TOKEN}\nlegacy-peer-deps=true\n",
      "w/a/.npmrc": "//r/:_authToken=abc123\n",
      "w/b/.yarnrc.yml": 'npmAuthToken: "abc"\n',
    });
    assert.deepEqual([...(await scan()).mask].sort(), [at("a", ".npmrc"), at("b", ".yarnrc.yml")]);
  });

  it("refuses links where it matters and follows the others", async () => {
    put("real/settings.json", "shellrc", "conf/secrets");
    symlinkSync("real", at(".vscode"));
    symlinkSync("shellrc", at(".bashrc"));
    symlinkSync("conf/secrets", at(".env"));
    symlinkSync("/etc/passwd", at(".env.local"));
    const { links, protect, mask } = await scan();
    assert.deepEqual([links, [...protect].sort(), mask], [[at(".vscode")], [at("real"), at("shellrc")].sort(), [at("conf", "secrets")]]);
  });

  it("protects files that have a name outside too, but not links among the workspace's own", async () => {
    scratch.with({ outside: "x", "w/own": "y" });
    linkSync(scratch.at("outside"), at("inside"));
    linkSync(at("own"), at("twin"));
    const found = await scanShared(at(), never);
    assert.ok(found.ok);
    assert.deepEqual(found.value, { foreign: [at("inside")], secret: [] });
  });

  it("protects what packages share with a store outside", async () => {
    scratch.with({
      "store/package.json": "{}",
      "w/node_modules/dep/x.js": "",
      "w/node_modules/other/package.json": "{}",
      "w/app/node_modules/.pnpm/x": "",
    });
    linkSync(scratch.at("store", "package.json"), at("node_modules", "dep", "package.json"));
    assert.deepEqual([...(await scan()).protect].sort(), [at("app/node_modules/.pnpm"), at("node_modules/dep"), at("node_modules/other")]);
  });

  it("protects the files that git's configuration names", async () => {
    scratch.with({
      "w/.git/config": "[core]\n\thooksPath = .githooks\n[include]\n\tpath = ../shared\n",
      "w/.githooks/pre-commit": "",
      "w/shared": "",
      "w/src/x": "",
    });
    assert.deepEqual([...(await scan()).protect].sort(), [at(".git"), at(".githooks"), at("shared")]);
  });

  it("sees the programs and folders that git's configuration names, by whatever path and before they are there", async () => {
    scratch.with({
      "w/.git/config": `[core]\n\thooksPath = ${at("hooks")}\n[filter "x"]\n\tclean = ./tools/clean.sh %f\n[core]\n\thooksPath = later # to come\n[diff "y"]\n\ttextconv = "sh tools/conv.sh"\n`,
      "w/hooks/pre-commit": "",
      "w/tools/clean.sh": "",
      "w/tools/conv.sh": "",
      "w/sh": "",
    });
    const { protect, prints } = await scan();
    assert.deepEqual([...protect].sort(), [".git", "hooks", "sh", "tools/clean.sh", "tools/conv.sh"].map((name) => at(name)).sort());
    assert.equal(prints.get(at("later")), "gone");
  });

  it("hides every name of a file that holds secrets", async () => {
    put(".env");
    linkSync(at(".env"), at("notes.txt"));
    const found = await scanShared(at(), never);
    assert.ok(found.ok);
    assert.deepEqual(found.value, { foreign: [], secret: [at("notes.txt")] });
  });

  it("copes with any name but one that is no text", async () => {
    put("a|b\n'\" --x/.git/config");
    assert.deepEqual((await scan()).protect, [at("a|b\n'\" --x/.git")]);
    mkdirSync(Buffer.concat([Buffer.from(`${at()}/`), Buffer.from([0xff]), Buffer.from("/.git")]), { recursive: true });
    const refused = await scanWorkspace(at(), never);
    assert.ok(!refused.ok && /not valid UTF-8/.test(refused.fault.message));
  });

  it("finds the secrets of a folder that is only read", async () => {
    put("a/.env", "b/x", ".env.sample", ".npmrc");
    scratch.with({ "w/b/.npmrc": "//registry/:_authToken=abc\n" });
    const found = await scanSecrets(at(), never);
    assert.ok(found.ok);
    assert.deepEqual([...found.value].sort(), [at("a", ".env"), at("b", ".npmrc")]);
  });

  describe("twice, with a command between", () => {
    const changes = async (act: () => void): Promise<readonly string[]> => {
      const before = await scan();
      act();
      return audit(at(), before.prints, (await scan()).prints)
        .map(({ path, change }) => `${change} ${path}`)
        .sort();
    };

    it("shows nothing where nothing of the kind changed, also when git worked in its folder", async () => {
      put(".git/config", ".vscode/settings.json");
      assert.deepEqual(await changes(() => put(".git/index", "src/new.ts", ".vscode/other.json")), []);
    });

    it("shows what came, went or changed", async () => {
      put(".npmrc", "lib/.vscode/x", "b/config", "b/objects/x");
      const act = (): void => {
        put(".mcp.json", "b/HEAD");
        writeFileSync(at(".npmrc"), "x");
      };
      assert.deepEqual(await changes(act), ["changed .npmrc", "created .mcp.json", "created b/HEAD", "created b/config"]);
    });
  });
});

describe("names of secrets", () => {
  it("are told from names that only look like it", () => {
    const secrets = [".env", ".env.local", ".ENV", ".netrc", "id_ed25519_sk", ".pgpass"];
    const others = [".env.example", ".env.sample", ".env.template", "env", ".environment", "id_rsa.pub", "server.key"];
    assert.deepEqual([secrets.filter(isSecretName), others.filter(isSecretName)], [secrets, []]);
  });

  it("in package managers' files are literal ones", () => {
    assert.match("//r/:_authToken=npm_abc", literalCredential);
    assert.match('npmAuthToken: "x"', literalCredential);
    for (const harmless of ["_authToken=${NPM_TOKEN}", 'npmAuthToken: "${T}"', "always-auth=true", "registry=https://r"])
      assert.doesNotMatch(harmless, literalCredential, harmless);
  });
});
