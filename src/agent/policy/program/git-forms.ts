// The forms of git that only look, with every option known to keep them so. Missing on purpose: --ext-diff, --textconv,
// --open-files-in-pager, --exec, --upload-pack, --filters, --contents, and all abbreviations.

/** A form that looks, as long as its options are listed, its first word is one of those listed, and its operands stay where they belong. */
export interface Form {
  readonly options: string;
  /** Subcommands that only look, such as `stash list`; "" = none given. */
  readonly words?: string;
  /** What operands are, if not revisions and paths: names only · create something unless listing · the same, but one alone is a question. */
  readonly operands?: "names" | "pattern first" | "with list" | "one or list";
  /** Its output is a list of paths in the work tree. */
  readonly lists?: true;
}

const commits = `-n= -# -i -E -F -P -g -z --oneline --graph --decorate? --no-decorate --all --branches? --tags? --remotes? --glob= --exclude= --reflog --walk-reflogs
  --author= --committer= --grep= --all-match --invert-grep --regexp-ignore-case --extended-regexp --fixed-strings --perl-regexp --since= --after= --until= --before=
  --max-count= --skip= --merges --no-merges --min-parents= --max-parents= --first-parent --follow --reverse --date= --pretty? --format= --abbrev-commit
  --no-abbrev-commit --abbrev? --no-abbrev --date-order --topo-order --author-date-order --left-right --cherry-pick --cherry-mark --cherry --left-only --right-only --boundary
  --simplify-by-decoration --full-history --dense --sparse --simplify-merges --ancestry-path --show-signature --relative-date --parents --children --notes?
  --no-notes --source --use-mailmap --no-mailmap --log-size -L= --clear-decorations --decorate-refs= --decorate-refs-exclude= --show-linear-break? --count --not
  --objects --no-walk --do-walk --full-diff --merge --no-expand-tabs --expand-tabs? --encoding= --mailmap`;

const diffs = `--output> -p -u -s -U= -a -b -w -R -B? -M? -C? -D -l= -S= -G= -O< -t -c -m --cc --cached --staged --merge-base --patch --no-patch --unified= --raw --patch-with-raw --indent-heuristic
  --no-indent-heuristic --minimal --patience --histogram --anchored= --diff-algorithm= --stat? --compact-summary --numstat --shortstat --dirstat? --cumulative --summary
  --patch-with-stat --name-only --name-status --submodule? --color? --no-color --color-moved? --no-color-moved --color-moved-ws= --word-diff? --word-diff-regex= --color-words?
  --no-renames --rename-empty --no-rename-empty --check --ws-error-highlight= --full-index --binary --abbrev? --break-rewrites? --find-renames? --find-copies? --find-copies-harder
  --irreversible-delete --diff-filter= --find-object= --pickaxe-all --pickaxe-regex --relative? --no-relative --text --ignore-cr-at-eol --ignore-space-at-eol
  --ignore-space-change --ignore-all-space --ignore-blank-lines --ignore-matching-lines= --inter-hunk-context= --function-context -W --exit-code --quiet --no-ext-diff
  --no-textconv --ignore-submodules? --src-prefix= --dst-prefix= --no-prefix --default-prefix --line-prefix= --ita-invisible-in-index --combined-all-paths --diff-merges= --no-diff-merges
  --remerge-diff --skip-to= --rotate-to= --no-index -1 -2 -3 -0 --base --ours --theirs`;

const refs = `-l -v -vv -a -r -i -q --list --verbose --all --remotes --contains= --no-contains= --merged? --no-merged? --points-at= --sort= --format= --color? --no-color --column? --no-column
  --abbrev? --no-abbrev --ignore-case --show-current --omit-empty --quiet`;

export const looking: Readonly<Record<string, Form>> = {
  status: {
    options:
      "-s -b -v -u? -z -M? --short --branch --show-stash --porcelain? --long --verbose --untracked-files? --ignore-submodules? --ignored? --column? --no-column --ahead-behind --no-ahead-behind --renames --no-renames --find-renames?",
  },
  log: { options: `${commits} ${diffs}` },
  whatchanged: { options: `${commits} ${diffs}` },
  show: { options: `${commits} ${diffs}` },
  diff: { options: diffs },
  "diff-tree": { options: `${diffs} -r -t -v --root --no-commit-id --pretty? --format= --always` },
  "diff-index": { options: `${diffs} -m` },
  "diff-files": { options: diffs },
  "range-diff": { options: `${diffs} --creation-factor= --no-dual-color --left-only --right-only` },
  reflog: { options: `${commits} ${diffs}`, words: "show exists " },
  shortlog: { options: `${commits} -s -n -e -c --summary --numbered --email --group= --committer -w?` },
  "rev-list": {
    options: `${commits} --timestamp --header --disk-usage? --bisect --bisect-vars --bisect-all --quiet --use-bitmap-index --filter= --no-object-names --object-names --in-commit-order`,
  },
  "rev-parse": {
    options: `-q --quiet --verify --short? --abbrev-ref? --symbolic --symbolic-full-name --all --branches? --tags? --remotes? --glob= --exclude= --show-toplevel --show-prefix --show-cdup
    --show-superproject-working-tree --git-dir --git-common-dir --absolute-git-dir --is-inside-git-dir --is-inside-work-tree --is-bare-repository --is-shallow-repository --git-path= --path-format=
    --resolve-git-dir= --local-env-vars --show-object-format? --since= --until= --after= --before= --not --sq --default= --prefix= --revs-only --no-revs --flags --no-flags --disambiguate=`,
  },
  describe: {
    options:
      "--all --tags --contains --abbrev= --candidates= --exact-match --debug --long --match= --exclude= --always --first-parent --dirty? --broken?",
  },
  branch: { options: refs, operands: "with list" },
  tag: { options: `${refs} -n?`, operands: "with list" },
  "for-each-ref": { options: `${refs} --count= --shell --perl --python --tcl --exclude=` },
  "show-ref": { options: "-q -s -d --quiet --verify --head --heads --tags --branches --hash? --abbrev? --dereference --exists" },
  "show-branch": {
    options:
      "-r -a --remotes --all --current --topo-order --date-order --sparse --more= --list --merge-base --independent --no-name --sha1-name --topics --reflog? --color? --no-color",
  },
  "merge-base": { options: "-a --all --octopus --independent --is-ancestor --fork-point" },
  "name-rev": { options: "--tags --refs= --exclude= --all --name-only --no-undefined --always" },
  "ls-files": {
    options: `-c -d -m -o -i -s -k -u -z -t -v -f -x= -X< --cached --deleted --modified --others --ignored --stage --directory --no-empty-directory --unmerged --killed --exclude= --exclude-from<
    --exclude-per-directory= --exclude-standard --error-unmatch --with-tree= --full-name --recurse-submodules --abbrev? --eol --deduplicate --format=`,
    operands: "names",
    lists: true,
  },
  "ls-tree": {
    options: "-d -r -t -l -z --long --name-only --name-status --object-only --full-name --full-tree --abbrev? --format=",
    operands: "names",
    lists: true,
  },
  "cat-file": { options: "-t -e -s -p --allow-unknown-type --use-mailmap" },
  blame: {
    options: `-b -c -l -t -f -n -s -e -p -w -L= -M? -C? -S= --root --show-stats --show-name --show-number --show-email --porcelain --line-porcelain --incremental --encoding= --date= --score-debug
    --reverse --first-parent --ignore-rev= --ignore-revs-file< --abbrev= --since= --color-lines --color-by-age --minimal --progress --no-progress`,
  },
  annotate: { options: "-b -c -l -t -f -n -s -e -p -w -L= -M? -C? --date= --root" },
  grep: {
    options: `-n -i -w -v -l -L -c -h -H -E -G -F -P -o -p -q -z -W -a -I -r -A= -B= -C= -e= -f< -m= -# --cached --untracked --no-exclude-standard --exclude-standard --recurse-submodules --text --ignore-case
    --max-depth= --word-regexp --invert-match --full-name --extended-regexp --basic-regexp --perl-regexp --fixed-strings --line-number --column --files-with-matches --name-only
    --files-without-match --null --only-matching --count --color? --no-color --break --heading --show-function --context= --after-context= --before-context= --function-context
    --max-count= --threads= --and --or --not --all-match --quiet --recursive --no-recursive --no-textconv --no-index`,
    operands: "pattern first",
  },
  remote: { options: "-v --verbose --all --push", words: "get-url " },
  stash: { options: `${commits} ${diffs} --include-untracked --only-untracked`, words: "list show" },
  worktree: { options: "-v --porcelain -z --verbose", words: "list" },
  notes: { options: "", words: "list show " },
  submodule: { options: "--cached --recursive --quiet", words: "status summary " },
  "sparse-checkout": { options: "", words: "list" },
  bundle: { options: "-q --quiet", words: "verify list-heads" },
  config: {
    options:
      "-l -z --list --get --get-all --get-regexp --get-urlmatch --global --local --system --worktree --show-origin --show-scope --name-only --null --bool --int --type= --path --default= --includes --no-includes",
    operands: "one or list",
  },
  help: { options: "-a -g -c --all --guides --config", words: "" },
  stripspace: { options: "-s -c --strip-comments --comment-lines", operands: "names" },
  "hash-object": { options: "-t= --stdin --no-filters --literally" },
  "count-objects": { options: "-v -H --verbose --human-readable" },
  "check-ignore": { options: "-q -v -n -z --quiet --verbose --non-matching", operands: "names" },
  "check-attr": { options: "-a -z --all --cached --source=", operands: "names" },
  "check-mailmap": { options: "" },
  "check-ref-format": { options: "--branch --normalize --allow-onelevel --no-allow-onelevel --refspec-pattern --print" },
  cherry: { options: "-v --abbrev?" },
  "verify-commit": { options: "-v --verbose --raw" },
  "verify-tag": { options: "-v --verbose --raw --format=" },
  "get-tar-commit-id": { options: "" },
  "patch-id": { options: "--stable --unstable --verbatim" },
  fsck: {
    options:
      "--no-dangling --dangling --unreachable --root --cache --no-reflogs --full --no-full --strict --verbose --connectivity-only --progress --no-progress",
  },
  var: { options: "" },
  "symbolic-ref": { options: "-q --quiet --short", operands: "one or list" },
  version: { options: "--build-options" },
};

/** Forms that throw away what is nowhere else, or rewrite what others have. */
export const discarding: readonly { readonly sub: string; readonly when?: RegExp }[] = [
  { sub: "reset", when: /^--(hard|merge|keep)/ },
  { sub: "clean", when: /^(-\w*f|--force)/ },
  { sub: "checkout", when: /^(--|-f|--force|\.|-\w*f\w*|:|.*\*.*)$/ },
  { sub: "restore" },
  { sub: "switch", when: /^(-\w*[fC]|--force|--discard-changes|--force-create)/ },
  { sub: "push", when: /^(-\w*[fd]|--force.*|--mirror|--delete|--prune|[+:].+)$/ },
  { sub: "branch", when: /^(-\w*[dDMC]|--delete|--force|-f)/ },
  { sub: "tag", when: /^(-\w*[df]|--delete|--force)/ },
  { sub: "stash", when: /^(drop|clear|pop)$/ },
  { sub: "reflog", when: /^(expire|delete)$/ },
  { sub: "gc", when: /^--prune/ },
  { sub: "prune" },
  { sub: "filter-branch" },
  { sub: "filter-repo" },
  { sub: "update-ref", when: /^(-d|--stdin)/ },
  { sub: "worktree", when: /^(remove|prune)$/ },
  { sub: "rm" },
  { sub: "rebase" },
];

export const networked: readonly string[] = [
  "clone",
  "fetch",
  "pull",
  "push",
  "ls-remote",
  "remote",
  "submodule",
  "archive",
  "send-email",
  "request-pull",
  "fetch-pack",
  "send-pack",
  "svn",
  "p4",
  "lfs",
];
