import { change, type PatchCase } from "./patch-case.ts";

const abc = "a\nb\nc\n";
const aBc = "a\nB\nc\n";
const hunk: readonly string[] = ["@@ -1,3 +1,3 @@", " a", "-b", "+B", " c"];
const text = (...lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");
const envelope = (...lines: readonly string[]): string => text("*** Begin Patch", ...lines, "*** End Patch");
const edited: Pick<PatchCase, "files" | "gives"> = { files: { f: abc }, gives: { f: aBc } };

export const headers: readonly PatchCase[] = [
  { name: "git's mnemonic prefixes", ...edited, patch: text("diff --git i/f w/f", "--- i/f", "+++ w/f", ...hunk) },
  { name: "git's prefixes the other way round", ...edited, patch: text("diff --git b/f a/f", "--- b/f", "+++ a/f", ...hunk) },
  {
    name: "a new file with mnemonic prefixes",
    files: {},
    patch: text("diff --git c/n i/n", "new file mode 100644", "--- /dev/null", "+++ i/n", "@@ -0,0 +1 @@", "+x"),
    gives: { n: "x\n" },
  },
  { name: "folders called old and new", ...edited, patch: text("--- old/f", "+++ new/f", ...hunk) },
  {
    name: "a folder that is really called a, named a on one side and b on the other",
    files: { "a/f": abc },
    patch: change("f", ...hunk),
    gives: { "a/f": aBc },
  },
  {
    name: "the time stamp of a file that was not there",
    files: {},
    patch: text("--- f\t1970-01-01 01:00:00.000000000 +0100", "+++ f\t2026-01-02 10:00:00 +0100", "@@ -0,0 +1 @@", "+x"),
    gives: { f: "x\n" },
  },
  {
    name: "the time stamp of a file that is no longer there",
    files: { f: "x\n" },
    patch: text("--- f\t2026-01-02 10:00:00 +0000", "+++ f\t1970-01-01 00:00:00.000000000 +0000", "@@ -1 +0,0 @@", "-x"),
    gives: { f: null },
  },
  {
    name: "a file that has been there since 1970",
    ...edited,
    patch: text("--- f\t1970-01-01 00:00:00 +0000", "+++ f\t1970-01-01 00:00:00 +0000", ...hunk),
  },
  { name: "a byte order mark before the patch", ...edited, patch: `\uFEFF${change("f", ...hunk)}` },
  {
    name: "a change of mode only is no change of text",
    files: { f: abc },
    patch: text("diff --git a/f b/f", "old mode 100644", "new mode 100755"),
    gives: {},
  },
  {
    name: "a line with a carriage return that looks like a header, in git's patch of a CRLF file",
    files: {},
    patch: text("diff --git a/q b/q", "new file mode 100644", "--- /dev/null", "+++ b/q", "@@ -0,0 +1,2 @@", "+++ y\r", "+z\r"),
    gives: { q: "++ y\r\nz\r\n" },
  },
  {
    name: "a binary file beside others",
    files: { i: "x\n", f: abc },
    patch: `${text("diff --git a/i b/i", "index 1..2 100644", "Binary files a/i and b/i differ")}${change("f", ...hunk)}`,
    gives: { f: aBc },
    refuses: { 0: /i cannot be changed by this patch: it is a binary change/ },
  },
  {
    name: "git's binary patch beside others",
    files: { i: "x\n", f: abc },
    patch: `${change("f", ...hunk)}${text("diff --git a/i b/i", "index 1..2 100644", "GIT binary patch", "literal 3", "KcmZQzfB*$b")}`,
    gives: { f: aBc },
    refuses: { 1: /binary change/ },
  },
  {
    name: "a symbolic link",
    files: { f: abc },
    patch: text(
      "diff --git a/l b/l",
      "new file mode 120000",
      "--- /dev/null",
      "+++ b/l",
      "@@ -0,0 +1 @@",
      "+/etc/passwd",
      "\\ No newline at end of file",
    ),
    gives: {},
    refuses: { 0: /l cannot be changed by this patch: it is a symbolic link/ },
  },
  {
    name: "a combined diff of a merge",
    files: { f: abc },
    patch: text("diff --cc f", "index 1,2..3", "--- a/f", "+++ b/f", "@@@ -1,3 -1,3 +1,3 @@@", "  a", "- b", "++B", "  c"),
    gives: {},
    refuses: { 0: /combined diff of a merge/ },
  },
  {
    name: "a hunk of nothing but context changes nothing",
    files: { f: abc },
    patch: change("f", "@@ -1,3 +1,3 @@", " a", " b", " c"),
    gives: {},
  },
  {
    name: "a hunk of context that is not there",
    files: { f: abc },
    patch: change("f", "@@ -1,2 +1,2 @@", " a", " zebra"),
    gives: {},
    refuses: { 0: /not in the file/ },
  },
  {
    name: "a hunk without lines beside another",
    files: { f: abc },
    patch: change("f", "@@ -1,0 +1,0 @@", ...hunk),
    gives: { f: aBc },
    refuses: { 0: /The hunk has no lines/ },
  },
  {
    name: "marked as unended on both sides, and the file has a last line end by now",
    files: { f: "a\nb\n" },
    patch: change("f", "@@ -1,2 +1,2 @@", " a", "-b", "\\ No newline at end of file", "+B", "\\ No newline at end of file"),
    gives: { f: "a\nB\n" },
  },
  {
    name: "a byte order mark that the patch shows as well",
    files: { f: "\uFEFFa\nb\n" },
    patch: change("f", "@@ -1,2 +1,2 @@", "-\uFEFFa", "+\uFEFFA", " b"),
    gives: { f: "\uFEFFA\nb\n" },
  },
  {
    name: "a byte order mark that the patch takes away",
    files: { f: "\uFEFFa\nb\n" },
    patch: change("f", "@@ -1,2 +1,2 @@", "-\uFEFFa", "+a", " b"),
    gives: { f: "a\nb\n" },
  },
  {
    name: "a byte order mark that only the patch has",
    files: { f: "a\nb\n" },
    patch: change("f", "@@ -1,2 +1,2 @@", "-\uFEFFa", "+\uFEFFA", " b"),
    gives: { f: "A\nb\n" },
  },
];

export const brokenHunks: readonly PatchCase[] = [
  {
    name: "context that lost its leading space, as many lines as the header says",
    files: { f: "a {\n  b\n}\nd\n" },
    patch: change("f", "@@ -1,4 +1,4 @@", "a {", "-  b", "+  B", "}", "-d", "+D"),
    gives: { f: "a {\n  B\n}\nD\n" },
  },
  {
    name: "a line in the middle that is none, and counts that do not help",
    files: { f: "a\nb\nc\nd\n" },
    patch: change("f", "@@ -1,9 +1,9 @@", " a", "-b", "+B", "c", "-d", "+D"),
    gives: {},
    refuses: { 0: /Line 7 of the patch, "c", is no line of a hunk/ },
  },
  {
    name: "a line in the middle that is none, beside a hunk that can be read",
    files: { f: "a\nb\nc\nd\n" },
    patch: change("f", "@@", " a", "-b", "+B", "c", "-d", "+D", "@@ -4 +4 @@", "-d", "+D"),
    gives: { f: "a\nb\nc\nD\n" },
    refuses: { 0: /is no line of a hunk/ },
  },
  {
    name: "words behind the patch, counts wrong",
    files: { f: abc },
    patch: `${change("f", "@@ -1,9 +1,9 @@", " a", "-b", "+B", " c")}\nThis changes:\n- the letter b\n`,
    gives: { f: aBc },
  },
];

const creates = (path: string): string => text("--- /dev/null", `+++ ${path}`, "@@ -0,0 +1 @@", "+x");

export const wrongPaths: readonly PatchCase[] = [
  { name: "upwards", files: {}, patch: creates("b/../../x"), gives: {}, refuses: { 0: /\.\.\/\.\.\/x leads upwards/ } },
  { name: "upwards with backslashes", files: {}, patch: creates("b/..\\x"), gives: {}, refuses: { 0: /leads upwards/ } },
  { name: "absolute", files: {}, patch: creates("/tmp/x"), gives: {}, refuses: { 0: /\/tmp\/x is an absolute path/ } },
  { name: "absolute on Windows", files: {}, patch: creates("C:\\x"), gives: {}, refuses: { 0: /absolute path/ } },
  {
    name: "into the repository's own folder",
    files: {},
    patch: creates("b/sub/.GIT/hooks/x"),
    gives: {},
    refuses: { 0: /repository's own/ },
  },
  {
    name: "in the repository's own folder, though it is known",
    files: { ".git/config": abc },
    patch: change(".git/config", ...hunk),
    gives: {},
    refuses: { 0: /repository's own/ },
  },
  {
    name: "a rename that leads out",
    files: { f: abc },
    patch: text("diff --git a/f b/../f", "similarity index 100%", "rename from f", "rename to ../f"),
    gives: {},
    refuses: { 0: /leads upwards/ },
  },
  {
    name: "/dev/null on both sides",
    files: {},
    patch: text("--- /dev/null", "+++ /dev/null", "@@ -0,0 +1 @@", "+x"),
    gives: {},
    refuses: { 0: /both sides/ },
  },
];

const classes = text("class A:", "  def x():", "    go", "class B:", "  def x():", "    go");

export const envelopes: readonly PatchCase[] = [
  { name: "a changed file", ...edited, patch: envelope("*** Update File: f", "@@", " a", "-b", "+B", " c") },
  { name: "a first hunk without @@", ...edited, patch: envelope("*** Update File: f", " a", "-b", "+B", " c") },
  {
    name: "no end, and prose before it",
    ...edited,
    patch: `Here:\n\n${text("*** Begin Patch", "*** Update File: f", "@@", " a", "-b", "+B")}`,
  },
  {
    name: "carriage returns throughout",
    ...edited,
    patch: envelope("*** Update File: f", "@@", " a", "-b", "+B", " c").replaceAll("\n", "\r\n"),
  },
  { name: "a new file", files: {}, patch: envelope("*** Add File: d/n", "+x", "+", "+y"), gives: { "d/n": "x\n\ny\n" } },
  { name: "a deleted file, whatever it holds", files: { d: abc }, patch: envelope("*** Delete File: d"), gives: { d: null } },
  {
    name: "a moved and changed file",
    files: { o: abc },
    patch: envelope("*** Update File: o", "*** Move to: n", "@@", " a", "-b", "+B", " c"),
    gives: { o: null, n: aBc },
  },
  {
    name: "several files",
    files: { f: abc, d: "x\n" },
    patch: envelope("*** Update File: f", "@@", " a", "-b", "+B", "", "*** Delete File: d", "*** Add File: n", "+q"),
    gives: { f: aBc, d: null, n: "q\n" },
  },
  {
    name: "behind a line that is there once",
    files: { f: classes },
    patch: envelope("*** Update File: f", "@@ class B:", "   def x():", "-    go", "+    went"),
    gives: { f: classes.replace(/go\n$/, "went\n") },
  },
  {
    name: "behind two lines, one after the other",
    files: { f: classes },
    patch: envelope("*** Update File: f", "@@ class A:", "@@   def x():", "-    go", "+    went"),
    gives: { f: classes.replace("go", "went") },
  },
  {
    name: "only new lines behind a line",
    files: { f: classes },
    patch: envelope("*** Update File: f", "@@ class B:", "+  y = 1"),
    gives: { f: classes.replace("class B:\n", "class B:\n  y = 1\n") },
  },
  {
    name: "behind a line that is not there",
    files: { f: classes },
    patch: envelope("*** Update File: f", "@@ class C:", "-    go", "+    went"),
    gives: {},
    refuses: { 0: /lies behind a line "class C:", which is not in the file/ },
  },
  {
    name: "behind a line that is there twice",
    files: { f: classes },
    patch: envelope("*** Update File: f", "@@ def x():", "-    go", "+    went"),
    gives: {},
    refuses: { 0: /fits 2 places/ },
  },
  {
    name: "text that is there twice, and nothing to tell it apart by",
    files: { f: classes },
    patch: envelope("*** Update File: f", "@@", "-    go", "+    went"),
    gives: {},
    refuses: { 0: /fits 2 places/ },
  },
  {
    name: "text that is there twice, at the end of the file",
    files: { f: classes },
    patch: envelope("*** Update File: f", "@@", "-    go", "+    went", "*** End of File"),
    gives: { f: classes.replace(/go\n$/, "went\n") },
  },
  {
    name: "a file that leads out",
    files: { f: abc },
    patch: envelope("*** Add File: ../n", "+x"),
    gives: {},
    refuses: { 0: /leads upwards/ },
  },
];
