// A shell line in, the parts it is made of out: every simple command, path, redirection and host, however deeply nested.
// Pure and total. What cannot be read with certainty leaves a part that says so, and such parts are never allowed.

import { parse } from "unbash";
import type { Part } from "./part.ts";
import type { Call } from "./program/act.ts";
import { isSystemProgram, runProgram } from "./program.ts";
import type { Trait } from "./rules.ts";
import { assigning } from "./shell/environment.ts";
import { joinSpans } from "./shell/place.ts";
import { type Interpreter, Recorder } from "./shell/recorder.ts";
import { absolute, type Flow, foldPath, type Scene, steady } from "./shell/scene.ts";
import { type Handler, type Simple, Walker } from "./shell/walk.ts";
import { type Arg, literal } from "./shell/word.ts";

export interface Setting {
  /** Absolute folder the line starts in. */
  readonly folder: string;
  /** Absolute home folder of the user, where known. */
  readonly home?: string | undefined;
}

const longestLine = 64_000;
const mostParts = 2_000;
const deepest = 12;

/** Never throws and never returns nothing. */
export function readLine(line: string, setting: Setting): readonly Part[] {
  const parts = new Map<string, Part>();
  const emit = (part: Part): void => {
    const { text, effect, target, traits } = part;
    const key = [effect, text, target?.path, target?.glob, target?.deep, ...traits, part.program, ...(part.args ?? [])].join("\0");
    const known = parts.get(key);
    parts.set(key, known ? { ...part, spans: joinSpans(known.spans, part.spans) } : part);
  };
  if (line.length > longestLine) emit(doubt(`the line is longer than ${longestLine} characters`));
  else {
    const strange = strangeCharacter(line);
    if (strange) emit(doubt(strange));
    interpret(line, { folders: [setting.folder], bound: new Map(), home: setting.home, depth: 0 }, (part) => {
      if (parts.size < mostParts) emit(part);
    });
    if (parts.size >= mostParts) emit(doubt("the line does too many things"));
  }
  if (parts.size === 0) emit({ text: "(nothing)", effect: "execute", traits: ["readonly"] });
  return [...parts.values()];
}

const doubt = (note: string): Part => ({ text: note, effect: "execute", traits: ["unparsed"], note });

/** Characters that make a line look different from what it does. */
function strangeCharacter(line: string): string | undefined {
  const found = /[^\P{C}\n\t]|[\u2028\u2029\u3164\uffa0]/u.exec(line)?.[0];
  return found === undefined
    ? undefined
    : `it holds an invisible character (U+${found.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")})`;
}

function interpret(line: string, scene: Scene, emit: (part: Part) => void): Flow {
  if (scene.depth > deepest) {
    emit(doubt("lines within lines too deep to follow"));
    return steady(scene);
  }
  const shell: Interpreter = {
    emit,
    run: (words, stdin, at) => void simple({ words, assignments: [], stdin, spans: at.within ?? [] }, at),
    line: (text, at) => void interpret(text, { ...at, bound: new Map(), depth: at.depth + 1 }, emit),
  };
  const simple = (command: Simple, at: Scene) => runSimple(command, at, shell);
  return new Walker(line, parse(line), { emit, simple }).walk(scene);
}

function runSimple({ words, assignments, stdin, spans }: Simple, scene: Scene, shell: Interpreter): ReturnType<Handler["simple"]> {
  const [program, ...args] = words;
  for (const { name, value } of assignments) {
    // `IFS=, read a b` splits for that command alone.
    if (name === "IFS" && value.form === "literal" && program?.form === "literal" && program.text === "read") continue;
    const concern = assigning(name, value, { exported: program !== undefined });
    const { traits, note } = concern ?? { traits: ["readonly"] as readonly Trait[], note: undefined };
    if (!program || concern)
      shell.emit({
        text: `${name}=${value.text}`,
        effect: "execute",
        traits,
        ...(note === undefined ? {} : { note }),
        ...(value.at ? { spans: [value.at] } : { spans }),
      });
  }
  if (!program) return { flow: steady(scene), output: { of: "anything" } };
  const call: Call = { name: nameOf(program), args, stdin };
  const spoken = program.form === "literal" && !isSystemProgram(program.text) ? program.text : call.name;
  const recorder = new Recorder(call, spoken, scene, { ...shell, spans });
  if (program.form === "literal") runProgram(call, program.text, recorder);
  else recorder.is("dynamic", "the program is computed at run time");
  recorder.finish();
  return { flow: program.form === "literal" ? flowOf(call, scene) : steady({ ...scene, folders: undefined }), output: recorder.output };
}

/** The program's name without its folder. Which folder it is in is judged by program.ts. */
const nameOf = (program: Arg): string =>
  program.form === "literal" ? foldPath(program.text).split("/").at(-1) || program.text : program.text;

/** Builtins that change where the commands after them run. */
function flowOf(call: Call, scene: Scene): Flow {
  switch (call.name) {
    case "cd":
      return { done: { ...scene, folders: enter(call.args, scene) }, failed: scene };
    case "exit":
      return call.args.every((arg) => arg.form === "literal" && /^\d*$/.test(arg.text)) && call.args.length < 2
        ? steady({ ...scene, folders: [] })
        : steady(scene);
    case "pushd":
      return call.args.length === 1 && /^[^-+~]/.test(call.args[0]?.text ?? "")
        ? { done: { ...scene, folders: enter(call.args, scene) }, failed: scene }
        : steady({ ...scene, folders: undefined });
    case "popd":
    case "eval":
    case "source":
    case ".":
    case "trap":
      return steady({ ...scene, folders: undefined });
    case "builtin":
    case "command":
      return call.args.some((arg) => arg.form !== "literal" || /^(cd|pushd|popd|eval|source|\.|trap|builtin|command)$/.test(arg.text))
        ? steady({ ...scene, folders: undefined })
        : steady(scene);
    default:
      return steady(scene);
  }
}

function enter(args: readonly Arg[], scene: Scene): readonly string[] | undefined {
  const isOption = ({ text }: Arg): boolean => /^-[LPe@]+$/.test(text);
  const [folder = literal("~"), ...more] = args.filter((arg) => !isOption(arg) && arg.text !== "--");
  if (more.length > 0 || folder.form !== "literal" || folder.text === "-") return undefined;
  // `cd -P` walks ".." as the kernel does, `cd` folds it away.
  const physical = args.some((arg) => isOption(arg) && arg.text.includes("P"));
  return absolute(scene, folder.text)?.map((path) => (physical || path.startsWith("~") ? path : foldPath(path)));
}
