import { strict as assert } from "node:assert";
import { statSync, writeFileSync } from "node:fs";
import { goalHistory } from "../../../src/node/goal-history.ts";
import { faultOf, valueOf } from "../../support/real-files.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("what a person asked for before", () => {
  const folder = tempFolder();

  it("is nothing at first, and newest first in the next process, each goal once", async () => {
    const path = folder.in("history.json");
    const history = goalHistory(path);
    assert.deepEqual(await history.goals(), []);
    for (const goal of ["a", "b", "a"]) valueOf(await history.add(goal));
    assert.deepEqual(await goalHistory(path).goals(), ["a", "b"]);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it("keeps fifty and forgets the oldest", async () => {
    const history = goalHistory(folder.in("history.json"));
    for (let i = 0; i < 53; i++) valueOf(await history.add(`goal ${i}`));
    const goals = await history.goals();
    assert.deepEqual([goals.length, goals[0], goals.at(-1)], [50, "goal 52", "goal 3"]);
  });

  it("begins anew where its document is damaged, and says so where it cannot be written", async () => {
    const path = folder.in("history.json");
    writeFileSync(path, "{");
    const history = goalHistory(path);
    assert.deepEqual(await history.goals(), []);
    valueOf(await history.add("a"));
    assert.deepEqual(await history.goals(), ["a"]);
    assert.match(faultOf(await goalHistory(folder.in("no", "such", "folder.json")).add("a")), /could not be remembered/);
  });
});
