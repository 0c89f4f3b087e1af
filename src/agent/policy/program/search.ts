// Programs that search files for text or names.

import { type Arg, literal } from "../shell/word.ts";
import type { Act, Call } from "./act.ts";
import { below, namesSecret } from "./below.ts";
import { mayBeOption, type Parsed, parseOptions } from "./options.ts";
import { has, isInquiry, looker, readAll, report, type Table } from "./shape.ts";

const grepOptions = `-EFGPiyvwxcLlosqbHhnTZarRIUzuSpO -# -m= -A= -B= -C= -e= -f< -d= -D= --extended-regexp --fixed-strings --basic-regexp --perl-regexp --regexp=
  --file< --ignore-case --no-ignore-case --invert-match --word-regexp --line-regexp --count --color? --colour? --files-without-match
  --files-with-matches --max-count= --only-matching --quiet --silent --no-messages --byte-offset --with-filename --no-filename --label=
  --line-number --initial-tab --null --after-context= --before-context= --context= --text --binary-files= --devices= --directories= --exclude=
  --exclude-from< --exclude-dir= --include= --recursive --dereference-recursive --line-buffered --binary --null-data`;

const rgOptions = `-iSsvwxclLnNoqUaFPHIu0pbh. -e= -f< -g= -t= -T= -A= -B= -C= -m= -M= -j= -d= -r= -E= --regexp= --file< --glob= --iglob= --type= --type-not= --type-add=
  --type-clear= --type-list --after-context= --before-context= --context= --max-count= --max-columns= --max-columns-preview --max-depth= --maxdepth= --max-filesize=
  --threads= --replace= --encoding= --engine= --sort= --sortr= --sort-files --color= --colors= --context-separator= --field-match-separator=
  --field-context-separator= --path-separator= --ignore-case --smart-case --case-sensitive --invert-match --word-regexp --line-regexp --count
  --count-matches --files --files-with-matches --files-without-match --follow --no-follow --line-number --no-line-number --only-matching --quiet --multiline
  --multiline-dotall --unrestricted --text --binary --fixed-strings --no-fixed-strings --pcre2 --no-pcre2 --with-filename --no-filename --hidden --no-hidden --no-ignore
  --no-ignore-vcs --no-ignore-parent --no-ignore-dot --no-ignore-global --no-ignore-exclude --no-ignore-files --ignore-file< --null --null-data --pretty
  --heading --no-heading --vimgrep --column --no-column --trim --no-trim --json --stats --passthru --passthrough --crlf --one-file-system --no-messages
  --no-ignore-messages --no-config --mmap --no-mmap --line-buffered --block-buffered --include-zero --byte-offset --no-unicode --regex-size-limit=
  --dfa-size-limit= --debug --trace --auto-hybrid-regex --glob-case-insensitive --ignore-file-case-insensitive --no-require-git --stop-on-nonmatch`;

const fdOptions = `-HIusigFaLp01q -d= -t= -e= -E= -c= -j= -S= --hidden --no-ignore --no-ignore-vcs --unrestricted --case-sensitive --ignore-case --glob --regex --fixed-strings
  --absolute-path --follow --full-path --print0 --max-depth= --min-depth= --exact-depth= --type= --extension= --exclude= --color= --threads= --size=
  --changed-within= --changed-before= --newer= --older= --max-results= --quiet --strip-cwd-prefix --one-file-system --prune --show-errors --no-require-git --and=`;

export const search: Table = {
  "grep egrep fgrep zgrep zegrep zfgrep": grep,
  rg,
  "fd fdfind": fd,
  ag: looker("here", "-iSswvlLcHnQaoutzU0 -A= -B= -C= -G= -m= --ignore= --depth= --hidden --nocolor --nogroup --noheading --vimgrep", {
    risky: true,
    operands: (parsed, act) => searched(parsed.operands.slice(1), act),
  }),
};

function grep(call: Call, act: Act): void {
  act.onlyLooks();
  if (isInquiry(call.args)) return;
  const parsed = parseOptions(grepOptions, call.args);
  report(parsed, act, call);
  const given = has(parsed, "-e", "-f", "--regexp", "--file");
  const files = given ? parsed.operands : parsed.operands.slice(1);
  singled(parsed, files, act, "--include");
  const deep = has(parsed, "-r", "-R", "--recursive", "--dereference-recursive");
  if (deep) searched(files, act);
  else readAll(files, act);
  if (has(parsed, "-l", "-L", "--files-with-matches", "--files-without-match") && files.length > 0) act.outputs({ of: "paths", found: [] });
  else if (files.length === 0 && !deep && !has(parsed, "-o", "--only-matching", "-c", "--count", "-n", "--line-number", "-b")) {
    const sought = has(parsed, "-v", "--invert-match") ? undefined : parsed.operands[0];
    if (given || !sought || !namesSecret(sought.text)) act.outputs({ of: "selection" });
  }
}

function rg(call: Call, act: Act): void {
  act.onlyLooks();
  if (isInquiry(call.args)) return;
  const parsed = parseOptions(rgOptions, call.args);
  report(parsed, act, call);
  if (parsed.operands.slice(0, parsed.dash).some(mayBeOption))
    act.is("obscure", "a file name may turn into an option of rg; write ./ before the pattern");
  if (has(parsed, "--type-list")) return;
  const lists = has(parsed, "--files");
  const given = lists || has(parsed, "-e", "-f", "--regexp", "--file");
  const files = given ? parsed.operands : parsed.operands.slice(1);
  if (call.stdin.of === "nothing" || files.length > 0) searched(files, act);
  if (!lists) singled(parsed, files, act, "-g", "--glob", "--iglob");
  if (lists || has(parsed, "-l", "--files-with-matches", "--files-without-match")) act.outputs({ of: "paths", found: [] });
}

function fd(call: Call, act: Act): void {
  act.onlyLooks();
  if (isInquiry(call.args)) return;
  const parsed = parseOptions(fdOptions, call.args);
  report(parsed, act, call);
  if (parsed.operands.slice(0, parsed.dash).some(mayBeOption))
    act.is("obscure", "a file name may turn into an option of fd; quote the pattern");
  searched(parsed.operands.slice(1), act);
  act.outputs({ of: "paths", found: [] });
}

function searched(folders: Parameters<typeof readAll>[0], act: Act): void {
  if (folders.length === 0) act.reads(literal("."), { deep: true });
  for (const folder of folders) if (folder.text !== "-") act.reads(folder, { deep: true });
}

/** A search of everything that is narrowed to some names reads those above all. */
function singled(parsed: Parsed, folders: readonly Arg[], act: Act, ...options: readonly string[]): void {
  for (const { name, value } of parsed.options) {
    if (!value || !options.includes(name) || value.text.startsWith("!")) continue;
    for (const folder of folders.length > 0 ? folders : [literal(".")])
      for (const found of below(folder, value.text.replace(/^.*\//, ""))) act.reads(found);
  }
}
