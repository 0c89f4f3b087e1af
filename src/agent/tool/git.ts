// git: the verbs of everyday work, each with its own fields and with options of our own choosing. No verb here throws work away, rewrites
// history or reaches the network. Reading ones are risked as reading; the others as the command they amount to, and on the paths they name.

import * as z from "zod";
import { assertNever, fail, ok, type Result } from "../result.ts";
import type { GitSaid } from "../git.ts";
import type { World } from "../world.ts";
import { literal, runGit, secretsOut } from "./git-words.ts";
import type { Observation } from "./observation.ts";
import type { Risk } from "./risk.ts";
import type { CallContext, Tool } from "./tool.ts";

/** A commit, branch or range by name; never an option, never a path inside a commit. */
const Revision = z.string().regex(/^(?!-)[\w./@^~{}+-]+$/, "is not the name of a commit, branch or range");
const Branch = z.string().regex(/^(?!-)(?!.*\.\.)[\w./+-]+$/, "is not the name of a branch");
const Paths = z.array(z.string().min(1)).min(1).max(200);

const GitInput = z.discriminatedUnion("verb", [
  z.strictObject({ verb: z.literal("status") }),
  z.strictObject({ verb: z.literal("diff"), staged: z.boolean().optional(), from: Revision.optional(), paths: Paths.optional() }),
  z.strictObject({ verb: z.literal("log"), from: Revision.optional(), paths: Paths.optional() }),
  z.strictObject({ verb: z.literal("add"), paths: Paths }),
  z.strictObject({ verb: z.literal("commit"), message: z.string().min(1).max(20_000), paths: Paths.optional() }),
  z.strictObject({ verb: z.literal("branch"), name: Branch.optional(), from: Revision.optional() }),
  z.strictObject({ verb: z.literal("switch"), name: Branch, create: z.boolean().optional() }),
]);
type GitInput = z.infer<typeof GitInput>;

/** One flat object for models, many of which are told of no unions; what comes is then held against its verb. */
const Flat = z.strictObject({
  verb: z.enum(["status", "diff", "log", "add", "commit", "branch", "switch"]),
  paths: z.array(z.string()).optional(),
  message: z.string().optional(),
  name: z.string().optional(),
  from: z.string().optional(),
  staged: z.boolean().optional(),
  create: z.boolean().optional(),
});

export const git: Tool<GitInput> = {
  kind: "observe",
  name: "git",
  description: "Look at or record changes. commit takes what is staged, or only paths; from is a revision.",
  input: Flat.pipe(GitInput),
  timeoutMs: 120_000,
  outputChars: 30_000,
  undo: "Nothing is lost: files stay as they are, and earlier commits and branches stay in the repository.",
  recovery: (input) => (isReading(input) ? "rerun" : "ask"),
  title: (input) => titleOf(input),
  risk: riskOf,
  async preview(_world, input) {
    return ok({ kind: "text", text: previewOf(input) });
  },
  async execute(world, input, signal, context) {
    const filtered = await filteredFiles(world, input, context, signal);
    if (!filtered.ok) return filtered;
    return perform(world, input, context, signal);
  },
};

const isReading = (input: GitInput): boolean =>
  input.verb === "status" || input.verb === "diff" || input.verb === "log" || (input.verb === "branch" && input.name === undefined);

function riskOf(input: GitInput): Risk {
  const paths = "paths" in input ? [...(input.paths ?? [])] : [];
  if (isReading(input)) return { effects: ["read"], paths: paths.length > 0 ? paths : ["."], reversible: true };
  return { effects: ["write"], paths, words: ["git", ...wordsOf(input)], reversible: true };
}

/** What a person would have typed, without the paths, which are judged as such. */
function wordsOf(input: GitInput): readonly string[] {
  if (input.verb === "switch") return input.create ? ["switch", "-c", input.name] : ["switch", input.name];
  if (input.verb === "branch") return ["branch", ...(input.name === undefined ? [] : [input.name])];
  return [input.verb];
}

function titleOf(input: GitInput): string {
  const files = (paths: readonly string[]): string => (paths.length === 1 ? (paths[0] ?? "") : `${paths.length} paths`);
  switch (input.verb) {
    case "add":
      return `Stage ${files(input.paths)}?`;
    case "commit":
      return input.paths ? `Commit ${files(input.paths)}?` : "Commit what is staged?";
    case "branch":
      return input.name === undefined ? "List branches?" : `Create branch ${input.name}?`;
    case "switch":
      return input.create ? `Create branch ${input.name} and switch to it?` : `Switch to ${input.name}?`;
    default:
      return `git ${input.verb}?`;
  }
}

function previewOf(input: GitInput): string {
  const paths = "paths" in input && input.paths ? `\n${input.paths.join("\n")}` : "";
  const message = input.verb === "commit" ? `\n\n${input.message}` : "";
  const from = "from" in input && input.from !== undefined ? ` ${input.from}` : "";
  const quiet = isReading(input) ? "" : "\n\nHooks, filters and signing of the repository do not run.";
  return `git ${[...wordsOf(input)].join(" ")}${from}${paths}${message}${quiet}`;
}

async function perform(world: World, input: GitInput, context: CallContext, signal: AbortSignal): Promise<Result<Observation>> {
  const look = (...args: readonly string[]): Promise<Result<GitSaid>> =>
    runGit(world, { call: context.call, args, access: "read" }, signal);
  const write = (args: readonly string[], message?: string): Promise<Result<GitSaid>> =>
    runGit(world, { call: context.call, args, access: "write", ...(message === undefined ? {} : { message }) }, signal);
  switch (input.verb) {
    case "status":
      return told(await look("status", "--short", "--branch", "--ignore-submodules=dirty", "--no-renames", "--", "."), "clean");
    case "diff": {
      const { staged = false, from, paths } = input;
      const options = ["--no-ext-diff", "--no-textconv", "--ignore-submodules=dirty", ...(staged ? ["--cached"] : [])];
      const what = paths ? paths.map(literal) : [".", ...secretsOut];
      return told(await look("diff", ...options, ...(from === undefined ? [] : [from]), "--", ...what), "no differences", context.call);
    }
    case "log": {
      const { from, paths = ["."] } = input;
      const shape = ["--no-color", "--no-show-signature", "--date=short", "--format=%h %ad %an%d%n  %s", "-n", "20"];
      return told(await look("log", ...shape, ...(from === undefined ? [] : [from]), "--", ...paths.map(literal)), "no commits");
    }
    case "add": {
      const added = await write(["add", "--all", "--", ...input.paths.map(literal)]);
      if (!added.ok) return added;
      return told(
        await look("status", "--short", "--ignore-submodules=dirty", "--no-renames", "--", ...input.paths.map(literal)),
        "nothing to stage",
      );
    }
    case "commit":
      return commit(input, { look, write });
    case "branch":
      return input.name === undefined
        ? told(
            await look("branch", "--list", "--format=%(if)%(HEAD)%(then)* %(else)  %(end)%(refname:short)  %(contents:subject)"),
            "no branches",
          )
        : told(
            await write(["branch", "--no-track", input.name, ...(input.from === undefined ? [] : [input.from])]),
            `created ${input.name}`,
          );
    case "switch": {
      const create = input.create ? ["--no-track", "--create"] : ["--no-guess"];
      const switched = await write(["switch", "--quiet", "--no-recurse-submodules", ...create, input.name]);
      return told(switched, `on ${input.name}`);
    }
    default:
      return assertNever(input);
  }
}

interface Hands {
  readonly look: (...args: readonly string[]) => Promise<Result<GitSaid>>;
  readonly write: (args: readonly string[], message?: string) => Promise<Result<GitSaid>>;
}

/** With paths just those, whatever else is staged; files git does not know yet are taken in. */
async function commit({ message, paths }: Extract<GitInput, { verb: "commit" }>, { look, write }: Hands): Promise<Result<Observation>> {
  const specs = paths?.map(literal) ?? [];
  if (specs.length > 0) {
    const added = await write(["add", "--all", "--", ...specs]);
    if (!added.ok) return added;
  }
  const only = specs.length > 0 ? ["--only", "--", ...specs] : [];
  const done = await write(
    ["commit", "--quiet", "--no-verify", "--no-gpg-sign", "--no-status", "--cleanup=whitespace", "--file=-", ...only],
    message,
  );
  if (!done.ok) return done;
  const told = await look("show", "--no-patch", "--no-show-signature", "--format=%h %s", "HEAD");
  const files = await look("diff-tree", "--no-commit-id", "--name-status", "--no-renames", "--root", "-r", "HEAD");
  if (!told.ok) return told;
  const list = files.ok ? files.value.out.trim() : "";
  const unsigned = done.value.unsigned ? "\n[not signed: this tool runs no signing program]" : "";
  return ok({ text: `committed ${told.value.out.trim()}\n${list}${unsigned}`, trust: "workspace" });
}

/** Files whose content a program of the repository's choosing would turn into something else: they cannot be written without it. */
async function filteredFiles(world: World, input: GitInput, context: CallContext, signal: AbortSignal): Promise<Result<void>> {
  const paths = input.verb === "switch" ? ["."] : input.verb === "add" || input.verb === "commit" ? (input.paths ?? []) : [];
  if (paths.length === 0) return ok(undefined);
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "--", ...paths.map(literal), ":(exclude,attr:!filter)"];
  const said = await runGit(world, { call: context.call, args, access: "read" }, signal);
  if (!said.ok) return said;
  const [first] = said.value.out.split("\n").filter((line) => line !== "");
  return first === undefined
    ? ok(undefined)
    : fail(
        "unavailable",
        `${first} goes through a filter (.gitattributes, as with Git LFS), which this tool does not run; the person can do this in a terminal.`,
      );
}

function told(said: Result<GitSaid>, empty: string, call?: string): Result<Observation> {
  if (!said.ok) return said;
  const { out, truncated } = said.value;
  const whole = truncated && call !== undefined ? `\n[shortened; name paths, or read_file output:${call}]` : "";
  const text = out.trimEnd();
  return ok({ text: text === "" ? empty : `${text}${whole}`, trust: "workspace" });
}
