// Archives: listing is looking; packing writes the archive; unpacking writes what the archive says, wherever it is told to.

import { type Arg, literal } from "../shell/word.ts";
import type { Act, Call, Program } from "./act.ts";
import { type Parsed, parseOptions } from "./options.ts";
import { has, isInquiry, looker, readAll, report, shape, type Table, valueOf } from "./shape.ts";

export const archive: Table = {
  tar: tar,
  "bsdtar gtar": tar,
  unzip: shape({
    options: "-lvtZpcnoujqCLXaW -x= -d= -P=",
    operands: (parsed, act) => {
      readAll(parsed.operands.slice(0, 1), act);
      if (has(parsed, "-l", "-v", "-t", "-Z", "-p", "-c")) act.onlyLooks();
      else act.writes(valueOf(parsed, "-d") ?? literal("."));
    },
  }),
  zipinfo: looker("read", "-12smlvhMtTzZ"),
  zip: shape({
    options: "-rjqmoFDuvye0123456789XAlLS -x= -i= -P= -n=",
    operands: (parsed, act) => {
      for (const target of parsed.operands.slice(0, 1)) act.writes(target);
      for (const source of parsed.operands.slice(1)) {
        act.reads(source, { deep: true });
        if (has(parsed, "-m")) act.deletes(source, { deep: true });
      }
    },
  }),
  "gzip gunzip": packer(
    "-cdfhklLnNqrtvV123456789 -S= --stdout --to-stdout --decompress --uncompress --force --keep --list --no-name --name --quiet --recursive --test --verbose --fast --best --rsyncable --suffix=",
  ),
  "bzip2 bunzip2": packer("-cdfkLqstvVz123456789 --stdout --decompress --force --keep --quiet --test --verbose --fast --best"),
  "xz unxz": packer(
    "-cdfhklqtvVz0123456789e -S= -T= -M= --stdout --to-stdout --decompress --uncompress --force --keep --list --quiet --test --verbose --extreme --suffix= --threads=",
  ),
  "zstd unzstd lz4 compress uncompress cpio ar 7z 7za 7zr rar unrar": shape({
    anyOption: true,
    operands: (_parsed, act, call) => act.is("obscure", `${call.name} is not read any further`),
  }),
};

/** Packs or unpacks in place, unless it is told to show. */
function packer(options: string): Program {
  return shape({
    options,
    operands: (parsed, act) => {
      const looks = has(parsed, "-c", "-l", "-t", "--stdout", "--to-stdout", "--list", "--test") || parsed.operands.length === 0;
      if (looks) act.onlyLooks();
      for (const operand of parsed.operands) {
        act.reads(operand);
        if (looks) continue;
        act.writes({ ...operand, text: `${operand.text}${operand.form === "pattern" ? "*" : ""}` });
        if (!has(parsed, "-k", "--keep")) act.deletes(operand);
      }
    },
  });
}

const tarOptions = `-tvzjJapPkOUWhmlnsSwBEGiR -f= -C= -T= -X< -b= -L= -N= -V= -H= -K= --list --verbose --gzip --bzip2 --xz --zstd --auto-compress --file= --directory= --exclude= --exclude-vcs
  --wildcards --no-wildcards --numeric-owner --full-time --strip-components= --no-recursion --recursion --totals -x -c -r -u -A --extract --create --append --update
  --get --keep-old-files --overwrite --no-same-owner --same-owner --no-same-permissions --same-permissions --transform= --owner= --group= --mode= --mtime= --sort= --exclude-from<`;

function tar(call: Call, act: Act): void {
  if (isInquiry(call.args)) return act.onlyLooks();
  const parsed = parseOptions(tarOptions, dashed(call.args));
  report(parsed, act, call);
  const file = valueOf(parsed, "-f", "--file");
  if (file?.text.includes(":")) act.reaches(file.text.split(":")[0]);
  if (has(parsed, "-T")) act.is("obscure", "tar takes the names of files from a file");
  const folder = valueOf(parsed, "-C", "--directory");
  if (has(parsed, "-t", "--list") && !has(parsed, "-x", "-c", "-r", "-u", "-A", "--extract", "--create", "--append", "--update", "--get")) {
    act.onlyLooks();
    if (file) readAll([file], act);
  } else if (has(parsed, "-x", "--extract", "--get")) extract(parsed, file, folder, act);
  else create(parsed, file, folder, act);
}

/** The old style: `tar xzf a.tgz` has its options in the first word without a dash, values following in order. */
function dashed(args: readonly Arg[]): readonly Arg[] {
  const [first, ...rest] = args;
  if (first?.form !== "literal" || first.text.startsWith("-") || !/^[A-Za-z]+$/.test(first.text)) return args;
  const values = [...rest];
  const options = [...first.text].flatMap((letter) => {
    const value = /[fCTXbLNVHK]/.test(letter) ? values.shift() : undefined;
    return value ? [literal(`-${letter}`), value] : [literal(`-${letter}`)];
  });
  return [...options, ...values];
}

function extract(parsed: Parsed, file: Arg | undefined, folder: Arg | undefined, act: Act): void {
  if (file) readAll([file], act);
  // To the output; what names a program to pack with is no option of the table.
  if (has(parsed, "-O") && file) return act.onlyLooks();
  act.writes(folder ?? literal("."));
  if (has(parsed, "-P")) act.is("obscure", "tar -P lets the archive name any path");
}

function create(parsed: Parsed, file: Arg | undefined, folder: Arg | undefined, act: Act): void {
  if (file && file.text !== "-") act.writes(file);
  if (folder) act.enters(folder);
  for (const source of parsed.operands) act.reads(source, { deep: true });
}
