import { strict as assert } from "node:assert";
import { stretches } from "../../../../src/agent/effect-row.ts";
import { severity } from "../../../../src/agent/policy/judge.ts";
import { imaginaryGround, judgeLine, tableOf } from "../../../support/policy.ts";

const marks = { allow: "⟦⟧", ask: "‹›", deny: "«»" } as const;

/** The line with its parts between marks: ⟦allowed⟧, ‹asked›, «denied». */
async function marked(line: string): Promise<string> {
  const shown = stretches(line, await judgeLine(line));
  return shown.map(({ text, verdict }) => (verdict ? marks[verdict][0] + text + marks[verdict][1] : text)).join("");
}

describe("the place of a part in its line", () => {
  const cases: readonly (readonly [says: string, marked: string])[] = [
    ["a command and its redirection, each for itself", "‹npx vitest run› ‹> reports/junit.xml›"],
    ["a redirection that is denied beside a command that is allowed", "⟦git show HEAD~3:deploy/key⟧ «> ~/.ssh/id_ed25519»"],
    ["the argument that asks within a command that does not", "⟦cat a.ts ⟧‹.env›"],
    ["the words around a redirection that stands among them", "⟦cat a⟧ 2>/dev/null ‹> b› ⟦c⟧"],
    ["an assignment for itself, where it asks", "‹PATH=x›⟦ ls⟧"],
    ["each time the same command comes", "‹npm test› && ‹npm test›"],
    ["the word that a value is put into", "⟦F=.env⟧; ⟦cat ⟧‹$F›"],
    ["the word that a loop fills, by the strictest of its values", "for f in a .env; do ⟦cat ⟧‹$f›; done"],
    ["the command that runs a text in quotes, never the text", "‹sh -c 'ls; cat .env'›"],
    ["the command that runs a here-document", "‹bash› <<'E'\nrm x\nE"],
    ["the command that runs another with its words", "⟦find . -name a⟧ | ‹xargs rm›"],
    ["a substitution by itself", "⟦echo $(⟧‹rm x›⟦)⟧"],
    ["a substitution in a here-document", "⟦cat⟧ <<E\n$(‹rm x›)\nE"],
    ["one in backquotes", "⟦echo `⟧‹rm x›⟦`⟧"],
    ["all of the backquotes around others, because the shell reads another text there than the line has", "⟦echo ⟧‹`cat \\`ls .env\\``›"],
    ["counted in units, as the page counts", "⟦echo '😀é'⟧; ‹rm x›"],
    ["across lines", "⟦cat a \\\n ⟧‹.env›"],
    ["a condition and what follows from it", "if ⟦true⟧; then ‹rm x›; fi"],
  ];
  for (const [says, expected] of cases)
    it(`is ${says}`, async () => assert.equal(await marked(expected.replaceAll(/[⟦⟧‹›«»]/g, "")), expected));

  it("is not told of a doubt about the line as a whole", async () => {
    const { parts } = await judgeLine("ls ) (");
    const doubt = parts.find(({ part }) => part.startsWith("the shell grammar says"));
    assert.deepEqual([doubt?.spans, doubt?.effect, doubt?.verdict], [undefined, undefined, "ask"]);
  });

  it("lies in the line, and no stretch is stricter than the decision, whatever the line", async () => {
    const lines = [...tableOf("dangerous.txt").map((entry) => entry.slice(entry.indexOf(" ") + 1)), ...tableOf("harmless.txt")];
    let placed = 0;
    for (const line of lines) {
      const decision = await judgeLine(line);
      for (const { spans = [] } of decision.parts)
        for (const [from, to] of spans) assert.ok(0 <= from && from < to && to <= line.length, `${from} to ${to} of ${line}`);
      const shown = stretches(line, decision);
      assert.equal(shown.map(({ text }) => text).join(""), line);
      for (const { verdict } of shown) assert.ok(verdict === undefined || severity[verdict] <= severity[decision.verdict], line);
      if (shown.some(({ verdict }) => verdict === decision.verdict)) placed++;
    }
    assert.ok(placed > lines.length * 0.95, `the strictest part is placed in ${placed} of ${lines.length} lines`);
  });

  it("leaves the path and the host as the line names them, and says where they lead", async () => {
    const ground = imaginaryGround({ "/workspace/link": "/etc" }, ["/workspace/sub/new"]);
    const { parts } = await judgeLine("cat link/hosts ~/a ./b; curl -s example.com > sub/new", { ground });
    const told = parts.map(({ effect, named, leads, fresh }) => [effect, named, leads, fresh]).filter(([, named]) => named !== undefined);
    assert.deepEqual(told, [
      ["read", "link/hosts", "/etc/hosts", undefined],
      ["read", "~/a", undefined, undefined],
      ["read", "./b", undefined, undefined],
      ["write", "sub/new", undefined, true],
      ["network", "example.com", undefined, undefined],
    ]);
  });
});
