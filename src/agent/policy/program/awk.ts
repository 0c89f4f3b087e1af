// awk: a program passes when it only reads its input and prints. system(), pipes, redirections, getline, indirect calls and
// extensions do not, nor does anything this reader is not sure of: where a "/" begins a regular expression, for one.

import type { Act, Call } from "./act.ts";
import { mayBeOption, parseOptions } from "./options.ts";
import { isInquiry, report, valueOf } from "./shape.ts";

export function awk(call: Call, act: Act): void {
  act.onlyLooks();
  if (isInquiry(call.args)) return;
  const parsed = parseOptions(
    "-F= -v= -bctOrM --field-separator= --assign= --re-interval --posix --traditional --characters-as-bytes --csv",
    call.args,
    { stopsEarly: true },
  );
  report(parsed, act, call);
  const [program, ...files] = parsed.operands;
  if (!program || valueOf(parsed, "-f") !== undefined) return act.is("obscure", "there is no awk program to read");
  if (program.form !== "literal") return act.is("obscure", "the awk program is not literal");
  const doubt = awkDoubt(program.text);
  if (doubt) act.is("obscure", doubt);
  for (const file of files) {
    // name=value sets a variable before the next file is read.
    if (/^[A-Za-z_]\w*=/.test(file.text)) continue;
    if (mayBeOption(file) && file.text.startsWith("-")) act.is("obscure", "a file name may turn into an option of awk");
    else if (file.text !== "-") act.reads(file);
  }
}

/** What speaks against an awk program, or nothing. */
function awkDoubt(source: string): string | undefined {
  const word = /\b(system|getline|fflush|close|ENVIRON|ARGV|ARGC|PROCINFO|SYMTAB|FUNCTAB|extension)\b|@/.exec(source)?.[0];
  if (word !== undefined) return `${word} in an awk program can do more than print`;
  const tokens = tokenize(source);
  if (!tokens) return "the awk program could not be followed";
  let printing = false;
  let depth = 0;
  for (const token of tokens) {
    if (token === "(") depth++;
    else if (token === ")") depth--;
    else if (token === "print" || token === "printf") [printing, depth] = [true, 0];
    // Not at a line's end: awk goes on after a comma.
    else if ((token === ";" || token === "}") && depth <= 0) printing = false;
    if (token === "|" || token === "|&") return "a pipe in an awk program runs a command";
    if (printing && depth <= 0 && (token === ">" || token === ">>")) return "an awk program that writes a file";
    if (token === ">>") return "an awk program that writes a file";
  }
  return undefined;
}

const lexeme =
  /(?<space>[ \t\r]+|\\\n|#[^\n]*)|(?<string>"(?:[^"\\\n]|\\[\s\S])*")|(?<name>[A-Za-z_]\w*)|(?<number>\d[\w.]*|\.\d\w*)|(?<sign>\|\||&&|\|&|>>|[<>=!+\-*%^]=|\+\+|--|\*\*|[\n{}()[\];,<>=!~+\-*%^?:$|&])/y;

/** The signs and names of a program; strings, numbers and regular expressions as "0". Undefined where it cannot be told apart. */
function tokenize(source: string): readonly string[] | undefined {
  const tokens: string[] = [];
  const opened: boolean[] = [];
  let condition = false;
  let at = 0;
  while (at < source.length) {
    if (source[at] === "/") {
      const before = tokens.at(-1);
      if (before === "++" || before === "--" || before === "$") return undefined;
      if (before !== undefined && isOperand(before) && !(before === ")" && condition)) {
        tokens.push("÷");
        at += 1;
        continue;
      }
      const regex = /\/(?:[^/\\\n[]|\\.|\[\^?\]?(?:\[:\w+:\]|[^\]\\\n/])*\])*\//y;
      regex.lastIndex = at;
      const found = regex.exec(source)?.[0];
      if (found === undefined) return undefined;
      tokens.push("0");
      at += found.length;
      continue;
    }
    lexeme.lastIndex = at;
    const found = lexeme.exec(source);
    if (!found) return undefined;
    if (found[0] === "(") opened.push(/^(if|while|for|switch)$/.test(tokens.at(-1) ?? ""));
    if (found[0] === ")") condition = opened.pop() ?? false;
    if (found.groups?.["space"] === undefined) tokens.push(found.groups?.["string"] || found.groups?.["number"] ? "0" : found[0]);
    at += found[0].length;
  }
  return tokens;
}

const keywords = new Set("print printf return in else do if while for BEGIN END function func delete case exit next".split(" "));
const isOperand = (token: string): boolean =>
  token === "0" || token === ")" || token === "]" || (/^[A-Za-z_]/.test(token) && !keywords.has(token));
