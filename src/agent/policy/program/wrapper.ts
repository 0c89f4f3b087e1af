// Programs that run another program with words of the line: judged by what they run.

import { type Arg, literal } from "../shell/word.ts";
import { assigning, showsVariables } from "../shell/environment.ts";
import type { Act, Call, Program } from "./act.ts";
import { parseOptions } from "./options.ts";
import { has, isInquiry, report, type Table, valueOf } from "./shape.ts";

export const wrapper: Table = {
  env,
  xargs,
  "sudo doas": sudo,
  nice: wraps("-n= -# --adjustment="),
  "nohup setsid": wraps("-cfw --ctty --fork --wait"),
  timeout: wraps("-k= -s= -v -f -p --kill-after= --signal= --preserve-status --foreground --verbose", 1),
  stdbuf: wraps("-i= -o= -e= --input= --output= --error="),
  ionice: wraps("-c= -n= -t --class= --classdata= --ignore"),
  chrt: wraps("-abdefiorRm -T= -P= -D=", 1),
  taskset: wraps("-ac --all-tasks --cpu-list", 1),
  "time gtime": wraps("-pvaq -f= -o> --portability --verbose --append --quiet --format= --output>"),
  caffeinate: wraps("-disum -t= -w="),
  arch: wraps("-x86_64 -arm64 -arm64e"),
  "busybox toybox": applet,
  flock: (call, act) => {
    const parsed = parseOptions(
      "-snxueoF -w= -E= -c= --shared --nonblock --exclusive --unlock --close --timeout= --wait= --verbose --command=",
      call.args,
      { stopsEarly: true },
    );
    report(parsed, act, call);
    const [lock, ...words] = parsed.operands;
    if (lock) act.writes(lock);
    inner(words, call, act);
  },
  watch: (call, act) => {
    const parsed = parseOptions(
      "-betxcgdpqrw -n= -d? --interval= --differences? --beep --color --errexit --exec --no-title --chgexit --precise",
      call.args,
      { stopsEarly: true },
    );
    act.onlyLooks();
    report(parsed, act, call);
    if (has(parsed, "-x", "--exec")) inner(parsed.operands, call, act);
    else interpret(parsed.operands, act);
  },
};

/** Takes its own options and so many operands off, and runs the rest. */
function wraps(options: string, operands = 0): Program {
  return (call, act) => {
    act.onlyLooks();
    if (isInquiry(call.args)) return;
    const parsed = parseOptions(options, call.args, { stopsEarly: true });
    report(parsed, act, call);
    inner(parsed.operands.slice(operands), call, act);
  };
}

function inner(words: readonly Arg[], call: Call, act: Act): void {
  if (words.length > 0) act.runs(words, call.stdin);
}

/** A shell is handed the words as one text: known only while every word is plain. */
export function interpret(words: readonly Arg[], act: Act): void {
  const odd = words.find(({ form }) => form !== "literal");
  act.interprets(odd ? { text: odd.text, form: "computed" } : literal(words.map(({ text }) => text).join(" ")));
}

function env(call: Call, act: Act): void {
  act.onlyLooks();
  if (isInquiry(call.args)) return;
  const parsed = parseOptions("-i0v -u= -C= --ignore-environment --unset= --null --chdir= --debug -", call.args, { stopsEarly: true });
  report(parsed, act, call);
  const folder = valueOf(parsed, "-C", "--chdir");
  if (folder) act.enters(folder);
  const words = parsed.operands[0]?.text === "-" ? parsed.operands.slice(1) : parsed.operands;
  const start = words.findIndex(({ text, form }) => form === "computed" || !/^[A-Za-z_]\w*=/.test(text));
  for (const word of start < 0 ? words : words.slice(0, start)) {
    const equals = word.text.indexOf("=");
    const name = word.text.slice(0, equals);
    const concern = assigning(name, { ...word, text: word.text.slice(equals + 1) }, { exported: true });
    for (const trait of concern?.traits ?? []) act.is(trait, concern?.note ?? name);
  }
  if (start >= 0) inner(words.slice(start), call, act);
  else if (!has(parsed, "-i", "--ignore-environment") && parsed.operands[0]?.text !== "-") showsVariables(act);
}

function sudo(call: Call, act: Act): void {
  act.is("privilege", `${call.name} acts as somebody else`);
  const parsed = parseOptions(
    "-AbEHknPSisKlVv -C= -D= -g= -p= -r= -t= -T= -U= -u= --user= --group= --preserve-env? --login --shell --background --non-interactive --stdin --validate --list --reset-timestamp",
    call.args,
    {
      stopsEarly: true,
    },
  );
  report(parsed, act, call);
  const words = parsed.operands;
  const start = words.findIndex(({ text }) => !/^[A-Za-z_]\w*=/.test(text));
  if (start < 0) return;
  if (has(parsed, "-s", "--shell", "-i", "--login")) interpret(words.slice(start), act);
  else inner(words.slice(start), call, act);
}

/** `busybox rm x` is rm; its applets know fewer options than the table, never more dangerous ones under harmless names. */
function applet(call: Call, act: Act): void {
  act.onlyLooks();
  inner(call.args, call, act);
}

const xargsOptions =
  "-0prtxo -a< -d= -E= -e? -I= -i? -L= -l? -n= -P= -s= -R= -J= -S= --null --arg-file< --delimiter= --eof? --replace? --max-lines? --max-args= --interactive --max-procs= --process-slot-var= --no-run-if-empty --max-chars= --show-limits --verbose --exit";

/**
 * What xargs adds to the words is only known where it lists paths found by the command before. Names with blanks or dashes may
 * then turn into other paths or into options, so only programs without harmful options get them (mayBeOption sees to the rest).
 */
function xargs(call: Call, act: Act): void {
  act.onlyLooks();
  if (isInquiry(call.args)) return;
  const parsed = parseOptions(xargsOptions, call.args, { stopsEarly: true });
  report(parsed, act, call);
  const holds = call.stdin.of === "pipe" && !has(parsed, "-a", "--arg-file") ? call.stdin.holds : undefined;
  const fed: Arg = holds?.of === "paths" ? { text: "{}", form: "fed", seen: holds.found } : { text: "(input)", form: "printable" };
  const mark = valueOf(parsed, "-I", "--replace", "-i", "-J")?.text ?? (has(parsed, "-i", "--replace") ? "{}" : undefined);
  const words = parsed.operands.length > 0 ? parsed.operands : [literal("echo")];
  const given = holds?.of === "words" && !has(parsed, "-0", "--null", "-d", "--delimiter") ? holds.words : [fed];
  if (mark === undefined) return act.runs([...words, ...given]);
  for (const one of given) act.runs(words.map((word) => filled(word, mark, one)));
}

/** The mark stands for what comes in, also within a word. */
function filled(word: Arg, mark: string, one: Arg): Arg {
  if (word.form !== "literal" || !word.text.includes(mark)) return word;
  if (one.form === "literal") return { ...word, text: word.text.split(mark).join(one.text) };
  return word.text === mark ? one : { text: word.text, form: "printable" };
}
