// A whole run in memory whose change is decided hunk by hunk.

import { strict as assert } from "node:assert";
import type { ApprovalRequest, Resolution } from "../../../../src/agent/approval.ts";
import type { HunkAnswer } from "../../../../src/agent/review/decision.ts";
import { fold } from "../../../../src/agent/reduce.ts";
import { type Play, play, type Played, step } from "../../../support/play.ts";

const before = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";
const blocks = [
  { search: "one", replace: "ONE" },
  { search: "four", replace: "FOUR" },
  { search: "seven", replace: "SEVEN" },
];
const plan = { steps: [step("a", { check: { by: "content", path: "a.txt", matches: "o" } })] };

const run = (decide: NonNullable<Play["decide"]>, more: Partial<Play> = {}): Promise<Played> =>
  play({
    goal: "Mend the words",
    files: { "a.txt": before },
    say: (request, turn) => {
      if (request.answer?.name === "plan") return { answer: plan };
      return turn === 0 ? [["edit_file", { path: "a.txt", blocks }]] : "Done.";
    },
    decide: (request, signal) =>
      request.subject.of === "call"
        ? decide(request, signal)
        : Promise.resolve({ answer: "approve", digest: request.digest, by: "person" }),
    ...more,
  });

const approve = (request: ApprovalRequest, hunks: HunkAnswer[]): Promise<Resolution> =>
  Promise.resolve({ answer: "approve", digest: request.digest, by: "person", hunks });
const say = (hunk: number, decision: HunkAnswer["decision"], comment?: string): HunkAnswer => ({
  file: "a.txt",
  hunk,
  decision,
  ...(comment === undefined ? {} : { comment }),
});
const heard = ({ requests }: Played): string => requests.at(-1)?.messages.findLast((message) => message.role === "tool")?.text ?? "";

describe("a change decided hunk by hunk", () => {
  it("writes exactly what was decided and tells the model the truth of each hunk", async () => {
    const played = await run((request) =>
      approve(request, [
        say(0, { is: "accepted" }, "good"),
        say(1, { is: "rejected", why: "four stays small" }),
        say(2, { is: "changed", text: "Seven\n" }),
      ]),
    );
    assert.equal(played.files.get("a.txt"), "ONE\ntwo\nthree\nfour\nfive\nsix\nSeven\n");
    const text = heard(played);
    assert.match(text, /1 accepted, 1 changed, 1 rejected/);
    assert.match(text, /a\.txt, line 1: accepted\.\na\.txt, line 1, the user's comment: good/);
    assert.match(text, /a\.txt, line 4: rejected: four stays small/);
    assert.match(text, /a\.txt, line 7: changed by the user to:\nSeven/);
    assert.match(text, /a\.txt now has the digest [0-9a-f]{12}\./);
  });

  it("hunks that nobody decided are not made, and the model hears it", async () => {
    const played = await run((request) => approve(request, [say(1, { is: "accepted" })]));
    assert.equal(played.files.get("a.txt"), before.replace("four", "FOUR"));
    assert.match(heard(played), /line 1: not accepted/);
  });

  it("nothing accepted is a rejection that touches nothing", async () => {
    const played = await run((request) =>
      approve(
        request,
        [0, 1, 2].map((hunk) => say(hunk, { is: "rejected", why: "no" })),
      ),
    );
    assert.equal(played.files.get("a.txt"), before);
    assert.match(heard(played), /3 rejected[\s\S]*Nothing was changed/);
    assert.equal(
      played.events.some((event) => event.type === "call.begun"),
      false,
    );
  });

  it("what the person typed while it waited is kept", async () => {
    const files = { "a.txt": before };
    const played = await run(
      (request) =>
        approve(
          request,
          [0, 1, 2].map((hunk) => say(hunk, { is: "accepted" })),
        ),
      {
        files,
        onEvent: (event, { world }) => {
          if (event.type === "approval.asked" && event.request.subject.of === "call")
            void world.files.swap(
              "/workspace/a.txt",
              world.digest(before),
              new TextEncoder().encode(before.replace("two\n", "two\nmine\n")),
            );
        },
      },
    );
    assert.equal(played.files.get("a.txt"), "ONE\ntwo\nmine\nthree\nFOUR\nfive\nsix\nSEVEN\n");
  });

  it("a hunk that meets what the person typed unseen is not written", async () => {
    const played = await run(
      (request) =>
        approve(
          request,
          [0, 1, 2].map((hunk) => say(hunk, { is: "accepted" })),
        ),
      {
        onEvent: (event, { world }) => {
          if (event.type === "approval.asked" && event.request.subject.of === "call")
            void world.files.swap("/workspace/a.txt", world.digest(before), new TextEncoder().encode(before.replace("four", "mine")));
        },
      },
    );
    assert.equal(played.files.get("a.txt"), before.replace("four", "mine"));
    assert.match(heard(played), /The user changed a\.txt, line 4 meanwhile, so nothing was written/);
  });

  it("what was decided before the process died is there when the run goes on", async () => {
    const first = await run(
      (_request, signal) => new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))),
      {
        onEvent: (event, of, stop) => {
          if (event.type !== "approval.asked" || event.request.subject.of !== "call") return;
          const { call } = event.request.subject;
          void of
            .append({
              type: "hunks.decided",
              call,
              digest: event.request.digest,
              answers: [say(0, { is: "accepted" }), say(1, { is: "accepted" })],
            })
            .then(() => of.append({ type: "hunks.decided", call, digest: event.request.digest, answers: [say(1, null)] }))
            .then(() => stop.abort(new Error("killed")));
        },
      },
    );
    const waiting = fold(first.events);
    assert.deepEqual(waiting.steps["a"]?.turns[0]?.calls[0]?.hunks, [say(0, { is: "accepted" })]);
  });

  it("a decision about another proposal is too late", async () => {
    const played = await run(async (request) => approve(request, [say(0, { is: "accepted" })]), {
      onEvent: (event, of) => {
        if (event.type === "approval.asked" && event.request.subject.of === "call")
          void of.append({
            type: "hunks.decided",
            call: event.request.subject.call,
            digest: "another",
            answers: [say(1, { is: "accepted" })],
          });
      },
    });
    assert.equal(played.files.get("a.txt"), before.replace("one", "ONE"));
  });

  it("a rule that came meanwhile still denies the person's own version", async () => {
    const played = await run(async (request) => approve(request, [say(0, { is: "accepted" })]), {
      onEvent: (event, of) => {
        if (event.type !== "approval.asked" || event.request.subject.of !== "call") return;
        const { policy } = of.world.rules;
        const { guard, ...rest } = policy();
        Object.assign(of.world.rules, {
          policy: () => ({
            ...rest,
            guard: [{ id: "late", priority: 0, match: { effects: ["write"] }, verdict: "deny", why: "Late." }, ...guard],
          }),
        });
      },
    });
    assert.equal(played.files.get("a.txt"), before);
    assert.match(heard(played), /Denied by rule late/);
  });
});
