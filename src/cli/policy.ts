// `proviso policy check|explain|test|list|stats|revoke`: what the rules say about a call, whether they keep their own examples, which
// are in force, what they decided, and taking one back.

import { exit, type Command, type Help, refuse } from "./io.ts";

export const help: Help = `proviso policy check [--tool NAME --args JSON | --line SHELL | --stdin]
proviso policy explain [the same]
proviso policy test [FILE]
proviso policy list
proviso policy stats
proviso policy revoke RULE

check    judges calls: {verdict, list, rule, reason, risk, parts}. --stdin reads JSON Lines {line} or {tool, args}, with an id, a cwd,
         a mode or a role if you like, and answers each with one line of JSON, in order.
explain  tells what every list of rules says about a call.
test     runs the rules' own examples: of FILE, or of all rules in force. Exit code 1 where one does not hold.
list     every rule in force: list, verdict, how many calls of this workspace's runs it decided, where it was written, and whether
         a rule before it leaves it nothing to decide.
stats    what was decided in this workspace's runs: let pass, asked, denied, approved, rejected, timed out, the median wait.
revoke   takes a rule out of your own file.

  --line SHELL       a shell line, as run_command would be given it
  --tool NAME        a tool, with its arguments as --args JSON
  --cwd DIR          where the line runs; default: the workspace
  --mode WORD        read-only, supervised or autonomous; default: supervised
  --role WORD        planner, researcher, coder, tester or reviewer; default: nobody's ceiling
  --tainted          as if foreign text were in the context
  --sandbox WORD     on or off; default: whether this machine can confine commands
  --json             JSON Lines on stdout
  --workspace DIR    default: the current folder`;

export const policy: Command = async (args, io, signal) => {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h") {
    (name === undefined ? io.stderr : io.stdout).write(`${help}\n`);
    return name === undefined ? exit.usage : exit.done;
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    io.stdout.write(`${help}\n`);
    return exit.done;
  }
  switch (name) {
    case "check":
      return (await import("./policy/check.ts")).check(rest, io, signal);
    case "explain":
      return (await import("./policy/explain.ts")).explainCalls(rest, io, signal);
    case "test":
      return (await import("./policy/examples.ts")).testRules(rest, io, signal);
    case "list":
      return (await import("./policy/ledger.ts")).listRules(rest, io, signal);
    case "stats":
      return (await import("./policy/ledger.ts")).showStatistics(rest, io, signal);
    case "revoke":
      return (await import("./policy/ledger.ts")).revokeRule(rest, io, signal);
    default:
      return refuse(io, { message: `There is no "policy ${name}"; there are check, explain, test, list, stats and revoke.` }, exit.usage);
  }
};
