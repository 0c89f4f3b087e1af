import { strict as assert } from "node:assert";
import { label } from "../../../src/agent/secret-label.ts";
import { openSecrets } from "../../../src/node/secrets.ts";
import { fakeSecrets, scramble } from "../../support/fake-secrets.ts";
import { play, type Said, step } from "../../support/play.ts";

const token = `ghp_${scramble(36)}`;
const esc = "\u001b";

/** One step that makes these calls, one a turn, every question approved. */
const acting =
  (...calls: readonly (readonly [string, unknown])[]) =>
  ({ purpose }: { readonly purpose: string }, turn: number): Said =>
    purpose === "plan" ? { answer: { steps: [step("s")] } } : purpose === "act" && calls[turn] ? [calls[turn]] : "Done.";

describe("what tools tell", () => {
  const files = { "config.js": `one\nkey = "${token}"\nthree\n`, "key.txt": `${fakeSecrets().at(-1)?.text}\n`, "odd\nname.js": "x\n" };
  const command = () => ({ exit: 0, output: `${esc}]52;c;x\u0007 token ${token}` });
  const base = { files, command, secrets: openSecrets({}) };

  it("reaches neither model nor journal nor card with a secret in it: files, output, searches, faults, previews, evidence", async () => {
    const { events, requests } = await play({
      ...base,
      say: acting(
        ["read_file", { path: "config.js" }],
        ["search_text", { pattern: "ghp_" }],
        ["run_command", { line: "node print.js" }],
        ["edit_file", { path: "config.js", blocks: [{ search: 'key = "ghp_wrong"', replace: "x" }] }],
        ["edit_file", { path: "config.js", blocks: [{ search: "three", replace: "3" }] }],
      ),
    });
    const journal = JSON.stringify(events);
    assert.ok(!journal.includes(token) && !JSON.stringify(requests).includes(token));
    assert.ok(journal.split(label("github token")).length > 5);
    assert.ok(
      events.some(
        (event) => event.type === "approval.asked" && (JSON.stringify(event.request.preview) ?? "").includes("[secret: github token]"),
      ),
    );
    assert.ok(events.some((event) => event.type === "step.checked" && event.evidence.tail?.includes("[secret: github token]")));
    assert.ok(
      events.some(
        (event) => event.type === "call.ended" && !event.outcome.ok && event.outcome.fault.message.includes("[secret: github token]"),
      ),
    );
  });

  it("leaves the file itself as it was, but for what was changed", async () => {
    const played = await play({ ...base, say: acting(["edit_file", { path: "config.js", blocks: [{ search: "three", replace: "3" }] }]) });
    assert.equal(played.files.get("config.js"), `one\nkey = "${token}"\n3\n`);
  });

  it("hides a key of several lines on every page that is read of it, and counts the lines as they are", async () => {
    const { events } = await play({ ...base, say: acting(["read_file", { path: "key.txt", from: 3, to: 4 }]) });
    const [told] = events.flatMap((event) => (event.type === "call.ended" && event.outcome.ok ? [event.outcome.observation.text] : []));
    assert.match(told ?? "", /^3\t\[secret: private key\]\n4\t\[secret: private key\]\n\[lines 3-4 of 7/);
  });

  it("has its unseen characters shown, names of files on one line", async () => {
    const { events } = await play({ ...base, say: acting(["run_command", { line: "node print.js" }], ["list_files", {}]) });
    const journal = JSON.stringify(events);
    assert.ok(journal.includes("<U+001B>]52;c;x<U+0007>"));
    assert.ok(!events.some((event) => event.type === "run.started" && event.briefing.entries.some((entry) => entry.includes("\n"))));
    assert.ok(journal.includes("odd<U+000A>name.js"));
  });

  it("leaves what is approved and executed as it is", async () => {
    const line = `node send.js ${token}`;
    const { events, world } = await play({ ...base, say: acting(["run_command", { line }]) });
    assert.ok(world.asked.some((request) => request.preview?.kind === "command" && request.preview.line === line));
    assert.ok(events.some((event) => event.type === "call.judged" && JSON.stringify(event.input).includes(token)));
  });
});
