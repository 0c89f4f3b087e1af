import { type BlockCase, lines } from "./block-case.ts";

const program = lines("function add(a, b) {", "  return a + b;", "}", "", "function sub(a, b) {", "  return a - b;", "}");

export const exact: readonly BlockCase[] = [
  {
    name: "one line",
    text: program,
    blocks: [["  return a + b;", "  return b + a;"]],
    gives: program.replace("a + b", "b + a"),
    tier: "exact",
  },
  { name: "part of a line", text: program, blocks: [["a - b", "b - a"]], gives: program.replace("a - b", "b - a") },
  {
    name: "several lines become fewer",
    text: program,
    blocks: [["function sub(a, b) {\n  return a - b;\n}\n", "const sub = (a, b) => a - b;\n"]],
    gives: lines("function add(a, b) {", "  return a + b;", "}", "", "const sub = (a, b) => a - b;"),
  },
  { name: "one line becomes several", text: "a\nb\nc\n", blocks: [["b\n", "b1\nb2\nb3\n"]], gives: "a\nb1\nb2\nb3\nc\n" },
  { name: "deletes lines", text: "a\nb\nc\n", blocks: [["b\n", ""]], gives: "a\nc\n" },
  { name: "deletes the text of a line but not its end", text: "a\nb\nc\n", blocks: [["b", ""]], gives: "a\n\nc\n" },
  { name: "inserts before", text: "a\nc\n", blocks: [["c", "b\nc"]], gives: "a\nb\nc\n" },
  { name: "inserts after", text: "a\nc\n", blocks: [["a\n", "a\nb\n"]], gives: "a\nb\nc\n" },
  { name: "at the very start", text: "first\nsecond\n", blocks: [["first", "FIRST"]], gives: "FIRST\nsecond\n" },
  { name: "at the very end", text: "first\nlast\n", blocks: [["last\n", "LAST\n"]], gives: "first\nLAST\n" },
  { name: "the whole text", text: "a\nb\n", blocks: [["a\nb\n", "x\n"]], gives: "x\n" },
  { name: "the whole text by nothing", text: "a\nb\n", blocks: [["a\nb\n", ""]], gives: "" },
  {
    name: "a search without its final line end and a replacement with one adds a line",
    text: "a\nb\n",
    blocks: [["a", "A\n"]],
    gives: "A\n\nb\n",
  },
  { name: "joins lines when it says so", text: "a,\n  b\n", blocks: [["a,\n  b", "a, b"]], gives: "a, b\n" },
  { name: "a dollar sign is not a pattern", text: "cost: 1\n", blocks: [["1", "$& $1 $$ $`"]], gives: "cost: $& $1 $$ $`\n" },
  { name: "pattern characters are letters", text: "a.b*c[0]?\naxb\n", blocks: [["a.b*c[0]?", "ok"]], gives: "ok\naxb\n" },
  { name: "a backslash stays one", text: "path = 'a\\\\b'\n", blocks: [["'a\\\\b'", "'c\\\\d'"]], gives: "path = 'c\\\\d'\n" },
  {
    name: "a line that looks like a conflict marker",
    text: "a\n=======\nb\n",
    blocks: [["=======", ">>>>>>> x"]],
    gives: "a\n>>>>>>> x\nb\n",
  },
  { name: "a search that is the same as its replacement", text: "a\nb\n", blocks: [["b", "b"]], gives: "a\nb\n" },
  {
    name: "a name of the object prototype",
    text: "constructor\n__proto__\n",
    blocks: [["__proto__", "toString"]],
    gives: "constructor\ntoString\n",
  },
  { name: "blank lines only, where there is one run of them", text: "a\n\n\nb\n", blocks: [["\n\n\n", "\n"]], gives: "a\nb\n" },
  { name: "trailing spaces that the file really has", text: "a  \nb\n", blocks: [["a  \n", "a\n"]], gives: "a\nb\n" },
  { name: "a tab that the file really has", text: "a\tb\n", blocks: [["a\tb", "a b"]], gives: "a b\n" },
  {
    name: "empty search on an empty file is its whole content",
    text: "",
    blocks: [["", "new\ncontent\n"]],
    gives: "new\ncontent\n",
    tier: "exact",
  },
  { name: "empty search on an empty file keeps the line ends it is given", text: "", blocks: [["", "a\r\nb\r\n"]], gives: "a\r\nb\r\n" },
  { name: "no blocks change nothing", text: "a\n", blocks: [], gives: "a\n" },
  { name: "every occurrence", text: "x = x + x\n", blocks: [["x", "y", "all"]], gives: "y = y + y\n" },
  { name: "every occurrence, on several lines", text: "log(1)\nkeep\nlog(1)\n", blocks: [["log(1)\n", "", "all"]], gives: "keep\n" },
  { name: "every occurrence where there is one", text: "a\nb\n", blocks: [["b", "c", "all"]], gives: "a\nc\n" },
  { name: "every occurrence, never overlapping itself", text: "aaaa\n", blocks: [["aa", "b", "all"]], gives: "bb\n" },
  { name: "every occurrence by something that holds it", text: "a a\n", blocks: [["a", "aa", "all"]], gives: "aa aa\n" },
  {
    name: "a search in a very long line",
    text: `${"x".repeat(200_000)}needle${"y".repeat(200_000)}\n`,
    blocks: [["needle", "pin"]],
    gives: `${"x".repeat(200_000)}pin${"y".repeat(200_000)}\n`,
  },
];

export const order: readonly BlockCase[] = [
  {
    name: "blocks in the order of the text",
    text: "a\nb\nc\n",
    blocks: [
      ["a", "1"],
      ["b", "2"],
      ["c", "3"],
    ],
    gives: "1\n2\n3\n",
  },
  {
    name: "blocks in reverse order",
    text: "a\nb\nc\n",
    blocks: [
      ["c", "3"],
      ["b", "2"],
      ["a", "1"],
    ],
    gives: "1\n2\n3\n",
  },
  {
    name: "blocks in any order",
    text: "a\nb\nc\nd\n",
    blocks: [
      ["c", "3"],
      ["a", "1"],
      ["d", "4"],
      ["b", "2"],
    ],
    gives: "1\n2\n3\n4\n",
  },
  {
    name: "blocks that touch",
    text: "a\nb\nc\n",
    blocks: [
      ["b\n", "B\n"],
      ["a\n", "A\n"],
    ],
    gives: "A\nB\nc\n",
  },
  {
    name: "two names are swapped, since both are sought in the original",
    text: "left\nright\n",
    blocks: [
      ["left", "right"],
      ["right", "left"],
    ],
    gives: "right\nleft\n",
  },
  {
    name: "a replacement that another block would find is left alone",
    text: "a\nb\n",
    blocks: [
      ["a", "b\nb"],
      ["b\n", "c\n"],
    ],
    gives: "b\nb\nc\n",
  },
  {
    name: "text that moved is found where it is now",
    text: "z\ny\nx\nfind me\n",
    blocks: [["find me", "found"]],
    gives: "z\ny\nx\nfound\n",
  },
  {
    name: "a function is moved by deleting it here and adding it there",
    text: lines("one()", "two()", "three()"),
    blocks: [
      ["one()\n", ""],
      ["three()\n", "three()\none()\n"],
    ],
    gives: lines("two()", "three()", "one()"),
  },
  {
    name: "all and single blocks together",
    text: "a b a c\n",
    blocks: [
      ["c", "z"],
      ["a", "x", "all"],
    ],
    gives: "x b x z\n",
  },
];
