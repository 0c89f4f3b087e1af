// Two questions about a whole line that its commands cannot answer one by one: may a variable be relied on, and does a
// function start itself.

import { type Command, type Function as FunctionNode, forEachChild, type ParsedScript, type SyntaxNode } from "unbash";

/** Builtins that may set a variable nobody can name, or run text that does. */
const setters = new Set(`mapfile readarray getopts let unset wait eval source . trap exec builtin shopt enable alias`.split(" "));
const declarers = new Set(`declare typeset local export readonly`.split(" "));

/** True when one thing in the line sets the variable, a loop, an assignment or a `read`, and nothing else can. */
export function bindable(root: ParsedScript, name: string): boolean {
  const count = /^[A-Za-z_]\w*$/.test(name) ? tally(root).get(name) : undefined;
  return count === 1;
}

const tallies = new WeakMap<ParsedScript, ReadonlyMap<string, number>>();

/** How often each variable is set in a line; empty where that cannot be told. */
function tally(root: ParsedScript): ReadonlyMap<string, number> {
  const known = tallies.get(root);
  if (known) return known;
  const counts = new Map<string, number>();
  const add = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
  let sound = true;
  const look = (node: SyntaxNode): void => {
    if (node.type === "For" || node.type === "Select") add(node.name.value);
    else if (node.type === "Command") sound = commandIsSound(node, add);
    else if (node.type === "Assignment") add(node.name);
    else if (unsound.has(node.type) || (node.type === "ArithmeticWord" && !/^[\d.]*$/.test(node.value))) sound = false;
    else if (node.type === "Default" && node.operator.includes("=")) sound = false;
    if (!sound) return;
    // `IFS=, read a b` splits for that command alone.
    const reads = node.type === "Command" && node.name?.value === "read";
    forEachChild(node, (child) => (reads && child.type === "Assignment" && child.name === "IFS" ? undefined : look(child)));
  };
  look(root);
  const result = sound && !counts.has("IFS") ? counts : new Map<string, number>();
  tallies.set(root, result);
  return result;
}

const unsound = new Set(["Function", "Coproc", "ArithmeticCommand", "ArithmeticFor", "FileDescriptorVariable"]);

function commandIsSound(node: Command, add: (name: string) => void): boolean {
  const program = node.name;
  if (!program) return true;
  if (program.parts?.some(({ type }) => type !== "Literal" && type !== "SingleQuoted")) return false;
  const words = node.args.flatMap((arg) => (arg.type === "Word" ? [arg.value] : []));
  switch (program.value) {
    case "read":
      for (const word of words) add(word);
      return true;
    case "printf":
      return words[0] !== undefined && !words[0].startsWith("-") && !words[0].includes("$");
    case "set":
      return words.every((word) => /^[-+]/.test(word) && word !== "--" && word !== "-") || /^[-+]\w*o$/.test(words[0] ?? "");
    case "command":
      return /^-[vV]$/.test(words[0] ?? "");
    default:
      // Of these each `name=value` is counted as an assignment, wherever the grammar sees one.
      if (declarers.has(program.value)) return words.every((word) => /^-[xgr]$/.test(word));
      return !setters.has(program.value);
  }
}

/** True for a function that calls itself from a pipeline or in the background: a fork bomb. */
export function callsItself(node: FunctionNode): boolean {
  const name = node.name.value;
  let [calls, forks] = [false, false];
  const look = (child: SyntaxNode): void => {
    if (child.type === "Command" && child.name?.value === name) calls = true;
    if ((child.type === "Statement" && child.background) || (child.type === "Pipeline" && child.commands.length > 1)) forks = true;
    forEachChild(child, look);
  };
  look(node.body);
  return calls && forks;
}
