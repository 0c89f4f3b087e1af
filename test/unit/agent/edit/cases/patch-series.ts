import { change, type PatchCase } from "./patch-case.ts";

const abc = "a\nb\nc\n";
const hunk: readonly string[] = ["@@ -1,3 +1,3 @@", " a", "-b", "+B", " c"];
const git = (old: string, fresh: string, ...more: readonly string[]): string =>
  `diff --git a/${old} b/${fresh}\n${more.map((line) => `${line}\n`).join("")}`;
const moves = (word: "rename" | "copy", old: string, fresh: string, ...more: readonly string[]): string =>
  git(old, fresh, "similarity index 90%", `${word} from ${old}`, `${word} to ${fresh}`, ...more);
const creates = (path: string, line: string): string =>
  git(path, path, "new file mode 100644", "--- /dev/null", `+++ b/${path}`, "@@ -0,0 +1 @@", `+${line}`);

export const names: readonly PatchCase[] = [
  {
    name: "two files that change names",
    files: { x: "1\n", y: "2\n" },
    patch: moves("rename", "x", "y") + moves("rename", "y", "x"),
    gives: { x: "2\n", y: "1\n" },
  },
  {
    name: "a name that is handed on",
    files: { a: "1\n", b: "2\n" },
    patch: moves("rename", "a", "b") + moves("rename", "b", "c"),
    gives: { a: null, b: "1\n", c: "2\n" },
  },
  {
    name: "a new file under a name that is given up",
    files: { a: "1\n" },
    patch: creates("a", "new") + moves("rename", "a", "b"),
    gives: { a: "new\n", b: "1\n" },
  },
  {
    name: "a name that is not given up after all stays, and so does what wanted it",
    files: { x: "1\n", y: "2\n" },
    patch: moves("rename", "x", "y") + moves("rename", "y", "z", "--- a/y", "+++ b/z", "@@ -1 +1 @@", "-zebra", "+Z"),
    gives: { z: "2\n", y: "1\n", x: null },
    refuses: { 0: /not in the file/ },
  },
  {
    name: "a name whose owner cannot be deleted",
    files: { x: "1\n", y: "mine\n" },
    patch: `--- a/y\n+++ /dev/null\n@@ -1 +0,0 @@\n-theirs\n${moves("rename", "x", "y")}`,
    gives: {},
    refuses: { 0: /not in the file/, 1: /y exists already; the patch cannot rename x to it/ },
  },
  {
    name: "a copy of what is changed too is a copy of what it was",
    files: { o: abc },
    patch: git("o", "o", "--- a/o", "+++ b/o", ...hunk) + moves("copy", "o", "n"),
    gives: { o: "a\nB\nc\n", n: abc },
  },
  {
    name: "a copy and then a move of one file",
    files: { o: abc },
    patch: moves("copy", "o", "n", "--- a/o", "+++ b/n", ...hunk) + moves("rename", "o", "m"),
    gives: { o: null, n: "a\nB\nc\n", m: abc },
  },
  {
    name: "a file where a folder would have to be",
    files: { f: "x\n" },
    patch: "--- /dev/null\n+++ b/f/g\n@@ -0,0 +1 @@\n+y\n",
    gives: {},
    refuses: { 0: /f is a file, so there can be no f\/g/ },
  },
  {
    name: "a folder where a file would have to be",
    files: { "f/g": "x\n" },
    patch: "--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+y\n",
    gives: {},
    refuses: { 0: /f is a folder, which holds f\/g/ },
  },
  {
    name: "a folder that was really called a, and moves to one called b",
    files: { "a/f": "x\n" },
    patch: moves("rename", "a/f", "b/f"),
    gives: { "a/f": null, "b/f": "x\n" },
  },
];

export const series: readonly PatchCase[] = [
  {
    name: "a second section for one file builds on the first",
    files: { f: abc },
    patch: change("f", ...hunk) + change("f", "@@ -1,3 +1,3 @@", " a", "-B", "+BB", " c"),
    gives: { f: "a\nBB\nc\n" },
  },
  {
    name: "a file that is created and then changed",
    files: {},
    patch: creates("f", "x") + change("f", "@@ -1 +1 @@", "-x", "+y"),
    gives: { f: "y\n" },
  },
  {
    name: "a file that is changed and then deleted",
    files: { f: "x\n" },
    patch: `${change("f", "@@ -1 +1 @@", "-x", "+y")}--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-y\n`,
    gives: { f: null },
  },
  {
    name: "a file that is changed and then moved takes the change along",
    files: { f: abc },
    patch: change("f", ...hunk) + moves("rename", "f", "g"),
    gives: { f: null, g: "a\nB\nc\n" },
  },
  {
    name: "a file that is created and deleted again never was",
    files: { other: "x\n" },
    patch: `${creates("f", "x")}--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n`,
    gives: {},
  },
  {
    name: "a file that is created twice",
    files: {},
    patch: creates("f", "x") + creates("f", "y"),
    gives: { f: "x\n" },
    refuses: { 1: /f exists already/ },
  },
];
