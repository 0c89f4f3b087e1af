// The reins while it works: words said while the model speaks, a stop in the middle of a reply and of a command, and going on from there.

import { strict as assert } from "node:assert";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Script } from "../support/script.ts";
import { ask, workbenchWithModel } from "./with-model.ts";
import { expect } from "./workbench.ts";

const wait = "while [ ! -e go ]; do sleep 0.1; done; echo gone on > went.txt";
const step = {
  id: "wait",
  goal: "Wait for the word",
  role: "coder",
  needs: [],
  check: { by: "content", path: "went.txt", matches: "gone on" },
};

/** It begins to speak and falls silent, until somebody has said what to do; then it runs a command that waits for a file. */
const script: Script = (cue) => {
  if (cue.answer === "plan") return { answer: { steps: [step] } };
  if (cue.answer === "reflection") return { answer: { because: "It was stopped.", lesson: "Run it again.", then: "retry" } };
  if (!/by the shell alone/.test(cue.text)) return { text: ["I am ", "thinking ", "about it."], trouble: { is: "stall", after: 4 } };
  return cue.turn > 0 && /exit 0/i.test(cue.last) ? { text: "It went on." } : { calls: [{ tool: "run_command", args: { line: wait } }] };
};

describe("the reins of a run that works", () => {
  const { open, told } = workbenchWithModel(script);

  it("what is said while the model speaks is read next; a run is stopped in the middle of a reply and of a command, and goes on", async () => {
    const window = await open();
    const stopped = window.chat.getByText("Stopped by you", { exact: true });
    const resume = window.button("Resume").first();
    await ask(window, "Wait until I say so");
    await window.chat.getByText("I am thinking").waitFor();
    await expect(window.composer).toHaveAttribute("placeholder", /^Steer/);
    await window.send("Do it by the shell alone");
    await expect(window.chat.getByText("Do it by the shell alone").first()).toBeVisible();
    await window.picture("steered");

    // In the middle of a reply that would never have ended, by its key.
    await window.composer.press("Shift+Escape");
    await stopped.waitFor();
    await resume.click();
    const command = window.card(/Run a command/);
    await command.getByRole("button", { name: "Approve", exact: true }).click();
    assert.match(told(), /Do it by the shell alone/);

    // In the middle of a command. The window comes back with the run in its list; the command is not run again without being asked about.
    await expect(command).toHaveCount(0);
    await window.button("Stop").click();
    await stopped.waitFor();
    await expect(window.chat.getByText("its check has not run")).toBeVisible();
    await window.picture("stopped");
    await window.page.reload();
    await window.showChat();
    await window.button("Resume: Wait until I say so").click();
    await command.getByRole("button", { name: "Approve", exact: true }).waitFor();
    assert.equal(existsSync(join(window.folder, "went.txt")), false);
    writeFileSync(join(window.folder, "go"), "");
    await command.getByRole("button", { name: "Approve", exact: true }).click();
    await window.card("Evidence, 1 of 1 proved").waitFor();
    assert.equal(window.text("went.txt"), "gone on\n");
  });
});
