// What the model hears of a change once it is written: what the editor made of it on saving, and which problems came and went.

import { strict as assert } from "node:assert";
import type { Problem, World } from "../../../src/agent/world.ts";
import { sha256 } from "../../support/memory-world.ts";
import { type Played, play, step } from "../../support/play.ts";

const plan = { steps: [step("a", { check: { by: "content", path: "a.js", matches: "x" } })] };
const path = "/workspace/a.js";

/** Reports each `var`, and each line that is too long, of the one file it looks at; has looked again only when it was waited for. */
function editor(world: World, textOf: () => string): World {
  const look = (): readonly Problem[] =>
    textOf()
      .split("\n")
      .flatMap((line, at): readonly Problem[] =>
        line.startsWith("var ")
          ? [{ path: "a.js", line: at + 1, severity: "warning", message: `${line.slice(4, 5)} should be const` }]
          : [],
      );
  let seen = look();
  return {
    ...world,
    diagnostics: {
      problems: async () => ({ ok: true, value: look() }),
      known: (asked) => (asked === path ? seen : undefined),
      caughtUp: async () => {
        seen = look();
      },
    },
  };
}

/** Saves like an editor that takes semicolons for needless. */
function formatting(world: World): World {
  const { files } = world;
  const encoder = new TextEncoder();
  return {
    ...world,
    files: {
      ...files,
      swapAll: async (swaps) => {
        const landed = await files.swapAll(swaps);
        if (!landed.ok) return landed;
        for (const { path: file, after } of swaps) {
          const text = new TextDecoder().decode(after ?? new Uint8Array());
          if (text.includes(";")) await files.swap(file, sha256(text), encoder.encode(text.replaceAll(";", "")));
        }
        return {
          ok: true,
          value: await Promise.all(
            landed.value.map(async ({ path: file }) => {
              const image = await files.read(file, { maxBytes: 1e6 }, new AbortController().signal);
              return { path: file, digest: image.ok ? image.value.digest : null };
            }),
          ),
        };
      },
    },
  };
}

const run = (
  files: Readonly<Record<string, string>>,
  calls: readonly (readonly [tool: string, input: unknown])[],
  around: (world: World) => World,
) =>
  play({
    goal: "Mend it",
    files,
    around,
    say: (request, turn) => (request.answer?.name === "plan" ? { answer: plan } : turn === 0 ? calls : "Done."),
  });
const heard = ({ requests }: Played): string => requests.at(-1)?.messages.findLast((message) => message.role === "tool")?.text ?? "";
const edit = (search: string, replace: string) => ["edit_file", { path: "a.js", blocks: [{ search, replace }] }] as const;

describe("what the model hears of a change", () => {
  it("names the problems that appeared and those that are gone, and no other", async () => {
    let text = "var x\nvar y\nlet z\n";
    const played = await run({ "a.js": text }, [edit("var x", "const w\nconst x"), edit("let z", "var z")], (world) => ({
      ...editor(world, () => text),
      files: {
        ...world.files,
        swapAll: async (swaps) => {
          for (const { after } of swaps) text = new TextDecoder().decode(after ?? new Uint8Array());
          return await world.files.swapAll(swaps);
        },
      },
    }));
    const told = (played.requests.at(-1)?.messages ?? []).flatMap((message) => (message.role === "tool" ? [message.text] : []));
    assert.deepEqual(played.files.get("a.js"), "const w\nconst x\nvar y\nvar z\n");
    assert.match(told[0] ?? "", /The editor's problems changed:\nGone: warning at a\.js:1: x should be const$/);
    assert.match(told[1] ?? "", /The editor's problems changed:\nNew warning at a\.js:4: z should be const$/);
    assert.doesNotMatch(told.join("\n"), /y should be const/);
  });

  it("claims nothing of problems in a file that nothing looks at", async () => {
    const played = await run(
      { "a.js": "x\n", "b.js": "var x\n" },
      [["edit_file", { path: "b.js", blocks: [{ search: "var x", replace: "x" }] }]],
      (world) => editor(world, () => "var x\n"),
    );
    assert.doesNotMatch(heard(played), /problems/);
  });

  it("shows what the editor made of it on saving, and counts that as the change", async () => {
    const played = await run({ "a.js": "x = 1\n" }, [edit("x = 1", "x = 2;\ny = 3;")], formatting);
    assert.equal(played.files.get("a.js"), "x = 2\ny = 3\n");
    assert.match(heard(played), /Changed a\.js\.\nThe editor changed it further when it was saved/);
    assert.match(heard(played), /-x = 2;\n-y = 3;\n\+x = 2\n\+y = 3/);
    const changed = played.events.flatMap((event) => (event.type === "call.ended" ? event.changed : []));
    assert.deepEqual(
      changed.map(({ after }) => after),
      [sha256("x = 2\ny = 3\n")],
    );
    assert.equal(played.state.ended?.outcome, "done");
  });
});
