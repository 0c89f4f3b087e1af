import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { openSecrets } from "../../../src/node/secrets.ts";
import { liveOutput } from "../../../src/node/secrets/shell.ts";
import { fakeSecrets, scramble } from "../../support/fake-secrets.ts";

const secrets = openSecrets({});

describe("redacting secrets", () => {
  for (const { name, text, secret } of fakeSecrets()) {
    it(`hides ${name.startsWith("a") ? "an" : "a"} ${name} in ${JSON.stringify(text.slice(0, 24))}…, and says what it was`, async () => {
      const told = await secrets.redact(text);
      for (const line of secret.split("\n")) assert.ok(!told.includes(line), told);
      assert.ok(told.includes(`[secret: ${name}]`), told);
      assert.equal(told.split("\n").length, text.split("\n").length, "lines keep their numbers");
    });
  }

  it("leaves what stands around a secret", async () => {
    assert.equal(await secrets.redact("postgres://app:hunter2secret@db:5432/app"), "postgres://app:[secret: password]@db:5432/app");
    assert.equal(await secrets.redact("export DB_PASSWORD='hunter2hunter2'\n"), "export DB_PASSWORD='[secret: secret setting]'\n");
    const token = `ghp_${scramble(36)}`;
    assert.equal(await secrets.redact(`a ${token}, ${token}\nb`), "a [secret: github token], [secret: github token]\nb");
  });

  it("changes nothing that it has redacted already", async () => {
    for (const { text } of fakeSecrets()) {
      const once = await secrets.redact(text);
      assert.equal(await secrets.redact(once), once);
    }
  });

  it("hides the values of this process's own secrets, in whatever form", async () => {
    const value = "correct horse battery staple";
    const own = openSecrets({ MY_API_KEY: value, MY_NAME: "not a secret value" }, [{ name: "the model's key", value: "local-key-0815" }]);
    const forms = [value, Buffer.from(value).toString("base64"), Buffer.from(value).toString("hex"), encodeURIComponent(value)];
    for (const form of forms) assert.match(await own.redact(`it is ${form}.`), /^it is \[secret: value of MY_API_KEY\]=*\.$/);
    assert.equal(await own.redact("not a secret value, local-key-0815"), "not a secret value, [secret: the model's key]");
  });

  it("takes no digest, identifier or ordinary code for a secret", async () => {
    const harmless = [
      `"integrity": "sha512-${scramble(86)}==",`,
      `sha256:${scramble(64, "0123456789abcdef")}`,
      "id 123e4567-e89b-12d3-a456-426614174000",
      `commit ${scramble(40, "0123456789abcdef")}`,
      "const token = await nextToken(stream);",
      'const apiKey = process.env["API_KEY"];',
      "password: string;",
      'password: "change me please 1",',
      "MAX_TOKENS=4096000000",
      "TOKEN=$(cat /run/token)",
      "SECRET=${SECRET:?is missing}",
      "API_KEY=your-api-key-here-1",
      'type = "identifier_token"',
      "https://example.com/a:b@2x.png and git@github.com:me/it.git",
      "Authorization: Bearer TOKEN",
      "import { createHash } from 'node:crypto'; // 0123456789abcdefABCDEF",
    ];
    for (const line of harmless) assert.equal(await secrets.redact(line), line);
  });

  it("finds nothing in a real lock file, nor in the sources of this project", async () => {
    for (const path of [
      "package-lock.json",
      "src/agent/event.ts",
      "src/node/openai/connection.ts",
      "src/agent/policy/program/network.ts",
      "README.md",
    ]) {
      const text = readFileSync(path, "utf8");
      assert.equal(await secrets.redact(text), text, path);
    }
  });

  it("comes to an end with outputs that are made to take long", async () => {
    const token = `ghp_${scramble(36)}`;
    const hard = [
      "x".repeat(1_000_000),
      `${token}\n`.repeat(20_000),
      "-----BEGIN PRIVATE KEY-----\n".repeat(20_000),
      "eyJ".repeat(300_000),
      "https://a:".repeat(100_000),
      `${"A_".repeat(400_000)}=x`,
      "bearer ".repeat(150_000),
    ];
    for (const text of hard) await secrets.redact(text);
  });

  it("tells a text of any kind line for line", async () => {
    const piece = fc.oneof(fc.constantFrom(...fakeSecrets().map(({ text }) => text), "\n", "=", '"'), fc.string());
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 6 }), async (pieces) => {
        const text = pieces.join("");
        assert.equal((await secrets.redact(text)).split("\n").length, text.split("\n").length);
      }),
    );
  });
});

describe("live output", () => {
  const play = async (chunks: readonly string[]): Promise<string> => {
    let shown = "";
    const live = liveOutput((text) => void (shown += text), secrets);
    for (const chunk of chunks) live.push(chunk, "stdout");
    await live.end();
    return shown;
  };

  it("holds no secret, wherever it is cut into chunks, and is otherwise whole", async () => {
    for (const { text, secret } of fakeSecrets()) {
      const whole = `start\n${text}\nend without a line break`;
      for (const size of [1, 7, 50]) {
        const chunks = Array.from({ length: Math.ceil(whole.length / size) }, (_, i) => whole.slice(i * size, (i + 1) * size));
        const shown = await play(chunks);
        for (const line of secret.split("\n")) assert.ok(!shown.includes(line), `${size}: ${shown}`);
        assert.ok(shown.startsWith("start\n") && shown.endsWith("\nend without a line break"), shown);
      }
    }
  });

  it("shows each line once it is whole, and keeps both streams apart", async () => {
    const shown: string[] = [];
    const live = liveOutput((text, stream) => void shown.push(`${stream}: ${text}`), secrets);
    live.push("one\ntw", "stdout");
    live.push("oops\n", "stderr");
    live.push("o\n", "stdout");
    await live.end();
    assert.deepEqual(shown, ["stdout: one\n", "stderr: oops\n", "stdout: two\n"]);
  });
});
