import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Rule } from "../../../src/agent/policy/rules.ts";
import { type Grants, openGrants } from "../../../src/node/grants.ts";
import { faultOf, valueOf } from "../../support/real-files.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const rule = (id: string): Rule => ({ id, priority: 100, match: { program: ["npm"] }, verdict: "allow", why: "you allowed it" });

describe("the rules a person added", () => {
  const folder = tempFolder();
  const open = async (): Promise<Grants> => valueOf(await openGrants(join(folder.path, "rules.json")));
  const ids = (grants: Grants): string[] => grants.rules().map(({ id }) => id);

  it("are none at first, and still there in the next process, newest first", async () => {
    const first = await open();
    assert.deepEqual(ids(first), []);
    assert.ok((await first.remember(rule("a"))).ok);
    assert.ok((await first.remember(rule("b"))).ok);
    assert.deepEqual(ids(await open()), ["b", "a"]);
  });

  it("replace one of the same name and can be forgotten", async () => {
    const grants = await open();
    await grants.remember(rule("a"));
    await grants.remember({ ...rule("a"), why: "again" });
    assert.deepEqual(
      grants
        .rules()
        .filter(({ id }) => id === "a")
        .map(({ why }) => why),
      ["again"],
    );
    await grants.forget("a");
    assert.ok(!ids(await open()).includes("a"));
  });

  it("keep what another window added meanwhile", async () => {
    const [one, other] = [await open(), await open()];
    await one.remember(rule("mine"));
    await other.remember(rule("theirs"));
    assert.deepEqual(
      ids(await open())
        .filter((id) => id === "mine" || id === "theirs")
        .sort(),
      ["mine", "theirs"],
    );
  });

  it("grant nothing when the document is damaged, and leave it for a person to look at", async () => {
    const path = join(folder.path, "damaged.json");
    for (const text of ["{", '{"rules":[{"id":1}]}']) {
      writeFileSync(path, text);
      assert.match(faultOf(await openGrants(path)), /damaged\.json/);
      assert.equal(readFileSync(path, "utf8"), text);
    }
  });
});
