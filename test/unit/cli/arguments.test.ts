import { strict as assert } from "node:assert";
import { oneOf, parseArguments, positive } from "../../../src/cli/arguments.ts";

const kinds = { model: "value", check: "values", dry: "flag" } as const;

const parse = (args: readonly string[], operands = 1) => parseArguments(args, kinds, operands);

function faultOf(result: { readonly ok: boolean; readonly fault?: { readonly message: string } }): string {
  assert.equal(result.ok, false);
  return result.fault?.message ?? "";
}

describe("arguments", () => {
  it("gives every declared option a value, given or not", () => {
    const parsed = parse([]);
    assert.ok(parsed.ok);
    assert.deepEqual(
      { ...parsed.value.options },
      { json: false, workspace: undefined, help: false, model: undefined, check: [], dry: false },
    );
  });

  it("takes options before, between and after operands", () => {
    const parsed = parse(["--model", "m", "fix it", "--check", "npm test", "--json", "--check=make"]);
    assert.ok(parsed.ok);
    assert.deepEqual(parsed.value.operands, ["fix it"]);
    assert.equal(parsed.value.options.model, "m");
    assert.deepEqual(parsed.value.options.check, ["npm test", "make"]);
    assert.equal(parsed.value.options.json, true);
  });

  it("knows -h and --help", () => {
    for (const word of ["-h", "--help"]) {
      const parsed = parse([word]);
      assert.ok(parsed.ok && parsed.value.options.help);
    }
  });

  it("takes everything after -- as operands", () => {
    const parsed = parse(["--", "--model"]);
    assert.ok(parsed.ok);
    assert.deepEqual(parsed.value.operands, ["--model"]);
  });

  it("takes a lone dash as an operand", () => {
    const parsed = parse(["-"]);
    assert.ok(parsed.ok);
    assert.deepEqual(parsed.value.operands, ["-"]);
  });

  it("names an unknown option and those there are", () => {
    assert.equal(
      faultOf(parse(["--modle", "x"])),
      "There is no option --modle; options here are --json, --workspace, --help, --model, --check, --dry.",
    );
    assert.match(faultOf(parse(["-x"])), /^There is no option -x; /);
  });

  it("says when a value is missing, also where another option stands in its place", () => {
    assert.equal(faultOf(parse(["--model"])), "--model needs a value.");
    assert.equal(faultOf(parse(["--model", "--json"])), "--model needs a value.");
  });

  it("says when a flag is given a value", () => {
    assert.equal(faultOf(parse(["--dry=yes"])), "--dry takes no value.");
    assert.equal(faultOf(parse(["--help=yes"])), "--help takes no value.");
  });

  it("says which word is one too many", () => {
    assert.equal(faultOf(parse(["fix", "the", "test"])), '"the" is one word too many; put quotes around what belongs together.');
    assert.equal(faultOf(parse(["x"], 0)), '"x" is one word too many; this command takes options only.');
  });

  it("takes numbers above zero only", () => {
    assert.deepEqual(positive("budget", "0.5"), { ok: true, value: 0.5 });
    assert.deepEqual(positive("budget", undefined), { ok: true, value: undefined });
    for (const bad of ["0", "-1", "two", "", " ", "Infinity", "NaN"])
      assert.equal(faultOf(positive("budget", bad)), `--budget takes a number above 0, not "${bad}".`);
  });

  it("takes one of a few words only", () => {
    assert.deepEqual(oneOf("approve", "edits", ["none", "edits", "all"]), { ok: true, value: "edits" });
    assert.equal(
      faultOf(oneOf("approve", "everything", ["none", "edits", "all"])),
      '--approve takes none, edits or all, not "everything".',
    );
  });
});
