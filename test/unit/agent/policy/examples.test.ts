import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { shippedPolicy } from "../../../../src/agent/policy/defaults.ts";
import { failingExamples } from "../../../../src/agent/policy/examples.ts";
import { Rule } from "../../../../src/agent/policy/rules.ts";
import { policySchema, settingSchema } from "../../../../src/agent/policy/schema.ts";

const rule = (fields: object): Rule => Rule.parse({ id: "r", match: {}, verdict: "ask", why: "Because.", ...fields });

describe("a rule's examples", () => {
  it("hold for every shipped rule", async () => {
    const { guard, personal } = shippedPolicy("/workspace");
    assert.deepEqual(await failingExamples([...guard, ...personal]), []);
    assert.ok([...guard, ...personal].filter(({ examples }) => examples).length > 20);
  });

  it("are named when they do not hold, either way", async () => {
    const wrong = rule({ match: { program: ["git"] }, examples: { match: ["ls", "git log"], noMatch: ["cat a", "git status"] } });
    assert.deepEqual(
      (await failingExamples([wrong])).map(({ message }) => message),
      ['Rule "r" should match "ls" and does not.', 'Rule "r" should not match "git status" and does.'],
    );
  });

  it("may be calls of tools", async () => {
    const match = { tool: ["edit_file"], path: ["src/**"] };
    const call = (path: string) => ({ tool: "edit_file", effect: "write", path });
    assert.deepEqual(
      await failingExamples([rule({ match, examples: { match: [call("src/a.ts")], noMatch: [call("test/a.ts"), call("src/../a")] } })]),
      [],
    );
  });

  it("are judged in the circumstances the rule speaks of", async () => {
    for (const match of [
      { role: ["tester"] },
      { mode: ["autonomous"] },
      { tainted: true },
      { sandboxed: false },
      { usdAtLeast: 3 },
      { bytesAtLeast: 9 },
      { confidenceBelow: 0.3 },
    ]) {
      assert.deepEqual(await failingExamples([rule({ match, examples: { match: ["ls"] } })]), [], JSON.stringify(match));
    }
  });
});

describe("the schema of a policy file", () => {
  it("is published as it is", () => {
    const published: unknown = JSON.parse(readFileSync(join(process.cwd(), "media/policy.schema.json"), "utf8"));
    assert.deepEqual(published, JSON.parse(JSON.stringify(policySchema())), "run node scripts/policy-schema.mjs");
    const manifest = JSON.parse(readFileSync(join(process.cwd(), "package.json"), "utf8")) as {
      contributes: { configuration: { properties: Record<string, unknown> } };
    };
    assert.deepEqual(
      manifest.contributes.configuration.properties["proviso.policy.rules"],
      JSON.parse(JSON.stringify(settingSchema())),
      "run node scripts/policy-schema.mjs",
    );
  });

  it("says of every word what it means", () => {
    const properties = (
      policySchema() as {
        properties: { rules: { items: { properties: { match: { properties: Record<string, { description?: string }> } } } } };
      }
    ).properties.rules.items.properties.match.properties;
    assert.deepEqual(
      Object.entries(properties).filter(([, { description }]) => !description),
      [],
    );
  });

  it("refuses words it does not know and patterns that would take too long", () => {
    assert.ok(!Rule.safeParse({ id: "r", match: { paths: ["a"] }, verdict: "ask", why: "x" }).success);
    assert.ok(!Rule.safeParse({ id: "r", match: { path: ["{a,b}".repeat(9)] }, verdict: "ask", why: "x" }).success);
  });
});
