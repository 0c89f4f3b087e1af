import { strict as assert } from "node:assert";
import fc from "fast-check";
import { roles } from "../../../../src/agent/plan.ts";
import { modes, shippedPolicy } from "../../../../src/agent/policy/defaults.ts";
import { judge, severity } from "../../../../src/agent/policy/judge.ts";
import { narrow } from "../../../../src/agent/policy/narrow.ts";
import type { Subject } from "../../../../src/agent/policy/part.ts";
import { prepare } from "../../../../src/agent/policy/prepare.ts";
import { type Match, type Policy, type Rule, Trait, Verdict } from "../../../../src/agent/policy/rules.ts";
import { Effect } from "../../../../src/agent/tool/risk.ts";
import { imaginaryGround, judgeLine, tableOf } from "../../../support/policy.ts";

const paths = ["src/a.ts", "src", ".", "../x", "/etc/passwd", ".env", ".git/config", "/tmp/a", "README.md"];
const globs = ["src/**", "**/.env", "**", "*.ts", "/etc/**", ".git/**", "src/a.ts", "{src,test}/**"];
const lines = [
  "ls",
  "cat src/a.ts",
  "npm test",
  "rm -rf src",
  "cat .env",
  "git push",
  "echo x > a",
  "cd src && cat ../../x",
  "sudo ls",
  "cat $x",
  "curl https://example.com",
];

const some = <T>(values: readonly T[]): fc.Arbitrary<T[]> => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });

const match: fc.Arbitrary<Match> = fc.record(
  {
    tool: some(["run_command", "read_file", "edit_file"]),
    effect: some(Effect.options),
    trait: some(Trait.options),
    path: some(globs),
    within: some(globs),
    where: fc.constantFrom("inside" as const, "outside" as const),
    program: some(["ls", "cat", "rm", "npm", "git"]),
    args: some(["**", "test", "-rf", "*"]),
    role: some(roles),
    mode: some(modes),
    tainted: fc.boolean(),
    sandboxed: fc.boolean(),
  },
  { requiredKeys: [] },
);

const ruleOf = (verdicts: readonly (typeof Verdict.options)[number][]): fc.Arbitrary<Rule> =>
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 5 }),
    priority: fc.integer({ min: 0, max: 3 }),
    match,
    verdict: fc.constantFrom(...verdicts),
    why: fc.constant("Said so."),
  });

const list = (verdicts: readonly (typeof Verdict.options)[number][]) => fc.array(ruleOf(verdicts), { maxLength: 5 });

const policy: fc.Arbitrary<Policy> = fc.record({
  guard: list(Verdict.options),
  workspace: list(["ask", "deny"]),
  personal: list(Verdict.options),
});

const question = fc.record({
  what: fc.oneof(
    fc
      .constantFrom(...lines)
      .map((line) => ({ tool: "run_command", risk: { effects: ["execute" as const], paths: [], line, reversible: false } })),
    fc
      .record({ tool: fc.constantFrom("read_file", "edit_file", "fetch"), effects: some(Effect.options), paths: some(paths) })
      .map(({ tool, effects, paths: chosen }) => ({ tool, risk: { effects, paths: chosen, reversible: true } })),
  ),
  role: fc.option(fc.constantFrom(...roles), { nil: undefined }),
  mode: fc.constantFrom(...modes),
  tainted: fc.boolean(),
  sandboxed: fc.boolean(),
});

type Asked = typeof question extends fc.Arbitrary<infer T> ? T : never;

async function subjectOf({ what, ...circumstances }: Asked): Promise<Subject> {
  return (await prepare({ ...what, ...circumstances }, imaginaryGround())).subject;
}

describe("the policy, for any rules and calls,", () => {
  it("never lets a child do what its parent may not", async () => {
    await fc.assert(
      fc.asyncProperty(
        policy,
        question,
        fc.array(fc.constantFrom(...roles), { minLength: 1, maxLength: 3 }),
        async (parent, asked, line) => {
          const subject = await subjectOf(asked);
          const child = line.reduce(narrow, parent);
          assert.ok(severity[judge(child, subject).verdict] >= severity[judge(parent, subject).verdict]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("is never loosened by a workspace's file", async () => {
    await fc.assert(
      fc.asyncProperty(policy, question, async (before, asked) => {
        const subject = await subjectOf(asked);
        const without = judge({ ...before, workspace: [] }, subject).verdict;
        assert.ok(severity[judge(before, subject).verdict] >= severity[without]);
      }),
      { numRuns: 200 },
    );
  });

  it("is never loosened by a workspace rule that is looked at last", async () => {
    await fc.assert(
      fc.asyncProperty(policy, question, ruleOf(["ask", "deny"]), async (before, asked, added) => {
        const subject = await subjectOf(asked);
        const after = { ...before, workspace: [...before.workspace, { ...added, priority: 99 }] };
        assert.ok(severity[judge(after, subject).verdict] >= severity[judge(before, subject).verdict]);
      }),
      { numRuns: 200 },
    );
  });

  it("is never loosened by text from outside, and then asks before network, credentials and secrets, whatever was granted", async () => {
    const granted = fc.array(
      ruleOf(Verdict.options).filter((rule) => rule.match.tainted === undefined),
      { maxLength: 5 },
    );
    const sensitive = ["curl https://example.com", "ssh host ls", "cat .env"];
    await fc.assert(
      fc.asyncProperty(granted, question, async (own, asked) => {
        const rules = { ...shippedPolicy(), personal: [...own, ...shippedPolicy().personal] };
        const [clean, tainted] = await Promise.all([false, true].map((one) => subjectOf({ ...asked, tainted: one })));
        assert.ok(clean && tainted && severity[judge(rules, tainted).verdict] >= severity[judge(rules, clean).verdict]);
        if (
          asked.what.risk.effects.some((effect) => effect === "network") ||
          ("line" in asked.what.risk && sensitive.includes(asked.what.risk.line))
        )
          assert.notEqual(judge(rules, tainted).verdict, "allow");
      }),
      { numRuns: 200 },
    );
  });

  it("explains itself part by part: a rule that is there, or that none was", async () => {
    await fc.assert(
      fc.asyncProperty(policy, question, async (rules, asked) => {
        const subject = await subjectOf(asked);
        const { verdict, parts, reason } = judge(rules, subject);
        const known = new Set([...rules.guard, ...rules.workspace, ...rules.personal].map(({ id }) => id));
        assert.equal(parts.length, subject.parts.length);
        assert.ok(reason.length > 0);
        for (const part of parts)
          assert.ok(part.rule === undefined ? part.verdict === "deny" && part.reason.startsWith("No rule matched") : known.has(part.rule));
        assert.ok(parts.length === 0 || parts.some((part) => part.verdict === verdict));
        assert.ok(parts.every((part) => severity[part.verdict] <= severity[verdict]));
      }),
      { numRuns: 200 },
    );
  });

  it("answers the same for the same call, and never throws", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 80 }), async (line) => {
        assert.deepEqual(await judgeLine(line), await judgeLine(line));
      }),
      { numRuns: 100 },
    );
  });

  it("is never talked round by shell syntax thrown together", async () => {
    // Nothing that could make the last line a mere text: no quotes, comments or here-documents.
    const token = fc.constantFrom(
      "rm",
      " ",
      "x",
      ";",
      "&&",
      "|",
      "$(",
      ")",
      "\n",
      "{",
      "}",
      "(",
      ">",
      "$x",
      "${x",
      "[[",
      "]]",
      "if",
      "then",
      "fi",
      "for",
      "in",
      "do",
      "done",
      "case",
      "esac",
      "&",
      "!",
      "*",
      "~",
      "=",
      "ls",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(token, { minLength: 1, maxLength: 14 }), async (tokens) => {
        const line = `${tokens.join("")}\nrm -rf /\n`;
        const { verdict, parts } = await judgeLine(line);
        assert.notEqual(verdict, "allow", JSON.stringify({ line, parts }));
      }),
      { numRuns: 300 },
    );
  });
});

describe("the spelling of a line", () => {
  const known = [...tableOf("dangerous.txt").map((entry) => entry.slice(entry.indexOf(" ") + 1)), ...tableOf("harmless.txt")];

  /** Lines of plain words only: each word may be written in many ways that mean the same. */
  const plain = known.filter(
    (line) =>
      /^[\w./:@%+,-]+( [\w./:@%+,-]+)*$/.test(line) &&
      !/^(if|for|while|until|case|select|time|coproc|function|then|do|done|fi|esac|in)\b/.test(line),
  );

  /** The same word, spelled otherwise. */
  const spelling = (word: string): fc.Arbitrary<string> =>
    fc
      .array(fc.constantFrom("bare", "single", "double", "backslash", "ansi", "continued", "empty"), {
        minLength: word.length,
        maxLength: word.length,
      })
      .map((ways) =>
        [...word]
          .map((letter, index) => {
            switch (ways[index]) {
              case "single":
                return `'${letter}'`;
              case "double":
                return `"${letter}"`;
              case "backslash":
                return `\\${letter}`;
              case "ansi":
                return `$'\\x${letter.charCodeAt(0).toString(16).padStart(2, "0")}'`;
              case "continued":
                return `\\\n${letter}`;
              case "empty":
                return `''${letter}""`;
              default:
                return letter;
            }
          })
          .join(""),
      );

  const respelled = fc.constantFrom(...plain).chain((line) =>
    fc.record({
      line: fc.constant(line),
      words: fc.tuple(...line.split(" ").map(spelling)),
      spaces: fc.array(fc.constantFrom(" ", "  ", "\t", " \\\n "), { minLength: 40, maxLength: 40 }),
      ends: fc.constantFrom("", " ", ";", "\n", " # comment", " "),
      starts: fc.constantFrom("", " ", "\n", "\t"),
    }),
  );

  it("never changes a verdict towards allow: quotes, spaces, line continuations, comments", async () => {
    await fc.assert(
      fc.asyncProperty(respelled, async ({ line, words, spaces, ends, starts }) => {
        const other =
          starts +
          words.map((word, index) => word + (index < words.length - 1 ? (spaces[index % spaces.length] ?? " ") : "")).join("") +
          ends;
        const [before, after] = [await judgeLine(line), await judgeLine(other)];
        assert.ok(
          severity[after.verdict] >= severity[before.verdict],
          JSON.stringify({ line, other, before: before.verdict, after: after.verdict }),
        );
      }),
      { numRuns: 400 },
    );
  });

  const wrappings: readonly ((line: string) => string)[] = [
    (line) => `(${line})`,
    (line) => `{ ${line}; }`,
    (line) => `! ${line}`,
    (line) => `true && ${line}`,
    (line) => `false || ${line}`,
    (line) => `ls; ${line}`,
    (line) => `ls | ${line}`,
    (line) => `ls & ${line}`,
    (line) => `if true; then ${line}\nfi`,
    (line) => `while true; do ${line}\ndone`,
    (line) => `case x in x) ${line};; esac`,
    (line) => `echo "$(${line})"`,
    (line) => `x=$(${line}); echo "$x"`,
    (line) => `if [ -n "$(${line})" ]; then ls; fi`,
    (line) => `${line} | while IFS= read -r l; do echo "$l"; done`,
    (line) => `while read -r l; do echo "$l"; done < <(${line})`,
    (line) => `echo \`${line}\``,
    (line) => `cat <(${line})`,
    (line) => `sh -c '${line}'`,
    (line) => `eval '${line}'`,
    (line) => `timeout 5 ${line}`,
    (line) => `env ${line}`,
    (line) => `nice -n 3 ${line}`,
    (line) => `command ${line}`,
    (line) => `for i in 1 2; do ${line}\ndone`,
    (line) => `bash <<'EOF'\n${line}\nEOF`,
    (line) => `f() { ${line}\n}`,
    (line) => `${line} &`,
    (line) => `${line} 2>&1`,
    (line) => `LANG=C ${line}`,
  ];

  it("never makes a line allowed: a word in a variable, in a loop, or handed over by xargs", async () => {
    const ways: readonly ((before: readonly string[], word: string, after: readonly string[]) => string)[] = [
      (before, word, after) => `w=${word}; ${[...before, '"$w"', ...after].join(" ")}`,
      (before, word, after) => `w=${word} && ${[...before, "$w", ...after].join(" ")}`,
      (before, word, after) => `for w in ${word}; do ${[...before, '"$w"', ...after].join(" ")}; done`,
      (before, word, after) => `for w in ${word} x; do v=$w; ${[...before, "$v", ...after].join(" ")}; done`,
      (before, word, after) => `echo ${[word, ...after].join(" ")} | xargs ${before.join(" ")}`,
      (before, word, after) => `echo ${word} | xargs -I{} ${[...before, "{}", ...after].join(" ")}`,
    ];
    const several = plain.filter((line) => line.includes(" "));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...several), fc.nat(), fc.constantFrom(...ways), async (line, place, way) => {
        const words = line.split(" ");
        const at = 1 + (place % (words.length - 1));
        const other = way(words.slice(0, at), words[at] ?? "", words.slice(at + 1));
        // What begins with a dash echo takes for itself.
        fc.pre(!other.startsWith("echo -"));
        const [before, after] = [await judgeLine(line), await judgeLine(other)];
        assert.ok(
          before.verdict === "allow" || after.verdict !== "allow",
          JSON.stringify({ line, other, before: before.verdict, after: after.verdict }),
        );
      }),
      { numRuns: 600 },
    );
  });

  it("never changes a verdict towards allow: lists, loops, substitutions, shells and wrappers around it", async () => {
    const simple = plain.filter(
      (line) =>
        !/^(cd|pushd|popd|exit|exec|return|break|continue|set|shopt|trap|wait|jobs|alias|unset|export|declare|typeset|local|readonly|source|\.|hash|umask|ulimit|:)\b/.test(
          line,
        ),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...simple), fc.constantFrom(...wrappings), async (line, wrap) => {
        const [before, after] = [await judgeLine(line), await judgeLine(wrap(line))];
        assert.ok(
          severity[after.verdict] >= severity[before.verdict],
          JSON.stringify({ line: wrap(line), before: before.verdict, after: after.verdict }),
        );
      }),
      { numRuns: 400 },
    );
  });
});
