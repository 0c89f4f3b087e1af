// Proviso: a run as the command line opens it, policy, catalog, secrets, fuses and working memory included; only the model and the person
// are played. Kept: its journal as it comes, which reaches the system before anything goes on and the disk a little later. In memory:
// the same run without the journal.

import { join } from "node:path";
import { drive, type Log, Run } from "../../src/agent/engine.ts";
import { defaultLimits } from "../../src/agent/event.ts";
import type { Ask, AskRequest, Message } from "../../src/agent/model/ask.ts";
import { performers } from "../../src/agent/performers.ts";
import { shippedPolicy } from "../../src/agent/policy/defaults.ts";
import { ok } from "../../src/agent/result.ts";
import { openRun } from "../../src/node/open-run.ts";
import { createRun } from "../../src/node/runs.ts";
import { openWorkspaceHome } from "../../src/node/state-home.ts";
import { answer, givenJob, type Job, lastWords, Script, type Sent } from "./job.ts";

const usage = { input: 1000, output: 20, usd: 0 };
const nowhere: Log = { append: () => Promise.resolve(), synced: () => Promise.resolve() };

const scripted =
  (job: Job, script: Script, synced: () => Promise<void>): Ask =>
  async (request) => {
    const wanted = script.reply(() => sent(request));
    await synced();
    if (wanted === undefined) return ok({ text: lastWords(job), calls: [], usage, model: "scripted", finish: "stop" });
    const { id, tool, input } = wanted;
    return ok({ text: "", calls: [{ id, tool, args: JSON.stringify(input) }], usage, model: "scripted", finish: "calls" });
  };

const sent = ({ messages, tools }: AskRequest): Sent => ({ messages: messages.map(message), tools });

const message = (one: Message): Sent["messages"][number] => ({
  role: one.role,
  text: one.text,
  ...(one.role === "assistant" && one.calls.length > 0 ? { calls: one.calls.map(({ tool, args }) => ({ tool, args })) } : {}),
});

async function play(job: Job): Promise<void> {
  const script = new Script(job);
  const workspace = join(job.folder, "workspace");
  const home = await openWorkspaceHome(join(job.folder, "kept"), workspace);
  const folder = home.ok ? await createRun(home.value, Date.now()) : home;
  if (!home.ok || !folder.ok) throw new Error("there is no place for a run");
  const current: { run?: Run } = {};
  const opened = await openRun({
    env: process.env,
    cache: join(job.folder, "cache"),
    home: home.value,
    folder: folder.value,
    person: { attended: false, decide: async () => ({ answer: "reject", why: "", unattended: true }), answer: async () => ok(answer) },
    rules: { policy: shippedPolicy, remember: async () => ok(undefined) },
    models: () => ({
      ask: scripted(job, script, async () => {
        if (job.keep === "synced") await current.run?.synced();
      }),
    }),
    watch: () => undefined,
  });
  if (!opened.ok) throw new Error(opened.fault.message);
  const { world, tools, state } = opened.value.run;
  const run = job.keep === "memory" ? new Run({ world, tools, log: nowhere, state }) : opened.value.run;
  current.run = run;
  await run.append({
    type: "run.started",
    run: folder.value.id,
    goal: job.goal,
    criteria: [],
    workspace,
    model: "scripted",
    mode: "supervised",
    limits: { ...defaultLimits, turnsPerStep: job.turns + 5, calls: job.turns + 5, tokens: 1e9 },
    briefing: { entries: [job.cites] },
  });
  const ended = await drive(run, performers, new AbortController().signal);
  await opened.value.close();
  if (ended.ended?.outcome !== "done") throw new Error(`the run ended ${ended.ended?.outcome}: ${ended.ended?.answer}`);
  const calls = Object.values(ended.steps).flatMap((step) => step.turns.flatMap((turn) => turn.calls));
  script.report(calls.filter((call) => call.ended?.outcome.ok).length);
}

const job = givenJob();
if (job !== undefined) await play(job);
