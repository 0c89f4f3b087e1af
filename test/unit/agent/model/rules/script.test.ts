import { strict as assert } from "node:assert";
import type { Message } from "../../../../../src/agent/model/ask.ts";
import { ask, replay, type Script } from "../../../../../src/agent/model/rules/script.ts";

async function* shopping(): Script<string> {
  const list = yield* ask("What is on the list?", "read", { path: "list" });
  const prices = yield { say: "Prices.", calls: list.text.split(" ").map((item) => ({ tool: "price", args: { item } })) };
  const again = yield* ask("Still the same?", "read", { path: "list" });
  return `${prices.map((price) => price.text).join("+")} ${again.text}`;
}

const answers: Record<string, readonly string[]> = {
  'read {"path":"list"}': ["tea jam", "tea"],
  'price {"item":"tea"}': ["3"],
  'price {"item":"jam"}': ["5"],
};

/** Plays the script to its end; the messages after every turn. */
async function playOut(): Promise<{ readonly histories: readonly (readonly Message[])[]; readonly value: string }> {
  const messages: Message[] = [];
  const counts = new Map<string, number>();
  const histories: (readonly Message[])[] = [];
  for (;;) {
    histories.push([...messages]);
    const progress = await replay(shopping(), messages);
    if (progress.done) return { histories, value: progress.value };
    messages.push({ role: "assistant", text: progress.say, calls: progress.calls });
    for (const { id, tool, args } of progress.calls) {
      const key = `${tool} ${args}`;
      const nth = counts.get(key) ?? 0;
      counts.set(key, nth + 1);
      messages.push({ role: "tool", call: id, tool, ok: true, text: answers[key]?.[nth] ?? "?" });
    }
  }
}

describe("a script", () => {
  it("is carried through by the conversation alone", async () => {
    assert.equal((await playOut()).value, "3+5 tea");
  });

  it("asks the same next thing whenever it is replayed over the same messages", async () => {
    const { histories } = await playOut();
    for (const history of histories) assert.deepEqual(await replay(shopping(), history), await replay(shopping(), history));
  });

  it("tells equal calls apart by how often they were made", async () => {
    const { histories } = await playOut();
    const progress = await replay(shopping(), histories[2] ?? []);
    assert.ok(!progress.done);
    assert.deepEqual(
      progress.calls.map(({ tool }) => tool),
      ["read"],
    );
  });

  it("asks again only for what is missing where part of the conversation was dropped", async () => {
    const { histories } = await playOut();
    const whole = histories[2] ?? [];
    const cut = whole.filter((message) => !(message.role === "tool" && message.text === "5"));
    const progress = await replay(shopping(), cut);
    assert.ok(!progress.done);
    assert.deepEqual(
      progress.calls.map(({ args }) => args),
      ['{"item":"jam"}'],
    );
  });

  it("gives every call of a conversation an id of its own", async () => {
    const { histories } = await playOut();
    const ids = (histories.at(-1) ?? []).flatMap((message) => (message.role === "assistant" ? message.calls.map((call) => call.id) : []));
    assert.equal(new Set(ids).size, ids.length);
  });
});
