import { strict as assert } from "node:assert";
import * as z from "zod";
import { answerSchema, type JsonSchema, withoutNulls } from "../../../../src/agent/model/schema.ts";
import { Plan } from "../../../../src/agent/plan.ts";

/** Every object of a strict schema lists all its properties as required and allows no others. */
function assertStrict(node: unknown): void {
  if (Array.isArray(node)) return node.forEach(assertStrict);
  if (typeof node !== "object" || node === null) return;
  const { type, properties, required, additionalProperties, oneOf, allOf, ...rest } = node as JsonSchema;
  assert.equal(oneOf ?? allOf, undefined);
  if (type === "object") {
    assert.equal(additionalProperties, false);
    assert.deepEqual(required, Object.keys(properties as object));
  }
  Object.values(properties ?? {}).forEach(assertStrict);
  Object.values(rest).forEach(assertStrict);
}

describe("the schema of a structured answer", () => {
  it("of a plan can be held to strictly", () => {
    const { strict } = answerSchema(Plan.omit({ goal: true }));
    assert.ok(strict);
    assertStrict(strict);
    assert.equal(JSON.stringify(strict).includes("minLength"), false);
  });

  it("lets optional properties be null in strict form, and keeps nullable ones as they are", () => {
    const { strict } = answerSchema(
      z.object({ a: z.string(), b: z.string().optional(), c: z.enum(["x"]).nullable(), d: z.int().default(3) }),
    );
    assert.deepEqual(strict, {
      type: "object",
      properties: {
        a: { type: "string" },
        b: { anyOf: [{ type: "string" }, { type: "null" }] },
        c: { anyOf: [{ type: "string", enum: ["x"] }, { type: "null" }] },
        d: { anyOf: [{ type: "integer" }, { type: "null" }] },
      },
      required: ["a", "b", "c", "d"],
      additionalProperties: false,
    });
  });

  it("has no strict form where strict mode cannot say it", () => {
    const inexpressible = [
      z.array(z.string()),
      z.object({ r: z.record(z.string(), z.string()) }),
      z.object({ u: z.unknown() }),
      z.object({ t: z.tuple([z.string(), z.number()]) }),
      z.object({ j: z.json() }),
    ];
    for (const schema of inexpressible) {
      const { plain, strict } = answerSchema(schema);
      assert.equal(strict, undefined, JSON.stringify(plain));
      assert.notDeepEqual(plain, {});
    }
  });

  it("may be recursive", () => {
    const Tree = z.object({
      name: z.string(),
      get children() {
        return z.array(Tree).optional();
      },
    });
    const { plain, strict } = answerSchema(Tree);
    assertStrict(strict);
    const value = { name: "a", children: [{ name: "b", children: null }] };
    assert.deepEqual(withoutNulls(value, plain), { name: "a", children: [{ name: "b" }] });
  });
});

describe("nulls written for what was left empty", () => {
  const pruned = (schema: z.ZodType, value: unknown): unknown => withoutNulls(value, answerSchema(schema).plain);

  it("are taken out, but those that mean something stay", () => {
    const schema = z.object({
      gone: z.string().optional(),
      kept: z.string().nullable(),
      both: z.string().nullish(),
      list: z.array(z.object({ x: z.number().optional() })),
    });
    assert.deepEqual(pruned(schema, { gone: null, kept: null, both: null, list: [{ x: null }, { x: 1 }] }), {
      kept: null,
      both: null,
      list: [{}, { x: 1 }],
    });
  });

  it("are taken out of the right member of a union", () => {
    const schema = z.object({
      check: z.discriminatedUnion("by", [
        z.object({ by: z.literal("a"), note: z.string().optional() }),
        z.object({ by: z.literal("b"), note: z.string().nullable() }),
      ]),
    });
    assert.deepEqual(pruned(schema, { check: { by: "a", note: null } }), { check: { by: "a" } });
    assert.deepEqual(pruned(schema, { check: { by: "b", note: null } }), { check: { by: "b", note: null } });
  });

  it("in a required place are left for zod to complain about", () => {
    assert.deepEqual(pruned(z.object({ name: z.string() }), { name: null }), { name: null });
  });
});
