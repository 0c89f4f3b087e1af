// What is known of variables and substitutions before the line runs: what an assignment, a `read` or a substitution leaves behind.
// Invariant: a value is known only where nothing else in the line can set the variable (binding.ts).

import type { Assignment, CommandExpansionPart, ParsedScript, SyntaxNode } from "unbash";
import type { Output, Stdin } from "../program/act.ts";
import { bindable } from "./binding.ts";
import { isOwn } from "./environment.ts";
import { type Scene, valueOf } from "./scene.ts";
import { type Arg, computed, expand, literal, type Lookup } from "./word.ts";

/** What the commands and pipelines walked so far print. */
export type Outputs = WeakMap<SyntaxNode, Output>;

export const lookupIn = (scene: Scene, outputs: Outputs): Lookup => ({
  variable: (name) => valueOf(name, scene),
  substitution: (part) => substituted(part, scene, outputs),
});

/** What runs in a substitution has been judged; what it prints may be shown, and sometimes more is known. */
function substituted(part: CommandExpansionPart, scene: Scene, outputs: Outputs): Arg {
  const command = onlyCommand(part.script);
  const isHere = command?.type === "Command" && command.name?.value === "pwd" && command.args.length + command.redirects.length === 0;
  if (isHere && scene.folders?.length === 1 && scene.folders[0]) return literal(scene.folders[0]);
  const output = command && outputs.get(command);
  if (output?.of === "paths") return { text: "{}", form: "fed", seen: output.found };
  if (output?.of === "revisions") return { text: part.text, form: "fed" };
  return { text: part.text, form: "printable" };
}

/** The words that a substitution is split into, where they are known. */
export function wordsOf(part: CommandExpansionPart, outputs: Outputs): readonly Arg[] | undefined {
  const command = onlyCommand(part.script);
  const output = command && outputs.get(command);
  return output?.of === "words" ? output.words : undefined;
}

function onlyCommand(script: ParsedScript | undefined): SyntaxNode | undefined {
  const [only, ...more] = script?.commands ?? [];
  return only && more.length === 0 && !only.background ? only.command : undefined;
}

/** The scene after assignments that stand alone. */
export function assigned(root: ParsedScript, scene: Scene, items: readonly { readonly item: Assignment; readonly value: Arg }[]): Scene {
  const bound = new Map(scene.bound);
  for (const { item, value } of items) {
    const known = isOwn(item.name) && !item.append && !item.index && bindable(root, item.name);
    bound.set(item.name, known ? plain(value) : computed(`$${item.name}`));
  }
  return { ...scene, bound };
}

/** `x=1` as an argument of `export` and its like. */
export function declared({ name, text, value, index, append }: Assignment, lookup: Lookup): Arg {
  const known = value.type === "Word" && !index && !append ? expand(value, lookup)[0] : undefined;
  return known ? { ...known, text: `${name}=${known.text}` } : computed(text);
}

/** The scene after a `read`: each line is what its input prints, one of the paths it lists, or part of either. */
export function readInto(root: ParsedScript, scene: Scene, args: readonly Arg[], stdin: Stdin): Scene {
  const names = args.filter(({ text }) => !text.startsWith("-"));
  const whole = names.length === 1 && args.every(({ text }) => !text.startsWith("-") || text === "-r");
  const bound = new Map(scene.bound);
  for (const { text, form } of names) {
    if (form !== "literal" || !isOwn(text) || !bindable(root, text)) bound.set(text, computed(`$${text}`));
    else if (whole && stdin.of === "pipe" && stdin.holds.of === "paths")
      bound.set(text, { text: "{}", form: "fed", seen: stdin.holds.found });
    else bound.set(text, { text: `$${text}`, form: "printable" });
  }
  return { ...scene, bound };
}

/** A value that is assigned is not split; where it is used it may be. */
const plain = ({ text, form, from, seen }: Arg): Arg => ({ text, form, ...(from ? { from } : {}), ...(seen ? { seen } : {}) });
