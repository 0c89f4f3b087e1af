import { strict as assert } from "node:assert";
import type { ApprovalRequest, Resolution } from "../../../src/agent/approval.ts";
import { shippedPolicy } from "../../../src/agent/policy/defaults.ts";
import type { Task } from "../../../src/agent/world.ts";
import { type Play, play, type Played } from "../../support/play.ts";
import { rule } from "../../support/policy.ts";

const yes = (request: ApprovalRequest): Resolution => ({ answer: "approve", digest: request.digest, by: "person" });
const no: Resolution = { answer: "reject", why: "Not here.", unattended: false };

/** A run whose model runs one line, which the sandbox breaks, as often as it is told to. */
async function broken(script: Partial<Play> & { readonly times?: number } = {}): Promise<Played & { readonly tasks: readonly Task[] }> {
  const tasks: Task[] = [];
  const times = script.times ?? 1;
  const played = await play({
    goal: "Change it",
    test: "check",
    say: (_, turn) => (turn < times ? [["run_command", { line: "strace ls" }]] : "Done."),
    command: (line, _, task) => {
      if (line === "strace ls") tasks.push(task);
      return line === "strace ls" && !task.outside
        ? { exit: 1, output: "Operation not permitted", outsideHelps: true }
        : { exit: 0, output: "fine" };
    },
    ...script,
  });
  return { ...played, tasks };
}

const asked = ({ world }: Played): readonly ApprovalRequest[] => world.asked.filter(({ subject }) => subject.of === "outside");

describe("one run outside the sandbox", () => {
  it("is offered after a failure that the sandbox caused, and is the same call again", async () => {
    const { tasks, state, events, ...played } = await broken({ decide: async (request) => yes(request) });
    assert.deepEqual(
      tasks.map(({ outside }) => outside),
      [false, true],
    );
    const [request] = asked({ ...played, state, events });
    assert.equal(request?.title, "Leave the sandbox once?");
    assert.deepEqual([request?.risk?.reversible, request?.risk?.effects], [false, ["execute", "network"]]);
    assert.equal(request?.decision?.rule, "guard.unsandboxed");
    const call = Object.values(state.steps)[0]?.turns[0]?.calls[0];
    assert.match(call?.ended?.outcome.ok ? call.ended.outcome.observation.text : "", /ran outside the sandbox, this once/);
    assert.equal(events.filter(({ type }) => type === "call.begun").length, 2);
  });

  it("leaves the failure as it was when the person says no, and is not offered again for the same call", async () => {
    const { tasks, ...played } = await broken({
      times: 2,
      decide: async (request) => (request.subject.of === "outside" ? no : yes(request)),
    });
    assert.deepEqual(
      tasks.map(({ outside }) => outside),
      [false, false],
    );
    assert.equal(asked(played).length, 1);
  });

  it("is offered anew for another failure, because nothing of it is remembered", async () => {
    const { tasks, ...played } = await broken({
      times: 2,
      decide: async (request) => ({ ...yes(request), remember: rule("r", "allow") }) as Resolution,
    });
    assert.deepEqual(
      tasks.map(({ outside }) => outside),
      [false, true, false, true],
    );
    assert.equal(asked(played).length, 2);
    assert.doesNotMatch(played.text, /remember.*outside/);
  });

  it("is not offered where nobody is there, nor where the policy denies it, nor where something less helps", async () => {
    const deny = { ...shippedPolicy(), workspace: [rule("never", "deny", { sandboxed: false })] };
    const silent = await broken({ attended: false, decide: async (request) => yes(request) });
    const denied = await broken({ policy: deny, decide: async (request) => yes(request) });
    const lesser = await broken({
      decide: async (request) => yes(request),
      command: (line) =>
        line === "strace ls" ? { exit: 1, output: "Network is unreachable", outsideHelps: false } : { exit: 0, output: "" },
    });
    for (const played of [silent, denied, lesser]) {
      assert.equal(asked(played).length, 0);
      assert.doesNotMatch(played.text, /outside/);
    }
  });

  it("cannot be approved by anything but a person", async () => {
    const { tasks } = await broken({ decide: async (request) => ({ answer: "approve", digest: request.digest, by: "policy" }) });
    assert.deepEqual(
      tasks.map(({ outside }) => outside),
      [false],
    );
  });

  it("cannot be asked for by a model", async () => {
    const { tasks, state } = await broken({
      say: (_, turn) => (turn === 0 ? [["run_command", { line: "strace ls", outside: true }]] : "Done."),
      decide: async (request) => yes(request),
    });
    assert.equal(tasks.length, 0);
    const outcome = Object.values(state.steps)[0]?.turns[0]?.calls[0]?.ended?.outcome;
    assert.ok(outcome?.ok === false && outcome.fault.kind === "invalid");
  });

  it("still waits after the process died over the question, and is put again unchanged", async () => {
    const stopped = await broken({
      decide: async (request) => yes(request),
      onEvent: (event, _, stop) => event.type === "approval.asked" && event.request.subject.of === "outside" && stop.abort(),
    }).catch(() => undefined);
    assert.equal(stopped?.state.ended, undefined);
    const again = await broken({ events: stopped?.events ?? [], decide: async (request) => yes(request) });
    assert.deepEqual(
      again.tasks.map(({ outside }) => outside),
      [true],
    );
    assert.equal(again.events.filter((event) => event.type === "approval.asked" && event.request.subject.of === "outside").length, 1);
  });
});

describe("the network", () => {
  const run = async (input: unknown): Promise<{ readonly tasks: readonly Task[]; readonly world: Played["world"] }> => {
    const tasks: Task[] = [];
    const { world } = await play({
      goal: "Change it",
      test: "check",
      say: (_, turn) => (turn === 0 ? [["run_command", input]] : "Done."),
      command: (line, _, task) => {
        if (line !== "check") tasks.push(task);
        return { exit: 0, output: "" };
      },
      decide: async (request) => yes(request),
    });
    return { tasks, world };
  };

  it("is there for the one call whose approval named it", async () => {
    for (const input of [{ line: "curl https://example.com" }, { line: "npm test", network: true }]) {
      const { tasks, world } = await run(input);
      assert.deepEqual(
        tasks.map(({ network, outside }) => [network, outside]),
        [[true, false]],
      );
      const request = world.asked.find(({ subject }) => subject.of === "call");
      assert.ok(request?.risk?.effects.includes("network"));
      assert.equal(request?.title, "Run a command with the network?");
    }
  });

  it("is not there for any other", async () => {
    const { tasks } = await run({ line: "npm test" });
    assert.deepEqual(
      tasks.map(({ network }) => network),
      [false],
    );
  });
});

describe("a command that made what other programs obey", () => {
  it("has the next one asked about in spite of a grant, until a person has approved something", async () => {
    const policy = { ...shippedPolicy("/workspace"), personal: [rule("granted", "allow", {}, 1), ...shippedPolicy("/workspace").personal] };
    const { events, state } = await play({
      goal: "Change it",
      test: "check",
      policy,
      say: (_, turn) => (turn < 3 ? [["run_command", { line: `./make ${turn}` }]] : "Done."),
      command: (line) => ({ exit: 0, output: "", ...(line === "./make 0" ? { audit: [{ path: ".mcp.json", change: "created" }] } : {}) }),
      decide: async (request) => yes(request),
    });
    const judged = events.flatMap((event) => (event.type === "call.judged" ? [`${event.decision.verdict} ${event.decision.rule}`] : []));
    assert.deepEqual(judged, ["allow granted", "ask guard.disturbed", "allow granted"]);
    assert.equal(state.disturbed, false);
  });
});
