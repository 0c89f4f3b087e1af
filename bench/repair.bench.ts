// How many small buggy programs the rules engine mends, how right it is, and how long it takes:
// `node dist/bench/repair.bench.js [FOLDER [NAME…]]`; the project's own fixtures where no folder is given. REPAIR_SECONDS sets the time for
// trials (120).

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judgeRepair, layOut, readTasks, runsClean } from "../test/support/repair-task.ts";
import { playRules } from "../test/support/rules-play.ts";

const [folder = "test/fixtures/repair", ...names] = process.argv.slice(2);
const tasks = readTasks(folder).filter((task) => names.length === 0 || names.some((name) => task.name.includes(name)));
const trialSeconds = Number(process.env["REPAIR_SECONDS"] ?? 120);
const counts = { solved: 0, right: 0, wrong: 0 };
const started = Date.now();

for (const task of tasks) {
  const workspace = mkdtempSync(join(tmpdir(), "proviso-repair-"));
  try {
    layOut(task, workspace);
    if (await runsClean(task.line, workspace)) {
      process.stdout.write(`${task.name.padEnd(24)} the tests pass before anything is changed\n`);
      continue;
    }
    const played = await playRules({ workspace, goal: "fix the failing test", line: task.line, trialSeconds });
    const { solved, right } = await judgeRepair(task, workspace);
    if (solved) counts.solved++;
    if (solved && right !== false) counts.right++;
    if (solved && right === false) counts.wrong++;
    const tried = played.calls
      .filter((call) => call.tool === "try_edits")
      .map((call) => /^Tried (\d+) of (\d+)/.exec(call.text)?.slice(1).join("/") ?? "-");
    const verdict = solved ? (right === false ? "WRONG" : "ok") : "no";
    process.stdout.write(
      `${task.name.padEnd(24)} ${verdict.padEnd(6)} ${(played.ms / 1000).toFixed(1).padStart(6)} s  tried ${tried.join(", ")}  ${(played.fault?.message ?? played.text).split(". ")[0]?.slice(0, 200) ?? ""}\n`,
    );
    if (process.env["REPAIR_LOG"]) writeFileSync(join(process.env["REPAIR_LOG"], `${task.name}.json`), JSON.stringify(played, null, 1));
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}
process.stdout.write(
  `${counts.solved} of ${tasks.length} solved, ${counts.right} of them right by tests not shown, ${counts.wrong} wrong; ${((Date.now() - started) / 60_000).toFixed(1)} minutes\n`,
);
