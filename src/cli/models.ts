// proviso models: what can be asked from here, in the order in which it would be; and whether it answers.

import { homedir } from "node:os";
import { duration } from "../agent/observe/amount.ts";
import { line, marked } from "../agent/observe/line.ts";
import { capabilityText } from "../node/capability-text.ts";
import { chooseModels, type ModelChoice } from "../node/choose-model.ts";
import { loadConfig } from "../node/config.ts";
import { parseArguments } from "./arguments.ts";
import { type Command, exit, type Help, type Io, jsonLine, refuse } from "./io.ts";
import { render } from "./view/render.ts";
import { styleFor } from "./view/style.ts";

export const help: Help = `proviso models [MODEL] [options]

The models a run would ask, in order, with what each takes, does and costs, as far as anyone knows; last the rules engine, which needs
no model. MODEL is a name as --model takes it.

  --test             sends each one small request and says exactly what came of it
  --json             one object per model: {name, why, for, context, tools, vision, price, test}
  --workspace DIR    accepted, and of no use here

Exit: 0; 1 where --test finds one that does not answer.
`;

export const models: Command = async (args, io, signal) => {
  const parsed = parseArguments(args, { test: "flag" }, 1);
  if (!parsed.ok) return refuse(io, parsed.fault, exit.usage);
  const { options, operands } = parsed.value;
  if (options.help) {
    io.stdout.write(help);
    return exit.done;
  }
  const config = await loadConfig(io.env, io.env["HOME"] ?? homedir());
  if (!config.ok) return refuse(io, config.fault, exit.usage);
  const [model] = operands;
  const chosen = await chooseModels(config.value, model === undefined ? {} : { model }, signal);
  if (!chosen.ok) return refuse(io, chosen.fault, exit.usage);
  const { chain, by } = chosen.value;
  const known = new Map<string, { readonly choice: ModelChoice; readonly serves: string[] }>();
  for (const [purpose, choices] of Object.entries(by))
    for (const choice of choices) (known.get(choice.name) ?? put(known, choice)).serves.push(purpose);
  for (const choice of chain)
    (known.get(choice.name) ?? put(known, choice)).serves.push(choice === chain[0] ? "all else" : "where others fail");
  let sound = true;
  for (const { choice, serves } of known.values()) {
    const told = await tell(io, { choice, serves, test: options.test, json: options.json }, signal);
    sound &&= told;
  }
  return sound ? exit.done : exit.failed;
};

function put(known: Map<string, { readonly choice: ModelChoice; readonly serves: string[] }>, choice: ModelChoice) {
  const made = { choice, serves: [] };
  known.set(choice.name, made);
  return made;
}

interface Wanted {
  readonly choice: ModelChoice;
  readonly serves: readonly string[];
  readonly test: boolean;
  readonly json: boolean;
}

/** False where the model was tested and does not answer. */
async function tell(io: Io, { choice, serves, test, json }: Wanted, signal: AbortSignal): Promise<boolean> {
  const style = styleFor(io.stdout, io.env);
  const { name, why } = choice;
  if (choice.kind === "rules") {
    if (json) io.stdout.write(jsonLine({ name, why, for: serves }));
    else
      for (const row of render([marked("run", 0, ["strong", name], ["quiet", ` · ${why}; needs no model`])], style))
        io.stdout.write(`${row}\n`);
    return true;
  }
  const [{ modelFacts }, { diagnose }] = await Promise.all([import("../node/model-facts.ts"), import("../node/diagnose.ts")]);
  const found = test ? await diagnose(choice, { env: io.env, now: () => Date.now() }, signal) : undefined;
  const capability = found?.ok
    ? { ...found.capability, tools: found.tools }
    : choice.kind === "host"
      ? choice.capability
      : (await modelFacts(choice.connection, choice.capability, signal)).capability;
  if (json) {
    io.stdout.write(jsonLine({ name, why, for: serves, ...capability, ...(found ? { test: found } : {}) }));
    return found?.ok !== false;
  }
  const lines = [
    marked("run", 0, ["strong", name], ["quiet", ` · for ${serves.join(", ")}: ${why}`]),
    line(1, capabilityText(capability)),
    ...(found === undefined
      ? []
      : found.ok
        ? [
            line(1, ["proved", `answered in ${duration(found.ms)} as ${found.answeredBy}`]),
            ...found.notes.map((note) => line(1, ["waits", note])),
          ]
        : [line(1, ["failed", found.message])]),
  ];
  for (const row of render(lines, style)) io.stdout.write(`${row}\n`);
  return found?.ok !== false;
}
