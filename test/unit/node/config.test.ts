import { strict as assert } from "node:assert";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Config, configPath, type Environment, loadConfig } from "../../../src/node/config.ts";

describe("the settings", () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "proviso-config-"));
  });
  afterEach(() => rm(home, { recursive: true }));

  async function load(text: string | undefined, env: Environment = {}): Promise<Config> {
    const loaded = await attempt(text, env);
    assert.ok(loaded.ok, loaded.ok ? "" : loaded.fault.message);
    return loaded.value;
  }
  async function attempt(text: string | undefined, env: Environment = {}): ReturnType<typeof loadConfig> {
    if (text !== undefined) {
      const path = configPath(env, home);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
    return loadConfig(env, home);
  }
  const complaint = async (text: string, env: Environment = {}): Promise<string> => {
    const loaded = await attempt(text, env);
    assert.ok(!loaded.ok, "a complaint was expected");
    assert.equal(loaded.fault.kind, "invalid");
    assert.match(loaded.fault.message, /^[^\n]+\.$/);
    return loaded.fault.message.replace(home, "~");
  };
  const ids = ({ providers }: Config): readonly string[] => providers.map(({ id }) => id);

  it("are empty where nothing is set", async () => {
    const config = await load(undefined);
    assert.deepEqual([config.providers, config.model, config.limits, config.timeouts, config.probe], [[], undefined, {}, {}, true]);
  });

  it("lie in the XDG folder, or in ~/.config where that is not set or not absolute", () => {
    assert.equal(configPath({}, "/home/ann"), "/home/ann/.config/proviso/config.json");
    assert.equal(configPath({ XDG_CONFIG_HOME: "/etc/ann" }, "/home/ann"), "/etc/ann/proviso/config.json");
    assert.equal(configPath({ XDG_CONFIG_HOME: "ann" }, "/home/ann"), "/home/ann/.config/proviso/config.json");
  });

  it("are read from a file that may hold comments and trailing commas", async () => {
    const config = await load(`\uFEFF{
      // my models
      "model": "local/qwen3",
      "providers": [{ "id": "local", "baseURL": "http://127.0.0.1:9999/v1", "models": ["qwen3"], },],
      "limits": { "usd": 2.5 }, /* dollars */
      "timeouts": { "idle": 30 },
    }`);
    assert.deepEqual(ids(config), ["local"]);
    assert.equal(config.model, "local/qwen3");
    assert.deepEqual(config.limits, { usd: 2.5 });
    assert.deepEqual(config.timeouts, { idleMs: 30_000 });
  });

  const mistakes: readonly (readonly [string, string, string])[] = [
    [
      "a broken line",
      '{\n  "model": "x"\n  "limits": {}\n}',
      "~/.config/proviso/config.json:3 is not JSON (comma expected); correct that line.",
    ],
    ["an empty file", "", "~/.config/proviso/config.json:1 is not JSON (value expected); correct that line."],
    ["an unknown setting", '{\n  "modle": "x"\n}', '~/.config/proviso/config.json:2: "modle" is no setting of Proviso; correct that line.'],
    [
      "a wrong kind of value",
      '{\n\n  "limits": {\n    "usd": "two"\n  }\n}',
      '~/.config/proviso/config.json:4: "limits.usd" expected number, received string; correct that line.',
    ],
    [
      "a value out of range",
      '{ "limits": { "usd": -1 } }',
      '~/.config/proviso/config.json:1: "limits.usd" Too small: expected number to be >0; correct that line.',
    ],
    [
      "a missing value",
      '{\n  "providers": [\n    { "id": "a" }\n  ]\n}',
      '~/.config/proviso/config.json:3: "providers.0.baseURL" expected string, received undefined; correct that line.',
    ],
    [
      "an address that is none",
      '{"providers":[\n{"id":"a","baseURL":"localhost"}]}',
      '~/.config/proviso/config.json:2: "providers.0.baseURL" must be an http(s) address; correct that line.',
    ],
    [
      "a password in an address",
      '{"providers":[{"id":"a","baseURL":"https://ann:pw@x.example/v1"}]}',
      '~/.config/proviso/config.json:1: "providers.0.baseURL" must hold no user name, password or query; put the key into keyEnv; correct that line.',
    ],
    [
      "two providers of one name",
      '{"providers":[{"id":"a","baseURL":"http://x/v1"},{"id":"a","baseURL":"http://y/v1"}]}',
      '~/.config/proviso/config.json:1: "providers" must have different ids; correct that line.',
    ],
    [
      "something that is not an object",
      "[]",
      "~/.config/proviso/config.json:1: the whole expected object, received array; correct that line.",
    ],
  ];
  for (const [what, text, says] of mistakes) {
    it(`with ${what} are refused in one sentence that names the line`, async () => assert.equal(await complaint(text), says));
  }

  it("that cannot be read are a fault, not an absence", async () => {
    await mkdir(configPath({}, home), { recursive: true });
    const loaded = await loadConfig({}, home);
    assert.ok(!loaded.ok);
    assert.match(loaded.fault.message, /could not be read: it is a folder/);
  });

  it("take the provider of a key in the environment", async () => {
    const { providers } = await load(undefined, { OPENAI_API_KEY: "sk-x" });
    assert.deepEqual(
      providers.map(({ id, baseURL, keyEnv, api }) => [id, baseURL, keyEnv, api]),
      [["openai", "https://api.openai.com/v1", "OPENAI_API_KEY", "auto"]],
    );
  });

  it("never hold the environment's key itself", async () => {
    const { providers } = await load(undefined, { OPENAI_API_KEY: "sk-x" });
    assert.equal(JSON.stringify(providers).includes("sk-x"), false);
  });

  const local = '{"providers":[{"id":"local","baseURL":"http://127.0.0.1:9999/v1"}]}';
  it("of the file go before a key that lies about in the environment", async () => {
    assert.deepEqual(ids(await load(local, { OPENAI_API_KEY: "sk-x" })), ["local", "openai"]);
  });

  it("of the environment go before the file where they name an address or a model", async () => {
    const config = await load(`{"model":"local/a",${local.slice(1)}`, { OPENAI_BASE_URL: "http://127.0.0.1:7777/v1", PROVISO_MODEL: "b" });
    assert.deepEqual(ids(config), ["openai", "local"]);
    assert.equal(config.model, "b");
  });

  it("of the environment complete the file's own entry for the same provider", async () => {
    const config = await load('{"providers":[{"id":"openai","baseURL":"https://proxy.example/v1","headers":{"x-team":"blue"}}]}', {
      OPENAI_API_KEY: "sk-x",
    });
    assert.deepEqual(
      config.providers.map(({ baseURL, headers, keyEnv }) => [baseURL, headers, keyEnv]),
      [["https://proxy.example/v1", { "x-team": "blue" }, "OPENAI_API_KEY"]],
    );
  });

  it("complain of a wrong address or API in the environment", async () => {
    assert.equal(
      await complaint("{}", { OPENAI_BASE_URL: "example.com" }),
      "OPENAI_BASE_URL must be an http(s) address; correct it or unset it.",
    );
    assert.match(await complaint("{}", { OPENAI_API_KEY: "x", PROVISO_API: "soap" }), /^PROVISO_API must be "responses", "chat" or "auto"/);
  });

  it("keep from looking for local servers where that is not wanted", async () => {
    assert.equal((await load(undefined, { PROVISO_OFFLINE: "1" })).probe, false);
  });
});
