// Redirections: what they read and write, and what they give a command to read.

import type { HereDoc, Redirection } from "unbash";
import type { Part } from "../part.ts";
import type { Stdin } from "../program/act.ts";
import { recordPath } from "./recorder.ts";
import type { Scene } from "./scene.ts";
import { type Arg, expand, expandPart, type Lookup } from "./word.ts";

/** Emits the parts of a redirection; answers what its command reads from, where it says so. */
export function readRedirect(redirect: Redirection, scene: Scene, lookup: Lookup, emit: (part: Part) => void): Stdin | undefined {
  if (redirect.type === "HereDoc") {
    if (!redirect.closing) unclear("a here-document without its end", emit);
    if (isComputed(redirect, lookup)) unknown(emit);
    return { of: "text", text: plainText(redirect) };
  }
  const [target, ...more] = redirect.target ? expand(redirect.target, lookup) : [];
  if (redirect.type === "HereString") {
    if (target?.form === "computed") unknown(emit);
    return { of: "text", text: target?.form === "literal" && more.length === 0 ? target.text : undefined };
  }
  if (!target || more.length > 0) {
    unclear("a redirection without one clear target", emit);
    return undefined;
  }
  emitRedirect(redirect.operator, target, scene, emit);
  return redirect.operator.startsWith("<") ? { of: "pipe", holds: { of: "anything" } } : undefined;
}

const unclear = (note: string, emit: (part: Part) => void): void => emit({ text: note, effect: "execute", traits: ["unparsed"], note });

/** A value that is not known may be a key, and what reads it may show it. */
const unknown = (emit: (part: Part) => void): void =>
  emit({ text: "a text computed at run time", effect: "execute", traits: ["dynamic"], note: "the text it reads is computed at run time" });

const isComputed = ({ body, delimiter }: HereDoc, lookup: Lookup): boolean =>
  delimiter?.quoted !== true && (body.parts ?? []).some((part) => part.type !== "Literal" && expandPart(part, lookup).form === "computed");

/** The body, where nothing in it is expanded. */
function plainText({ body, delimiter }: HereDoc): string | undefined {
  const expands = delimiter?.quoted !== true && body.parts?.some(({ type }) => type !== "Literal") === true;
  return expands ? undefined : body.text;
}

/** `2>&1` and `>&-` touch no file; `>& file` does. */
function emitRedirect(operator: string, target: Arg, scene: Scene, emit: (part: Part) => void): void {
  const duplicates = (operator === "<&" || operator === ">&") && target.form === "literal" && /^(\d+-?|-)$/.test(target.text);
  if (duplicates) return;
  const text = `${operator} ${target.text}`;
  if (operator.startsWith("<")) recordPath("read", target, text, scene, emit);
  if (operator.includes(">")) recordPath("write", target, text, scene, emit);
}
