import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { Ask, AskRequest, Message } from "../../../../src/agent/model/ask.ts";
import { inWords } from "../../../../src/agent/model/react.ts";
import { readWords } from "../../../../src/agent/model/react-read.ts";
import { ok } from "../../../../src/agent/result.ts";
import { askRequest } from "../../../support/ask-request.ts";

const never = new AbortController().signal;
const tools = ["read_file", "edit_file", "run_command", "list_files"];
const read = { tool: "read_file", args: { path: "a.js" } };

interface Case {
  readonly what: string;
  readonly said: string;
  readonly calls: readonly { readonly tool: string; readonly args: unknown }[];
  readonly text?: string;
}

/** Everything models were seen to write where a call was meant. Arguments are compared as JSON; broken ones as they stand. */
const cases: readonly Case[] = [
  { what: "the form as told", said: 'Thought: I look.\nAction: read_file\nAction Input: {"path": "a.js"}', calls: [read], text: "I look." },
  { what: "no thought", said: 'Action: read_file\nAction Input: {"path": "a.js"}', calls: [read], text: "" },
  {
    what: "an observation made up",
    said: 'Action: read_file\nAction Input: {"path": "a.js"}\nObservation: it is empty\nThought: done',
    calls: [read],
  },
  {
    what: "two actions",
    said: 'Action: read_file\nAction Input: {"path": "a.js"}\nAction: list_files\nAction Input: {"depth": 2}',
    calls: [read, { tool: "list_files", args: { depth: 2 } }],
  },
  { what: "bold labels", said: '**Thought:** hm\n**Action:** read_file\n**Action Input:** {"path": "a.js"}', calls: [read] },
  { what: "a list", said: '- Action: read_file\n- Action Input: {"path": "a.js"}', calls: [read] },
  { what: "numbered labels", said: 'Action 1: read_file\nAction Input 1: {"path": "a.js"}', calls: [read] },
  { what: "lower case", said: 'action: read_file\naction input: {"path": "a.js"}', calls: [read] },
  { what: "an underscore in the label", said: 'Action: read_file\nAction_Input: {"path": "a.js"}', calls: [read] },
  { what: "another label", said: 'Action: read_file\nArguments: {"path": "a.js"}', calls: [read] },
  { what: "a name in backticks", said: 'Action: `read_file`\nAction Input: {"path": "a.js"}', calls: [read] },
  { what: "a name in quotes", said: 'Action: "read_file"\nAction Input: {"path": "a.js"}', calls: [read] },
  { what: "a name with a full stop", said: 'Action: read_file.\nAction Input: {"path": "a.js"}', calls: [read] },
  { what: "a name in other letters", said: 'Action: ReadFile\nAction Input: {"path": "a.js"}', calls: [read] },
  { what: "a name with a dash", said: 'Action: read-file\nAction Input: {"path": "a.js"}', calls: [read] },
  { what: "a name with a prefix", said: 'Action: functions.read_file\nAction Input: {"path": "a.js"}', calls: [read] },
  { what: "input in a fence", said: 'Action: read_file\nAction Input:\n```json\n{"path": "a.js"}\n```', calls: [read] },
  { what: "input in a fence without a language", said: 'Action: read_file\nAction Input: ```\n{"path": "a.js"}\n```', calls: [read] },
  { what: "input over several lines", said: 'Action: read_file\nAction Input: {\n  "path": "a.js"\n}', calls: [read] },
  { what: "words after the input", said: 'Action: read_file\nAction Input: {"path": "a.js"}\n\nI wait for the result.', calls: [read] },
  { what: "input as a string of JSON", said: 'Action: read_file\nAction Input: "{\\"path\\": \\"a.js\\"}"', calls: [read] },
  { what: "no input", said: "Action: list_files", calls: [{ tool: "list_files", args: {} }] },
  { what: "an empty input", said: "Action: list_files\nAction Input:", calls: [{ tool: "list_files", args: {} }] },
  { what: "none for an input", said: "Action: list_files\nAction Input: None", calls: [{ tool: "list_files", args: {} }] },
  {
    what: "input that never closes",
    said: 'Action: read_file\nAction Input: {"path": "a.js"',
    calls: [{ tool: "read_file", args: '{"path": "a.js"' }],
  },
  {
    what: "input in single quotes",
    said: "Action: read_file\nAction Input: {'path': 'a.js'}",
    calls: [{ tool: "read_file", args: "{'path': 'a.js'}" }],
  },
  { what: "input that is only a word", said: "Action: read_file\nAction Input: a.js", calls: [{ tool: "read_file", args: "a.js" }] },
  { what: "a tool that does not exist", said: 'Action: fly\nAction Input: {"to": "moon"}', calls: [{ tool: "fly", args: { to: "moon" } }] },
  { what: "a call like code", said: 'Action: read_file({"path": "a.js"})', calls: [read] },
  { what: "a call with keywords", said: 'Action: read_file(path="a.js")', calls: [read] },
  {
    what: "a call with several keywords",
    said: "Action: list_files(path='src', depth=2, all=True)",
    calls: [{ tool: "list_files", args: { path: "src", depth: 2, all: true } }],
  },
  {
    what: "a call with brackets",
    said: 'Action: read_file[{"path": "a.js"}]',
    calls: [read],
  },
  { what: "input on the line of the action", said: 'Action: read_file {"path": "a.js"}', calls: [read] },
  { what: "the whole call behind the label", said: 'Action: {"tool": "read_file", "args": {"path": "a.js"}}', calls: [read] },
  { what: "LangChain's object", said: '```json\n{"action": "read_file", "action_input": {"path": "a.js"}}\n```', calls: [read] },
  { what: "an object in OpenAI's words", said: '{"name": "read_file", "arguments": {"path": "a.js"}}', calls: [read] },
  { what: "arguments as a string", said: '{"name": "read_file", "arguments": "{\\"path\\": \\"a.js\\"}"}', calls: [read] },
  {
    what: "an object with its function inside",
    said: '{"type": "function", "function": {"name": "read_file", "arguments": {"path": "a.js"}}}',
    calls: [read],
  },
  {
    what: "a list of objects",
    said: '[{"name": "read_file", "parameters": {"path": "a.js"}}, {"name": "list_files", "parameters": {}}]',
    calls: [read, { tool: "list_files", args: {} }],
  },
  {
    what: "words before an object",
    said: 'Let me look.\n\n{"name": "read_file", "arguments": {"path": "a.js"}}',
    calls: [read],
    text: "Let me look.",
  },
  {
    what: "words before a fence",
    said: 'I look:\n```\n{"tool": "read_file", "input": {"path": "a.js"}}\n```',
    calls: [read],
    text: "I look:",
  },
  { what: "Hermes' tags", said: '<tool_call>\n{"name": "read_file", "arguments": {"path": "a.js"}}\n</tool_call>', calls: [read] },
  {
    what: "two of Hermes' tags",
    said: '<tool_call>{"name": "read_file", "arguments": {"path": "a.js"}}</tool_call>\n<tool_call>{"name": "list_files", "arguments": {}}</tool_call>',
    calls: [read, { tool: "list_files", args: {} }],
  },
  { what: "a tag that never closes", said: '<tool_call>{"name": "read_file", "arguments": {"path": "a.js"}}', calls: [read] },
  {
    what: "a fence in a tag",
    said: '<tool_call>\n```json\n{"name": "read_file", "arguments": {"path": "a.js"}}\n```\n</tool_call>',
    calls: [read],
  },
  { what: "Llama's tag", said: '<|python_tag|>{"name": "read_file", "parameters": {"path": "a.js"}}', calls: [read] },
  { what: "Llama's function tag", said: '<function=read_file>{"path": "a.js"}</function>', calls: [read] },
  {
    what: "Qwen's parameters",
    said: "<tool_call>\n<function=read_file>\n<parameter=path>\na.js\n</parameter>\n</function>\n</tool_call>",
    calls: [read],
  },
  {
    what: "parameters with numbers",
    said: "<function=list_files><parameter=path>src</parameter><parameter=depth>2</parameter></function>",
    calls: [{ tool: "list_files", args: { path: "src", depth: 2 } }],
  },
  { what: "invoke tags", said: '<invoke name="read_file">\n<parameter name="path">a.js</parameter>\n</invoke>', calls: [read] },
  { what: "Mistral's label", said: '[TOOL_CALLS] [{"name": "read_file", "arguments": {"path": "a.js"}}]', calls: [read] },
  {
    what: "thinking before it",
    said: '<think>Action: fly\nAction Input: {}</think>\nAction: read_file\nAction Input: {"path": "a.js"}',
    calls: [read],
  },
  { what: "thinking that never ends", said: "<think>Action: fly", calls: [], text: "" },
  { what: "Windows line ends", said: 'Thought: x\r\nAction: read_file\r\nAction Input: {"path": "a.js"}\r\n', calls: [read] },
  {
    what: "brackets and labels inside the input",
    said: 'Action: edit_file\nAction Input: {"text": "Action: fly\\n} ) ] ```"}',
    calls: [{ tool: "edit_file", args: { text: "Action: fly\n} ) ] ```" } }],
  },
  { what: "a plain answer", said: "It subtracts: sum.js:1", calls: [], text: "It subtracts: sum.js:1" },
  { what: "a final answer", said: "Thought: I know now.\nFinal Answer: It subtracts.", calls: [], text: "I know now.\nIt subtracts." },
  {
    what: "no action, in words",
    said: "Thought: done\nAction: None\nThe answer is 4.",
    calls: [],
    text: "done\nAction: None\nThe answer is 4.",
  },
  { what: "talk of a tool", said: "I used read_file to look at a.js and found nothing.", calls: [] },
  { what: "JSON that is an answer", said: '{"name": "left-pad", "version": "1.0.0"}', calls: [] },
  { what: "code in an answer", said: "Use it like this:\n```js\nread({ path: 1 });\n```", calls: [] },
  { what: "an object of no known tool in a fence", said: '```json\n{"name": "deploy", "arguments": {}}\n```', calls: [] },
  {
    what: "an observation in an answer",
    said: "Observation: the sun rises.\nThat is all.",
    calls: [],
    text: "Observation: the sun rises.\nThat is all.",
  },
  { what: "nothing", said: "", calls: [], text: "" },
];

const asJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};

describe("the reader of calls in words", () => {
  for (const { what, said, calls, text } of cases) {
    it(`understands ${what}`, () => {
      const read = readWords(said, tools);
      assert.deepEqual(
        read.calls.map(({ tool, args }) => ({ tool, args: asJson(args) })),
        calls,
      );
      if (text !== undefined) assert.equal(read.text, text);
    });
  }

  it("reads back every call it is told, whatever the arguments hold", () =>
    fc.assert(
      fc.property(
        fc.array(fc.record({ tool: fc.constantFrom(...tools), args: fc.dictionary(fc.string(), fc.jsonValue()) }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.constantFrom(undefined, 2),
        (calls, indent) => {
          const said = calls.map(({ tool, args }) => `Action: ${tool}\nAction Input: ${JSON.stringify(args, null, indent)}`).join("\n");
          const found = readWords(`Thought: so.\n${said}`, tools).calls;
          assert.deepEqual(
            found.map(({ tool, args }) => [tool, JSON.parse(args) as unknown]),
            calls.map(({ tool, args }) => [tool, JSON.parse(JSON.stringify(args)) as unknown]),
          );
        },
      ),
      { numRuns: 300 },
    ));

  it("never throws, never hangs, and invents no tool from noise without a label", () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            "Action",
            "Action Input",
            ":",
            "\n",
            "{",
            "}",
            "[",
            "]",
            '"',
            "```",
            "<tool_call>",
            "</tool_call>",
            "<function=",
            ">",
            "read_file",
            "(",
            ")",
            "x",
            " ",
            "\\",
            "Thought",
            "<think>",
          ),
          {
            maxLength: 60,
          },
        ),
        (parts) => {
          for (const { tool } of readWords(parts.join(""), tools).calls) assert.equal(typeof tool, "string");
        },
      ),
      { numRuns: 1000 },
    ));

  it("leaves prose alone", () =>
    fc.assert(
      fc.property(fc.lorem({ maxCount: 40 }), (prose) => {
        assert.deepEqual(readWords(prose, tools), { text: prose.trim(), calls: [] });
      }),
    ));
});

describe("tools in words", () => {
  const spec = { name: "read_file", description: "Reads a file.", parameters: { type: "object" } };
  async function through(said: string, over: Partial<AskRequest> = {}) {
    let heard: AskRequest | undefined;
    const streamed: string[] = [];
    const model: Ask = async (request) => {
      heard = request;
      for (const piece of said.match(/[\s\S]{1,7}/g) ?? []) request.onText?.(piece);
      return ok({ text: said, calls: [], usage: { input: 1, output: 1 }, model: "m", finish: "stop" });
    };
    const request = askRequest({ tools: [spec], onText: (delta) => void streamed.push(delta), ...over });
    const result = await inWords(model)(request, never);
    assert.ok(result.ok && heard);
    return { reply: result.value, heard, streamed: streamed.join("") };
  }

  it("go into the system message, and calls come back as calls", async () => {
    const { reply, heard } = await through('Thought: so.\nAction: read_file\nAction Input: {"path":"a"}');
    assert.deepEqual(heard.tools, []);
    assert.match(heard.messages[0]?.text ?? "", /^You are terse\.\n\nYou act through tools[\s\S]*- read_file: Reads a file\./);
    assert.deepEqual(reply.calls, [{ id: "words_0_0", tool: "read_file", args: '{"path":"a"}' }]);
    assert.equal(reply.finish, "calls");
  });

  it("stream the thought and never the action", async () => {
    const { streamed } = await through('Thought: I look.\nAnd then:\nAction: read_file\nAction Input: {"path":"a"}');
    assert.equal(streamed, "I look.\nAnd then:\n");
    assert.equal((await through("A plain\nanswer.")).streamed, "A plain\nanswer.");
  });

  it("tell results as observations, those of one turn in one message", async () => {
    const messages: readonly Message[] = [
      { role: "system", text: "s" },
      { role: "user", text: "u" },
      { role: "assistant", text: "I look.", calls: ["1", "2"].map((id) => ({ id, tool: "read_file", args: "{}" })) },
      { role: "tool", call: "1", tool: "read_file", text: "one", ok: true },
      { role: "tool", call: "2", tool: "read_file", text: "gone", ok: false },
      { role: "user", text: "Hurry." },
    ];
    const { heard } = await through("ok", { messages });
    assert.deepEqual(
      heard.messages.slice(1).map(({ role, text }) => [role, text]),
      [
        ["user", "u"],
        ["assistant", "I look.\nAction: read_file\nAction Input: {}\nAction: read_file\nAction Input: {}"],
        ["user", "Observation from read_file: one\n\nObservation from read_file (failed): gone\n\nHurry."],
      ],
    );
  });

  it("keep what came before a turn as it was, so that a provider's cache of the prefix holds", async () => {
    const first: readonly Message[] = [
      { role: "system", text: "s" },
      { role: "user", text: "u" },
    ];
    const later: readonly Message[] = [
      ...first,
      { role: "assistant", text: "", calls: [{ id: "1", tool: "read_file", args: "{}" }] },
      { role: "tool", call: "1", tool: "read_file", text: "one", ok: true },
    ];
    const [a, b] = [await through("ok", { messages: first }), await through("ok", { messages: later })];
    assert.deepEqual(b.heard.messages.slice(0, a.heard.messages.length), a.heard.messages);
  });
});
