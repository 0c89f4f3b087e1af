// Tree-sitter behind the Grammars port: loads the runtime and each grammar when first asked for, and copies every tree into plain
// data, so that no wasm memory outlives a call. Looks for the runtime and the grammars beside the bundle (grammar/: the package's
// .wasm files, and its tree-sitter.js as tree-sitter.cjs), else in node_modules. They are assets: bundled, the runtime cannot find itself.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Grammars, Language, Parser, Syntax, Tree } from "../agent/model/rules/syntax.ts";

type Runtime = typeof import("@vscode/tree-sitter-wasm");
type InitOptions = NonNullable<Parameters<Runtime["Parser"]["init"]>[0]>;
type WasmParser = InstanceType<Runtime["Parser"]>;
type WasmTree = NonNullable<ReturnType<WasmParser["parse"]>>;

/** Grammars that load lazily; each is read once. `folder` holds the wasm files, found by itself where not given. */
export function createGrammars(folder: string = grammarFolder()): Grammars {
  let runtime: Promise<Runtime> | undefined;
  const parsers = new Map<Language, Promise<Parser>>();
  const load = async (language: Language): Promise<Parser> => {
    runtime ??= startRuntime(folder);
    const { Language: Grammar, Parser: Wasm } = await runtime;
    const grammar = await Grammar.load(await readFile(join(folder, `tree-sitter-${language}.wasm`)));
    const wasm = new Wasm();
    wasm.setLanguage(grammar);
    return createParser(wasm, language);
  };
  return {
    async parser(language, signal) {
      signal.throwIfAborted();
      let parser = parsers.get(language);
      if (!parser) {
        parser = load(language);
        parsers.set(language, parser);
        parser.catch(() => parsers.delete(language));
      }
      return parser;
    },
  };
}

/** Beside the bundle when bundled, else the package's own folder. */
function grammarFolder(): string {
  const here = fileURLToPath(import.meta.url);
  const beside = join(dirname(here), "grammar");
  if (existsSync(join(beside, "tree-sitter.cjs"))) return beside;
  return dirname(createRequire(here).resolve("@vscode/tree-sitter-wasm"));
}

async function startRuntime(folder: string): Promise<Runtime> {
  const require = createRequire(import.meta.url);
  const bundled = join(folder, "tree-sitter.cjs");
  const runtime = require(existsSync(bundled) ? bundled : join(folder, "tree-sitter.js")) as Runtime;
  // The package's types leave this option of its loader out.
  const options: object = { wasmBinary: await readFile(join(folder, "tree-sitter.wasm")) };
  await runtime.Parser.init(options as InitOptions);
  return runtime;
}

function createParser(wasm: WasmParser, language: Language): Parser {
  const use = <T>(text: string, read: (tree: WasmTree) => T): T => {
    const tree = wasm.parse(text);
    if (!tree) throw new Error(`tree-sitter gave no tree for ${text.length} characters of ${language}`);
    try {
      return read(tree);
    } finally {
      tree.delete();
    }
  };
  return {
    parse: (text) => use(text, (tree): Tree => ({ text, language, root: copyTree(tree, text), broken: tree.rootNode.hasError })),
    isBroken: (text) => use(text, (tree) => tree.rootNode.hasError),
  };
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Copies by cursor, which is many times faster than asking each node for its children. */
function copyTree(tree: WasmTree, text: string): Syntax {
  const cursor = tree.walk();
  const copy = (parent: Syntax | undefined): Syntax => {
    const { startIndex: start, endIndex: end } = cursor;
    const children: Syntax[] = [];
    const node: Mutable<Syntax> = {
      type: cursor.nodeType,
      named: cursor.nodeIsNamed,
      field: cursor.currentFieldName ?? undefined,
      start,
      end,
      line: cursor.startPosition.row + 1,
      endLine: cursor.endPosition.row + 1,
      text: text.slice(start, end),
      parent,
      children,
    };
    if (cursor.gotoFirstChild()) {
      do children.push(copy(node));
      while (cursor.gotoNextSibling());
      cursor.gotoParent();
    }
    return node;
  };
  try {
    return copy(undefined);
  } finally {
    cursor.delete();
  }
}
