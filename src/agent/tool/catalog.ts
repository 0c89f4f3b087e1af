// The tools on offer: looked up by name, described to models as JSON schema, their arguments parsed once, here.

import * as z from "zod";
import type { ToolSpec } from "../model/ask.ts";
import { fail, ok, type Result } from "../result.ts";
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
    if (!tool) return fail("missing", `There is no tool "${name}"; there are ${this.names().join(", ")}.`);
    const parsed = tool.input.safeParse(value);
    if (!parsed.success) return fail("invalid", `The arguments of ${name} do not fit: ${z.prettifyError(parsed.error).replaceAll("\n", " ")}`);
    return ok({ tool, input: parsed.data as never });
  }

  #spec(tool: AnyTool): ToolSpec {
    const known = this.#specs.get(tool.name);
    if (known) return known;
    const { $schema: _, ...parameters } = z.toJSONSchema(tool.input, { target: "draft-7", io: "input" });
    const spec = { name: tool.name, description: tool.description, parameters };
    this.#specs.set(tool.name, spec);
    return spec;
  }
}
