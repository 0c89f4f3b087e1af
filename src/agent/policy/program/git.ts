// git, subcommand by subcommand. Forms that only look are listed with their options; everything else changes the repository,
// reaches the network or runs what it is told to.

import { type Arg, literal } from "../shell/word.ts";
import type { Act, Call } from "./act.ts";
import { below } from "./below.ts";
import { discarding, type Form, looking, networked } from "./git-forms.ts";
import { mayBeOption, type Parsed, parseOptions } from "./options.ts";
import { has, isInquiry, report, type Table } from "./shape.ts";

export const git: Table = { git: run };

/** Options before the subcommand. Not listed, so asked: -c and --config-env set any option, --exec-path replaces git itself,
 * --bare takes a folder's own files for git's. */
const general =
  "-pP -C= --no-pager --paginate --no-replace-objects --literal-pathspecs --glob-pathspecs --noglob-pathspecs --icase-pathspecs --no-optional-locks --no-lazy-fetch --no-advice --html-path --man-path --info-path";

function run(call: Call, act: Act): void {
  if (isInquiry(call.args)) return act.onlyLooks();
  const before = parseOptions(general, call.args, { stopsEarly: true });
  report(before, act, call);
  if (before.unknown.length > 0) act.is("obscure", "options before the subcommand change what git does");
  if (has(before, "-p", "--paginate")) act.is("obscure", "the pager is a program of git's own choice");
  for (const { name, value } of before.options) if (name === "-C" && value) act.enters(value);
  const [word, ...args] = before.operands;
  if (!word) return act.onlyLooks();
  act.reads(literal("."));
  if (word.form !== "literal") return act.is("obscure", "the subcommand of git is not literal");
  const sub: Call = { name: `git ${word.text}`, args, stdin: call.stdin };
  const form = looking[word.text];
  if (word.text === "config") return config(sub, act);
  if (form) return look(sub, form, act);
  change(sub, word.text, act);
}

function look(call: Call, form: Form, act: Act): void {
  const words = form.words?.split(" ");
  const first = call.args[0];
  const named = words !== undefined && first?.form === "literal" && first.text !== "" && words.includes(first.text);
  const bare = words?.includes("") && (!first || first.text.startsWith("-"));
  const parsed = parseOptions(form.options, named ? call.args.slice(1) : call.args);
  const fits = words === undefined || named || (bare && parsed.operands.length === 0);
  if (!fits || (parsed.unknown.length === 0 && !allowsOperands(form, parsed))) return change(call, call.name.slice(4), act);
  act.onlyLooks();
  report(parsed, act, call);
  if (form.lists || has(parsed, "--name-only", "-l", "--files-with-matches")) act.outputs({ of: "paths", found: listed(form, parsed) });
  else if (namesRevisions(call.name, parsed)) act.outputs({ of: "revisions" });
  if (parsed.operands.slice(0, parsed.dash).some(mayBeOption))
    act.is("obscure", `a file name may turn into an option of ${call.name}; write -- before the pattern`);
  for (const { name, value } of parsed.options) if (name === "-L" && value?.text.includes(":")) revision(value, act);
  const given = parsed.options.some(({ name }) => name === "-e" || name === "-f");
  const operands = form.operands === "pattern first" && !given ? parsed.operands.slice(1) : parsed.operands;
  if (form.operands === "names" || form.operands === "with list" || form.operands === "one or list") return;
  for (const operand of operands) {
    if (has(parsed, "--no-index")) act.reads(operand, { deep: true });
    else revision(operand, act);
  }
}

/** `git config get NAME` and `list` are the newer spellings; the other words of that kind change something. */
function config(call: Call, act: Act): void {
  const [first, ...rest] = call.args;
  const form = looking["config"];
  if (!form || /^(set|unset|edit|rename-section|remove-section)$/.test(first?.text ?? "")) return change(call, "config", act);
  const old = first?.text === "get" ? [literal("--get"), ...rest] : first?.text === "list" ? [literal("--list"), ...rest] : call.args;
  look({ ...call, args: old }, form, act);
  const words = old.map(({ text }) => text);
  const all = words.some((word) => /^(-\w*l\w*|--list|--get-regexp|--get-urlmatch)$/.test(word)) && !words.includes("--name-only");
  if (all || words.some((word) => /credential|token|secret|passw|header|\.auth/i.test(word)))
    act.is("credential", "addresses and headers in git's configuration may hold keys");
}

/** `branch`, `tag` and `config` create with a bare name; `--list` and the like make it a pattern. */
function allowsOperands({ operands }: Form, parsed: Parsed): boolean {
  if (parsed.operands.length === 0 || (operands === "one or list" && parsed.operands.length === 1)) return true;
  if (operands !== "with list" && operands !== "one or list") return true;
  return has(
    parsed,
    "--list",
    "-l",
    "--contains",
    "--no-contains",
    "--merged",
    "--no-merged",
    "--points-at",
    "--get",
    "--get-all",
    "--get-regexp",
  );
}

/** `HEAD:.env` shows a file of the past; a plain word may be a path as well as a revision. */
function revision(operand: Arg, act: Act): void {
  if (operand.form !== "literal") return act.reads(operand);
  const { text } = operand;
  const colon = text.startsWith(":") ? -1 : text.lastIndexOf(":");
  const path = colon > 0 ? text.slice(colon + 1) : text.replace(/^:(\d:|\([^)]*\)|[/!^]*)/, "");
  const climbs = /(^|\/)\.\.(\/|$)/.test(path);
  if (path === "" || /^[\^@]|[~^@{]\d*\}?$/.test(path) || (path.includes("..") && !climbs)) return;
  act.reads(/[*?[]/.test(path) ? { text: path, form: "pattern" } : literal(path));
}

/** What is left changes something; say what is worth knowing about it. */
function change(call: Call, name: string, act: Act): void {
  const words = call.args.map(({ text }) => text);
  if (discarding.some(({ sub, when }) => sub === name && (when === undefined || words.some((word) => when.test(word))))) {
    act.is("discard", `git ${name} can throw work away`);
  }
  if (networked.includes(name)) act.reaches(hostIn(words));
  if (
    name === "config" &&
    words.some((word) =>
      /^(core\.(hookspath|fsmonitor|pager|editor|sshcommand|askpass)|alias\.|.*\.(textconv|command|cmd|program|helper)$)/i.test(word),
    )
  ) {
    act.is("environment", "this git option makes git run programs");
  }
  if (
    /^(bisect|rebase|submodule|filter-branch|difftool|mergetool|instaweb|daemon|upload-pack|receive-pack|send-email|p4|svn)$/.test(name)
  ) {
    act.is("code", `git ${name} can run programs it is told of`);
  }
  if (name === "clean" && words.some((word) => /^(-\w*f|--force)/.test(word))) act.deletes(literal("./*"));
  if (!known.has(name)) act.is("unknown", `git ${name} may be an alias or a program of its own`);
}

const known = new Set(
  `add am apply archive bisect branch bundle checkout cherry-pick clean clone commit config fetch format-patch gc init maintenance merge mv notes pull push rebase
  reflog remote repack replace reset restore revert rm sparse-checkout stash submodule switch tag update-index update-ref worktree hash-object difftool mergetool prune
  pack-refs read-tree write-tree commit-tree symbolic-ref filter-branch ls-remote send-email instaweb daemon help blame show-ref`.split(
    /\s+/,
  ),
);

function hostIn(words: readonly string[]): string | undefined {
  const url = words.map((word) => /^(?:\w+:\/\/(?:[^@/]*@)?|[\w.-]+@)([\w.-]+)/.exec(word)?.[1]).find((host) => host !== undefined);
  return url;
}

/** What `git ls-files` was asked for. */
const listed = (form: Form, parsed: Parsed): readonly Arg[] =>
  form.operands !== "names"
    ? []
    : parsed.operands.flatMap((operand) =>
        /[*?[]/.test(operand.text) ? below(literal("."), operand.text.replace(/^.*\//, "")) : operand.text.startsWith(":") ? [] : [operand],
      );

/** Whether what is printed are names of commits or branches, and nothing else. */
function namesRevisions(name: string, { options, operands }: Parsed): boolean {
  const only = (known: RegExp): boolean => options.every((option) => known.test(option.name));
  switch (name) {
    case "git merge-base":
    case "git hash-object":
      return true;
    case "git rev-parse":
      return (
        operands.length > 0 &&
        operands.every(({ form, text }) => form === "literal" && !text.startsWith("-")) &&
        only(/^(--short|--verify|-q|--quiet|--abbrev-ref)$/)
      );
    case "git rev-list":
      return only(/^(-n|-#|--max-count|--max-parents|--min-parents|--first-parent|--all|--count|--skip)$/);
    case "git branch":
      return options.length === 1 && only(/^--show-current$/);
    default:
      return false;
  }
}
