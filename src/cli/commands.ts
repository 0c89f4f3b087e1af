// The subcommands: what each is for, and where it lives. Each is loaded when it is called, so that none pays for another.

import { type Command, exit, type Help, type Io, refuse } from "./io.ts";

interface Entry {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

const commands: Readonly<Record<string, Entry>> = {
  run: { summary: "one goal, from plan to proof", load: async () => (await import("./run.ts")).run },
  resume: { summary: "go on with a run that stopped or was cut off", load: async () => (await import("./resume.ts")).resume },
  runs: { summary: "the runs of a workspace", load: async () => (await import("./runs.ts")).runs },
  show: { summary: "tell a run: transcript, timeline, trace, audit, fuses", load: async () => (await import("./show.ts")).show },
  checkpoints: { summary: "the points a run can be put back to", load: async () => (await import("./checkpoints.ts")).checkpoints },
  restore: { summary: "files, conversation or both as they were at a point", load: async () => (await import("./restore.ts")).restore },
  fork: { summary: "go on from any event of a run as a new run", load: async () => (await import("./fork.ts")).fork },
  export: { summary: "a run as one file, to keep or to carry elsewhere", load: async () => (await import("./export.ts")).exportRun },
  import: { summary: "take in a run that was exported", load: async () => (await import("./import.ts")).importRun },
  storage: { summary: "what is kept of runs, and what goes when", load: async () => (await import("./storage.ts")).storage },
  replay: { summary: "fold a run's journal again and verify its ending", load: async () => (await import("./replay.ts")).replay },
  cost: { summary: "what models cost, of a run or of a day", load: async () => (await import("./cost.ts")).cost },
  models: { summary: "the models a run would ask, and whether they answer", load: async () => (await import("./models.ts")).models },
  exec: { summary: "one command in the sandbox, judged first", load: async () => (await import("./exec.ts")).exec },
  policy: {
    summary: "what the rules say about a call, and whether they keep their examples",
    load: async () => (await import("./policy.ts")).policy,
  },
  audit: { summary: "verify the chain of the journals, or export who did what", load: async () => (await import("./audit.ts")).audit },
  edit: { summary: "apply search/replace blocks or a patch", load: async () => (await import("./edit.ts")).edit },
};

/** Promised by the contract of the command line, and not there yet. */
const unbuilt = ["investigate", "index", "memory", "eval"] as const;

/** Runs the subcommand that the words name, and answers its exit code. */
export async function dispatch(words: readonly string[], io: Io, signal: AbortSignal): Promise<number> {
  const [name, ...args] = words;
  if (name === undefined) {
    io.stderr.write(overview);
    return exit.usage;
  }
  if (name === "--version" || name === "-v" || name === "version") {
    const { version } = await import("./version.ts");
    io.stdout.write(`${version}\n`);
    return exit.done;
  }
  if (name === "--help" || name === "-h" || name === "help") {
    const about = args[0];
    if (about !== undefined) return dispatch([about, "--help"], io, signal);
    io.stdout.write(overview);
    return exit.done;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry) return (await entry.load())(args, io, signal);
  if (unbuilt.some((one) => one === name))
    return refuse(io, { message: `"${name}" is not built yet; proviso --help lists what is.` }, exit.usage);
  return refuse(
    io,
    {
      message: name.startsWith("-")
        ? `There is no option ${name} before a command; proviso --help lists the commands.`
        : `There is no command "${name}"; proviso --help lists them.`,
    },
    exit.usage,
  );
}

const overview: Help = `proviso COMMAND [options]

A coding agent that plans first, acts only under rules you can read, and calls nothing done until a check has proved it.

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(11)} ${summary}`)
  .join("\n")}

Every command takes --json (lines of JSON on stdout), --workspace DIR and --help.
Models: OPENAI_API_KEY, OPENAI_BASE_URL, PROVISO_MODEL or ~/.config/proviso/config.json; with none, a model server on this machine,
else the rules engine, which needs no model.
`;
