// sed: its script is read command by command. Only commands that print, select and rewrite the stream pass;
// w, W, r, R and e, `s///w` and `s///e`, and whatever this reader does not follow, do not.

import { literal } from "../shell/word.ts";
import type { Act, Call } from "./act.ts";
import { mayBeOption, parseOptions } from "./options.ts";
import { has, isInquiry, readAll, report, valueOf } from "./shape.ts";

const options =
  "-nErsuz -i? -I? -e= -f< -l= --quiet --silent --regexp-extended --separate --unbuffered --null-data --zero-terminated --posix --sandbox --debug --follow-symlinks --expression= --file< --line-length= --in-place?";

export function sed(call: Call, act: Act): void {
  act.onlyLooks();
  if (isInquiry(call.args)) return;
  const parsed = parseOptions(options, call.args);
  report(parsed, act, call);
  if (parsed.operands.some(mayBeOption)) act.is("obscure", "a file name may turn into an option of sed; write ./ before the pattern");
  const scripts = parsed.options.flatMap(({ name, value }) => (value && (name === "-e" || name === "--expression") ? [value] : []));
  const fromFile = valueOf(parsed, "-f", "--file") !== undefined;
  if (fromFile) act.is("code", "sed runs a script file");
  const [first, ...rest] = parsed.operands;
  const given = scripts.length > 0 || fromFile;
  const files = given ? parsed.operands : rest;
  for (const script of given ? scripts : first ? [first] : []) {
    if (script.form !== "literal") act.is("obscure", "the sed script is not literal");
    else judgeScript(script.text, act);
  }
  if (!has(parsed, "-i", "-I", "--in-place")) return readAll(files, act);
  for (const file of files) act.writes(file);
}

function judgeScript(script: string, act: Act): void {
  const found = new SedReader(script).read();
  for (const path of found.reads) act.reads(literal(path));
  for (const path of found.writes) act.writes(literal(path));
  if (found.doubt) act.is("obscure", found.doubt);
}

class SedReader {
  readonly #text: string;
  #at = 0;
  readonly #reads: string[] = [];
  readonly #writes: string[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  read(): { readonly reads: readonly string[]; readonly writes: readonly string[]; readonly doubt: string | undefined } {
    let doubt: string | undefined;
    while (doubt === undefined && this.#at < this.#text.length) doubt = this.#command();
    return { reads: this.#reads, writes: this.#writes, doubt };
  }

  #command(): string | undefined {
    this.#skip(/[\s;{}]/);
    if (this.#at >= this.#text.length) return undefined;
    if (!this.#address()) return "a sed address could not be followed";
    this.#skip(/[\s!]/);
    const command = this.#text[this.#at++];
    switch (command) {
      case undefined:
        return undefined;
      case "#":
        this.#line();
        return undefined;
      case ":":
      case "b":
      case "t":
      case "T":
        this.#skip(/[^;}\s]/);
        return undefined;
      case "a":
      case "i":
      case "c":
        this.#textBlock();
        return undefined;
      case "r":
        this.#reads.push(this.#line().trim());
        return undefined;
      case "w":
        this.#writes.push(this.#line().trim());
        return undefined;
      case "s":
        return this.#substitute();
      case "y":
        return this.#open() && this.#replacement() && this.#replacement() ? undefined : "a sed y command could not be followed";
      case "{":
      case "}":
        return undefined;
      default:
        if (!/[=dDgGhHlnNpPqQxzF]/.test(command)) return `the sed command "${command}" is not known to be harmless`;
        this.#skip(/[\d \t]/);
        return /[;}\n#]|^$/.test(this.#text[this.#at] ?? "") ? undefined : `the sed script could not be followed after "${command}"`;
    }
  }

  /** Line numbers, $, /regex/ and \cregexc, one or two, with steps and flags. */
  #address(): boolean {
    for (let count = 0; count < 2; count++) {
      const char = this.#text[this.#at];
      if (char !== undefined && /[\d$]/.test(char)) this.#skip(/[\d$~]/);
      else if (char === "/" || char === "\\") {
        if (char === "\\") this.#at++;
        if (!this.#regex()) return false;
        this.#skip(/[IM]/);
      } else if (count === 1) this.#skip(/[+~\d]/);
      this.#skip(/[ \t]/);
      if (this.#text[this.#at] !== ",") return true;
      if (count === 1) return false;
      this.#at++;
      this.#skip(/[ \t]/);
    }
    return true;
  }

  #substitute(): string | undefined {
    if (!this.#regex() || !this.#replacement()) return "a sed s command could not be followed";
    for (;;) {
      const flag = this.#text[this.#at];
      if (flag === undefined || /[;}\n\s#]/.test(flag)) {
        this.#skip(/[ \t]/);
        return /[;}\n#]|^$/.test(this.#text[this.#at] ?? "") ? undefined : "the flags of a sed s command could not be followed";
      }
      this.#at++;
      if (flag === "w") {
        this.#writes.push(this.#line().trim());
        return undefined;
      }
      if (!/[gpiIm\d]/.test(flag))
        return flag === "e" ? "sed would run what it matched" : `the sed flag "${flag}" is not known to be harmless`;
    }
  }

  #delimiter = "/";

  /** Reads "/regex/": the character at hand is the delimiter. One inside brackets is plain, as POSIX has it. */
  #regex(): boolean {
    if (!this.#open()) return false;
    for (; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at];
      if (char === "\\") this.#at++;
      else if (char === "[" && !this.#bracket()) return false;
      else if (char === this.#delimiter) return this.#close();
    }
    return false;
  }

  /** Reads the rest of "text/", in which brackets mean nothing. */
  #replacement(): boolean {
    for (; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at];
      if (char === "\\") this.#at++;
      else if (char === this.#delimiter) return this.#close();
    }
    return false;
  }

  #open(): boolean {
    const delimiter = this.#text[this.#at++];
    if (delimiter === undefined || delimiter === "\n" || delimiter === "\\" || delimiter === "[") return false;
    this.#delimiter = delimiter;
    return true;
  }

  #close(): boolean {
    this.#at++;
    return true;
  }

  /** Leaves the position on the closing "]". False where seds differ: a backslash before a bracket. */
  #bracket(): boolean {
    const found = /\[\^?\]?(\[[:.=][^\]]*\]|[^\]])*\]/y;
    found.lastIndex = this.#at;
    const match = found.exec(this.#text)?.[0];
    if (match === undefined || /\\[[\]]/.test(match)) return false;
    this.#at += match.length - 1;
    return true;
  }

  #skip(set: RegExp): void {
    while (this.#at < this.#text.length && set.test(this.#text.charAt(this.#at))) this.#at++;
  }

  #line(): string {
    const end = this.#text.indexOf("\n", this.#at);
    const line = this.#text.slice(this.#at, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.#text.length : end + 1;
    return line;
  }

  #textBlock(): void {
    while (this.#line().endsWith("\\") && this.#at < this.#text.length);
  }
}
