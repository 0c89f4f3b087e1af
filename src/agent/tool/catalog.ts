// The tools on offer: looked up by name, described to models as JSON schema, their arguments parsed once, here.

import * as z from "zod";
import { similarity } from "../edit/similar.ts";
import type { ToolSpec } from "../model/ask.ts";
import { fail, ok, type Result } from "../result.ts";
import { leanSchema } from "./schema.ts";
import type { AnyTool } from "./tool.ts";

export interface Parsed {
  readonly tool: AnyTool;
  readonly input: never;
}

export class Catalog {
  readonly #tools: ReadonlyMap<string, AnyTool>;
  readonly #specs = new Map<string, ToolSpec>();

  constructor(tools: readonly AnyTool[]) {
    this.#tools = new Map(tools.map((tool) => [tool.name, tool]));
  }

  find(name: string): AnyTool | undefined {
    return this.#tools.get(name);
  }

  names(): readonly string[] {
    return [...this.#tools.keys()];
  }

  /** What a model is told of the named tools, in the catalog's order; names it does not have are left out. */
  specs(names: readonly string[] | "all"): readonly ToolSpec[] {
    return [...this.#tools.values()].filter((tool) => names === "all" || names.includes(tool.name)).map((tool) => this.#spec(tool));
  }

  /** Parses what a model sent. The fault tells it what to send instead. */
  parseArgs(name: string, args: string): Result<Parsed> {
    let value: unknown;
    try {
      value = JSON.parse(args.trim() === "" ? "{}" : args);
    } catch (error) {
      return fail("invalid", `The arguments of ${name} are not JSON (${(error as Error).message}); send one JSON object.`);
    }
    return this.parseInput(name, value);
  }

  parseInput(name: string, value: unknown): Result<Parsed> {
    const tool = this.#tools.get(name);
    if (!tool)
      return fail("missing", `There is no tool ${JSON.stringify(name)}; ${this.#suggest(name)}there are ${this.names().join(", ")}.`);
    const parsed = tool.input.safeParse(value);
    if (parsed.success) return ok({ tool, input: parsed.data as never });
    const opened = tool.input.safeParse(loosen(value));
    if (opened.success) return ok({ tool, input: opened.data as never });
    const takes = JSON.stringify(this.#spec(tool).parameters["properties"]);
    return fail(
      "invalid",
      `The arguments of ${name} do not fit: ${z.prettifyError(parsed.error).replaceAll("\n", " ")}. It takes ${takes}.`,
    );
  }

  #suggest(name: string): string {
    const known = this.names().map((each) => ({ each, alike: similarity(each, name.toLowerCase()) }));
    const best = known.sort((a, b) => b.alike - a.alike)[0];
    return best && best.alike >= 0.5 ? `${best.each} may be meant; ` : "";
  }

  #spec(tool: AnyTool): ToolSpec {
    const known = this.#specs.get(tool.name);
    if (known) return known;
    const spec = { name: tool.name, description: tool.description, parameters: leanSchema(tool.input) };
    this.#specs.set(tool.name, spec);
    return spec;
  }
}

/**
 * Models at times send a list, a number or a flag as a string that holds it, and null for what they leave out. Tried only after the
 * arguments did not fit as they were.
 */
function loosen(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const given = Object.entries(withoutNulls(value) as object);
  return Object.fromEntries(given.map(([key, inner]: [string, unknown]) => [key, typeof inner === "string" ? open(inner) : inner]));
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]: [string, unknown]) => (inner === null ? [] : [[key, withoutNulls(inner)]])),
  );
}

function open(text: string): unknown {
  if (!/^\s*(?:[[{]|-?\d|true|false)/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
