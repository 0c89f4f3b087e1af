// What is doubtful in a `[[ ... ]]`: values computed at run time, and the places where bash evaluates text as arithmetic.

import { forEachChild, type SyntaxNode } from "unbash";
import { type Arg, expand, type Lookup } from "./word.ts";

/** One note per doubt; none for a condition that only looks. */
export function conditionDoubts(condition: SyntaxNode, lookup: Lookup): readonly string[] {
  const doubts: string[] = [];
  const check = (node: SyntaxNode): void => {
    if (node.type === "TestUnary" || node.type === "TestBinary") {
      const words = node.type === "TestUnary" ? [node.operand] : [node.left, node.right];
      const args = words.flatMap((word) => expand(word, lookup));
      if (args.some(({ form }) => form === "computed")) doubts.push("a tested value is computed at run time");
      if (/^-(eq|ne|lt|le|gt|ge)$/.test(node.operator) && !args.every(isNumeral))
        doubts.push("shell arithmetic with names can run commands");
      if (/^-[vR]$/.test(node.operator) && !args.every(isName)) doubts.push("a subscript can run commands");
    }
    if (node.type !== "Word") forEachChild(node, check);
  };
  check(condition);
  return doubts;
}

const isNumeral = (arg: Arg): boolean => arg.form === "literal" && /^-?\d+$/.test(arg.text);
const isName = (arg: Arg): boolean => arg.form === "literal" && /^[A-Za-z_]\w*$/.test(arg.text);
