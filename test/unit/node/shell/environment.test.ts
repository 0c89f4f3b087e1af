import { strict as assert } from "node:assert";
import { commandEnvironment } from "../../../../src/node/shell/environment.ts";

const of = (from: Record<string, string>, pass: readonly string[] = []): Record<string, string> =>
  commandEnvironment({ from, home: "/home/u", temp: "/tmp", pass, set: { EXTRA: "1" } });

describe("the environment of a command", () => {
  it("takes over the search path and the language", () => {
    const env = of({ PATH: "/bin", LANG: "de_DE.UTF-8" });
    assert.equal(env["PATH"], "/bin");
    assert.equal(env["LANG"], "de_DE.UTF-8");
  });

  it("hides everything that is not on the list", () => {
    const secrets = [
      "AWS_SECRET_ACCESS_KEY",
      "GITHUB_TOKEN",
      "OPENAI_API_KEY",
      "SSH_AUTH_SOCK",
      "NODE_OPTIONS",
      "LD_PRELOAD",
      "BASH_ENV",
      "HTTPS_PROXY",
      "VSCODE_IPC_HOOK_CLI",
      "DISPLAY",
    ];
    const env = of(Object.fromEntries(secrets.map((name) => [name, "x"])));
    assert.deepEqual(
      secrets.filter((name) => name in env),
      [],
    );
  });

  it("passes names the user added", () => {
    assert.equal(of({ MY_FLAG: "on" }, ["MY_FLAG"])["MY_FLAG"], "on");
  });

  it("keeps programs quiet and non-interactive", () => {
    const env = of({ TERM: "xterm-256color", PAGER: "less" });
    assert.deepEqual(
      [env["TERM"], env["PAGER"], env["GIT_TERMINAL_PROMPT"], env["CI"], env["HOME"], env["EXTRA"]],
      ["dumb", "cat", "0", "1", "/home/u", "1"],
    );
  });
});
