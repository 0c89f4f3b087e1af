// The common shape of a program: known options, and what its operands are. Most entries of the tables are one shape each.

import type { Arg } from "../shell/word.ts";
import { literal } from "../shell/word.ts";
import type { Act, Call, Program } from "./act.ts";
import { type Manner, mayBeOption, type OptionSpec, type Parsed, parseOptions } from "./options.ts";

export interface Shape {
  readonly options?: OptionSpec;
  /** All its options are harmless and none takes a path. */
  readonly anyOption?: true;
  readonly operands: Operands;
  /** It changes nothing by itself; its operands and options may. */
  readonly looks?: true;
  /** Options that are not listed do harm, so a pattern that could turn into one is doubtful. So are those that write files. */
  readonly risky?: true;
  readonly manner?: Manner;
}

/** What operands are. `here`: paths read, with all below; none means the current folder. */
export type Operands =
  | "none"
  | "text"
  | "read"
  | "here"
  | "read write"
  | "write"
  | "sources target"
  | ((parsed: Parsed, act: Act, call: Call) => void);

export type Table = Readonly<Record<string, Program>>;

export function shape(form: Shape): Program {
  return (call, act) => {
    if (form.looks) act.onlyLooks();
    if (isInquiry(call.args)) return act.onlyLooks();
    if (form.anyOption)
      return operate(
        form,
        { options: [], operands: call.args.filter(({ text }) => !text.startsWith("-")), unknown: [], dash: undefined },
        act,
        call,
      );
    const parsed = parseOptions(form.options ?? "", call.args, form.manner);
    report(parsed, act, call);
    const before = parsed.operands.slice(0, parsed.dash);
    if ((form.risky || /\w>/.test(form.options ?? "")) && before.some(mayBeOption))
      act.is("obscure", `a file name may turn into an option of ${call.name}; write ./ before the pattern`);
    operate(form, parsed, act, call);
  };
}

/** Looks only: reads its operands, or what the shape says. */
export const looker = (operands: Operands, options: OptionSpec, more: Partial<Shape> = {}): Program =>
  shape({ options, operands, looks: true, ...more });

/** Reports unknown options, and the files that options read and write. */
export function report({ options, unknown }: Parsed, act: Act, call: Call): void {
  for (const name of unknown) act.is("obscure", `${name} of ${call.name} is not known to be harmless`);
  for (const { kind, value } of options) {
    if (kind === "read" && value && !isDash(value)) act.reads(value);
    if (kind === "write" && value && !isDash(value)) act.writes(value);
  }
}

export const has = (parsed: Parsed, ...names: readonly string[]): boolean => parsed.options.some(({ name }) => names.includes(name));
export const valueOf = (parsed: Parsed, ...names: readonly string[]): Arg | undefined =>
  parsed.options.findLast(({ name, value }) => value !== undefined && names.includes(name))?.value;

/** Asked only for its version or its help. */
export const isInquiry = (args: readonly Arg[]): boolean =>
  args.length === 1 && args[0]?.form === "literal" && (args[0].text === "--version" || args[0].text === "--help");

export const isDash = (arg: Arg): boolean => arg.form === "literal" && arg.text === "-";

function operate({ operands: kind }: Shape, parsed: Parsed, act: Act, call: Call): void {
  if (typeof kind === "function") return kind(parsed, act, call);
  const operands = parsed.operands;
  switch (kind) {
    case "text":
      return;
    case "none":
      if (operands.length > 0) act.is("obscure", `${call.name} is not known to be harmless with "${operands[0]?.text}"`);
      return;
    case "read":
      return readAll(operands, act);
    case "here":
      for (const operand of operands.length > 0 ? operands : [literal(".")]) act.reads(operand, { deep: true });
      return;
    case "read write":
      readAll(operands.slice(0, 1), act);
      // A pattern may stand for two files, and then the second is written.
      for (const operand of operands.filter(({ form }, index) => index > 0 || form !== "literal"))
        if (!isDash(operand)) act.writes(operand);
      return;
    case "write":
      for (const operand of operands) if (!isDash(operand)) act.writes(operand);
      return;
    case "sources target":
      return toTarget(parsed, act, (source) => act.reads(source, { deep: true }));
  }
}

export function readAll(operands: readonly Arg[], act: Act): void {
  for (const operand of operands) {
    if (!isDash(operand)) act.reads(operand);
    if (drives.test(operand.text)) act.is("obscure", `${operand.text} may be a drive of PowerShell`);
  }
}

/** The places besides disks that PowerShell's own `cat` and `ls` look into. */
const drives = /^(env|hklm|hkcu|cert|variable|function|alias|wsman|registry):/i;

/** `cp a b target`: the target is written, and so is everything it gets below itself. */
export function toTarget(parsed: Parsed, act: Act, source: (arg: Arg) => void): void {
  const folder = valueOf(parsed, "-t", "--target-directory");
  const sources = folder || parsed.operands.length < 2 ? parsed.operands : parsed.operands.slice(0, -1);
  const target = folder ?? (parsed.operands.length < 2 ? literal(".") : parsed.operands.at(-1));
  for (const arg of sources) source(arg);
  if (!target) return;
  act.writes(target);
  for (const arg of sources) {
    const name = arg.text.replace(/\/+$/, "").split("/").at(-1);
    if (arg.form === "literal" && target.form === "literal" && name && name !== "." && name !== "..")
      act.writes(literal(`${target.text}/${name}`));
  }
}
