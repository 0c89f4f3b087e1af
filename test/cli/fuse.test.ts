// The ways on after a fuse, from the command line: with flags, and asked at a terminal. Without one nothing is asked.

import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Event } from "../../src/agent/event.ts";
import { CommandLine, eventsOf } from "../support/command-line.ts";
import { hasScript, Sitting } from "../support/sitting.ts";
import type { Cue, Line } from "../support/script.ts";
import { type ScriptedServer, startScriptedServer } from "../support/scripted-server.ts";

const edit = (search: string, replace: string): Line => ({
  calls: [{ tool: "edit_file", args: { path: "a.txt", blocks: [{ search, replace }] } }],
});

/** One step that changes the file wrongly and then looks at it for ever; a second plan does it right. */
const script = ({ answer, turn, text }: Cue): Line => {
  const anew = text.includes("An earlier plan did not do");
  if (answer === "plan")
    return {
      answer: {
        steps: [
          {
            id: anew ? "right" : "it",
            goal: anew ? "Do it right" : "Do it",
            role: "coder",
            needs: [],
            check: { by: "content", path: "a.txt", matches: "right" },
          },
        ],
      },
    };
  if (answer === "reflection") return { answer: { because: "It is wrong.", lesson: "Do better.", then: "give up" } };
  if (text.includes("Do it right")) return turn === 0 ? edit("wronger", "right") : { text: "Right now." };
  return turn === 0 ? edit("wrong", "wronger") : { calls: [{ tool: "read_file", args: { path: "a.txt" } }] };
};

const goal = "Make it right and then stop";

describe("the ways on after a fuse", () => {
  let server: ScriptedServer;
  let cli: CommandLine;
  let sitting: Sitting | undefined;
  const file = (): string => readFileSync(join(cli.workspace, "a.txt"), "utf8");
  const has = (out: string, type: Event["type"]): boolean => eventsOf(out).some((event) => event.type === type);
  beforeEach(async () => {
    server = await startScriptedServer(script);
    cli = new CommandLine([["a.txt", "wrong\n"]], { OPENAI_BASE_URL: server.url, PROVISO_MODEL: "scripted" });
  });
  afterEach(async () => {
    sitting?.kill();
    sitting = undefined;
    cli.remove();
    await server.close();
  });
  const blow = async (): Promise<void> => {
    const blown = await cli.run("run", goal, "--approve", "all");
    assert.equal(blown.code, 4, blown.out + blown.err);
    assert.match(blown.err, /--more, --replan, --roll-back or --hand-over/);
    assert.equal(file(), "wronger\n");
  };

  it("is more of the same with --more", async () => {
    await blow();
    const more = await cli.run("resume", "--more", "--approve", "all", "--json");
    assert.equal(more.code, 4, more.err);
    assert.ok(!has(more.out, "plan.made"));
  });

  it("is a new plan with --replan, which can succeed where the old one did not", async () => {
    await blow();
    const anew = await cli.run("resume", "--replan", "--approve", "all", "--json");
    assert.equal(anew.code, 0, anew.out + anew.err);
    assert.ok(has(anew.out, "plan.made"));
    assert.equal(file(), "right\n");
  });

  it("is files as before with --roll-back, which ends there, asks no model and can go on after", async () => {
    await blow();
    const asked = server.requests.length;
    const back = await cli.run("resume", "--roll-back");
    assert.equal(back.code, 0, back.err);
    assert.match(back.err, /put back a\.txt, as it was before step it/);
    assert.equal(file(), "wrong\n");
    assert.equal(server.requests.length, asked);
    const again = await cli.run("resume", "--roll-back", "--more", "--approve", "all", "--json");
    assert.equal(again.code, 4, again.err);
  });

  it("is a document with --hand-over, and the run stays as it is", async () => {
    await blow();
    const before = (await cli.run("show", "--json")).out;
    const hand = await cli.run("resume", "--hand-over");
    assert.equal(hand.code, 0, hand.err);
    assert.match(hand.out, /^# Hand-over: Make it right and then stop\n[\s\S]*## Open changes\n\n- changed `a\.txt`/);
    const json = JSON.parse((await cli.run("resume", "--hand-over", "--json")).out) as { markdown: string };
    assert.equal(json.markdown, hand.out);
    assert.equal((await cli.run("show", "--hand-over")).out, hand.out);
    assert.equal((await cli.run("show", "--json")).out, before);
  });

  it("is one of them: what contradicts itself is refused", async () => {
    assert.equal((await cli.run("resume", "--more", "--replan")).code, 2);
    assert.equal((await cli.run("resume", "--hand-over", "--roll-back")).code, 2);
  });

  it("is seen beforehand: show --fuses tells how near each is", async () => {
    await blow();
    const { out, code } = await cli.run("show", "--fuses");
    assert.equal(code, 0);
    assert.match(out, /^repeats +#{10} {2}3 of 3 times the same call, step it$/m);
    assert.match(out, /^turns +\S+ {2}\d of 40 turns, step it$/m);
    assert.match(out, /^provider +\.{10} {2}closed$/m);
    const gauges = (await cli.run("show", "--fuses", "--json")).out.trim().split("\n");
    assert.ok(
      gauges.some((line) => line === '{"fuse":"repeat","step":"it","used":3,"limit":3,"said":"3 of 3 times the same call"}'),
      gauges.join("\n"),
    );
  });

  describe("at a terminal", () => {
    before(function () {
      if (!hasScript) this.skip();
    });
    const sit = (): Sitting => (sitting = new Sitting(cli, ["run", goal, "--approve", "all"], { columns: 120, rows: 40 }));

    it("is asked: files go back after they were shown, then a new plan goes on", async () => {
      const { screen, ended } = sit();
      await sitting?.answer(/m go on with more {2}p plan anew {2}b roll back… {2}h hand over/, "b");
      await sitting?.answer(/files as they were before step it[\s\S]*changed a\.txt[\s\S]*y restore them/, "y");
      await screen.shows(/restored a\.txt/);
      assert.equal(file(), "wrong\n");
      await sitting?.answer(/m go on with more {2}p plan anew {2}h hand over/, "h");
      assert.equal(await ended, 4);
      assert.match(screen.text, /# Hand-over: Make it right and then stop/);
    });

    it("goes on at once with a new plan", async () => {
      const { ended } = sit();
      await sitting?.answer(/p plan anew/, "p");
      assert.equal(await ended, 0, sitting?.screen.text);
      assert.equal(file(), "right\n");
    });

    it("stays as it stopped on Escape", async () => {
      const { ended } = sit();
      await sitting?.answer(/Esc leave it so/, "\x1b");
      assert.equal(await ended, 4);
      assert.equal(file(), "wronger\n");
    });

    it("stays as it stopped on Ctrl+C", async () => {
      const { ended } = sit();
      await sitting?.answer(/Esc leave it so/, "\x03");
      assert.equal(await ended, 4);
    });
  });
});
