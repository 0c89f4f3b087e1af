// OpenAI Agents JS: an agent in its runner, tracing off.
// Kept: its RunState written out as a whole before each question to the model. That is its own and only form of a run that can be taken up
// again; it is meant for pauses, so nothing in it grows by appending.

import { Agent, RunContext, Runner, RunState, tool, Usage } from "@openai/agents";
import { givenJob, lastWords, Script } from "./job.ts";
import { Shelf, Tools } from "./outfit.ts";

const scripted = (job, script, keep) => ({
  async getResponse({ systemInstructions, input, tools }) {
    const wanted = script.reply(() => ({
      messages: [{ role: "system", text: systemInstructions }, ...input.map(sent)],
      tools: tools.map(({ name, description, parameters }) => ({ name, description, parameters })),
    }));
    await keep();
    const output =
      wanted === undefined
        ? [{ type: "message", role: "assistant", status: "completed", content: [{ type: "output_text", text: lastWords(job) }] }]
        : [{ type: "function_call", callId: wanted.id, name: wanted.tool, arguments: JSON.stringify(wanted.input), status: "completed" }];
    return { usage: new Usage({ requests: 1, inputTokens: 1000, outputTokens: 20, totalTokens: 1020 }), output };
  },
  getStreamedResponse() {
    throw new Error("this job does not stream");
  },
});

function sent(item) {
  if (item.type === "function_call") return { role: "assistant", text: "", calls: [{ tool: item.name, args: item.arguments }] };
  if (item.type === "function_call_result") return { role: "tool", text: typeof item.output === "string" ? item.output : item.output.text };
  const { role, content } = item;
  return { role, text: typeof content === "string" ? content : content.map(({ text }) => text).join("") };
}

async function run(job) {
  const script = new Script(job);
  const own = new Tools(job);
  const shelf = new Shelf(job, "openai-agents.json");
  const keep = async () => {
    if (job.keep !== "memory") await shelf.replace(state.toString());
  };
  const agent = new Agent({
    name: "bench",
    instructions: job.instructions,
    model: scripted(job, script, keep),
    tools: job.tools.map(({ name, description, parameters }) =>
      tool({ name, description, parameters, strict: false, execute: (input) => own.use(name, input) }),
    ),
  });
  const turns = job.turns + 2;
  const state = new RunState(new RunContext(), job.goal, agent, turns);
  await new Runner({ tracingDisabled: true }).run(agent, state, { maxTurns: turns });
  script.report(own.used);
}

const job = givenJob();
if (job !== undefined) await run(job);
