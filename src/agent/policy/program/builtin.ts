// Bash's own commands. What changes the folder or the variables of the line is followed by command.ts and binding.ts.

import { assigning, showsVariables } from "../shell/environment.ts";
import { type Arg, literal } from "../shell/word.ts";
import type { Act, Call, Program } from "./act.ts";
import { parseOptions } from "./options.ts";
import { looker, readAll, report, shape, type Table } from "./shape.ts";
import { interpret } from "./wrapper.ts";

const nothing: Program = (_call, act) => act.onlyLooks();

export const builtin: Table = {
  ": true false pwd times shift break continue return exit logout suspend dirs caller": nothing,
  echo: (call, act) => {
    act.onlyLooks();
    act.prints();
    if (!call.args[0]?.text.startsWith("-") && call.args.every(({ text, form }) => form === "literal" && /^[\w./~@:+,=-]+$/.test(text)))
      act.outputs({ of: "words", words: call.args });
  },
  printf: (call, act) => {
    act.onlyLooks();
    act.prints();
    const format = call.args[call.args[0]?.text === "--" ? 1 : 0];
    if (format && format.form !== "literal") act.is("dynamic", "the format is computed, and %n of printf sets a variable");
    if (call.args.some(({ text }) => /%[-+ #\d.*]*[hlLjzt]*n/.test(text))) act.is("obscure", "%n of printf sets a variable");
    if (call.args[0]?.text.startsWith("-v")) setsVariables(call.args.slice(call.args[0].text === "-v" ? 1 : 0, 2), act);
  },
  "cd pushd popd": (call, act) => {
    act.onlyLooks();
    const folder = call.args.find(({ text }) => !/^[-+]/.test(text));
    if (folder) act.reads(folder);
    else if (call.name === "cd" && !call.args.some(({ text }) => text === "-")) act.reads(literal("~"));
  },
  "test [": test,
  help: looker("text", "-dms"),
  type: (call, act) => {
    looker("text", "-aftpP")(call, act);
    // Elsewhere `type` prints a file.
    const file = call.args.find(({ text }) => /[\\/:]|^\.|\.[a-z]\w*$/i.test(text));
    if (file) act.is("obscure", `${file.text} may be a file that type prints`);
  },
  hash: looker("text", "-rltd"),
  command: (call, act) => {
    act.onlyLooks();
    const parsed = parseOptions("-pvV", call.args, { stopsEarly: true });
    report(parsed, act, call);
    if (parsed.options.some(({ name }) => name === "-v" || name === "-V")) return;
    if (parsed.operands.length > 0) act.runs(parsed.operands, call.stdin);
  },
  builtin: (call, act) => {
    act.onlyLooks();
    if (call.args.length > 0) act.runs(call.args, call.stdin);
  },
  exec: (call, act) => {
    act.onlyLooks();
    const parsed = parseOptions("-cl -a=", call.args, { stopsEarly: true });
    report(parsed, act, call);
    if (parsed.operands.length > 0) act.runs(parsed.operands, call.stdin);
  },
  eval: (call, act) => {
    act.onlyLooks();
    interpret(call.args[0]?.text === "--" ? call.args.slice(1) : call.args, act);
  },
  "source .": (call, act) => {
    readAll(call.args.slice(0, 1), act);
    act.is("code", `it runs ${call.args[0]?.text ?? "a file"}`);
  },
  trap: (call, act) => {
    const [first, second] = call.args;
    act.onlyLooks();
    if (first?.text.startsWith("-") && first.text.length > 1 && first.text !== "--") return;
    const line = first?.text === "--" ? second : first;
    if (line && line.text !== "-") act.interprets(line);
  },
  "export declare typeset local readonly": declare,
  unset: (call, act) => {
    act.onlyLooks();
    for (const { text } of call.args)
      if (!/^(-[fvn]|[a-z_][a-z0-9_]*)$/.test(text)) act.is("environment", `unset ${text} may change what programs do`);
  },
  set: (call, act) => {
    act.onlyLooks();
    if (call.args.length === 0) showsVariables(act);
    for (const { text } of call.args)
      if (!/^([-+][euxvfnC]+|[-+][euxvfnC]*o|pipefail|errexit|nounset|xtrace|verbose|noglob|--)$/.test(text))
        act.is("obscure", `set ${text} may change what the line does`);
  },
  shopt: shape({ options: "-pq", operands: "none", looks: true }),
  read: (call, act) => {
    const parsed = parseOptions("-ers -a= -d= -i= -n= -N= -p= -t= -u=", call.args);
    act.onlyLooks();
    report(parsed, act, call);
    setsVariables(parsed.operands, act);
    setsVariables(
      parsed.options.flatMap(({ name, value }) => (name === "-a" && value ? [value] : [])),
      act,
    );
  },
  "mapfile readarray": (call, act) => {
    const parsed = parseOptions("-t -d= -n= -O= -s= -u=", call.args);
    act.onlyLooks();
    report(parsed, act, call);
    setsVariables(parsed.operands, act);
  },
  getopts: (call, act) => {
    act.onlyLooks();
    setsVariables(call.args.slice(1, 2), act);
  },
  jobs: looker("text", "-lnprs"),
  wait: looker("text", "-nf"),
  umask: looker("text", "-pS"),
  ulimit: looker("none", "-SHabcdefiklmnpqrstuvxPRT"),
  "fg bg disown": looker("text", "-ahr"),
  "alias unalias": (call, act) => (call.args.length === 0 ? act.onlyLooks() : act.is("dynamic", "an alias changes what later words mean")),
  let: (_call, act) => act.is("dynamic", "shell arithmetic with names can run commands"),
  "enable bind complete compgen compopt fc history coproc select": (call, act) =>
    act.is("dynamic", `${call.name} can run commands it is not seen to`),
};

function setsVariables(names: readonly Arg[], act: Act): void {
  for (const name of names) {
    if (!/^[A-Za-z_]\w*$/.test(name.text) || name.form !== "literal") act.is("dynamic", "a subscript can run commands");
    else if (!/^([a-z_][a-z0-9_]*|REPLY|LINE|MAPFILE)$/.test(name.text)) act.is("environment", `${name.text} may change what programs do`);
  }
}

function declare(call: Call, act: Act): void {
  act.onlyLooks();
  const exported = call.name === "export" || call.args.some(({ text }) => /^[-+]\w*x/.test(text));
  if (call.args.every(({ text }) => text.startsWith("-")) || call.args.some(({ text }) => /^-\w*p/.test(text))) showsVariables(act);
  for (const arg of call.args) {
    if (/^[-+]/.test(arg.text)) {
      if (!/^[-+][xpgrtulaA]+$/.test(arg.text)) act.is("dynamic", `${arg.text} of ${call.name} makes values run or refer elsewhere`);
      continue;
    }
    const equals = arg.text.indexOf("=");
    const name = equals < 0 ? arg.text : arg.text.slice(0, equals).replace(/\+$/, "");
    if (!/^[A-Za-z_]\w*$/.test(name)) act.is("dynamic", "a subscript can run commands");
    // `declare -a 'x=($(id))'`: the words of a list are expanded once more.
    else if (arg.text[equals + 1] === "(") act.is("dynamic", "the words of a list are expanded a second time");
    else if (equals >= 0) {
      const concern = assigning(name, { ...arg, text: arg.text.slice(equals + 1) }, { exported });
      for (const trait of concern?.traits ?? []) act.is(trait, concern?.note ?? name);
    }
  }
}

/** `-v` and arithmetic comparisons evaluate subscripts. Files are only looked at. */
function test(call: Call, act: Act): void {
  act.onlyLooks();
  act.prints();
  const words = call.args.filter(({ text }, index) => !(text === "]" && index === call.args.length - 1) && !(text === "!" && index === 0));
  const settled = isSettled(words);
  call.args.forEach(({ text, form }, index) => {
    if (text === "-v" || text === "-R") {
      const name = call.args[index + 1];
      if (name && !/^[A-Za-z_]\w*$/.test(name.text)) act.is("dynamic", "a subscript can run commands");
    } else if (form === "pattern" && !settled) act.is("obscure", "a pattern in a test may turn into an operator");
    else if (form !== "literal" && !settled) act.is("dynamic", "a value in a test may turn into an operator");
  });
}

/** Whether its operator stands where no value can turn into another: every value is one word, and there are few. */
function isSettled(words: readonly Arg[]): boolean {
  if (words.some(({ form, one }) => form !== "literal" && one !== true)) return false;
  const [first, second] = words;
  if (words.length === 2) return first?.form === "literal" && /^-[a-zA-Z]$/.test(first.text);
  if (words.length === 3) return second?.form === "literal" && /^(=|==|!=|<|>|-eq|-ne|-lt|-le|-gt|-ge|-nt|-ot|-ef)$/.test(second.text);
  return words.length === 1;
}
