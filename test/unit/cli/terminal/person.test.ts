import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApprovalRequest } from "../../../../src/agent/approval.ts";
import type { Plan } from "../../../../src/agent/plan.ts";
import type { Offer } from "../../../../src/agent/policy/grants.ts";
import type { Rule } from "../../../../src/agent/policy/rules.ts";
import type { Person } from "../../../../src/agent/world.ts";
import { terminalPerson } from "../../../../src/cli/terminal/person.ts";
import { key, type Seat, seat, settled } from "../../../support/seat.ts";

const never = new AbortController().signal;
const spend = { requests: 3, inputTokens: 1200, outputTokens: 300, usd: 0.02, unpriced: 0 };
const decision = {
  verdict: "ask" as const,
  list: "personal" as const,
  rule: "default.execute",
  reason: "Commands run after asking.",
  parts: [],
};

const command: ApprovalRequest = {
  subject: { of: "call", call: "fix.1.0.0" },
  digest: "d1",
  title: "Run a command?",
  tool: "run_command",
  input: { line: "npm test" },
  risk: { effects: ["execute"], paths: [], line: "npm test", reversible: false },
  decision,
  preview: { kind: "command", line: "npm test", cwd: "." },
  undo: "Nothing undoes what a command does.",
  spend,
};

const change: ApprovalRequest = {
  subject: { of: "call", call: "fix.1.0.1" },
  digest: "d2",
  title: "Change src/add.js?",
  tool: "edit_file",
  input: { path: "src/add.js" },
  risk: { effects: ["write"], paths: ["src/add.js"], reversible: true },
  decision,
  preview: {
    kind: "diff",
    files: [{ path: "src/add.js", diff: "--- a/src/add.js\n+++ b/src/add.js\n@@ -1 +1 @@\n-a - b\n+a + b\n", added: 1, removed: 1 }],
  },
  spend,
};

const plan: Plan = {
  goal: "Mend",
  steps: [
    { id: "look", goal: "Look", role: "researcher", needs: [], check: { by: "citation" } },
    { id: "mend", goal: "Mend it", role: "coder", needs: ["look"], check: { by: "command", line: "npm test" } },
  ],
};
const planRequest: ApprovalRequest = {
  subject: { of: "plan", revision: 1 },
  digest: "d3",
  title: "Start this plan of 2 steps?",
  plan,
  spend,
};

interface Sitting extends Seat {
  readonly person: Person;
  readonly granted: readonly Rule[];
  /** Presses an answering key once the question has been on screen long enough. */
  answer(text: string): Promise<void>;
}

function sit(env: Readonly<Record<string, string>> = {}, offers: readonly Offer[] = []): Sitting {
  const granted: Rule[] = [];
  const here = seat();
  const facts = () => ({ sandbox: { active: true, reason: "bubblewrap" }, usdLimit: 5 });
  const answer = async (text: string): Promise<void> => {
    await settled();
    here.wait(1000);
    await here.type(text);
  };
  return {
    ...here,
    person: terminalPerson({
      terminal: here.terminal,
      env,
      facts,
      now: here.now,
      patienceMs: () => undefined,
      offers: async () => offers,
      grant: (rule) => granted.push(rule),
    }),
    granted,
    answer,
  };
}

describe("the person at the terminal", () => {
  it("sees everything there is to know before the keys", async () => {
    const { person, screen, answer } = sit();
    const decided = person.decide(command, never);
    await settled();
    for (const words of [
      "? Run a command?",
      "npm test",
      "rule    default.execute (personal): Commands run after asking.",
      "does    runs code; cannot be undone",
      "sandbox on",
      "$0.02",
      "y run",
      "n reject",
      "e edit",
    ]) {
      assert.ok(screen.text.includes(words), `${words} in\n${screen.text}`);
    }
    await answer("y");
    assert.deepEqual(await decided, { answer: "approve", digest: "d1", by: "person" });
  });

  it("sees a change as a diff", async () => {
    const { person, screen, answer } = sit();
    const decided = person.decide(change, never);
    await settled();
    assert.match(screen.text, /src\/add\.js {2}\+1 −1\n {4}@@ -1 \+1 @@\n {4}-a - b\n {4}\+a \+ b/);
    await answer("y");
    await decided;
  });

  it("sees how grave it is and how long it waits, counting down", async () => {
    const { person, screen, terminal, now, answer, wait } = sit();
    const decided = person.decide({ ...command, grade: "high", deadline: now() + 250_000 }, never);
    await settled();
    assert.ok(screen.text.includes("risk    high"), screen.text);
    assert.ok(screen.text.includes("counts as rejected in 4:10 min"), screen.text);
    wait(230_000);
    terminal.refresh();
    assert.ok(screen.text.includes("counts as rejected in 20 s"), screen.text);
    await answer("y");
    await decided;
  });

  it("looks at all changes of a turn before approving them together, each by its own digest", async () => {
    const { person, screen, answer, type } = sit();
    const of = (nth: number) => ({
      ...change,
      subject: { of: "call", call: `a.1.0.${nth}` } as const,
      digest: `c${nth}`,
      title: `Change ${nth}?`,
    });
    const all = [0, 1, 2].map((nth) => person.decide(of(nth), never));
    const elsewhere = person.decide({ ...of(9), subject: { of: "call", call: "b.1.0.0" } }, never);
    await settled();
    assert.ok(screen.text.includes("b all 3 changes…"), screen.text);
    assert.ok(!screen.text.includes("Change 1?"));
    await answer("b");
    assert.ok(screen.text.includes("Change 1?") && screen.text.includes("Change 2?") && !screen.text.includes("Change 9?"), screen.text);
    await type(key.escape);
    await answer("b");
    await answer("y");
    assert.deepEqual(
      await Promise.all(all),
      [0, 1, 2].map((nth) => ({ answer: "approve", digest: `c${nth}`, by: "person" })),
    );
    await answer("n");
    await type(key.enter);
    assert.equal((await elsewhere).answer, "reject", "another turn's change was not approved along");
  });

  it("rejects with a reason, or with none", async () => {
    const { person, answer, type } = sit();
    const first = person.decide(command, never);
    await answer("n");
    await type("too slow", key.enter);
    assert.deepEqual(await first, { answer: "reject", why: "too slow", unattended: false });
    const second = person.decide(command, never);
    await answer("N");
    await type(key.enter);
    assert.deepEqual(await second, { answer: "reject", why: "No reason was given.", unattended: false });
  });

  it("steps back from rejecting to the question", async () => {
    const { person, answer, type } = sit();
    const decided = person.decide(command, never);
    await answer("n");
    await type("x", key.escape);
    await answer("y");
    assert.equal((await decided).answer, "approve");
  });

  it("changes a command on the spot", async () => {
    const { person, answer, type } = sit();
    const decided = person.decide(command, never);
    await answer("e");
    await type(" -- --only add", key.enter);
    assert.deepEqual(await decided, { answer: "amend", input: { line: "npm test -- --only add" } });
  });

  it("asks again when the command was left as it was", async () => {
    const { person, answer, type } = sit();
    const decided = person.decide(command, never);
    await answer("e");
    await type(key.enter);
    await answer("y");
    assert.equal((await decided).answer, "approve");
  });

  it("changes a plan in place where there is no editor: goals, checks, and steps dropped", async () => {
    const { person, answer, type } = sit();
    const decided = person.decide(planRequest, never);
    await answer("e");
    await type(key.clear, key.enter, " now", key.enter, key.enter);
    assert.deepEqual(await decided, {
      answer: "amend",
      plan: {
        goal: "Mend",
        steps: [{ id: "mend", goal: "Mend it now", role: "coder", needs: [], check: { by: "command", line: "npm test" } }],
      },
    });
  });

  it("refuses a plan that is none, and says why", async () => {
    const { person, screen, answer, type } = sit();
    void person.decide(planRequest, never).catch(() => undefined);
    await answer("e");
    await type(key.clear, key.enter, key.clear, key.enter);
    await settled();
    assert.match(screen.text, /The plan has no steps/);
  });

  describe("always", () => {
    const rule = (id: string): Rule => ({ id, priority: 10, match: { line: ["npm test"] }, verdict: "allow", why: "You allowed it." });
    const offers: readonly Offer[] = [
      { title: "exactly: npm test", rule: rule("grant.npm-test"), covered: 3, of: 7 },
      { title: "npm test with any further words", rule: rule("grant.npm"), covered: 4, of: 7 },
    ];

    it("shows what each rule would reach, then the rule as it is written, and saves it only when told to", async () => {
      const { person, screen, granted, answer } = sit({}, offers);
      const decided = person.decide(command, never);
      await answer("a");
      assert.match(screen.text, /1 {2}exactly: npm test · would have answered 3 of the last 7 calls/);
      await answer("2");
      assert.match(screen.text, /"id": "grant\.npm",/);
      await answer("s");
      assert.deepEqual(await decided, { answer: "approve", digest: "d1", by: "person", remember: rule("grant.npm") });
      assert.deepEqual(granted, []);
    });

    it("allows it in this run alone", async () => {
      const { person, granted, answer } = sit({}, offers);
      const decided = person.decide(command, never);
      await answer("a");
      await answer("1");
      await answer("t");
      assert.deepEqual(await decided, { answer: "approve", digest: "d1", by: "person" });
      assert.deepEqual(granted, [rule("grant.npm-test")]);
    });

    it("steps back, saving nothing", async () => {
      const { person, granted, answer } = sit({}, offers);
      const decided = person.decide(command, never);
      await answer("a");
      await answer(key.escape);
      await answer("a");
      await answer("1");
      await answer(key.escape);
      await answer("y");
      assert.deepEqual(await decided, { answer: "approve", digest: "d1", by: "person" });
      assert.deepEqual(granted, []);
    });

    it("says where no rule can answer", async () => {
      const { person, screen, answer } = sit();
      void person.decide(command, never);
      await answer("a");
      assert.match(screen.text, /no rule can answer this: only a person may, each time/);
    });

    it("is not offered for a plan", async () => {
      const { person, screen, answer } = sit({}, offers);
      void person.decide(planRequest, never);
      await answer("a");
      assert.doesNotMatch(screen.text, /always…|Always allow/);
    });
  });

  it("explains what stands behind the question and asks again", async () => {
    const { person, screen, answer } = sit();
    const decided = person.decide(change, never);
    await answer("?");
    assert.match(screen.text, /Why it asks[\s\S]*Exactly this would be done[\s\S]*Your answer/);
    await answer("y");
    await decided;
  });

  it("puts one question at a time and says that another waits", async () => {
    const { person, screen, answer } = sit();
    const first = person.decide(command, never);
    const second = person.decide(change, never);
    await settled();
    assert.ok(!screen.text.includes("Change src/add.js?"));
    await answer("y");
    assert.equal((await first).answer, "approve");
    await settled();
    assert.ok(screen.text.includes("Change src/add.js?"));
    await answer("y");
    assert.deepEqual(await second, { answer: "approve", digest: "d2", by: "person" });
  });

  it("answers a question of the agent with a choice or in words", async () => {
    const { person, screen, type } = sit();
    const first = person.answer("Which port?", ["8080", "9090"], never);
    await settled();
    assert.match(screen.text, /The agent asks: Which port\?\n {2}1 {2}8080\n {2}2 {2}9090/);
    await type("2", key.enter);
    assert.deepEqual(await first, { ok: true, value: "9090" });
    const second = person.answer("Why?", [], never);
    await settled();
    await type("because", key.enter);
    assert.deepEqual(await second, { ok: true, value: "because" });
    const third = person.answer("And?", [], never);
    await settled();
    await type(key.escape);
    assert.equal((await third).ok, false);
  });

  describe("with an editor", () => {
    let folder: string;
    before(() => (folder = mkdtempSync(join(tmpdir(), "proviso-editor-"))));
    after(() => rmSync(folder, { recursive: true }));

    const editor = (script: string): string => {
      const file = join(folder, "editor.cjs");
      writeFileSync(
        file,
        `const fs = require("node:fs"); const file = process.argv.at(-1); const text = fs.readFileSync(file, "utf8"); ${script}`,
      );
      return `"${process.execPath}" "${file}"`;
    };

    it("changes a plan there", async () => {
      const { person, answer } = sit({ EDITOR: editor(`fs.writeFileSync(file, text.replace("Mend it", "Mend all of it"));`) });
      const decided = person.decide(planRequest, never);
      await answer("e");
      const resolution = await decided;
      assert.ok(resolution.answer === "amend" && resolution.plan?.steps[1]?.goal === "Mend all of it");
    });

    it("changes the input of any call there", async () => {
      const { person, answer } = sit({
        VISUAL: editor(`fs.writeFileSync(file, JSON.stringify({ ...JSON.parse(text), path: "src/sub.js" }));`),
      });
      const decided = person.decide(change, never);
      await answer("e");
      assert.deepEqual(await decided, { answer: "amend", input: { path: "src/sub.js" } });
    });

    it("asks again when the editor fails, or what it leaves is not JSON", async () => {
      for (const script of ["process.exit(3)", `fs.writeFileSync(file, "{")`]) {
        const { person, screen, answer } = sit({ EDITOR: editor(script) });
        let decided = false;
        void person.decide(change, never).then(
          () => (decided = true),
          () => undefined,
        );
        await answer("e");
        await screen.shows(/ended\s+with\s+3|not\s+JSON/);
        assert.equal(decided, false);
      }
    });
  });
});
