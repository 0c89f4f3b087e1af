import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import type { Event } from "../../../../src/agent/event.ts";
import { audit } from "../../../../src/agent/observe/audit.ts";
import type { Line } from "../../../../src/agent/observe/line.ts";
import { timeline } from "../../../../src/agent/observe/timeline.ts";
import { transcript } from "../../../../src/agent/observe/transcript.ts";
import { play, step } from "../../../support/play.ts";
import { tellStory } from "../../../support/tell-story.ts";

const text = (lines: readonly Line[]): string =>
  `${lines.map((one) => `${"  ".repeat(one.indent)}${one.mark ? `[${one.mark}] ` : ""}${one.spans.map((span) => span.text).join("")}`).join("\n")}\n`;

function compare(golden: string, told: string): void {
  const path = `test/unit/agent/observe/${golden}`;
  if (process.env["UPDATE_GOLDEN"]) writeFileSync(path, told);
  assert.equal(told, readFileSync(path, "utf8"));
}

describe("the transcript", () => {
  it("tells the whole story as was agreed on", async () => {
    const { events } = await tellStory({});
    // The clock of a world in memory ticks with every look at it, so durations say nothing.
    compare("story.transcript.txt", text(transcript(events)).replaceAll(/\b\d+ ms\b/g, "N ms"));
  });

  it("tells a denial, a rejection with its reason, and a plan that waits", async () => {
    const { events } = await play({
      goal: "Change a and then b",
      say: (request, turn) =>
        request.purpose === "plan"
          ? { answer: { steps: [step("a")] } }
          : request.purpose === "act" && turn === 0
            ? [["create_file", { path: "a", text: "a" }]]
            : { fault: { kind: "unavailable", message: "The model answered 401; check the key.", retry: false } },
      decide: async (request) =>
        request.subject.of === "plan"
          ? { answer: "approve", digest: request.digest, by: "person" }
          : { answer: "reject", why: "not there", unattended: false },
    });
    const told = text(transcript(events));
    assert.match(told, /\[denied\] rejected by you: create_file a · not there/);
    assert.match(told, /\[fuse\] the model fuse blew: The model answered 401; check the key\./);
    assert.equal(told.split("The model answered 401").length, 2, "said once");
  });
});

describe("the timeline", () => {
  it("has one moment per event, each on one line, with the time since the beginning", async () => {
    const { events } = await tellStory({});
    const moments = timeline(events);
    assert.equal(moments.length, events.length);
    assert.equal(moments[0]?.since, 0);
    assert.ok(moments.every((moment, i) => i === 0 || moment.since >= (moments[i - 1]?.since ?? 0)));
    assert.ok(moments.every((moment) => !moment.text.includes("\n")));
    assert.equal(moments[21]?.text, "mend attempt 1: Add, do not multiply., then retry");
  });
});

describe("the audit of a run", () => {
  it("holds decisions, approvals and effects, and nothing that only looked", async () => {
    const { events } = await tellStory({});
    const entries = audit(events);
    const kinds = (kind: string): number => entries.filter((entry) => entry.kind === kind).length;
    assert.equal(kinds("decision"), events.filter((event) => event.type === "call.judged").length);
    assert.equal(kinds("approval"), events.filter((event: Event) => event.type === "approval.given").length + 1);
    const effects = entries.filter((entry) => entry.kind === "effect").map((entry) => entry.said);
    assert.ok(
      effects.includes("changed src/add.js") &&
        effects.includes("created NOTES.md") &&
        effects.includes("deleted old.txt") &&
        effects.includes("undone src/add.js"),
    );
    assert.ok(!entries.some((entry) => entry.kind === "effect" && entry.of.startsWith("read_file")));
  });

  it("binds each approval to the digest of what was done", async () => {
    const { events } = await tellStory({});
    const entries = audit(events);
    const effects = entries.filter((entry) => entry.digest !== undefined && entry.kind === "effect");
    assert.ok(effects.length >= 5);
    for (const effect of effects)
      assert.ok(
        entries.some((entry) => entry.kind === "approval" && entry.digest === effect.digest && entry.of === effect.of),
        effect.of,
      );
  });
});
