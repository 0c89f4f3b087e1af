// LangGraph.js: the graph of its own documentation, a model node and a tool node in a loop, with the message list as its state.
// Kept: its own saver for SQLite, a checkpoint for each step of the graph.

import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, HumanMessage, SystemMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { ToolNode, toolsCondition } from "@langchain/langgraph/prebuilt";
import { givenJob, lastWords, Script } from "./job.ts";
import { Shelf, Tools } from "./outfit.ts";

class Scripted extends BaseChatModel {
  constructor(job, script) {
    super({});
    this.job = job;
    this.script = script;
  }

  _llmType() {
    return "scripted";
  }

  async _generate(messages) {
    const wanted = this.script.reply(() => ({ messages: messages.map(sent), tools: this.job.tools }));
    const message =
      wanted === undefined
        ? new AIMessage({ content: lastWords(this.job) })
        : new AIMessage({ content: "", tool_calls: [{ type: "tool_call", id: wanted.id, name: wanted.tool, args: wanted.input }] });
    return { generations: [{ text: message.text, message }] };
  }
}

const roles = { system: "system", human: "user", ai: "assistant", tool: "tool" };
const sent = (message) => ({
  role: roles[message.getType()],
  text: message.text,
  ...(message.tool_calls?.length > 0
    ? { calls: message.tool_calls.map(({ name, args }) => ({ tool: name, args: JSON.stringify(args) })) }
    : {}),
});

async function run(job) {
  const script = new Script(job);
  const own = new Tools(job);
  const tools = job.tools.map(({ name, description, parameters }) =>
    tool((input) => own.use(name, input), { name, description, schema: parameters }),
  );
  const model = new Scripted(job, script);
  const instructions = new SystemMessage(job.instructions);
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("agent", async ({ messages }) => ({ messages: [await model.invoke([instructions, ...messages])] }))
    .addNode("tools", new ToolNode(tools))
    .addEdge(START, "agent")
    .addConditionalEdges("agent", toolsCondition)
    .addEdge("tools", "agent")
    .compile(job.keep === "memory" ? {} : { checkpointer: await saver(job) });
  await graph.invoke(
    { messages: [new HumanMessage(job.goal)] },
    {
      recursionLimit: 2 * job.turns + 10,
      ...(job.keep === "memory" ? {} : { configurable: { thread_id: "bench" } }),
      ...(job.keep === "synced" ? { durability: "sync" } : {}),
    },
  );
  script.report(own.used);
}

async function saver(job) {
  const { SqliteSaver } = await import("@langchain/langgraph-checkpoint-sqlite");
  const made = SqliteSaver.fromConnString(new Shelf(job, "langgraph.sqlite").path);
  made.setup();
  made.db.pragma(`synchronous=${job.keep === "synced" ? "FULL" : "NORMAL"}`);
  return made;
}

const job = givenJob();
if (job !== undefined) await run(job);
