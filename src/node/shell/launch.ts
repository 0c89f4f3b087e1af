// How to start one command: the program, its arguments and what it is fed. Two makers exist: the plain one here, and the
// sandbox's. Both speak the same protocol to the runner: descriptor 3 carries JSON lines ("child-pid", "exit-code"),
// descriptor 4 one byte once everything that confines the command stands; what is fed follows from descriptor 5.

import { existsSync } from "node:fs";
import { type Limits, limitWords } from "./limits.ts";

export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly feeds: readonly Uint8Array[];
  readonly sandboxed: boolean;
}

/** A shell line and what it finds in "$@": nothing in there is ever parsed. */
export interface Script {
  readonly line: string;
  readonly words?: readonly string[] | undefined;
}

/** The system's bash, else its plain shell. */
export function findShell(): string {
  const candidates = ["/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash", "/run/current-system/sw/bin/bash"];
  return candidates.find((path) => existsSync(path)) ?? "/bin/sh";
}

/** Options that keep a shell from reading anybody's start-up files. */
export function bareOptions(shell: string): readonly string[] {
  return shell.endsWith("/bash") ? ["--norc", "--noprofile"] : [];
}

/**
 * A line without a sandbox. A supervisor stands between us and the line: what the line does to its parent does not reach
 * us, descriptors our host leaked are closed, and when we die the line's process group dies with us.
 */
export function plainLaunch(
  { line, words = [] }: Script,
  place: { readonly shell: string; readonly cwd: string; readonly env: Readonly<Record<string, string>> },
  limits: Limits,
): Launch {
  const supervisor = [...bareOptions(place.shell), "-c", supervise, "proviso", place.shell, limitWords(limits, "session"), line, ...words];
  const bound = existsSync(setpriv);
  return {
    file: bound ? setpriv : place.shell,
    args: bound ? ["--pdeathsig", "TERM", place.shell, ...supervisor] : supervisor,
    env: place.env,
    cwd: place.cwd,
    feeds: [],
    sandboxed: false,
  };
}

const setpriv = "/usr/bin/setpriv";

/** Runs the line "$3" in the shell "$1", with the words after it as its own. */
export const runScript = `s=$1 l=$3; shift 3; exec "$s" -c "$l" "$s" "$@"`;

/** Closes the descriptors above 4 that our host leaked. Only bash can name those above 9. */
export const closeLeaked = `if [ -n "$BASH_VERSION" ]; then
  for f in /dev/fd/*; do n=\${f##*/}; case $n in [0-4]|"*") ;; *) eval "exec $n>&-";; esac; done
fi`;

// The line is a job of its own: own process group, signals at their defaults. Job control is off again before waiting,
// so that a stopped job does not end the wait. What the shell has to say of the job is not heard. On its parent's death the kernel sends TERM.
// It says that it stands before the line starts: the line may kill it at once.
const supervise = `${closeLeaked}
printf + >&4
exec 4>&-
exec 5>&2 2>/dev/null
set -m
{ eval "$2"; ${runScript}; } 3>&- 2>&5 5>&- &
job=$!
set +m
trap 'kill -KILL -$job' TERM
exec 1>&- 5>&-
printf '{"child-pid": %d}\\n' $job >&3
wait $job
status=$?
printf '{"exit-code": %d}\\n' $status >&3
exit $status`;
