// A World for trying single tools: files and search of a real folder, a shell and a person that answer what the test says.

import { fail, ok, type Result } from "../../src/agent/result.ts";
import type { Observation } from "../../src/agent/tool/observation.ts";
import { type Change, noGrant, type Tool } from "../../src/agent/tool/tool.ts";
import type { Ending, Task, World } from "../../src/agent/world.ts";
import { createSearch } from "../../src/node/search.ts";
import { memoryWorld } from "./memory-world.ts";
import { realFiles } from "./real-files.ts";

export interface ToolParts {
  readonly run?: (task: Task) => Partial<Ending>;
  readonly outputs?: ReadonlyMap<string, string>;
  readonly answer?: (question: string, options: readonly string[]) => Result<string>;
}

export async function toolWorld(folder: string, parts: ToolParts = {}): Promise<World> {
  const policy = { guard: [], workspace: [], personal: [] };
  const world = memoryWorld({ files: new Map(), ask: async () => fail("unavailable", "No model here."), policy });
  const files = await realFiles(folder);
  return {
    ...world,
    files,
    search: createSearch({ root: files.root, locate: (path) => files.locate(path), ripgrep: undefined }),
    shell: {
      ...world.shell,
      run: async (task) => ok({ ...quiet, ...parts.run?.(task) }),
      output: async (call) => {
        const output = parts.outputs?.get(call);
        return output === undefined ? fail("missing", `There is no longer output of ${call}.`) : ok(output);
      },
    },
    person: {
      ...world.person,
      answer: async (question, options) => parts.answer?.(question, options) ?? fail("unavailable", "Nobody is here."),
    },
  };
}

const quiet: Ending = {
  exit: 0,
  signal: null,
  killedBy: null,
  output: "",
  stdout: "",
  stderr: "",
  truncated: false,
  spill: null,
  ms: 0,
  sandboxed: true,
};

const never = new AbortController().signal;

/** Runs an observing tool the way the engine does, its input parsed first. */
export async function observed<Input>(tool: Tool<Input>, world: World, input: unknown): Promise<Result<Observation>> {
  if (tool.kind !== "observe") throw new Error(`${tool.name} changes files`);
  return tool.execute(world, tool.input.parse(input), never, { call: "s1.1.1.0", onOutput: () => undefined, grant: noGrant });
}

/** What a changing tool would make of the files. */
export async function changes<Input>(tool: Tool<Input>, world: World, input: unknown): Promise<Result<Change[]>> {
  if (tool.kind !== "change") throw new Error(`${tool.name} only observes`);
  return tool.change(world, tool.input.parse(input), never);
}
