// run_command: one shell line in the restricted task, and what came of it.

import * as z from "zod";
import { disturbedText } from "../disturbance.ts";
import { ok } from "../result.ts";
import type { Ending } from "../world.ts";
import { outputPrefix } from "./earlier.ts";
import type { Tool } from "./tool.ts";

const Input = z.strictObject({
  line: z.string().min(1),
  cwd: z.string().optional(),
  seconds: z.int().min(1).max(600).optional(),
  /** Asks for the network; whether it is given is decided by whoever approves the call. */
  network: z.boolean().optional(),
});

export const runCommand: Tool<z.infer<typeof Input>> = {
  kind: "observe",
  name: "run_command",
  description: "Run a shell line in the workspace, for at most 120 or the given seconds (up to 600).",
  input: Input,
  timeoutMs: 620_000,
  outputChars: 70_000,
  recovery: "ask",
  risk: ({ line, cwd = ".", network = false }) => ({
    effects: network ? ["execute", "network"] : ["execute"],
    paths: [],
    line,
    ...(cwd === "." ? {} : { cwd }),
    reversible: false,
  }),
  async preview(world, { line, cwd = "." }) {
    const place = await world.files.locate(cwd);
    return place.ok ? ok({ kind: "command", line, cwd: place.value.shown }) : place;
  },
  async execute(world, { line, cwd = ".", seconds = 120 }, signal, context) {
    const place = await world.files.locate(cwd);
    if (!place.ok) return place;
    const task = {
      call: context.call,
      line,
      cwd: place.value.real,
      timeoutMs: seconds * 1000,
      ...context.grant,
      onOutput: (chunk: string) => context.onOutput(chunk),
    };
    const ending = await world.shell.run(task, signal);
    if (!ending.ok) return ending;
    const { exit, sandboxed, truncated, killedBy, output, outsideHelps = false, audit = [] } = ending.value;
    const more = { ...(outsideHelps ? { outsideHelps } : {}), ...(audit.length > 0 ? { disturbed: audit.map(({ path }) => path) } : {}) };
    return ok({
      text: endingText(ending.value, { call: context.call, seconds, outside: context.grant.outside }),
      data: { exit, sandboxed, truncated, killedBy, digest: world.digest(output), ...more },
      trust: "workspace",
    });
  },
};

function endingText(
  ending: Ending,
  { call, seconds, outside }: { readonly call: string; readonly seconds: number; readonly outside: boolean },
): string {
  const { killedBy, exit, signal, output, truncated, spill, hint, audit } = ending;
  const how = killedBy === "timeout" ? `stopped after ${seconds} s` : killedBy ? `stopped: ${killedBy}` : `exit ${exit ?? signal}`;
  const whole = truncated && spill ? [`[shortened; the whole output: read_file ${outputPrefix}${call}]`] : [];
  const once = outside ? ["[ran outside the sandbox, this once]"] : [];
  const said = output.trim() === "" ? "(no output)" : output.trimEnd();
  return [how, ...once, said, ...whole, ...(hint ? [hint] : []), ...disturbedText(audit)].join("\n");
}
