import { change, count, type PatchCase } from "./patch-case.ts";

const twenty = count(1, 20);
const body = (at: number): readonly string[] => [` line ${at - 1}`, `-line ${at}`, `+LINE ${at}`, ` line ${at + 1}`];
const upper = (text: string, ...at: readonly number[]): string =>
  at.reduce((all, one) => all.replace(`line ${one}\n`, `LINE ${one}\n`), text);

export const ends: readonly PatchCase[] = [
  {
    name: "a patch with LF on a CRLF file",
    files: { f: "a\r\nb\r\nc\r\n" },
    patch: change("f", "@@ -1,3 +1,4 @@", " a", "-b", "+B", "+x", " c"),
    gives: { f: "a\r\nB\r\nx\r\nc\r\n" },
  },
  {
    name: "a patch with CRLF throughout on an LF file",
    files: { f: "a\nb\n" },
    patch: change("f", "@@ -1,2 +1,2 @@", " a", "-b", "+B").replaceAll("\n", "\r\n"),
    gives: { f: "a\nB\n" },
  },
  {
    name: "a patch with CRLF throughout on a CRLF file",
    files: { f: "a\r\nb\r\n" },
    patch: change("f", "@@ -1,2 +1,2 @@", " a", "-b", "+B").replaceAll("\n", "\r\n"),
    gives: { f: "a\r\nB\r\n" },
  },
  {
    name: "git's patch of a CRLF file",
    files: { f: "a\r\nb\r\n" },
    patch: change("f", "@@ -1,2 +1,2 @@", " a\r", "-b\r", "+B\r"),
    gives: { f: "a\r\nB\r\n" },
  },
  {
    name: "git's patch that turns CRLF into LF",
    files: { f: "a\r\nb\r\n" },
    patch: change("f", "@@ -1,2 +1,2 @@", "-a\r", "-b\r", "+a", "+b"),
    gives: { f: "a\nb\n" },
  },
  {
    name: "git's patch that turns LF into CRLF",
    files: { f: "a\nb\n" },
    patch: change("f", "@@ -1,2 +1,2 @@", "-a", "+a\r", " b"),
    gives: { f: "a\r\nb\n" },
  },
  {
    name: "mixed: changed lines keep theirs",
    files: { f: "a\r\nb\nc\r\n" },
    patch: change("f", "@@ -1,3 +1,3 @@", "-a", "+A", " b", "-c", "+C"),
    gives: { f: "A\r\nb\nC\r\n" },
  },
  {
    name: "no final line end, marked on both sides",
    files: { f: "a\nb" },
    patch: change("f", "@@ -1,2 +1,2 @@", " a", "-b", "\\ No newline at end of file", "+c", "\\ No newline at end of file"),
    gives: { f: "a\nc" },
  },
  {
    name: "no final line end, and one is added",
    files: { f: "a\nb" },
    patch: change("f", "@@ -1,2 +1,2 @@", " a", "-b", "\\ No newline at end of file", "+b"),
    gives: { f: "a\nb\n" },
  },
  {
    name: "the final line end is taken away",
    files: { f: "a\nb\n" },
    patch: change("f", "@@ -1,2 +1,2 @@", " a", "-b", "+b", "\\ No newline at end of file"),
    gives: { f: "a\nb" },
  },
  {
    name: "no final line end, marked on context",
    files: { f: "a\nb" },
    patch: change("f", "@@ -1,2 +1,2 @@", "-a", "+A", " b", "\\ No newline at end of file"),
    gives: { f: "A\nb" },
  },
  {
    name: "no final line end and no marks: there is still none",
    files: { f: "a\nb" },
    patch: change("f", "@@ -1,2 +1,2 @@", " a", "-b", "+c"),
    gives: { f: "a\nc" },
  },
  {
    name: "no final line end and no marks: a line behind the last",
    files: { f: "a\nb" },
    patch: change("f", "@@ -1,2 +1,3 @@", " a", " b", "+c"),
    gives: { f: "a\nb\nc" },
  },
  {
    name: "no final line end and no marks: the last line goes",
    files: { f: "a\nb" },
    patch: change("f", "@@ -1,2 +1 @@", " a", "-b"),
    gives: { f: "a" },
  },
  {
    name: "no final line end, marked: the last line goes",
    files: { f: "a\nb" },
    patch: change("f", "@@ -1,2 +1 @@", " a", "-b", "\\ No newline at end of file"),
    gives: { f: "a\n" },
  },
  {
    name: "a mark names the end, so the place is there",
    files: { f: "b\nx\nb" },
    patch: change("f", "@@ -9 +9 @@", "-b", "\\ No newline at end of file", "+c", "\\ No newline at end of file"),
    gives: { f: "b\nx\nc" },
  },
  { name: "everything goes", files: { f: "a\nb\n" }, patch: change("f", "@@ -1,2 +0,0 @@", "-a", "-b"), gives: { f: "" } },
  {
    name: "a byte order mark stays",
    files: { f: "\uFEFFa\nb\n" },
    patch: change("f", "@@ -1,2 +1,2 @@", "-a", "+A", " b"),
    gives: { f: "\uFEFFA\nb\n" },
  },
  {
    name: "decomposed letters in the context",
    files: { f: "cafe\u0301\nb\n" },
    patch: change("f", "@@ -1,2 +1,2 @@", " caf\u00e9", "-b", "+B"),
    gives: { f: "cafe\u0301\nB\n" },
  },
  {
    name: "carriage returns only",
    files: { f: "a\rb\r" },
    patch: change("f", "@@ -1,2 +1,3 @@", " a", "-b", "+B", "+c"),
    gives: { f: "a\rB\rc\r" },
  },
  { name: "an empty file gets lines", files: { f: "" }, patch: change("f", "@@ -0,0 +1,2 @@", "+a", "+b"), gives: { f: "a\nb\n" } },
];

export const fileChanges: readonly PatchCase[] = [
  {
    name: "several files",
    files: { f: "a\n", "dir/g": "b\n" },
    patch: change("f", "@@ -1 +1 @@", "-a", "+A") + change("dir/g", "@@ -1 +1 @@", "-b", "+B"),
    gives: { f: "A\n", "dir/g": "B\n" },
  },
  { name: "a new file", files: {}, patch: "--- /dev/null\n+++ b/new.txt\n@@ -0,0 +1,2 @@\n+a\n+b\n", gives: { "new.txt": "a\nb\n" } },
  {
    name: "a new file, git's way",
    files: {},
    patch:
      "diff --git a/new.txt b/new.txt\nnew file mode 100644\nindex 0000000..1234567\n--- /dev/null\n+++ b/new.txt\n@@ -0,0 +1 @@\n+a\n\\ No newline at end of file\n",
    gives: { "new.txt": "a" },
  },
  { name: "a new empty file", files: {}, patch: "diff --git a/e b/e\nnew file mode 100644\nindex 0000000..e69de29\n", gives: { e: "" } },
  {
    name: "a new file that is there already with the same text",
    files: { n: "a\n" },
    patch: "--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+a\n",
    gives: {},
  },
  {
    name: "a new file that is there already",
    files: { n: "z\n" },
    patch: "--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+a\n",
    gives: {},
    refuses: { 0: /exists already/ },
  },
  { name: "a deleted file", files: { d: "a\nb\n" }, patch: "--- a/d\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n", gives: { d: null } },
  {
    name: "a deleted file without a final line end",
    files: { d: "a" },
    patch: "diff --git a/d b/d\ndeleted file mode 100644\n--- a/d\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n\\ No newline at end of file\n",
    gives: { d: null },
  },
  {
    name: "a deleted empty file",
    files: { d: "" },
    patch: "diff --git a/d b/d\ndeleted file mode 100644\nindex e69de29..0000000\n",
    gives: { d: null },
  },
  {
    name: "a deleted file that holds more",
    files: { d: "a\nb\nmine\n" },
    patch: "--- a/d\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n",
    gives: {},
    refuses: { 0: /1 line would be left/ },
  },
  {
    name: "a deleted file that holds something else",
    files: { d: "mine\n" },
    patch: "--- a/d\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n",
    gives: {},
    refuses: { 0: /not in the file/ },
  },
  {
    name: "a renamed file",
    files: { old: "a\n" },
    patch: "diff --git a/old b/new\nsimilarity index 100%\nrename from old\nrename to new\n",
    gives: { old: null, new: "a\n" },
  },
  {
    name: "a renamed and changed file",
    files: { "src/old.ts": "a\nb\n" },
    patch:
      "diff --git a/src/old.ts b/lib/new.ts\nsimilarity index 50%\nrename from src/old.ts\nrename to lib/new.ts\n--- a/src/old.ts\n+++ b/lib/new.ts\n@@ -1,2 +1,2 @@\n a\n-b\n+B\n",
    gives: { "src/old.ts": null, "lib/new.ts": "a\nB\n" },
  },
  {
    name: "a rename without git's header",
    files: { old: "a\n" },
    patch: "--- a/old\n+++ b/new\n@@ -1 +1 @@\n-a\n+A\n",
    gives: { old: null, new: "A\n" },
  },
  {
    name: "a rename onto a file that exists",
    files: { old: "a\n", new: "mine\n" },
    patch: "diff --git a/old b/new\nrename from old\nrename to new\n",
    gives: {},
    refuses: { 0: /new exists already/ },
  },
  {
    name: "a copied file",
    files: { old: "a\n" },
    patch: "diff --git a/old b/new\nsimilarity index 90%\ncopy from old\ncopy to new\n--- a/old\n+++ b/new\n@@ -1 +1 @@\n-a\n+A\n",
    gives: { new: "A\n" },
  },
  {
    name: "a file that is not there",
    files: {},
    patch: change("gone", "@@ -1 +1 @@", "-a", "+b"),
    gives: {},
    refuses: { 0: /There is no file gone/ },
  },
  {
    name: "a change of mode beside a change of text",
    files: { f: "a\n", run: "x\n" },
    patch: `diff --git a/run b/run\nold mode 100644\nnew mode 100755\n${change("f", "@@ -1 +1 @@", "-a", "+b")}`,
    gives: { f: "b\n" },
  },
  {
    name: "names without a prefix",
    files: { "src/f": "a\n" },
    patch: "--- src/f\n+++ src/f\n@@ -1 +1 @@\n-a\n+b\n",
    gives: { "src/f": "b\n" },
  },
  {
    name: "names with time stamps",
    files: { "my file": "a\n" },
    patch: "--- my file\t2026-01-01 00:00:00.000000000 +0000\n+++ my file\t2026-01-02 00:00:00.000000000 +0000\n@@ -1 +1 @@\n-a\n+b\n",
    gives: { "my file": "b\n" },
  },
  { name: "a backup's name on the old side", files: { f: "a\n" }, patch: "--- f.orig\n+++ f\n@@ -1 +1 @@\n-a\n+b\n", gives: { f: "b\n" } },
  {
    name: "quoted names",
    files: { 'caf\u00e9 "x".txt': "a\n" },
    patch: '--- "a/caf\\303\\251 \\"x\\".txt"\n+++ "b/caf\\303\\251 \\"x\\".txt"\n@@ -1 +1 @@\n-a\n+b\n',
    gives: { 'caf\u00e9 "x".txt': "b\n" },
  },
  {
    name: "a folder that is really called a",
    files: { "a/f": "a\n" },
    patch: "--- a/f\n+++ a/f\n@@ -1 +1 @@\n-a\n+b\n",
    gives: { "a/f": "b\n" },
  },
  {
    name: "two sections for one file",
    files: { f: twenty },
    patch: change("f", "@@ -2,3 +2,3 @@", ...body(3)) + change("f", "@@ -14,3 +14,3 @@", ...body(15)),
    gives: { f: upper(twenty, 3, 15) },
  },
  {
    name: "a rename from a name with spaces",
    files: { "a b": "x\n" },
    patch: "diff --git a/a b b/c d\nsimilarity index 100%\nrename from a b\nrename to c d\n",
    gives: { "a b": null, "c d": "x\n" },
  },
  {
    name: "one file fails, the other is applied",
    files: { f: "a\n", g: "b\n" },
    patch: change("f", "@@ -1 +1 @@", "-zebra", "+x") + change("g", "@@ -1 +1 @@", "-b", "+B"),
    gives: { g: "B\n" },
    refuses: { 0: /not in the file/ },
  },
];
