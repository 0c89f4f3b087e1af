import { strict as assert } from "node:assert";
import fc from "fast-check";
import { guard, personal } from "../../../../src/agent/policy/defaults.ts";
import { matches } from "../../../../src/agent/policy/match.ts";
import { prepare } from "../../../../src/agent/policy/prepare.ts";
import type { Match, Rule } from "../../../../src/agent/policy/rules.ts";
import { shadows, shadowsRule } from "../../../../src/agent/policy/shadow.ts";
import { imaginaryGround, rule } from "../../../support/policy.ts";

const some = <T>(...values: readonly T[]) => fc.option(fc.subarray([...values], { minLength: 1 }), { nil: undefined });
const clean = (match: Readonly<Record<string, unknown>>): Match =>
  Object.fromEntries(Object.entries(match).filter(([, value]) => value !== undefined));
const match = fc
  .record({
    tool: some("run_command", "edit_file"),
    effect: some("read", "write", "delete", "execute", "network"),
    trait: some("readonly", "code", "dynamic", "obscure", "credential"),
    path: some("src/**", "src/a.ts", "**/.env", "**"),
    within: some("src/**", "**"),
    where: fc.option(fc.constantFrom("inside", "outside"), { nil: undefined }),
    program: some("npm", "rm", "cat", "node"),
    args: fc.option(fc.constantFrom(["test", "**"], ["**"], ["-rf", "**"]), { nil: undefined }),
    usdAtLeast: fc.option(fc.constantFrom(0.5, 1), { nil: undefined }),
    bytesAtLeast: fc.option(fc.constantFrom(10, 100), { nil: undefined }),
    confidenceBelow: fc.option(fc.constantFrom(0.3, 0.6), { nil: undefined }),
    tainted: fc.option(fc.boolean(), { nil: undefined }),
    sandboxed: fc.option(fc.boolean(), { nil: undefined }),
    mode: some("supervised", "autonomous"),
  })
  .map(clean);
const anyRule = fc.tuple(match, fc.constantFrom("allow", "ask", "deny")).map(([one, verdict]) => rule("r", verdict, one));
const lines = [
  "npm test",
  "npm test | cat",
  "rm -rf src",
  "cat src/a.ts",
  "cat .env",
  "cat $x",
  "node -e 1",
  "curl x.com > src/a.ts",
  "cat /etc/passwd",
  "git x --y",
];

describe("a rule that stands before another", () => {
  it("leaves it nothing, wherever that is said: what the later fits the earlier fits too", async () => {
    const subjects = await Promise.all(
      lines.flatMap((line) =>
        [0, 0.7, 2].map(
          async (usd) =>
            (
              await prepare(
                {
                  tool: "run_command",
                  risk: { effects: ["execute"], paths: [], line, reversible: false },
                  mode: usd > 1 ? "autonomous" : "supervised",
                  tainted: usd > 1,
                  sandboxed: usd < 1,
                  usd,
                  bytes: usd * 50,
                  confidence: usd / 2,
                },
                imaginaryGround(),
              )
            ).subject,
        ),
      ),
    );
    let said = 0;
    // The later rule is often the earlier one narrowed, so that there is something to say.
    fc.assert(
      fc.property(anyRule, anyRule, fc.boolean(), (earlier, other, derived) => {
        const later: Rule = derived ? { ...other, match: { ...other.match, ...earlier.match } } : other;
        if (!shadowsRule(earlier, later)) return;
        said++;
        for (const { parts, ...about } of subjects)
          for (const part of parts) assert.ok(!matches(later, part, about) || matches(earlier, part, about), part.text);
      }),
      { numRuns: 3000 },
    );
    assert.ok(said > 100, `${said} pairs`);
  });

  it("is told by name, in the order of priority", () => {
    const [all, npm, other] = [rule("all", "ask", {}, 50), rule("npm", "allow", { program: ["npm"] }, 60), rule("first", "deny", {}, 1)];
    assert.deepEqual([...shadows([npm, all])], [[npm, all]]);
    assert.deepEqual(
      [...shadows([all, npm, other])].map(([one, before]) => [one.id, before.id]),
      [
        ["all", "first"],
        ["npm", "first"],
      ],
    );
  });

  it("is none among the shipped rules", () => {
    assert.deepEqual([...shadows(guard).keys(), ...shadows(personal).keys()], []);
  });
});
