import { type BlockCase, lines } from "./block-case.ts";

const check = (condition: string): string =>
  lines("check {", `  if (${condition}) return;`, "  proceedWithEverything(now);", "  finishAllOfThis(later);", "}");
const config = lines(
  "export function parseConfig(path: string): Config {",
  "  const text = readFileSync(path, 'utf8');",
  "  const raw = JSON.parse(text);",
  "  // Check the version before anything else",
  "  if (raw.version !== 3) {",
  "    throw new Error('unsupported version');",
  "  }",
  "  return { ...defaults, ...raw };",
  "}",
);
const sum = (name: string, key: string): string =>
  lines(
    `function ${name}(items) {`,
    "  let total = 0;",
    "  for (const item of items) {",
    `    total += item.${key};`,
    "  }",
    "  return total;",
    "}",
  );

/** What is like the search but another thing: a slip of the pen is forgiven, another meaning never. */
export const slips: readonly BlockCase[] = [
  {
    name: "quotes, a semicolon and a letter too many are slips",
    text: config,
    blocks: [
      [
        config.replace("'utf8'", '"utf8"').replace("unsupported", "unsuported"),
        config.replace("'utf8'", '"utf8"').replace("unsupported version", "bad version"),
      ],
    ],
    gives: config.replace("unsupported version", "bad version"),
    tier: "anchored",
  },
  {
    name: "a number that differs in a line that stays is left as the file has it",
    text: config,
    blocks: [[config.replace("!== 3", "!== 2"), config.replace("!== 3", "!== 2").replace("defaults", "base")]],
    gives: config.replace("defaults", "base"),
    tier: "anchored",
  },
  {
    name: "another operator",
    text: check("alphaBetaGamma < limitOfEverything"),
    blocks: [[check("alphaBetaGamma > limitOfEverything"), check("alphaBetaGamma > limitOfEverything + slack")]],
    gives: check("alphaBetaGamma < limitOfEverything"),
    refuses: { 0: /really "if \(alphaBetaGamma < limitOfEverything\) return;"/ },
  },
  {
    name: "a negation",
    text: check("!alphaBetaGammaDelta"),
    blocks: [[check("alphaBetaGammaDelta"), check("alphaBetaGammaDelta && more")]],
    gives: check("!alphaBetaGammaDelta"),
    refuses: { 0: /really/ },
  },
  {
    name: "another word within a name",
    text: check("startServer(connection, options)"),
    blocks: [[check("stopServer(connection, options)"), check("restart(connection, options)")]],
    gives: check("startServer(connection, options)"),
    refuses: { 0: /really "if \(startServer/ },
  },
  {
    name: "a word that begins otherwise",
    text: check("isValidConnection(options, settings)"),
    blocks: [[check("isInvalidConnection(options, settings)"), check("never")]],
    gives: check("isValidConnection(options, settings)"),
    refuses: { 0: /really/ },
  },
  {
    name: "the words of a remark that is replaced are free",
    text: config,
    blocks: [[config.replace("anything else", "anything"), config.replace("// Check the version before anything else", "// Version")]],
    gives: config.replace("// Check the version before anything else", "// Version"),
    tier: "anchored",
  },
  {
    name: "a member that only the twin next door is near to",
    text: `${sum("sumPrice", "price")}\n${sum("sumWeight", "weight")}`,
    blocks: [[sum("sumPrice", "cost"), sum("sumPrice", "cost2")]],
    gives: `${sum("sumPrice", "price")}\n${sum("sumWeight", "weight")}`,
    refuses: { 0: /really "total \+= item\.price;"/ },
  },
  {
    name: "a blank line more in the file",
    text: config.replace("  return", "\n  return"),
    blocks: [[config, config.replace("defaults", "base")]],
    gives: config.replace("  return", "\n  return").replace("defaults", "base"),
    tier: "anchored",
  },
  {
    name: "a blank line more in the search",
    text: config,
    blocks: [[config.replace("  return", "\n  return"), config.replace("  return", "\n  return").replace("defaults", "base")]],
    gives: config.replace("defaults", "base"),
    tier: "anchored",
  },
  {
    name: "a table in which one cell differs",
    text: lines("a | 21 | x", "b | 28 | x", "c | 35 | x"),
    blocks: [[lines("a | 22 | x", "b | 28 | x", "c | 35 | x"), "gone\n"]],
    gives: lines("a | 21 | x", "b | 28 | x", "c | 35 | x"),
    refuses: { 0: /not in the file/ },
  },
];

const million = 1_000_000;

export const odd: readonly BlockCase[] = [
  ...["$&", "$1", "$$", "$'", "\\1", "\\n", "${x}", "$<n>"].map(
    (replace): BlockCase => ({
      name: `${replace} is put in as it is`,
      text: "A here, A there\n",
      blocks: [["A here", replace]],
      gives: `${replace}, A there\n`,
    }),
  ),
  ...["a.c", "(a|b)", "^a$", "\\d+", "?."].map(
    (search): BlockCase => ({
      name: `${search} is looked for as it is`,
      text: `1 ${search} 2\naac abc ab aa 5\n`,
      blocks: [[search, "Z"]],
      gives: "1 Z 2\naac abc ab aa 5\n",
    }),
  ),
  { name: "every line end goes", text: "a\r\nb\r\n", blocks: [["\n", ";", "all"]], gives: "a;b;" },
  { name: "every occurrence that can be had without sharing a letter", text: "ababa\n", blocks: [["aba", "X", "all"]], gives: "Xba\n" },
  {
    name: "very many occurrences on one line",
    text: "ab".repeat(million / 20),
    blocks: [["ab", "c", "all"]],
    gives: "c".repeat(million / 20),
  },
  {
    name: "a million letters, all of them searched for",
    text: `h\n${"ab".repeat(million / 2)}\nt\n`,
    blocks: [["ab".repeat(million / 2), "short"]],
    gives: "h\nshort\nt\n",
  },
  {
    name: "a million letters, one of them wrong",
    text: `h\n${"ab".repeat(million / 2)}\nt\n`,
    blocks: [[`${"ab".repeat(million / 2 - 1)}ac`, "x"]],
    gives: `h\n${"ab".repeat(million / 2)}\nt\n`,
    refuses: { 0: /not in the file/ },
  },
  {
    name: "very many marks on one letter",
    text: `a${"\u0301".repeat(20_000)} end\n`,
    blocks: [["end", "fin"]],
    gives: `a${"\u0301".repeat(20_000)} fin\n`,
  },
  {
    name: "marks in another order",
    text: "a\u0323\u0307 x\n",
    blocks: [["a\u0307\u0323 x", "a\u0307\u0323 y"]],
    gives: "a\u0323\u0307 y\n",
    tier: "characters",
  },
  {
    name: "half of one letter and half of another are no letter",
    text: "\u{1F600}\u{1F601}\n",
    blocks: [["\u{1F601}", "\u{1F602}"]],
    gives: "\u{1F600}\u{1F602}\n",
  },
  {
    name: "a part of a family",
    text: "\u{1F468}\u200D\u{1F469}\n",
    blocks: [["\u{1F469}", "\u{1F466}"]],
    gives: "\u{1F468}\u200D\u{1F466}\n",
  },
  { name: "a ligature is one letter", text: "\ufb01n\n", blocks: [["fin", "x"]], gives: "\ufb01n\n", refuses: { 0: /not in the file/ } },
  { name: "half a pair in the file stays", text: "a\ud800b\n", blocks: [["b", "c"]], gives: "a\ud800c\n" },
  { name: "a byte order mark in the middle is text", text: "a\uFEFFb\n", blocks: [["a\uFEFFb", "c"]], gives: "c\n" },
  {
    name: "a first line without its indentation, in a file with white space at line ends",
    text: "class A:\n    def f(self):  \n        return a\n",
    blocks: [["def f(self):\n        return a", "def f(self):\n        x = 1\n        return x"]],
    gives: "class A:\n    def f(self):  \n        x = 1\n        return x\n",
  },
  {
    name: "numbers of lines in front are no text",
    text: "alpha\nbeta\n",
    blocks: [["1 | alpha\n2 | beta", "x"]],
    gives: "alpha\nbeta\n",
    refuses: { 0: /not in the file/ },
    nearest: { 0: "alpha" },
  },
];
