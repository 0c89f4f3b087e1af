// Which of the places of a name mean the same thing. A name may be a local of one function, something a file defines and others import,
// or a property; where it is several things at once, it refuses instead of guessing.

import { fail, ok, type Result } from "../../result.ts";
import type { NamePlace } from "./names.ts";
import { ancestors, childAt, type Syntax } from "./syntax.ts";

/** The places to rename. `path` says which definition is meant where there are several. */
export function occurrencesOf(places: readonly NamePlace[], path: string | undefined): Result<readonly NamePlace[]> {
  const definitions = places.filter((place) => place.use === "definition" && !(isKey(place.node) && !isMember(place.node)));
  const chosen = path === undefined ? definitions : definitions.filter((place) => place.path === path || place.path.endsWith(`/${path}`));
  // A name that a file defines goes before locals that merely share it; those are left alone.
  const shared = chosen.filter((place) => isMember(place.node) || homeOf(place.node) === undefined);
  const meant = shared.length > 0 ? shared : chosen;
  const [first] = meant;
  if (!first)
    return fail(
      "missing",
      path === undefined
        ? `${places[0]?.node.text ?? "It"} is not defined in this workspace, only used; renaming it here would break it.`
        : `It is not defined in ${path}.`,
    );
  const homes = [...new Map(meant.map((place) => [homeKey(place), place])).values()];
  if (homes.length > 1)
    return fail(
      "invalid",
      `${first.node.text} is several things: ${homes
        .slice(0, 6)
        .map((place) => `${place.path}:${place.line}`)
        .join(", ")}. Say which, for example: rename ${first.node.text} to … in ${first.path}.`,
    );
  const home = homeOf(first.node);
  if (isMember(first.node)) return members(places, first);
  if (home)
    return ok(
      places.filter(
        (place) => place.path === first.path && isInside(place.node, home) && !isProperty(place.node) && !isShadowed(place.node, home),
      ),
    );
  return ok(places.filter((place) => means(place, first)));
}

/** Places of a thing defined at the top of a file: there, and in files that import it. */
function means(place: NamePlace, definition: NamePlace): boolean {
  if (isShadowed(place.node, undefined)) return false;
  if (place.path === definition.path) return !isProperty(place.node) || isNamespaceAccess(place.node) || isExportsAccess(place.node);
  if (isKey(place.node)) return false;
  if (isProperty(place.node)) return isNamespaceAccess(place.node);
  return true;
}

/** A method or property: every access by that name, since its owner's type is not known; common names are too risky for that. */
function members(places: readonly NamePlace[], definition: NamePlace): Result<readonly NamePlace[]> {
  const { text } = definition.node;
  if (common.has(text))
    return fail(
      "invalid",
      `${text} is a property that built-in objects have too, so I cannot tell which uses are meant; nothing was changed.`,
    );
  return ok(places.filter((place) => isProperty(place.node) || isMember(place.node) || isKey(place.node)));
}

const common = new Set(
  (
    "get set has add delete clear push pop shift unshift slice splice map filter reduce forEach find some every includes indexOf join split trim length size keys values entries sort reverse concat " +
    "append extend insert remove items update copy index count strip lower upper format replace read write close open send next then catch finally call apply bind toString constructor name id value data type key"
  ).split(" "),
);

const isFunction = (node: Syntax): boolean =>
  /^(?:function_declaration|generator_function_declaration|function_expression|arrow_function|method_definition|function_definition|lambda|generator_function)$/.test(
    node.type,
  );

/** The innermost function the definition is local to; undefined for what the file itself defines. */
function homeOf(node: Syntax): Syntax | undefined {
  const own = node.parent && isFunction(node.parent) && node.field === "name" ? node.parent : undefined;
  for (const outer of ancestors(own ?? node)) if (isFunction(outer)) return outer;
  return undefined;
}

function homeKey(place: NamePlace): string {
  const home = isMember(place.node) ? undefined : homeOf(place.node);
  // Methods of one name are one thing: a caller cannot tell them apart.
  return isMember(place.node) ? "member" : `${place.path} ${home?.start ?? "top"}`;
}

const isInside = (node: Syntax, outer: Syntax): boolean => node.start >= outer.start && node.end <= outer.end;

function isProperty(node: Syntax): boolean {
  return (
    (node.parent?.type === "member_expression" && node.field === "property") ||
    (node.parent?.type === "attribute" && node.field === "attribute")
  );
}

const isKey = (node: Syntax): boolean => node.parent?.type === "pair" && node.field === "key";

/** Defined as part of a class: a method or a field. */
function isMember(node: Syntax): boolean {
  if (/^(?:method_definition|field_definition|public_field_definition|method_signature|property_signature)$/.test(node.parent?.type ?? ""))
    return true;
  return (
    node.parent?.type === "function_definition" &&
    node.field === "name" &&
    [...ancestors(node.parent)].find((outer) => isFunction(outer) || outer.type === "class_definition")?.type === "class_definition"
  );
}

/** Whether a function between the place and `home` binds the name anew. */
function isShadowed(node: Syntax, home: Syntax | undefined): boolean {
  for (const outer of ancestors(node)) {
    if (outer === home) return false;
    if (isFunction(outer) && node.parent !== outer && bindsName(outer, node.text)) return true;
  }
  return false;
}

function bindsName(fn: Syntax, name: string): boolean {
  const parameters = childAt(fn, "parameters") ?? childAt(fn, "parameter");
  const binds = (node: Syntax): boolean => {
    if (node.text === name && /^(?:identifier|shorthand_property_identifier_pattern)$/.test(node.type)) return isBound(node);
    return node.children.some((child) =>
      isFunction(child)
        ? childAt(child, "name")?.text === name && /declaration|definition/.test(child.type) && child.type !== "method_definition"
        : binds(child),
    );
  };
  const body = childAt(fn, "body");
  return (parameters !== undefined && (parameters.text === name || binds(parameters))) || (body !== undefined && binds(body));
}

function isBound(node: Syntax): boolean {
  const type = node.parent?.type ?? "";
  if (type === "variable_declarator" || type === "default_parameter" || type === "typed_default_parameter") return node.field === "name";
  if (type === "assignment" || type === "for_statement" || type === "assignment_pattern" || type === "named_expression")
    return node.field === "left" || node.field === "name";
  if (type === "required_parameter" || type === "optional_parameter") return node.field === "pattern";
  return (
    /^(?:formal_parameters|parameters|lambda_parameters|typed_parameter|list_splat_pattern|dictionary_splat_pattern|object_pattern|array_pattern|rest_pattern|pattern_list|tuple_pattern|catch_clause)$/.test(
      type,
    ) || node.type === "shorthand_property_identifier_pattern"
  );
}

/** `module.name`, where the owner is an imported module. */
function isNamespaceAccess(node: Syntax): boolean {
  const owner = node.parent?.children[0]?.text ?? "";
  let root: Syntax = node;
  for (const outer of ancestors(node)) root = outer;
  const escaped = owner.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return (
    /^[\w$.]+$/.test(owner) &&
    new RegExp(
      `(?:import\\s+\\*\\s+as\\s+${escaped}\\b|(?:const|let|var)\\s+${escaped}\\s*=\\s*(?:await\\s+)?(?:require|import)\\(|^\\s*import\\s+(?:[\\w.]+\\s+as\\s+)?${escaped}\\b|^\\s*from\\s+\\S+\\s+import\\s+[^\\n]*\\b${escaped}\\b)`,
      "m",
    ).test(root.text)
  );
}

const isExportsAccess = (node: Syntax): boolean => /^(?:module\.)?exports$/.test(node.parent?.children[0]?.text ?? "");
