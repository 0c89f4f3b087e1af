// Programs that make, change, move and remove files.

import { type Arg, literal } from "../shell/word.ts";
import type { Act, Call } from "./act.ts";
import type { Parsed } from "./options.ts";
import { has, isDash, readAll, shape, type Table, toTarget, valueOf } from "./shape.ts";

export const file: Table = {
  cp: shape({
    options: `-abdfiHlLnPprRsTuvxc -S= -t= --archive --attributes-only --backup? --copy-contents --debug --dereference --force --interactive --link --no-clobber --no-dereference
    --preserve? --no-preserve= --parents --recursive --reflink? --remove-destination --sparse= --strip-trailing-slashes --symbolic-link --suffix= --target-directory=
    --no-target-directory --update? --verbose --one-file-system`,
    operands: "sources target",
  }),
  mv: shape({
    options:
      "-bfinTuvS -t= --backup? --force --interactive --no-clobber --strip-trailing-slashes --suffix= --target-directory= --no-target-directory --update? --verbose",
    operands: (parsed, act) => toTarget(parsed, act, (source) => act.deletes(source)),
  }),
  ln: shape({
    options:
      "-bdFfiLnPrsTvhwS -t= --backup? --directory --force --interactive --logical --no-dereference --physical --relative --symbolic --suffix= --target-directory= --no-target-directory --verbose",
    operands: (parsed, act) => {
      // What a link leads to is written when somebody writes to the link.
      toTarget(parsed, act, (source) => act.reads(source));
    },
  }),
  install: shape({
    options:
      "-bcCDdpsTvZ -g= -m= -o= -S= -t= --backup? --compare --directory --group= --mode= --owner= --preserve-timestamps --strip --suffix= --target-directory= --no-target-directory --verbose",
    operands: (parsed, act) => {
      if (has(parsed, "-d", "--directory")) for (const folder of parsed.operands) act.writes(folder);
      else toTarget(parsed, act, (source) => act.reads(source));
    },
  }),
  "mkdir mkfifo": shape({ options: "-pvZ -m= --mode= --parents --verbose", operands: "write" }),
  touch: shape({ options: "-acfhm -d= -r< -t= -A= --no-create --date= --no-dereference --reference< --time=", operands: "write" }),
  truncate: shape({ options: "-co -r< -s= --no-create --io-blocks --reference< --size=", operands: "write" }),
  fallocate: shape({ options: "-cdinpxzv -l= -o= --length= --offset=", operands: "write" }),
  tee: shape({ options: "-aip --append --ignore-interrupts --output-error?", operands: "write", looks: true }),
  rm: shape({
    options: "-dfiIrRvPWx --dir --force --interactive? --one-file-system --no-preserve-root --preserve-root? --recursive --verbose",
    operands: (parsed, act) => remove(parsed, act, has(parsed, "-r", "-R", "--recursive")),
  }),
  "rmdir unlink trash trash-put gio": shape({
    options: "-pv --ignore-fail-on-non-empty --parents --verbose",
    operands: (parsed, act) => remove(parsed, act, false),
  }),
  shred: shape({
    options: "-fuvxz -n= -s= --force --iterations= --random-source< --size= --exact --zero --remove? --verbose",
    operands: (parsed, act) => {
      act.is("discard", "shred overwrites what it removes");
      for (const operand of parsed.operands) act.deletes(operand);
    },
  }),
  "chmod chown chgrp setfacl chattr xattr": changeMode,
  dd,
  split: shape({
    options:
      "-dexu -a= -b= -C= -l= -n= -t= -x? --suffix-length= --additional-suffix= --bytes= --line-bytes= --numeric-suffixes? --hex-suffixes? --elide-empty-files --lines= --number= --separator= --unbuffered --verbose -#",
    operands: (parsed, act) => {
      readAll(parsed.operands.slice(0, 1), act);
      const prefix = parsed.operands[1]?.text ?? "x";
      act.writes({ text: `${prefix}*`, form: "pattern" });
    },
  }),
  csplit: shape({
    options: "-kqsz -b= -f= -n=",
    operands: (parsed, act) => (
      readAll(parsed.operands.slice(0, 1), act), act.writes({ text: `${valueOf(parsed, "-f")?.text ?? "xx"}*`, form: "pattern" })
    ),
  }),
  mktemp: shape({
    options: "-dqut -p= --directory --dry-run --quiet --suffix= --tmpdir?",
    operands: (parsed, act) => makeTemporary(parsed, act),
  }),
  link: shape({ operands: "sources target" }),
  patch: shape({
    options:
      "-bcefElnNRsStTuvZ -p= -d= -i< -o> -r> -D= -F= -Y= -z= -V= --backup --dry-run --forward --reverse --strip= --directory= --input< --output> --reject-file> --silent --quiet --batch",
    operands: (parsed, act) => {
      act.is("obscure", "a patch names the files it changes itself");
      for (const operand of parsed.operands.slice(0, 1)) act.writes(operand);
    },
  }),
  "dos2unix unix2dos": shape({ options: "-qkfo", operands: "write" }),
  ed: shape({ options: "-s", operands: (parsed, act) => (act.is("code", "an editor can run programs"), writeAll(parsed.operands, act)) }),
};

function remove(parsed: Parsed, act: Act, deep: boolean): void {
  for (const operand of parsed.operands) {
    act.deletes(operand, { deep });
    if (
      deep &&
      /^(\/|\/\*|~\/?\*?|\/(bin|boot|dev|etc|home|lib|lib64|opt|proc|root|sbin|sys|usr|var|Users|System|Applications|Library)\/?\*?)$/.test(
        operand.text,
      )
    ) {
      act.is("destructive", `${operand.text} and everything below it would be gone`);
    }
  }
}

/** The first operand is the mode or the owner, unless `--reference` gives it; the rest is changed. */
function changeMode(call: Call, act: Act): void {
  const options = call.args.filter(({ text }) => /^--|^-[RvcfhHLP]+$/.test(text)).map(({ text }) => text);
  const operands = call.args.filter(({ text }) => !options.includes(text));
  const deep = options.some((text) => text === "--recursive" || /^-\w*R/.test(text));
  for (const path of options.some((text) => text.startsWith("--reference")) ? operands : operands.slice(1)) {
    act.writes(path, { deep });
    if (deep && path.text === "/") act.is("destructive", "the rights of the whole system would change");
  }
  if (/[ugo]*\+[rwx]*s|^[2467]\d{3}$/.test(operands[0]?.text ?? "")) act.is("privilege", "it makes a program run with its owner's rights");
}

function dd(call: Call, act: Act): void {
  for (const arg of call.args) {
    const [, name, value] = /^(\w+)=(.*)$/s.exec(arg.text) ?? [];
    const path: Arg = { ...arg, text: value ?? "" };
    if (name === "if") act.reads(path);
    else if (name === "of") act.writes(path);
    else if (
      !/^(bs|ibs|obs|cbs|count|skip|seek|iseek|oseek|conv|iflag|oflag|status)$/.test(name ?? "") &&
      !/^--(help|version)$/.test(arg.text)
    )
      act.is("obscure", `${arg.text} of dd is not known`);
  }
}

function makeTemporary(parsed: Parsed, act: Act): void {
  if (has(parsed, "-u", "--dry-run")) return;
  const folder = valueOf(parsed, "-p", "--tmpdir");
  const [template] = parsed.operands;
  if (folder) act.writes(folder);
  else if (template && !has(parsed, "-t", "--tmpdir")) act.writes(template);
  else act.writes(literal("/tmp/mktemp"));
}

function writeAll(operands: readonly Arg[], act: Act): void {
  for (const operand of operands) if (!isDash(operand)) act.writes(operand);
}
