import { strict as assert } from "node:assert";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { needsJob } from "../../../../src/agent/tool/jobs.ts";
import { standardCatalog } from "../../../../src/agent/tool/standard.ts";
import { faultOf, valueOf } from "../../../support/real-files.ts";

describe("the catalog", () => {
  const catalog = standardCatalog();

  it("describes the tools of a first request in at most 880 tokens", () => {
    const first = catalog.specs("all").filter(({ name }) => !needsJob.includes(name));
    const tokens = encode(JSON.stringify(first)).length;
    assert.ok(tokens <= 880, `${tokens} tokens`);
  });

  it("tells a model names, types and what is required, and nothing else", () => {
    const [read] = catalog.specs(["read_file"]);
    assert.deepEqual(read?.parameters, {
      type: "object",
      properties: { path: { type: "string" }, from: { type: "integer" }, to: { type: "integer" } },
      required: ["path"],
    });
    assert.doesNotMatch(JSON.stringify(catalog.specs("all")), /\$schema|additionalProperties|imum|minLength/);
  });

  it("offers the named tools in its own order and leaves out names it does not have", () => {
    assert.deepEqual(
      catalog.specs(["ask_user", "nonsense", "read_file"]).map(({ name }) => name),
      ["read_file", "ask_user"],
    );
    assert.equal(catalog.specs("all").length, catalog.names().length);
  });

  it("parses arguments", () => {
    const { tool, input } = valueOf(catalog.parseArgs("read_file", '{"path":"f","from":2}'));
    assert.equal(tool.name, "read_file");
    assert.deepEqual(input, { path: "f", from: 2 });
    assert.deepEqual(valueOf(catalog.parseArgs("list_files", "")).input, {});
  });

  const forgiven: readonly (readonly [name: string, tool: string, input: unknown, expected: unknown])[] = [
    [
      "a list",
      "edit_file",
      { path: "f", blocks: '[{"search":"a","replace":"b"}]' },
      { path: "f", blocks: [{ search: "a", replace: "b" }] },
    ],
    ["a number sent as a string", "read_file", { path: "f", from: "12" }, { path: "f", from: 12 }],
    [
      "a null for what is left out",
      "edit_file",
      { path: "f", blocks: [{ search: "a", replace: "b", all: null }] },
      { path: "f", blocks: [{ search: "a", replace: "b" }] },
    ],
    ["a flag sent as a string", "search_text", { pattern: "a", regex: "true" }, { pattern: "a", regex: true }],
  ];
  for (const [name, tool, input, expected] of forgiven) {
    it(`forgives ${name}`, () => assert.deepEqual(valueOf(catalog.parseInput(tool, input)).input, expected));
  }

  it("leaves a string alone that is meant as one, whatever it looks like", () => {
    assert.deepEqual(valueOf(catalog.parseInput("create_file", { path: "1", text: '["a"]' })).input, { path: "1", text: '["a"]' });
  });

  const refused: readonly (readonly [name: string, tool: string, args: string, fault: RegExp])[] = [
    [
      "an unknown tool, naming the nearest and all",
      "readFile",
      "{}",
      /^missing: There is no tool "readFile"; read_file may be meant; there are read_file, list_files, .*ask_user\.$/,
    ],
    ["a tool like none", "zzz", "{}", /^missing: There is no tool "zzz"; there are read_file/],
    ["arguments that are not JSON", "read_file", '{"path":', /^invalid: The arguments of read_file are not JSON/],
    [
      "a missing argument, saying what it takes",
      "read_file",
      "{}",
      /^invalid: The arguments of read_file do not fit: .*path.*It takes \{"path":\{"type":"string"\}/,
    ],
    ["an argument it does not have", "read_file", '{"path":"f","lines":3}', /do not fit: .*lines/],
    ["an argument of the wrong type", "read_file", '{"path":7}', /do not fit/],
    ["something that is no object", "read_file", "[1]", /do not fit/],
    ["null", "read_file", "null", /do not fit/],
    ["no blocks at all", "edit_file", '{"path":"f","blocks":[]}', /do not fit/],
  ];
  for (const [name, tool, args, fault] of refused) {
    it(`refuses ${name}`, () => assert.match(faultOf(catalog.parseArgs(tool, args)), fault));
  }

  it("finds a tool by its name only", () => {
    assert.equal(catalog.find("read_file")?.name, "read_file");
    assert.equal(catalog.find("constructor"), undefined);
  });
});
