// Two questions about a whole line that its commands cannot answer one by one: may a loop variable be relied on, and does a
// function start itself.

import { type Function as FunctionNode, forEachChild, type ParsedScript, type SyntaxNode } from "unbash";

/** Builtins that may set a variable or run text that does. */
const setters = new Set(
  `read mapfile readarray declare typeset local export readonly printf let getopts unset wait eval source . trap exec builtin command
  shopt set enable alias`.split(/\s+/),
);

/** True when one `for` loop is the only thing in the line that can set the variable. */
export function bindable(root: ParsedScript, name: string): boolean {
  let loops = 0;
  let sound = true;
  const look = (node: SyntaxNode): void => {
    if (node.type === "For" || node.type === "Select") {
      if (node.name.value === name) loops++;
    } else if (node.type === "Command") {
      const program = node.name;
      if (program && (setters.has(program.value) || program.parts?.some(({ type }) => type !== "Literal" && type !== "SingleQuoted")))
        sound = false;
    } else if (node.type === "Assignment") {
      if (node.name === name || node.name === "IFS") sound = false;
    } else if (
      node.type === "Function" ||
      node.type === "ArithmeticCommand" ||
      node.type === "ArithmeticFor" ||
      node.type === "ArithmeticWord"
    ) {
      sound = false;
    } else if (node.type === "FileDescriptorVariable" || (node.type === "Default" && node.operator.includes("="))) {
      sound = false;
    }
    if (sound) forEachChild(node, look);
  };
  look(root);
  return sound && loops === 1 && /^[a-z_][a-z0-9_]*$/i.test(name);
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
