// Walks a parsed shell line in the order bash would and hands every simple command, redirection and substitution on to be judged.
// Owns structure: lists, pipelines, subshells, loops, functions, and in which folder each command may run.
// Invariant: nothing in the tree is skipped; a node it does not know is reported as unparsed.

import {
  type AndOr,
  type Case,
  type Command,
  type For,
  forEachChild,
  type ParsedScript,
  type Pipeline,
  type Redirection,
  type Statement,
  type SyntaxNode,
  type Word,
} from "unbash";
import type { Part, Span } from "../part.ts";
import type { Output, Stdin } from "../program/act.ts";
import type { Trait } from "../rules.ts";
import { bindable, callsItself } from "./binding.ts";
import { conditionDoubts } from "./condition.ts";
import { assigning } from "./environment.ts";
import { readRedirect } from "./redirect.ts";
import { assigned, declared, lookupIn, type Outputs, readInto, wordsOf } from "./known.ts";
import { commandSpans, insideOf, redirectSpans, spansOf } from "./place.ts";
import { type Flow, merge, type Scene, sameFolders, steady, without } from "./scene.ts";
import { type Arg, blind, computed, evaluates, expand, literal, type Lookup } from "./word.ts";

export interface Simple {
  readonly words: readonly Arg[];
  readonly assignments: readonly { readonly name: string; readonly value: Arg }[];
  readonly stdin: Stdin;
  /** Where it stands in the line. */
  readonly spans: readonly Span[];
}

export interface Handler {
  emit(part: Part): void;
  /** Judges one simple command; says what its output is and which scenes it leaves. */
  simple(command: Simple, scene: Scene): { readonly flow: Flow; readonly output: Output };
}

const nothing: Stdin = { of: "nothing" };
const anything: Output = { of: "anything" };
const mostRounds = 12;

export class Walker {
  readonly #handler: Handler;
  readonly #root: ParsedScript;
  readonly #source: string;
  readonly #outputs: Outputs = new WeakMap();

  constructor(source: string, root: ParsedScript, handler: Handler) {
    this.#source = source;
    this.#root = root;
    this.#handler = handler;
  }

  walk(scene: Scene, stdin: Stdin = nothing): Flow {
    return this.#script(this.#root, scene, stdin);
  }

  #script(script: ParsedScript, scene: Scene, stdin: Stdin = nothing): Flow {
    for (const error of script.errors ?? []) this.#note("unparsed", `the shell grammar says: ${error.message}`);
    return this.#list(script.commands, scene, stdin);
  }

  #list(statements: readonly Statement[], scene: Scene, stdin: Stdin): Flow {
    let flow = steady(scene);
    for (const statement of statements) {
      const start = merge(flow.done, flow.failed);
      const after = this.#node(statement.command, start, stdin);
      flow = statement.background ? steady(start) : after;
    }
    return flow;
  }

  #node(node: SyntaxNode, scene: Scene, stdin: Stdin): Flow {
    switch (node.type) {
      case "Command":
        return this.#command(node, scene, stdin).flow;
      case "Pipeline":
        return this.#pipeline(node, scene, stdin);
      case "AndOr":
        return this.#andOr(node, scene, stdin);
      case "Redirected": {
        const input = this.#redirects(node.redirects, scene) ?? stdin;
        return this.#node(node.command, scene, input);
      }
      case "Subshell":
        this.#list(node.body.commands, scene, stdin);
        return steady(scene);
      case "BraceGroup":
        return this.#list(node.body.commands, scene, stdin);
      case "CompoundList":
        return this.#list(node.commands, scene, stdin);
      case "If": {
        const clause = this.#list(node.clause.commands, scene, stdin);
        let [end, not] = [joined(this.#list(node.then.commands, clause.done, stdin)), clause.failed];
        for (const branch of node.elif) {
          const next = this.#list(branch.clause.commands, not, stdin);
          end = merge(end, joined(this.#list(branch.then.commands, next.done, stdin)));
          not = next.failed;
        }
        const last = node.else ? joined(this.#list(node.else.commands, not, stdin)) : not;
        return steady(merge(end, last));
      }
      case "While":
        return this.#loop(scene, (start) => joined(this.#list([...node.clause.commands, ...node.body.commands], start, stdin)));
      case "For":
        return this.#for(node, scene, stdin);
      case "Select":
        for (const word of node.wordlist ?? []) this.#word(word, scene);
        this.#sets(node.name.value);
        return this.#loop({ ...scene, bound: without(scene.bound, node.name.value) }, (start) =>
          joined(this.#list(node.body.commands, start, stdin)),
        );
      case "Case":
        return this.#case(node, scene, stdin);
      case "Function":
        this.#note(
          callsItself(node) ? "destructive" : "dynamic",
          callsItself(node) ? "a function that starts itself without end" : "a function is defined",
          spansOf(node, scene),
        );
        this.#node(node.body, { ...scene, bound: new Map() }, stdin);
        return steady(scene);
      case "Coproc":
        if (node.name) this.#sets(node.name.value);
        this.#node(node.body, scene, stdin);
        return steady(scene);
      case "TestCommand":
        this.#test(node, scene);
        return steady(scene);
      case "ArithmeticCommand":
      case "ArithmeticFor":
        this.#note("dynamic", "shell arithmetic with names can run commands", spansOf(node, scene));
        this.#substitutions(node, scene);
        return node.type === "ArithmeticFor"
          ? this.#loop(scene, (start) => joined(this.#list(node.body.commands, start, stdin)))
          : steady(scene);
      default:
        this.#note("unparsed", `${node.type} is not expected here`, spansOf(node, scene));
        return steady({ ...scene, folders: undefined });
    }
  }

  #andOr(node: AndOr, scene: Scene, stdin: Stdin): Flow {
    let flow = steady(scene);
    node.commands.forEach((command, index) => {
      const operator = index === 0 ? undefined : node.operators[index - 1];
      if (operator === undefined) flow = this.#node(command, scene, stdin);
      else if (operator === "&&") {
        const next = this.#node(command, flow.done, stdin);
        flow = { done: next.done, failed: merge(flow.failed, next.failed) };
      } else {
        const next = this.#node(command, flow.failed, stdin);
        flow = { done: merge(flow.done, next.done), failed: next.failed };
      }
    });
    return flow;
  }

  #pipeline(node: Pipeline, scene: Scene, stdin: Stdin): Flow {
    const [only] = node.commands;
    if (only && node.commands.length === 1) {
      const flow = this.#node(only, scene, stdin);
      return node.prefixes.some(({ type }) => type === "Negation") ? { done: flow.failed, failed: flow.done } : flow;
    }
    let input = stdin;
    for (const command of node.commands) {
      const before = input;
      const { output } =
        command.type === "Command" ? this.#command(command, scene, before) : (this.#node(command, scene, before), { output: anything });
      const holds = output.of !== "selection" ? output : before.of === "pipe" ? before.holds : anything;
      input = { of: "pipe", holds };
    }
    if (input.of === "pipe") this.#outputs.set(node, input.holds);
    return steady(scene);
  }

  /** Runs a body that may come round again: a folder it changes is unknown from the second round on. */
  #loop(scene: Scene, body: (start: Scene) => Scene): Flow {
    const end = body(scene);
    return steady(sameFolders(scene, end) ? scene : merge(scene, body({ ...scene, folders: undefined })));
  }

  #for(node: For, scene: Scene, stdin: Stdin): Flow {
    const lookup = this.#lookup(scene);
    const values = node.wordlist?.flatMap((word) => {
      this.#word(word, scene);
      const [only, ...more] = word.parts ?? [];
      const words = only?.type === "CommandExpansion" && more.length === 0 ? wordsOf(only, this.#outputs) : undefined;
      return words ?? expand(word, lookup);
    });
    const name = node.name.value;
    this.#sets(name);
    const known = values && values.length <= mostRounds && values.every(({ form }) => form !== "computed") && bindable(this.#root, name);
    const rounds = known ? values.map((value) => new Map(scene.bound).set(name, value)) : [without(scene.bound, name)];
    return this.#loop(scene, (start) =>
      rounds.reduce((at, bound) => ({ ...joined(this.#list(node.body.commands, { ...at, bound }, stdin)), bound: scene.bound }), start),
    );
  }

  #case(node: Case, scene: Scene, stdin: Stdin): Flow {
    this.#word(node.word, scene);
    let end = scene;
    for (const item of node.items) {
      for (const pattern of item.pattern) this.#word(pattern, scene);
      end = merge(end, joined(this.#list(item.body.commands, end, stdin)));
    }
    return steady(end);
  }

  #command(node: Command, scene: Scene, stdin: Stdin): ReturnType<Handler["simple"]> {
    const lookup = this.#lookup(scene);
    // The grammar takes such a parenthesis for the beginning of a function, finds none, and passes over it without a word.
    if (/^(?:[ \t]|\\\n)*\(/.test(this.#source.slice(node.end, node.end + 1_000)))
      this.#note("unparsed", "a parenthesis where none can stand", spansOf(node, scene));
    const input = this.#redirects(node.redirects, scene) ?? stdin;
    const assignments = node.prefix.flatMap((item) => (item.type === "Assignment" ? [item] : []));
    const spans = commandSpans(node, this.#source, scene);
    const placed = (arg: Arg, item: SyntaxNode): Arg => ({
      ...arg,
      at: scene.within || spans.length === 0 ? undefined : [item.pos, item.end],
    });
    const prefix = assignments.map((item) => {
      this.#substitutions(item, scene);
      const plain = item.value.type === "Word" && !item.index ? expand(item.value, lookup) : [];
      return { item, name: item.name, value: placed(plain.length === 1 && plain[0] ? plain[0] : computed(item.text), item) };
    });
    const words = [...(node.name ? [node.name] : []), ...node.args].flatMap((word) => {
      this.#substitutions(word, scene);
      const args = word === node.name ? expand(word, blind) : word.type === "Word" ? expand(word, lookup) : [declared(word, lookup)];
      return args.map((arg) => placed(arg, word));
    });
    const result = this.#handler.simple({ words, assignments: prefix, stdin: input, spans }, scene);
    this.#outputs.set(node, result.output);
    if (words.length === 0) return { ...result, flow: steady(assigned(this.#root, scene, prefix)) };
    return node.name?.value === "read" ? { ...result, flow: steady(readInto(this.#root, scene, words.slice(1), input)) } : result;
  }

  #lookup(scene: Scene): Lookup {
    return lookupIn(scene, this.#outputs);
  }

  /** Reports what is read and written; answers what the command gets as its input, where a redirection says so. */
  #redirects(redirects: readonly Redirection[], scene: Scene): Stdin | undefined {
    for (const redirect of redirects) {
      this.#substitutions(redirect, scene);
      if (redirect.descriptor?.type === "FileDescriptorVariable") this.#sets(redirect.descriptor.name);
    }
    let stdin: Stdin | undefined;
    for (const redirect of redirects) {
      const spans = redirectSpans(redirect, this.#source, scene);
      stdin = readRedirect(redirect, scene, this.#lookup(scene), (part) => this.#handler.emit({ ...part, spans })) ?? stdin;
    }
    return stdin;
  }

  #test(node: SyntaxNode, scene: Scene): void {
    this.#substitutions(node, scene);
    for (const doubt of conditionDoubts(node, this.#lookup(scene))) this.#note("dynamic", doubt, spansOf(node, scene));
  }

  #word(word: Word, scene: Scene): void {
    this.#substitutions(word, scene);
  }

  /** Judges every command inside substitutions below a node, each in a shell of its own. */
  #substitutions(node: SyntaxNode, scene: Scene): void {
    forEachChild(node, (child) => {
      if (child.type === "Script") this.#script(child, insideOf(node, scene));
      else if (child.type === "ArithmeticWord" && !/^[\d.]*$/.test(child.value)) {
        this.#note("dynamic", "shell arithmetic with names can run commands", spansOf(child, scene));
        this.#substitutions(child, scene);
      } else if (child.type !== "CompoundList") {
        if (child.type === "ParameterExpansion" && evaluates(child))
          this.#note("dynamic", "an expansion that runs what its value says", spansOf(child, scene));
        this.#substitutions(child, scene);
      }
    });
  }

  /** A variable set by the shell's own doing. */
  #sets(name: string): void {
    const concern = assigning(name, literal(""), { exported: false });
    for (const trait of concern?.traits ?? []) this.#note(trait, concern?.note ?? name);
  }

  #note(trait: Trait, note: string, spans: readonly Span[] = []): void {
    this.#handler.emit({ text: note, effect: "execute", traits: [trait], note, spans });
  }
}

const joined = (flow: Flow): Scene => merge(flow.done, flow.failed);
