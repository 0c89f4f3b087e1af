import { strict as assert } from "node:assert";
import { descendants, type Language, languageOf, nodeAt } from "../../../src/agent/model/rules/syntax.ts";
import { createGrammars } from "../../../src/node/grammar.ts";

const grammars = createGrammars();
const signal = new AbortController().signal;
const samples: Readonly<Record<Language, readonly [good: string, bad: string]>> = {
  javascript: ["const f = (x) => x?.y ?? `a${x}`;", "const = ;"],
  typescript: ["interface A { readonly b: number }", "interface { ) }"],
  tsx: ["const a = <b c={1}>d</b>;", "const a = <b"],
  python: ["def f(a):\n    return a[1:]\n", "def (:\n"],
};

describe("grammars", () => {
  for (const language of Object.keys(samples) as Language[]) {
    it(`parse ${language} and tell what is broken`, async () => {
      const [good, bad] = samples[language];
      const parser = await grammars.parser(language, signal);
      const tree = parser.parse(good);
      assert.equal(tree.broken, false);
      assert.equal(tree.root.text, good);
      assert.ok([...descendants(tree.root)].length > 5);
      assert.equal(parser.isBroken(good), false);
      assert.equal(parser.isBroken(bad), true);
      assert.equal(parser.parse(bad).broken, true);
    });
  }

  it("count offsets as JavaScript does, beyond the basic plane too", async () => {
    const text = 'const s = "é🙂"; use(s);';
    const tree = (await grammars.parser("javascript", signal)).parse(text);
    const call = [...descendants(tree.root)].find((node) => node.type === "call_expression");
    assert.equal(call?.text, "use(s)");
    assert.equal(call?.start, text.indexOf("use(s)"));
  });

  it("give trees that know fields, lines and parents", async () => {
    const tree = (await grammars.parser("python", signal)).parse("if a:\n    b = 1\n");
    const node = nodeAt(tree.root, 10, 11);
    assert.deepEqual([node.type, node.field, node.line, node.parent?.type], ["identifier", "left", 2, "assignment"]);
  });

  it("load a language once, however often it is asked for", async () => {
    const [first, second] = await Promise.all([grammars.parser("python", signal), grammars.parser("python", signal)]);
    assert.equal(first, second);
  });

  it("say where they looked when the files are not there", async () => {
    await assert.rejects(createGrammars("/nowhere").parser("python", signal), /nowhere/);
  });

  it("are chosen by the file's ending", () => {
    assert.deepEqual(["a.mjs", "a.cts", "b/c.tsx", "x.py", "x.rb", "Makefile"].map(languageOf), [
      "javascript",
      "typescript",
      "tsx",
      "python",
      undefined,
      undefined,
    ]);
  });
});
