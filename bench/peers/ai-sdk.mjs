// Vercel AI SDK: generateText, which asks and calls tools until the model is done.
// It has no checkpoints of its own. Kept: the messages of each step, appended by hand to a file as they come, which is the least that would do.

import { generateText, jsonSchema, stepCountIs, tool } from "ai";
import { givenJob, lastWords, Script } from "./job.ts";
import { Shelf, Tools } from "./outfit.ts";

const usage = {
  inputTokens: { total: 1000, noCache: 1000, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 20, text: 20, reasoning: 0 },
};

const scripted = (job, script) => ({
  specificationVersion: "v3",
  provider: "scripted",
  modelId: "scripted",
  supportedUrls: {},
  async doGenerate({ prompt, tools = [] }) {
    const wanted = script.reply(() => ({
      messages: prompt.flatMap(sent),
      tools: tools.map(({ name, description, inputSchema }) => ({ name, description, parameters: inputSchema })),
    }));
    const content =
      wanted === undefined
        ? [{ type: "text", text: lastWords(job) }]
        : [{ type: "tool-call", toolCallId: wanted.id, toolName: wanted.tool, input: JSON.stringify(wanted.input) }];
    const reason = wanted === undefined ? "stop" : "tool-calls";
    return { content, finishReason: { unified: reason, raw: reason }, usage, warnings: [] };
  },
});

function sent({ role, content }) {
  if (role === "system") return [{ role, text: content }];
  if (role === "tool") return content.map(({ output }) => ({ role, text: output.value }));
  const calls = content
    .filter(({ type }) => type === "tool-call")
    .map(({ toolName, input }) => ({ tool: toolName, args: JSON.stringify(input) }));
  const text = content
    .filter(({ type }) => type === "text")
    .map((part) => part.text)
    .join("");
  return [{ role, text, ...(calls.length > 0 ? { calls } : {}) }];
}

async function run(job) {
  const script = new Script(job);
  const own = new Tools(job);
  const shelf = new Shelf(job, "ai-sdk.jsonl");
  let kept = 0;
  const keep = async ({ response: { messages } }) => {
    const lines = messages.slice(kept).map((message) => `${JSON.stringify(message)}\n`);
    kept = messages.length;
    await shelf.append(lines.join(""));
  };
  await generateText({
    model: scripted(job, script),
    system: job.instructions,
    prompt: job.goal,
    tools: Object.fromEntries(
      job.tools.map(({ name, description, parameters }) => [
        name,
        tool({ description, inputSchema: jsonSchema(parameters), execute: (input) => own.use(name, input) }),
      ]),
    ),
    stopWhen: stepCountIs(job.turns + 2),
    maxRetries: 0,
    ...(job.keep === "memory" ? {} : { onStepFinish: keep }),
  });
  script.report(own.used);
}

const job = givenJob();
if (job !== undefined) await run(job);
