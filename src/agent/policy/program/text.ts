// Programs that turn text into text. The two with a language of their own, sed and awk, are read by readers of their own.

import { showsVariables } from "../shell/environment.ts";
import { literal } from "../shell/word.ts";
import { awk } from "./awk.ts";
import type { Act, Call, Program } from "./act.ts";
import { mayBeOption, type Parsed, parseOptions } from "./options.ts";
import { isInquiry, looker, readAll, report, type Table } from "./shape.ts";
import { sed } from "./sed.ts";

const selecting =
  (entry: Program): Program =>
  (call, act) => {
    entry(call, act);
    if (call.args.every(({ text }) => text.startsWith("-") || /^[+]?\d+$/.test(text))) act.outputs({ of: "selection" });
  };

const ends = "-qvz# -c= -n= --bytes= --lines= --quiet --silent --verbose --zero-terminated";

export const text: Table = {
  head: selecting(looker("read", `${ends} -#`)),
  tail: selecting(looker("read", `${ends} -# -fFr -s= --follow? --retry --pid= --sleep-interval= --max-unchanged-stats=`)),
  sort: selecting(
    looker(
      "read",
      `-bdfgiMhnRrVcCmsuz -k= -t= -S= -T> -o> --ignore-leading-blanks --dictionary-order --ignore-case --general-numeric-sort --ignore-nonprinting
      --month-sort --human-numeric-sort --numeric-sort --random-sort --random-source< --reverse --sort= --version-sort --batch-size= --check? --debug
      --key= --merge --output> --stable --buffer-size= --field-separator= --temporary-directory> --parallel= --unique --zero-terminated`,
    ),
  ),
  uniq: selecting(
    looker(
      "read write",
      "-cdDiuz -f= -s= -w= --count --repeated --all-repeated? --skip-fields= --group? --ignore-case --skip-chars= --unique --zero-terminated --check-chars=",
    ),
  ),
  tac: looker("read", "-br -s= --before --regex --separator="),
  nl: looker(
    "read",
    "-p -b= -d= -f= -h= -i= -l= -n= -s= -v= -w= --body-numbering= --section-delimiter= --no-renumber --line-increment= --number-format= --number-separator= --number-width= --starting-line-number=",
  ),
  "rev tsort": looker("read", "-0"),
  cut: looker(
    "read",
    "-nsz -b= -c= -d= -f= --bytes= --characters= --delimiter= --fields= --complement --only-delimited --output-delimiter= --zero-terminated",
  ),
  tr: looker("text", "-cCdst --complement --delete --squeeze-repeats --truncate-set1"),
  paste: looker("read", "-sz -d= --delimiters= --serial --zero-terminated"),
  join: looker("read", "-iz -a= -e= -j= -o= -t= -v= -1= -2= --check-order --nocheck-order --header --ignore-case --zero-terminated"),
  comm: looker("read", "-123iz --check-order --nocheck-order --output-delimiter= --total --zero-terminated"),
  "fold fmt": looker(
    "read",
    "-bscut# -w= -p= -g= --bytes --spaces --width= --crown-margin --prefix= --split-only --tagged-paragraph --uniform-spacing --goal= -#",
  ),
  "expand unexpand": looker("read", "-ia -t= --initial --tabs= --all --first-only"),
  pr: looker("read", "-adFmrtTJ# -h= -l= -w= -W= -s? -S? -o= -n? -e? -i? -N= -D= --header= --length= --width= --omit-header --indent= -#"),
  column: looker(
    "read",
    "-txneLJd -H= -R= -s= -o= -c= -N= -l= --table --separator= --output-separator= --output-width= --fillrows --table-columns= --json",
  ),
  cmp: looker("read", "-bsl -i= -n= --print-bytes --ignore-initial= --verbose --bytes= --quiet --silent"),
  "diff colordiff": looker(
    "here",
    `-qsenypFtTrNPiEZbwBaHd# -c -u -C= -U= -W= -F= -S= -x= -X< -I= -D= -L= --brief --report-identical-files --context? --unified? --ed --normal --rcs --side-by-side
    --width= --left-column --suppress-common-lines --show-c-function --show-function-line= --label= --expand-tabs --initial-tab --tabsize=
    --suppress-blank-empty --recursive --no-dereference --new-file --unidirectional-new-file --ignore-file-name-case --starting-file= --exclude=
    --exclude-from< --ignore-case --ignore-tab-expansion --ignore-trailing-space --ignore-space-change --ignore-all-space --ignore-blank-lines
    --ignore-matching-lines= --text --strip-trailing-cr --ifdef= --line-format= --unchanged-line-format= --old-line-format= --new-line-format=
    --minimal --speed-large-files --color? --palette= --from-file< --to-file< --horizon-lines=`,
  ),
  seq: (call, act) => {
    looker("text", "-w -# -f= -s= -t= --equal-width --format= --separator=")(call, act);
    const [from = 1, to] = call.args.length === 1 ? [1, Number(call.args[0]?.text)] : call.args.map(({ text }) => Number(text));
    const plain = call.args.every(({ text, form }) => form === "literal" && /^\d{1,4}$/.test(text)) && call.args.length < 3;
    if (plain && to !== undefined && to - from < 12)
      act.outputs({ of: "words", words: Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => literal(String(from + index))) });
  },
  shuf: looker("read", "-erz -i= -n= -o> --random-source< --repeat --zero-terminated --echo --input-range= --head-count= --output>"),
  "expr numfmt": looker(
    "text",
    "-# -z -d= --from= --to= --suffix= --padding= --round= --field= --header? --grouping --format= --invalid= --from-unit= --to-unit= --delimiter=",
  ),
  bc: looker("read", "-lqsw --mathlib --quiet --standard --warn"),
  "base64 base32 basenc": looker("read", "-dDi -w= -b= --decode --ignore-garbage --wrap= --base64 --base64url --base32 --base16"),
  iconv: looker("read", "-csl -f= -t= -o> --from-code= --to-code= --output> --list --silent"),
  "zcat gzcat bzcat xzcat zstdcat": looker("read", "-fqv"),
  xmllint: looker("read", "--noout --format --xpath= --nonet --recover --html --pretty= --encode=", { risky: true }),
  cloc: looker("here", "--quiet --json --csv --yaml --md --by-file --vcs= --exclude-dir= --include-lang= --exclude-lang= --hide-rate", {
    risky: true,
  }),
  tokei: looker("here", "-fCl -e= -t= -s= --files --exclude= --sort= --by-file --no-complexity", { risky: true }),
  shellcheck: looker(
    "read",
    "-Ca -e= -i= -f= -s= -S= -o= -W= --color? --exclude= --include= --format= --shell= --severity= --enable= --norc",
  ),
  jq,
  yq,
  sed,
  "awk gawk mawk nawk": awk,
};

const jqOptions =
  "-nrjascCMSeRe --tab --indent= --unbuffered --stream --seq --null-input --raw-input --raw-output --raw-output0 --join-output --ascii-output --slurp --compact-output --color-output --monochrome-output --sort-keys --exit-status --args --jsonargs -f< --from-file<";

/** jq's two-valued options are taken off first; a filter can read and print, no more, and reads files only as modules. */
function jq(call: Call, act: Act): void {
  act.onlyLooks();
  if (isInquiry(call.args) || (call.args.length === 1 && call.args[0]?.text === "-V")) return;
  const rest = [...call.args];
  for (let i = 0; i < rest.length; i++) {
    const name = rest[i]?.text ?? "";
    if (!/^--(arg|argjson|slurpfile|rawfile)$/.test(name) || rest[i]?.form !== "literal") continue;
    const [, , value] = rest.splice(i--, 3);
    if (value && name.endsWith("file")) act.reads(value);
  }
  const parsed: Parsed = parseOptions(jqOptions, rest);
  report(parsed, act, call);
  const fromFile = parsed.options.some(({ kind }) => kind === "read");
  const filter = fromFile ? undefined : parsed.operands[0];
  if (filter && /\b(import|include)\b/.test(filter.text)) act.is("obscure", "the filter loads other files");
  if (filter && /\$(ENV|__prog_args)\b|(?<![.\w$"])env(?![\w":])/.test(filter.text)) showsVariables(act);
  const texts = parsed.options.some(({ name }) => name === "--args" || name === "--jsonargs");
  if (!texts) readAll(fromFile ? parsed.operands : parsed.operands.slice(1), act);
  else readAll(parsed.operands, act);
}

/** Both programs of this name. Not listed: -i and -s, which write. Operators that load files or variables, or run something, are asked. */
function yq(call: Call, act: Act): void {
  act.onlyLooks();
  if (isInquiry(call.args) || (call.args.length === 1 && call.args[0]?.text === "-V")) return;
  const [first] = call.args;
  const args = /^(e|eval|ea|eval-all)$/.test(first?.text ?? "") ? call.args.slice(1) : call.args;
  const parsed = parseOptions(
    `-rePMCNnjcyYS -o= -p= -I= --raw-output --unwrapScalar? --prettyPrint --no-doc --no-colors --colors --output-format= --input-format=
    --indent= --exit-status --null-input --json-output --tojson --yaml-output --header-preprocess --arg= --sort-keys --compact-output`,
    args,
  );
  report(parsed, act, call);
  if (parsed.operands.some(mayBeOption)) act.is("obscure", "a file name may turn into an option of yq; write ./ before the pattern");
  const [filter, ...files] = parsed.operands;
  const operator = /(?<![.\w"])(load\w*|env|strenv|envsubst|system|import|include)(?![\w":])|\$ENV/.exec(filter?.text ?? "")?.[0];
  if (operator !== undefined || (filter && filter.form !== "literal"))
    act.is("obscure", `${operator ?? filter?.text} of yq may read more than its input`);
  // With one word alone it is a file, unless something comes in.
  readAll(files.length === 0 && call.stdin.of === "nothing" && filter ? [filter] : files, act);
}
