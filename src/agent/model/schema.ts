// Turns the zod schema of a structured answer into JSON schema, plain and in the strict form that providers enforce while
// the model writes: every property required (optional ones may be null), no others allowed.
// Strict mode knows only part of JSON schema; what it does not know is left to zod, which checks every answer anyway.

import * as z from "zod";

export type JsonSchema = { readonly [key: string]: unknown };

export interface AnswerSchema {
  readonly plain: JsonSchema;
  /** Undefined where strict mode cannot express it: records, tuples, free JSON, a root that is no object. */
  readonly strict: JsonSchema | undefined;
}

export function answerSchema(schema: z.ZodType): AnswerSchema {
  const { $schema: _, ...plain } = z.toJSONSchema(schema, { target: "draft-7", io: "input", unrepresentable: "any" });
  return { plain, strict: strictRoot(plain) };
}

/** Takes out the nulls a model wrote, in strict mode, for optional properties it left empty. */
export function withoutNulls(value: unknown, plain: JsonSchema): unknown {
  const visit = (one: unknown, node: JsonSchema): unknown => {
    const schema = branchFor(one, node, plain);
    if (Array.isArray(one)) return isSchema(schema["items"]) ? one.map((item) => visit(item, schema["items"] as JsonSchema)) : one;
    if (!isSchema(one)) return one;
    const properties = nodesOf(schema["properties"]);
    const required = (schema["required"] ?? []) as readonly string[];
    const rest = isSchema(schema["additionalProperties"]) ? schema["additionalProperties"] : {};
    const surplus = (key: string, item: unknown): boolean =>
      item === null && !required.includes(key) && key in properties && !admitsNull(properties[key] ?? {}, plain);
    return Object.fromEntries(
      Object.entries(one).flatMap(([key, item]) => (surplus(key, item) ? [] : [[key, visit(item, properties[key] ?? rest)]])),
    );
  };
  return visit(value, plain);
}

const isSchema = (value: unknown): value is JsonSchema => typeof value === "object" && value !== null && !Array.isArray(value);
const nodesOf = (value: unknown): Readonly<Record<string, JsonSchema>> => (isSchema(value) ? (value as Record<string, JsonSchema>) : {});
const listOf = (value: unknown): readonly JsonSchema[] | undefined => (Array.isArray(value) ? (value as JsonSchema[]) : undefined);
const alternatives = (node: JsonSchema): readonly JsonSchema[] | undefined => listOf(node["anyOf"]) ?? listOf(node["oneOf"]);

/** Thrown inside this file only. */
class Unstrict extends Error {}

function strictRoot(plain: JsonSchema): JsonSchema | undefined {
  if (plain["type"] !== "object") return undefined;
  try {
    const { definitions, ...root } = plain;
    const strictDefinitions = Object.entries(nodesOf(definitions)).map(([name, node]) => [name, strictNode(node)] as const);
    return { ...strictNode(root), ...(strictDefinitions.length > 0 ? { definitions: Object.fromEntries(strictDefinitions) } : {}) };
  } catch (error) {
    if (error instanceof Unstrict) return undefined;
    throw error;
  }
}

/** Keywords that providers refuse, each in its own way; zod still holds the answer to them. */
const ignored: ReadonlySet<string> = new Set([
  "default",
  "format",
  "minLength",
  "maxLength",
  "propertyNames",
  "additionalProperties",
  "title",
  "examples",
]);

function strictNode(node: JsonSchema): JsonSchema {
  const all = listOf(node["allOf"]);
  if (all) {
    const [only, ...more] = all;
    if (!only || more.length > 0) throw new Unstrict();
    return strictNode(only);
  }
  const choices = alternatives(node);
  if (choices) return { ...described(node), anyOf: choices.map(strictNode) };
  if (["type", "enum", "const", "$ref"].every((key) => !(key in node))) throw new Unstrict();
  const kept = Object.fromEntries(Object.entries(node).filter(([key, value]) => !ignored.has(key) && !isSafeInteger(value)));
  if (node["type"] === "array") {
    if (!isSchema(node["items"])) throw new Unstrict();
    return { ...kept, items: strictNode(node["items"]) };
  }
  if (node["type"] !== "object") return kept;
  if (isSchema(node["additionalProperties"]) || node["properties"] === undefined) throw new Unstrict();
  const required = (node["required"] ?? []) as readonly string[];
  const properties = Object.entries(nodesOf(node["properties"])).map(([key, child]) => {
    const strict = strictNode(child);
    return [key, required.includes(key) || admitsNull(strict, {}) ? strict : { anyOf: [strict, { type: "null" }] }] as const;
  });
  return { ...kept, properties: Object.fromEntries(properties), required: properties.map(([key]) => key), additionalProperties: false };
}

const described = ({ description }: JsonSchema): JsonSchema => (description === undefined ? {} : { description });
/** zod writes the bounds of safe integers for every integer. */
const isSafeInteger = (value: unknown): boolean => value === Number.MAX_SAFE_INTEGER || value === Number.MIN_SAFE_INTEGER;

function resolve(node: JsonSchema, root: JsonSchema): JsonSchema {
  const only = listOf(node["allOf"])?.[0];
  if (only) return resolve(only, root);
  const name = typeof node["$ref"] === "string" ? node["$ref"].replace("#/definitions/", "") : undefined;
  if (name === "#") return root;
  return name === undefined ? node : (nodesOf(root["definitions"])[name] ?? {});
}

function admitsNull(node: JsonSchema, root: JsonSchema): boolean {
  const schema = resolve(node, root);
  const type = schema["type"];
  if (type === "null" || (Array.isArray(type) && type.includes("null")) || schema["const"] === null) return true;
  return (alternatives(schema) ?? []).some((one) => admitsNull(one, root));
}

/** The alternative of a union that the value was meant for: the first whose constants and required keys it has. */
function branchFor(value: unknown, node: JsonSchema, root: JsonSchema): JsonSchema {
  const schema = resolve(node, root);
  const choices = alternatives(schema);
  if (!choices) return schema;
  const chosen = choices.map((one) => branchFor(value, one, root)).find((one) => isMeantFor(value, one));
  return chosen ?? schema;
}

function isMeantFor(value: unknown, schema: JsonSchema): boolean {
  if (Array.isArray(value)) return schema["type"] === "array";
  if (!isSchema(value) || schema["type"] !== "object") return false;
  const required = (schema["required"] ?? []) as readonly string[];
  const constants = Object.entries(nodesOf(schema["properties"])).filter(([, child]) => "const" in child);
  return required.every((key) => key in value) && constants.every(([key, child]) => value[key] === child["const"]);
}
