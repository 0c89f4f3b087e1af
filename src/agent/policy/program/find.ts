// find: its expression is read predicate by predicate. Tests and printing pass; -exec is judged by what it runs, -delete and
// the -fprint family by what they touch.

import { compileGlob, compileShellGlob, meets } from "../glob.ts";
import { type Arg, literal } from "../shell/word.ts";
import type { Act, Call } from "./act.ts";
import { below } from "./below.ts";
import { isInquiry, type Table } from "./shape.ts";

const plain = new Set(
  `! ( ) , -a -and -o -or -not -true -false -print -print0 -ls -prune -quit -depth -d -daystart -follow -mount -xdev -noleaf -warn -nowarn -empty
  -readable -writable -executable -nouser -nogroup -ignore_readdir_race -noignore_readdir_race -x -X -s -E`.split(/\s+/),
);
const valued = new Set(
  `-name -iname -path -ipath -wholename -iwholename -regex -iregex -regextype -lname -ilname -type -xtype -size -mtime -atime -ctime -mmin -amin -cmin
  -user -group -uid -gid -perm -links -inum -maxdepth -mindepth -used -fstype -printf -context -newermt -newerat -newerct -newerBt -Bmin -Btime`.split(
    /\s+/,
  ),
);
const files = /^-(newer|anewer|cnewer|samefile|newer[aBcm]{2})$/;
const outputs = /^-(fprint|fprint0|fls|fprintf)$/;

export const find: Table = { find: run };

function run(call: Call, act: Act): void {
  act.onlyLooks();
  if (isInquiry(call.args)) return;
  const { roots, expression } = split(call.args);
  const where = roots.length > 0 ? roots : [literal(".")];
  for (const root of where) {
    act.reads(root, { deep: true });
    if (mayAct(root)) act.is("obscure", `${root.text} may turn into an action of find; write ./ before the pattern`);
  }
  let prints = true;
  const names = namesIn(expression);
  const found = where.flatMap((root) => (names ? names.flatMap((name) => below(root, name)) : [root]));
  for (let i = 0; i < expression.length; i++) {
    const arg = expression[i];
    if (!arg) break;
    const word = arg.form === "literal" ? arg.text : undefined;
    if (word === undefined) act.is("obscure", `${arg.text} may turn into an action of find; quote it`);
    else if (plain.has(word)) continue;
    else if (valued.has(word)) {
      const value = expression[++i];
      if (!value || mayAct(value)) act.is("obscure", `the value of ${word} may turn into an action of find; quote it`);
      if (word === "-printf") prints = false;
    } else if (files.test(word)) {
      const value = expression[++i];
      if (value) act.reads(value);
    } else if (outputs.test(word)) {
      const value = expression[++i];
      if (value) act.writes(value);
      if (word === "-fprintf") i++;
    } else if (word === "-delete") {
      for (const path of found) act.deletes(path, { deep: names === undefined });
    } else if (/^-(exec|execdir|ok|okdir)$/.test(word)) {
      const end = expression.findIndex(
        (end, at) => at > i && end.form === "literal" && (end.text === ";" || (end.text === "+" && expression[at - 1]?.text === "{}")),
      );
      const words = expression.slice(i + 1, end < 0 ? undefined : end);
      if (end < 0) act.is("obscure", `${word} without an end`);
      if (word.endsWith("dir")) act.is("obscure", `${word} runs in folders that are not known yet`);
      act.runs(words.map((inner) => filled(inner, found)));
      i = end < 0 ? expression.length : end;
      prints = false;
    } else act.is("obscure", `${word} of find is not known to be harmless`);
  }
  if (prints) act.outputs({ of: "paths", found });
}

const actions = () => compileGlob("-{delete,exec,execdir,ok,okdir,fprint,fprint0,fls,fprintf,files0-from}");

/** True when what the shell makes of the word may be an action, such as a file called "-delete". */
const mayAct = (arg: Arg): boolean =>
  arg.form !== "literal" && (arg.form !== "pattern" || meets(compileShellGlob(arg.text), actions(), "exact"));

function split(args: readonly Arg[]): { readonly roots: readonly Arg[]; readonly expression: readonly Arg[] } {
  const skipped = args.findIndex(({ text }) => !/^-([HLP]|O\d)$/.test(text));
  const rest = skipped < 0 ? [] : args.slice(skipped);
  const start = rest.findIndex(({ text, form }) => form !== "computed" && /^[-!(),]/.test(text));
  return start < 0 ? { roots: rest, expression: [] } : { roots: rest.slice(0, start), expression: rest.slice(start) };
}

/** `{}` is a path that begins with a root, so it cannot turn into an option; inside a longer word it is text that is not known. */
function filled(arg: Arg, roots: readonly Arg[]): Arg {
  if (arg.form !== "literal" || !arg.text.includes("{}")) return arg;
  return arg.text === "{}" ? { text: "./{}", form: "fed", from: roots } : { text: arg.text, form: "computed" };
}

/** The names of which whatever is found must bear one; undefined where some alternative asks for none. */
function namesIn(expression: readonly Arg[]): readonly string[] | undefined {
  const names: string[] = [];
  let named = false;
  for (let i = 0; i < expression.length; i++) {
    const { text = "", form } = expression[i] ?? {};
    const next = expression[i + 1]?.text;
    if (form !== "literal" || text === "," || (/^(!|-not)$/.test(text) && next === "(")) return undefined;
    // What is done before a name is asked for is done to everything.
    if (!named && /^-(exec|execdir|ok|okdir|delete|print|print0|printf|ls|fprint|fprint0|fprintf|fls)$/.test(text)) return undefined;
    if (text === "-o" || text === "-or") {
      if (!named) return undefined;
      named = false;
    } else if (valued.has(text)) {
      const value = expression[++i];
      const denied = /^(!|-not)$/.test(expression[i - 2]?.text ?? "");
      if (!/^-i?name$/.test(text) || denied || value?.form !== "literal") continue;
      names.push(value.text);
      named = true;
    } else if (/^-(exec|execdir|ok|okdir)$/.test(text)) {
      while (++i < expression.length && !/^[;+]$/.test(expression[i]?.text ?? ""));
    }
  }
  return named ? names : undefined;
}
