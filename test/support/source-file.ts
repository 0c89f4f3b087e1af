// One source file, parsed and reduced to what the architecture test asks of it. A real parser, so that neither a comment nor a
// string nor an unusual spelling of an import can hide anything from the walls.

import { type Node, type ParamPattern, parseSync, type Program, type VisitorObject, Visitor } from "oxc-parser";

export interface SourceFile {
  /** From the project's root, with forward slashes: "src/agent/plan.ts". */
  readonly path: string;
  readonly lines: number;
  /** Lines of the comment the file opens with; 0 where it opens with something else. */
  readonly headerLines: number;
  /** Every specifier it names, types and dynamic imports included; "(computed)" where the specifier is not a literal. */
  readonly imports: readonly string[];
  /** Of these, the ones that must be there before it runs: neither types nor dynamic imports. */
  readonly loads: readonly string[];
  /** What it exports from elsewhere, e.g. "./plan.ts". */
  readonly reexports: readonly string[];
  /** Free names: used here, declared nowhere in the file. "Math.random" and its like are one name, and "import.meta" is one too. */
  readonly globals: ReadonlySet<string>;
  /** Kinds of statement that do something when the file is imported, e.g. "ExpressionStatement". */
  readonly doings: readonly string[];
  readonly hasDefaultExport: boolean;
  readonly hasEnum: boolean;
}

/** Throws where the text is not TypeScript. */
export function parseSource(path: string, text: string): SourceFile {
  const { program, errors } = parseSync(path, text);
  const [error] = errors;
  if (error) throw new Error(`${path} does not parse: ${error.message}`);
  const imports: string[] = [];
  const loads: string[] = [];
  const reexports: string[] = [];
  let hasDefaultExport = false;
  let hasEnum = false;
  const from = (source: Node): void => {
    imports.push(source.type === "Literal" && typeof source.value === "string" ? source.value : "(computed)");
  };
  new Visitor({
    ImportDeclaration: ({ source, importKind, specifiers }) => {
      from(source);
      const typesOnly = specifiers.length > 0 && specifiers.every((each) => each.type === "ImportSpecifier" && each.importKind === "type");
      if (importKind !== "type" && !typesOnly) loads.push(source.value);
    },
    ImportExpression: ({ source }) => from(source),
    TSImportType: ({ source }) => from(source),
    TSExternalModuleReference: ({ expression }) => from(expression),
    ExportAllDeclaration: ({ source, exportKind }) => {
      from(source);
      if (exportKind !== "type") loads.push(source.value);
      reexports.push(source.value);
    },
    ExportNamedDeclaration: ({ source, specifiers, exportKind }) => {
      if (source) {
        from(source);
        if (exportKind !== "type") loads.push(source.value);
        reexports.push(source.value);
      }
      hasDefaultExport ||= specifiers.some(({ exported }) => exported.type === "Identifier" && exported.name === "default");
    },
    ExportDefaultDeclaration: () => {
      hasDefaultExport = true;
    },
    TSEnumDeclaration: () => {
      hasEnum = true;
    },
  }).visit(program);
  return {
    path,
    lines: text.trimEnd().split("\n").length,
    headerLines: countHeaderLines(text),
    imports,
    loads,
    reexports,
    globals: freeNames(program),
    doings: program.body.map(doingOf).filter((doing) => doing !== undefined),
    hasDefaultExport,
    hasEnum,
  };
}

function countHeaderLines(text: string): number {
  const lines = text.split("\n");
  if (lines[0]?.startsWith("#!")) lines.shift();
  const end = lines.findIndex((line) => !line.startsWith("//"));
  return end === -1 ? lines.length : end;
}

const declarations = new Set([
  "ImportDeclaration",
  "ExportAllDeclaration",
  "ExportNamedDeclaration",
  "ExportDefaultDeclaration",
  "FunctionDeclaration",
  "ClassDeclaration",
  "TSTypeAliasDeclaration",
  "TSInterfaceDeclaration",
  "TSEnumDeclaration",
  "TSDeclareFunction",
  "TSModuleDeclaration",
]);

/** A statement that is more than a declaration. A variable that can be set again counts, unless it starts unset: then it is a memo. */
function doingOf(statement: Program["body"][number]): string | undefined {
  const inner = statement.type === "ExportNamedDeclaration" && statement.declaration ? statement.declaration : statement;
  if (inner.type === "VariableDeclaration") {
    const isState = inner.kind !== "const" && inner.declarations.some(({ init }) => init !== null);
    return isState ? `${inner.kind} on the top level` : undefined;
  }
  return declarations.has(inner.type) ? undefined : inner.type;
}

/** Two walks: one finds what is declared anywhere in the file, one what is used and not declared. */
function freeNames(program: Program): ReadonlySet<string> {
  const declared = declaredNames(program);
  const used = new Set<string>();
  const notReferences = new Set<Node>();
  const isKey = ({ key, computed }: { readonly key: Node; readonly computed: boolean }): void => {
    if (!computed) notReferences.add(key);
  };
  new Visitor({
    MemberExpression: ({ object, property, computed }) => {
      if (computed) return;
      notReferences.add(property);
      if (object.type === "Identifier" && property.type === "Identifier") used.add(`${object.name}.${property.name}`);
    },
    Property: isKey,
    MethodDefinition: isKey,
    PropertyDefinition: isKey,
    TSPropertySignature: isKey,
    TSMethodSignature: isKey,
    TSQualifiedName: ({ right }) => void notReferences.add(right),
    ImportSpecifier: ({ imported }) => void notReferences.add(imported),
    ExportSpecifier: ({ exported }) => void notReferences.add(exported),
    LabeledStatement: ({ label }) => void notReferences.add(label),
    MetaProperty: ({ meta, property }) => {
      notReferences.add(meta).add(property);
      used.add(`${meta.name}.${property.name}`);
    },
    Identifier: (node) => {
      if (!notReferences.has(node)) used.add(node.name);
    },
  }).visit(program);
  return new Set([...used].filter((name) => !declared.has(name.split(".")[0] ?? name)));
}

function declaredNames(program: Program): ReadonlySet<string> {
  const names = new Set<string>();
  const bind = (pattern: Node | null): void => {
    switch (pattern?.type) {
      case "Identifier":
        names.add(pattern.name);
        return;
      case "AssignmentPattern":
        return bind(pattern.left);
      case "RestElement":
        return bind(pattern.argument);
      case "ArrayPattern":
        return pattern.elements.forEach(bind);
      case "ObjectPattern":
        return pattern.properties.forEach((property) => bind(property.type === "RestElement" ? property.argument : property.value));
      case "TSParameterProperty":
        return bind(pattern.parameter);
      default:
    }
  };
  const bindId = ({ id }: { readonly id: Node | null }): void => bind(id);
  const bindParams = ({ params }: { readonly params: readonly ParamPattern[] }): void => params.forEach(bind);
  const bindBoth = (node: { readonly id: Node | null; readonly params: readonly ParamPattern[] }): void => {
    bindId(node);
    bindParams(node);
  };
  const bindLocal = ({ local }: { readonly local: Node }): void => bind(local);
  const visitor: VisitorObject = {
    VariableDeclarator: bindId,
    FunctionDeclaration: bindBoth,
    FunctionExpression: bindBoth,
    TSDeclareFunction: bindBoth,
    ArrowFunctionExpression: bindParams,
    TSFunctionType: bindParams,
    TSMethodSignature: bindParams,
    ClassDeclaration: bindId,
    ClassExpression: bindId,
    TSTypeAliasDeclaration: bindId,
    TSInterfaceDeclaration: bindId,
    CatchClause: ({ param }) => bind(param),
    TSTypeParameter: ({ name }) => bind(name),
    TSMappedType: ({ key }) => bind(key),
    ImportSpecifier: bindLocal,
    ImportDefaultSpecifier: bindLocal,
    ImportNamespaceSpecifier: bindLocal,
  };
  new Visitor(visitor).visit(program);
  return names;
}
