// `proviso audit verify|export`: whether the journals are what was written, and what they say of who did what.

import { exit, type Command, type Help, refuse } from "./io.ts";

export const help: Help = `proviso audit verify [RUN] [--head DIGEST]
proviso audit export [RUN] [--format json|csv]

Every line of a journal carries the SHA-256 of the line before it, and the first line that of a line of the run before.

verify   finds lines that were changed, dropped, added or moved, and names the first bad one; without RUN, in all runs of the workspace.
         It tells where each run ends: keep that digest elsewhere, and --head says later whether the run still has that line.
export   every decision, question, answer and effect: who asked, which rule decided, who approved, the digest of what was shown, what
         happened, exit codes, digests of files before and after; without RUN, of all runs.
         Secrets in outputs are redacted; what models and people wrote stands as it was written.

  --format WORD      json (default, one array) or csv
  --json             lines of JSON: one object per run, or one per entry
  --workspace DIR    of which workspace (default: here)

Exit: 0; 1 where something does not verify or there is no such run, after what can be trusted was told.
`;

export const audit: Command = async (args, io, signal) => {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h") {
    (name === undefined ? io.stderr : io.stdout).write(help);
    return name === undefined ? exit.usage : exit.done;
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    io.stdout.write(help);
    return exit.done;
  }
  switch (name) {
    case "verify":
      return (await import("./audit/verify.ts")).verify(rest, io, signal);
    case "export":
      return (await import("./audit/export.ts")).exportAudit(rest, io, signal);
    default:
      return refuse(io, { message: `There is no "audit ${name}"; there are verify and export.` }, exit.usage);
  }
};
