// A process that holds a lock or writes a journal until it is killed: `journal-writer-main hold LOCK` or `journal-writer-main write JOURNAL`.
// Says on stdout what it has achieved, one line each; ends when its stdin does.

import { writeSync } from "node:fs";
import { openJournal } from "../../src/node/journal.ts";
import { takeLock } from "../../src/node/lock.ts";
import { countFormat } from "./count-format.ts";

const [mode, path = ""] = process.argv.slice(2);
const say = (line: string): void => void writeSync(1, `${line}\n`);
const leave = new Promise<void>((resolve) => process.stdin.on("end", resolve).resume());

if (mode === "hold") {
  const lock = await takeLock(path, "the thing");
  say(lock.ok ? "held" : lock.fault.message);
  await leave;
  if (lock.ok) await lock.value.release();
} else {
  const opened = await openJournal(path, countFormat);
  if (!opened.ok) throw new Error(opened.fault.message);
  let left = false;
  void leave.then(() => (left = true));
  for (let n = opened.value.events.length + 1; !left; n++) {
    await opened.value.journal.append({ v: 2, n, text: "…".repeat(n % 400) });
    say(String(n));
  }
  await opened.value.journal.close();
}
