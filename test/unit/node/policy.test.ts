import { strict as assert } from "node:assert";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Rule } from "../../../src/agent/policy/rules.ts";
import { type OpenRules, openRules, personalRulesPath, workspaceRulesPath } from "../../../src/node/policy.ts";
import { assertFault } from "../../support/assert-fault.ts";
import { judgeLine, rule } from "../../support/policy.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("the rules of a workspace and a person", () => {
  const folder = tempFolder();
  const places = () => ({ root: folder.in("work"), personal: folder.in("config/proviso/policy.json") });
  const write = (path: string, text: string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  const file = (...rules: object[]) => JSON.stringify({ rules });
  const asks = { id: "ask-npm", match: { program: ["npm"] }, verdict: "ask", why: "Ask." };
  const allows = { id: "npm-test", match: { program: ["npm"], args: ["test", "**"] }, verdict: "allow", why: "Ours." };

  it("are the shipped ones where there are no files", async () => {
    const rules = await openRules(places());
    assert.deepEqual(rules.problems(), []);
    assert.equal((await judgeLine("npm test", { policy: rules.policy() })).verdict, "ask");
  });

  it("may allow in the person's file and only tighten in the workspace's", async () => {
    write(places().personal, `{\n  // a comment, and a comma too many\n  "rules": [${JSON.stringify(allows)},],\n}`);
    const rules = await openRules(places());
    assert.equal((await judgeLine("npm test", { policy: rules.policy() })).verdict, "allow");
    write(workspaceRulesPath(places().root), file({ ...asks, verdict: "deny" }));
    assert.deepEqual(await rules.reload(), []);
    const decision = await judgeLine("npm test", { policy: rules.policy() });
    assert.deepEqual([decision.verdict, decision.list, decision.rule], ["deny", "workspace", "ask-npm"]);
  });

  it("are refused whole with line and reason when something is wrong", async () => {
    const { personal } = places();
    for (const [text, says] of [
      ["{", /policy\.json:1: not JSON/],
      ["", /the file is empty/],
      ['{\n  "rules": [\n    {"id": "x", "match": {}, "verdict": "perhaps", "why": "y"}\n  ]\n}', /policy\.json:3: "rules\.0\.verdict" /],
      [
        '{\n"rules": [\n{"id": "x",\n"match": {\n"paths": []},\n"verdict": "ask", "why": "y"}]}',
        /policy\.json:5: "rules\.0\.match\.paths" is no word of policy/,
      ],
      [`{"rules":[\n${JSON.stringify(asks)},\n${JSON.stringify(asks)}]}`, /policy\.json:3: there are two rules called "ask-npm"/],
      [
        `{"rules":[\n${JSON.stringify({ ...asks, examples: { match: ["ls"] } })}]}`,
        /policy\.json:2: Rule "ask-npm" should match "ls" and does not/,
      ],
      ['{"version": 2, "rules": []}', /"version" /],
      ["[]", /policy\.json:1: /],
      ["null", /policy\.json:1: /],
    ] as const) {
      write(personal, text);
      const rules = await openRules(places());
      assert.equal(rules.problems().length, 1, text);
      assert.match(rules.problems()[0] ?? "", says);
      assert.match(rules.problems()[0] ?? "", /^[^\n]+\.$/);
    }
  });

  it("refuse a workspace's file that allows anything", async () => {
    write(workspaceRulesPath(places().root), `{"rules": [\n${JSON.stringify(asks)},\n${JSON.stringify(allows)}]}`);
    const rules = await openRules(places());
    assert.match(rules.problems()[0] ?? "", /policy\.json:3: rule "npm-test" allows/);
  });

  it("stay as they were when a file goes bad", async () => {
    write(places().personal, file(allows));
    write(workspaceRulesPath(places().root), file({ ...asks, match: { program: ["make"] }, verdict: "deny" }));
    const rules = await openRules(places());
    write(places().personal, "{");
    write(workspaceRulesPath(places().root), "{");
    assert.equal((await rules.reload()).length, 2);
    assert.equal((await judgeLine("npm test", { policy: rules.policy() })).verdict, "allow");
    assert.equal((await judgeLine("make", { policy: rules.policy() })).verdict, "deny");
  });

  it("ask about everything when a file is bad from the start: it may have forbidden something", async () => {
    write(workspaceRulesPath(places().root), "{");
    const rules = await openRules(places());
    const decision = await judgeLine("ls", { policy: rules.policy() });
    assert.deepEqual([decision.verdict, decision.rule], ["ask", "workspace.unreadable"]);
    assert.equal((await judgeLine("rm -rf /", { policy: rules.policy() })).verdict, "deny");
  });

  it("are looked at in this order: granted now, the person's, the shipped", async () => {
    write(places().personal, file({ ...allows, verdict: "deny" }));
    const rules = await openRules(places());
    assert.equal((await judgeLine("npm test", { policy: rules.policy() })).verdict, "deny");
    rules.grant({ ...rule("now", "allow", { program: ["npm"] }), priority: 10 });
    assert.equal((await judgeLine("npm test", { policy: rules.policy() })).verdict, "allow");
  });

  it("remember a grant durably, keeping the file's comments", async () => {
    const { personal } = places();
    write(personal, '{\n  // mine\n  "rules": []\n}\n');
    const rules = await openRules(places());
    const grant: Rule = { ...rule("grant.npm-test", "allow", { program: ["npm"], args: ["test"] }), priority: 10 };
    assert.ok((await rules.remember(grant)).ok);
    assert.match(readFileSync(personal, "utf8"), /\/\/ mine/);
    assert.equal((await judgeLine("npm test", { policy: rules.policy() })).verdict, "allow");
    assert.equal((await judgeLine("npm test", { policy: (await openRules(places())).policy() })).verdict, "allow");
    assertFault(await rules.remember(grant), { kind: "invalid", retry: false, says: /already/ });
  });

  it("remember several at once, and start a file where there is none", async () => {
    const rules = await openRules(places());
    const results = await Promise.all(["a", "b", "c"].map((id) => rules.remember(rule(id, "allow", { program: [id] }))));
    assert.ok(results.every(({ ok }) => ok));
    const read = await openRules(places());
    assert.deepEqual(
      read
        .policy()
        .personal.slice(0, 3)
        .map(({ id }) => id),
      ["a", "b", "c"],
    );
  });

  it("do not write into a file that is refused as it stands", async () => {
    write(places().personal, "{ nonsense");
    const rules = await openRules(places());
    assertFault(await rules.remember(rule("x", "allow")), { kind: "invalid", retry: false, says: /not JSON/ });
    assert.equal(readFileSync(places().personal, "utf8"), "{ nonsense");
  });

  it("lie where the XDG specification says", () => {
    assert.equal(personalRulesPath({ XDG_CONFIG_HOME: "/x" }, "/home/you"), "/x/proviso/policy.json");
    assert.equal(personalRulesPath({ XDG_CONFIG_HOME: "relative" }, "/home/you"), "/home/you/.config/proviso/policy.json");
    assert.equal(personalRulesPath({}, "/home/you"), "/home/you/.config/proviso/policy.json");
  });
});

describe("the setting with a person's rules", () => {
  const folder = tempFolder();
  const allows = { id: "npm-test", match: { program: ["npm"], args: ["test", "**"] }, verdict: "allow", why: "Ours." };
  const open = (value: { now: unknown }) =>
    openRules({ root: folder.in("work"), personal: folder.in("policy.json"), setting: () => value.now });
  const verdict = async (rules: OpenRules) => (await judgeLine("npm test", { policy: rules.policy() })).verdict;

  it("is read by the same schema as the file, and again when it changes", async () => {
    const value: { now: unknown } = { now: [allows] };
    const rules = await open(value);
    assert.deepEqual([rules.problems(), await verdict(rules)], [[], "allow"]);
    let changes = 0;
    const stop = rules.onChange(() => changes++);
    value.now = [{ ...allows, verdict: "deny" }];
    await rules.reload();
    assert.deepEqual([await verdict(rules), changes], ["deny", 1]);
    stop();
    value.now = undefined;
    await rules.reload();
    assert.deepEqual([await verdict(rules), changes], ["ask", 1]);
  });

  it("is refused whole with place and reason, and what it said before stays in force", async () => {
    for (const [bad, says] of [
      [
        [allows, { ...allows, id: "x", verdict: "perhaps" }],
        /^The setting proviso\.policy\.rules\[1\]\.verdict: .*it is not used until then\.$/,
      ],
      [[{ ...allows, match: { paths: [] } }], /^The setting proviso\.policy\.rules\[0\]\.match\.paths: is no word of policy; /],
      [[allows, allows], /^The setting proviso\.policy\.rules\[1\]: there are two rules called "npm-test"; /],
      [
        [{ ...allows, examples: { match: ["ls"] } }],
        /^The setting proviso\.policy\.rules\[0\]: Rule "npm-test" should match "ls" and does not; /,
      ],
      ["allow everything", /^The setting proviso\.policy\.rules: expected array/],
    ] as const) {
      const value: { now: unknown } = { now: [allows] };
      const rules = await open(value);
      value.now = bad;
      const [problem = ""] = await rules.reload();
      assert.match(problem, says);
      assert.equal(await verdict(rules), "allow", "the rules before it stay");
      const fresh = await open(value);
      assert.equal((await judgeLine("ls", { policy: fresh.policy() })).rule, "settings.unreadable");
    }
  });

  it("stands after grants of the session and before the shipped rules, and each says where it comes from", async () => {
    const rules = await open({ now: [allows] });
    const granted = rule("granted", "deny", { program: ["npm"] });
    rules.grant(granted);
    assert.equal(await verdict(rules), "deny");
    const origins = rules.policy().personal.map((one) => rules.originOf(one).of);
    assert.deepEqual(origins.slice(0, 3), ["session", "settings", "shipped"]);
    assert.equal(rules.originOf(rules.policy().guard[0] ?? granted).of, "shipped");
    assert.ok((await rules.revoke("granted")).ok);
    assert.equal(await verdict(rules), "allow");
    const refused = await rules.revoke("npm-test");
    assert.match(refused.ok ? "" : refused.fault.message, /There is no rule "npm-test" among yours/);
  });
});
