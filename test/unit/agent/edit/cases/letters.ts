import { type BlockCase, lines } from "./block-case.ts";

const nfd = "cafe\u0301";
const nfc = "caf\u00e9";

export const letters: readonly BlockCase[] = [
  { name: "composed finds composed", text: `${nfc} = 1\n`, blocks: [[`${nfc} = 1`, `${nfc} = 2`]], gives: `${nfc} = 2\n`, tier: "exact" },
  {
    name: "composed finds decomposed, and the name that stays keeps its letters",
    text: `${nfd} = 1\n`,
    blocks: [[`${nfc} = 1`, `${nfc} = 2`]],
    gives: `${nfd} = 2\n`,
    tier: "characters",
  },
  {
    name: "decomposed finds composed",
    text: `${nfc} = 1\n`,
    blocks: [[`${nfd} = 1`, `${nfd} = 2`]],
    gives: `${nfc} = 2\n`,
    tier: "characters",
  },
  { name: "what is replaced is replaced as written", text: `${nfd}\n`, blocks: [[nfc, "tea"]], gives: "tea\n" },
  {
    name: "the letters around the place stay as they are",
    text: `a ${nfd} b ${nfd}!\n`,
    blocks: [[`b ${nfc}!`, "b tea!"]],
    gives: `a ${nfd} b tea!\n`,
  },
  {
    name: "lines left alone keep their letters",
    text: `// ${nfd}\nx = 1\n`,
    blocks: [[`// ${nfc}\nx = 1`, `// ${nfc}\nx = 2`]],
    gives: `// ${nfd}\nx = 2\n`,
  },
  {
    name: "decomposed with other indentation",
    text: `  // ${nfd}\n  x = 1\n`,
    blocks: [[`// ${nfc}\nx = 1`, `// ${nfc}\nx = 2`]],
    gives: `  // ${nfd}\n  x = 2\n`,
    tier: "indentation",
  },
  {
    name: "both spellings are two places",
    text: `${nfd}\n${nfd} \n`,
    blocks: [[nfc, "tea"]],
    gives: `${nfd}\n${nfd} \n`,
    refuses: { 0: /2 times/ },
  },
  { name: "the spelling that is exact wins", text: `${nfd}\n${nfc}\n`, blocks: [[nfc, "tea"]], gives: `${nfd}\ntea\n`, tier: "exact" },
  {
    name: "Korean letters, decomposed in the file",
    text: "\u1112\u1161\u11ab\u1100\u1173\u11af = 1\n",
    blocks: [["\ud55c\uae00 = 1", "\ud55c\uae00 = 2"]],
    gives: "\u1112\u1161\u11ab\u1100\u1173\u11af = 2\n",
  },
  {
    name: "a curly quote in the file",
    text: "it\u2019s \u201cso\u201d\n",
    blocks: [['it\'s "so"', "it's not so"]],
    gives: "it\u2019s not so\n",
    tier: "characters",
  },
  { name: "a space that does not break", text: "a\u00a0= 1\n", blocks: [["a = 1", "a = 2"]], gives: "a\u00a0= 2\n" },
  { name: "a dash", text: "1\u20132\n", blocks: [["1-2", "1-3"]], gives: "1\u20133\n" },
  { name: "beyond the first plane", text: "say \ud83d\ude00\n", blocks: [["\ud83d\ude00", "\ud83d\ude01"]], gives: "say \ud83d\ude01\n" },
  {
    name: "half a pair is never cut off",
    text: `${nfd} \ud83d\ude00\n`,
    blocks: [[`${nfc} \ud83d\ude00`, `${nfc} \ud83d\ude01`]],
    gives: `${nfd} \ud83d\ude01\n`,
  },
  {
    name: "letters that only look alike are different",
    text: "\u0430 = 1\n",
    blocks: [["a = 1", "a = 2"]],
    gives: "\u0430 = 1\n",
    refuses: { 0: /not in the file/ },
  },
  { name: "decomposed in a CRLF file", text: `${nfd}\r\nb\r\n`, blocks: [[`${nfc}\nb`, `${nfc}\nc\nd`]], gives: `${nfd}\r\nc\r\nd\r\n` },
  { name: "every occurrence of a decomposed word", text: `${nfd} ${nfd}\n`, blocks: [[nfc, "tea", "all"]], gives: "tea tea\n" },
];

const total = lines(
  "function total(items) {",
  "  let sum = 0;",
  "  // add up the prices",
  "  for (const item of items) sum += item.price;",
  "  return sum;",
  "}",
);
const search = (middle: string): string =>
  lines("function total(items) {", "  let sum = 0;", middle, "  for (const item of items) sum += item.price;", "  return sum;", "}");

export const anchored: readonly BlockCase[] = [
  {
    name: "a comment that differs a little stays as the file has it",
    text: total,
    blocks: [[search("  // add up prices"), search("  // add up prices").replace("return sum", "return sum * 2")]],
    gives: total.replace("return sum", "return sum * 2"),
    tier: "anchored",
  },
  {
    name: "white space within a line",
    text: total,
    blocks: [
      [
        search("  // add up the prices").replace("sum += item.price", "sum+=item.price"),
        search("  // add up the prices").replace("return sum", "return -sum"),
      ],
    ],
    gives: total.replace(/sum \+= item.price|return sum/g, (match) => (match === "return sum" ? "return -sum" : match)),
    tier: "anchored",
  },
  {
    name: "a line the search does not know of is kept",
    text: total.replace("  return", "  // done\n  return"),
    blocks: [[total, total.replace("let sum = 0", "let sum = 1")]],
    gives: total.replace("  return", "  // done\n  return").replace("let sum = 0", "let sum = 1"),
    tier: "anchored",
  },
  {
    name: "a line that only the search knows of is no obstacle",
    text: total.replace("  // add up the prices\n", ""),
    blocks: [[search("  // sum"), search("  // sum").replace("return sum", "return +sum")]],
    gives: total.replace("  // add up the prices\n", "").replace("return sum", "return +sum"),
    tier: "anchored",
  },
  {
    name: "a line about to be replaced may have a slip",
    text: total,
    blocks: [[total.replace("item.price", "item.prices"), total.replace("item.price", "item.price * item.count")]],
    gives: total.replace("item.price", "item.price * item.count"),
    tier: "anchored",
  },
  {
    name: "other indentation and a small difference at once",
    text: total.replace(/^/gm, "\t").replace(/\t$/, ""),
    blocks: [[search("  // add up prices"), search("  // add up prices").replace("return sum", "return sum * 2")]],
    gives: total.replace(/^/gm, "\t").replace(/\t$/, "").replace("return sum", "return sum * 2"),
    tier: "anchored",
  },
  {
    name: "in a CRLF file",
    text: total.replaceAll("\n", "\r\n"),
    blocks: [[search("  // add up prices"), search("  // add up prices").replace("return sum", "return sum * 2")]],
    gives: total.replaceAll("\n", "\r\n").replace("return sum", "return sum * 2"),
    tier: "anchored",
  },
  {
    name: "a number that differs is never overwritten",
    text: "a {\n  wait(1000);\n  call(first, second, third);\n  end();\n}\n",
    blocks: [
      [
        "a {\n  wait(100);\n  call(first, second, third);\n  end();\n}\n",
        "a {\n  wait(200);\n  call(first, second, third);\n  end();\n}\n",
      ],
    ],
    gives: "a {\n  wait(1000);\n  call(first, second, third);\n  end();\n}\n",
    refuses: { 0: /really "wait\(1000\);"/ },
  },
  {
    name: "a line the search does not know of is never lost",
    text: total.replace("  return", "  audit(sum);\n  return"),
    blocks: [[total, "function total(items) {\n  return items.reduce((sum, item) => sum + item.price, 0);\n}\n"]],
    gives: total.replace("  return", "  audit(sum);\n  return"),
    refuses: { 0: /line 5 of the file, " {2}audit\(sum\);", is not in the search/ },
  },
  {
    name: "two places that fit about as well",
    text: `${total}\n${total}`,
    blocks: [[search("  // add up prices"), "x\n"]],
    gives: `${total}\n${total}`,
    refuses: { 0: /lines 1-6 and 8-13 are about equally near/ },
  },
  {
    name: "below the floor of confidence nothing is changed",
    text: total,
    blocks: [[lines("function total(items) {", "  return items.map((item) => item.price).reduce(add);", "}"), "x\n"]],
    gives: total,
    refuses: { 0: /not in the file/ },
    nearest: { 0: "function total(items) {" },
  },
  {
    name: "two lines are not enough to be anchored",
    text: "alpha(1, 2);\nbeta(3, 4);\n",
    blocks: [["alpha(1,2);\nbeta(3,4);", "x"]],
    gives: "alpha(1, 2);\nbeta(3, 4);\n",
    refuses: { 0: /nearest text is at lines 1-2/ },
  },
  {
    name: "a first line that differs is no anchor",
    text: total,
    blocks: [[total.replace("total(items)", "total(list)"), "x\n"]],
    gives: total,
    refuses: { 0: /line 1 of the search is "function total\(list\) \{" but line 1 of the file/ },
  },
  {
    name: "a new line between two lines that the file keeps apart has no place",
    text: "start()\n  one(alpha, beta)\n  // a remark\n  two(gamma, delta)\nfinish()\n",
    blocks: [
      [
        "start()\n  one(alpha, beta)\n  two(gamma, delta)\nfinish()\n",
        "start()\n  one(alpha, beta)\n  between()\n  two(gamma, delta)\nfinish()\n",
      ],
    ],
    gives: "start()\n  one(alpha, beta)\n  // a remark\n  two(gamma, delta)\nfinish()\n",
    refuses: { 0: /not show|not in the file/ },
  },
];
