// A shell whose output has no secrets in it: what is told at the end, what is read again later, and what is shown while it runs.

import { ok } from "../../agent/result.ts";
import type { Ending, Secrets, Shell, Task } from "../../agent/world.ts";

export function withoutSecrets(shell: Shell, secrets: Secrets): Shell {
  return {
    get sandbox() {
      return shell.sandbox;
    },
    reap: (call) => shell.reap(call),
    listens: (where, signal) => shell.listens(where, signal),
    async run({ onOutput, ...task }, signal) {
      const live = onOutput && liveOutput(onOutput, secrets);
      try {
        const ending = await shell.run(live ? { ...task, onOutput: live.push } : task, signal);
        return ending.ok ? ok(await cleanEnding(ending.value, secrets)) : ending;
      } finally {
        await live?.end();
      }
    },
    async output(call, signal) {
      const output = await shell.output(call, signal);
      return output.ok ? ok(await secrets.redact(output.value)) : output;
    },
    async trial(request, signal) {
      const outcomes = await shell.trial(request, signal);
      return outcomes.ok
        ? ok(await Promise.all(outcomes.value.map(async (one) => ({ ...one, output: await secrets.redact(one.output) }))))
        : outcomes;
    },
  };
}

async function cleanEnding(ending: Ending, secrets: Secrets): Promise<Ending> {
  const [output, stdout, stderr] = await Promise.all([ending.output, ending.stdout, ending.stderr].map((text) => secrets.redact(text)));
  return { ...ending, output: output ?? "", stdout: stdout ?? "", stderr: stderr ?? "" };
}

/** A line is shown once it is whole, and a key of several lines once its end has come: before that nobody knows what it is. */
const longestHeld = 64 * 1024;

/** Passes on what a command prints, in order, as whole lines. */
export function liveOutput(
  show: NonNullable<Task["onOutput"]>,
  secrets: Secrets,
): { readonly push: NonNullable<Task["onOutput"]>; readonly end: () => Promise<void> } {
  const held = { stdout: "", stderr: "" };
  let shown: Promise<void> = Promise.resolve();
  const pass = (text: string, stream: "stdout" | "stderr"): void => {
    if (text === "") return;
    shown = shown.then(async () => show(await secrets.redact(text), stream));
  };
  return {
    push(chunk, stream) {
      const text = held[stream] + chunk;
      const cut = text.length > longestHeld ? text.length : wholeLines(text);
      held[stream] = text.slice(cut);
      pass(text.slice(0, cut), stream);
    },
    async end() {
      for (const stream of ["stdout", "stderr"] as const) pass(held[stream], stream);
      await shown;
    },
  };
}

/** Where the last whole line ends that does not lie in a key which has begun. */
function wholeLines(text: string): number {
  const end = text.lastIndexOf("\n") + 1;
  const begun = text.lastIndexOf("-----BEGIN ");
  return begun !== -1 && begun < end && !text.includes("-----END ", begun) ? text.lastIndexOf("\n", begun) + 1 : end;
}
