import { strict as assert } from "node:assert";
import { present } from "../../../src/protocol/present.ts";
import { play, step } from "../../support/play.ts";

describe("a lesson in the chat", () => {
  it("says what to do next time, and the last one that the step is given up", async () => {
    const { state } = await play({
      limits: { attemptsPerStep: 2 },
      say: ({ purpose }) =>
        purpose === "plan"
          ? { answer: { steps: [step("mend", { check: { by: "content", path: "gone.txt", matches: "x" } })] } }
          : purpose === "reflect"
            ? { answer: { because: "It is not there.", lesson: "Make it.", then: "retry" } }
            : "Done.",
    });
    const none = { unsandboxed: undefined, limits: undefined, folder: undefined, runFolder: undefined };
    const { items } = present(state, { ...none, driving: false, model: "m", mode: "supervised", examples: [] });
    assert.deepEqual(
      items.flatMap((item) => (item.kind === "lesson" ? [[item.lesson, item.final]] : [])),
      [
        ["Make it.", false],
        ["2 attempts did not pass the check.", true],
      ],
    );
    const said = items.flatMap((item) => (item.kind === "end" ? [item.answer] : [])).join("");
    assert.equal(said, "Step mend failed: gone.txt does not exist.\nDone.");
  });
});
