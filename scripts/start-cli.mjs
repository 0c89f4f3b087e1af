// The main job on a sample, in this terminal: copies the sample workspace to a fresh temporary folder and hands it to the command line.
// `npm run start:cli` fixes the sample's failing test; `npm run start:cli -- "GOAL" [FLAG ...]` asks for something else. Works with the
// rules engine, and so without network, key or account, whatever is configured; `npm run start:cli -- --model NAME` asks a model instead.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { copySample, isRepository } from "./sample.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const given = process.argv.slice(2);
const goal = given[0]?.startsWith("-") === false ? given[0] : "fix the failing test";
const rest = given.slice(goal === given[0] ? 1 : 0);
const flags = rest.some((flag) => flag.startsWith("--model")) ? rest : ["--model", "rules", ...rest];

const workspace = copySample();
say(`a fresh copy of the sample is in ${workspace}`);
say(`proviso run "${goal}" --workspace ${workspace}${flags.map((flag) => ` ${flag}`).join("")}\n`);
const cli = spawn(process.execPath, [join(root, "dist/cli.js"), "run", goal, "--workspace", workspace, ...flags], { stdio: "inherit" });
// The terminal sends Ctrl+C to both; the command line cancels its run and says how to go on, so it is the one to end.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => cli.kill("SIGTERM"));
cli.on("exit", (code) => {
  say(`the copy is kept in ${workspace}${isRepository(workspace) ? "; `git diff` there shows what changed" : ""}`);
  process.exitCode = code ?? 1;
});

function say(words) {
  process.stderr.write(`start: ${words}\n`);
}
