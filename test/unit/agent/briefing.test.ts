import { strict as assert } from "node:assert";
import { brief } from "../../../src/agent/briefing.ts";
import { fail } from "../../../src/agent/result.ts";
import { memoryWorld } from "../../support/memory-world.ts";

const signal = new AbortController().signal;

function world(files: Readonly<Record<string, string>>) {
  const policy = { guard: [], workspace: [], personal: [] };
  return memoryWorld({ files: new Map(Object.entries(files)), ask: async () => fail("unavailable", "No model here."), policy });
}

describe("briefing", () => {
  it("tells the project's rules, its test command and what lies at its top", async () => {
    const known = await brief(world({ "AGENTS.md": "Use tabs.\n", "package.json": '{"scripts":{"test":"node --test"}}' }), signal);
    assert.deepEqual(known, { guide: "Use tabs.", test: "npm test", entries: ["AGENTS.md", "package.json"] });
  });

  it("leaves out what is not there", async () => {
    assert.deepEqual(await brief(world({}), signal), { entries: [] });
  });

  it("cuts long rules and says where the rest is", async () => {
    const { guide = "" } = await brief(world({ "CLAUDE.md": "x".repeat(5000) }), signal);
    assert.equal(guide, `${"x".repeat(4000)} [cut; CLAUDE.md holds the rest]`);
  });

  it("shows at most forty entries and says that there are more", async () => {
    const files = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`f${i}.txt`, ""]));
    const { entries } = await brief(world(files), signal);
    assert.equal(entries.length, 41);
    assert.equal(entries.at(-1), "…");
  });
});
