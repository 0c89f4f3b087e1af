// Programs that show files or the state of the machine. Every option listed is known to keep them so.

import { showsVariables } from "../shell/environment.ts";
import { literal } from "../shell/word.ts";
import type { Act, Call, Program } from "./act.ts";
import type { Parsed } from "./options.ts";
import { has, isDash, looker, readAll, shape, type Table } from "./shape.ts";

const digests = looker(
  "read",
  "-btwz --binary --tag --text --zero --ignore-missing --quiet --status --strict --warn -a= -l= --algorithm= --length= -q -r -s",
);
/** What looks at the machine, unless it is pointed at a place of its choice: `last -f FILE`, `lscpu --sysroot=FOLDER`. */
const state: Program = (call, act) => {
  shape({ anyOption: true, operands: "text", looks: true })(call, act);
  const pointed = call.args.find(({ form, text }) => form !== "literal" || text.includes("/"));
  if (pointed) act.is("obscure", `what ${call.name} does with ${pointed.text} is not known`);
};
/** A tool of binutils: it takes "@FILE" for the options in that file. */
const binary =
  (program: Program): Program =>
  (call, act) => {
    program(call, act);
    if (call.args.some(({ text }) => text.startsWith("@"))) act.is("obscure", `${call.name} takes options from a file`);
  };
/** `-i:3000`, `-iTCP@host:80`, `-sTCP:LISTEN`. */
const sockets = /^(-[nP]*i[46]?(tcp|udp)?(@[\w.-]+)?(:[\w,-]+)?|-s(tcp|udp):\^?[a-z,_]+)$/i;
const bare = (options: string): Program => looker("none", options);

export const look: Table = {
  cat: looker("read", "-AbeEnstTuvl --show-all --number-nonblank --show-ends --number --squeeze-blank --show-tabs --show-nonprinting"),
  "bat batcat": looker(
    "read",
    "-npAPfS -l= -r= -H= --plain --number --style= --color= --paging= --line-range= --highlight-line= --language= --theme= --show-all --decorations= --wrap= --tabs= --no-config",
    { risky: true },
  ),
  "less more": looker(
    "read",
    "-NSRrFXiIneEsaJmMqQ -# --no-init --quit-if-one-screen --RAW-CONTROL-CHARS --LINE-NUMBERS --chop-long-lines --ignore-case",
    {
      risky: true,
      operands: (parsed, act, call) => {
        for (const operand of parsed.operands) {
          if (operand.text.startsWith("+")) act.is("obscure", `${operand.text} is a command to ${call.name}`);
          else if (!isDash(operand)) act.reads(operand);
        }
      },
    },
  ),
  "ls dir vdir": looker(
    listed,
    `-1aAbBcCdDfFgGhHiklLmnNopqQrRsStuUvxXZ@eO -I= -T= -w= --all --almost-all --author --escape --block-size= --ignore-backups --color? --directory
    --dired --classify? --file-type --format= --full-time --group-directories-first --no-group --human-readable --si --dereference
    --dereference-command-line --dereference-command-line-symlink-to-dir --hide= --hyperlink? --indicator-style= --inode --ignore= --kibibytes
    --numeric-uid-gid --literal --hide-control-chars --show-control-chars --quote-name --quoting-style= --reverse --recursive --size --sort= --time=
    --time-style= --tabsize= --width= --context --zero`,
  ),
  "exa eza": looker(
    listed,
    `-1lGxaAdRTrbBghHiImnSuUFXZD -L= -s= -t= -I= --oneline --long --grid --across --recurse --tree --classify? --color? --colour? --icons? --all --list-dirs --level= --reverse
    --sort= --group-directories-first --only-dirs --ignore-glob= --git-ignore --binary --bytes --group --header --links --inode --modified --blocks --time= --accessed
    --created --time-style= --extended --git --no-permissions --no-filesize --no-user --no-time`,
  ),
  tree: looker(
    "here",
    `-adfilxpsughDFnCAqNQvtcUrSJX -L= -P= -I= -T= -H= -o> --noreport --dirsfirst --filesfirst --gitignore --prune --filelimit= --matchdirs --ignore-case
    --charset= --du --si --timefmt= --sort= --inodes --device --info --metafirst`,
    { manner: { clusters: "without values" } },
  ),
  wc: looker("read", "-cmlLw --bytes --chars --lines --max-line-length --words --total="),
  "md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum cksum sum shasum md5": digests,
  "hexdump hd": looker("read", "-bcCdovx -e= -n= -s= -f< --one-byte-octal --canonical --no-squeezing --length= --skip="),
  od: looker(
    "read",
    "-abcdfhiloxsv -A= -j= -N= -S= -t= -w? --address-radix= --skip-bytes= --read-bytes= --strings? --format= --output-duplicates --width?",
  ),
  xxd: looker("read write", "-abeEprudiC -c= -g= -l= -n= -o= -s= -R=", { manner: { clusters: "none" } }),
  strings: binary(
    looker(
      "read",
      "-afow -# -n= -t= -e= -s= --all --bytes= --radix= --encoding= --print-file-name --include-all-whitespace --output-separator=",
    ),
  ),
  file: looker(
    "read",
    "-bihLkNprs0 -F= -P= --brief --mime --mime-type --mime-encoding --extension --dereference --no-dereference --keep-going --no-pad --raw --separator= --print0",
    { risky: true },
  ),
  stat: looker("read", "-LfxslnqFt -c= --dereference --file-system --format= --printf= --terse --cached="),
  du: looker(
    "here",
    `-abcDhHklLmPsSx0 -d= -t= -B= -X< -I= --apparent-size --all --block-size= --bytes --total --dereference-args --max-depth= --human-readable --inodes
    --count-links --null --no-dereference --separate-dirs --si --summarize --threshold= --time? --time-style= --exclude-from< --exclude= --one-file-system`,
  ),
  df: looker(
    "text",
    "-ahHiklmPTv -t= -x= -B= --all --block-size= --human-readable --si --inodes --local --no-sync --output? --portability --total --type= --print-type --exclude-type=",
  ),
  "basename dirname": looker(printed, "-az -s= --multiple --suffix= --zero"),
  "realpath readlink": looker(
    printed,
    "-efmLPqsvznE --canonicalize --canonicalize-existing --canonicalize-missing --logical --physical --quiet --strip --no-symlinks --zero --relative-to= --relative-base= --no-newline --silent --verbose",
  ),
  "which whereis": looker("text", "-abmsuBMSpf --all --skip-alias --skip-functions --tty-only --read-alias"),
  "pathchk logname tty nproc hostid groups whoami users": state,
  ps,
  "pgrep pidof pstree lsb_release uname id lscpu lsblk lsmem free uptime who w last vmstat iostat mpstat locale getconf sw_vers cal ncal sleep true yes factor clear tput":
    state,
  top: looker("none", "-bHiSc -n= -d= -p= -u= -U= -w? -1 -o= -E= -e="),
  lsof: (call, act) =>
    looker("text", "-abHhlMnNOPRstUvVwX -c= -d= -g? -i? -p= -u= -F?", { manner: { clusters: "without values" } })(
      { ...call, args: call.args.filter(({ form, text }) => !(form === "literal" && sockets.test(text))) },
      act,
    ),
  ss: looker(
    "text",
    "-nraloempitsx460udwS --numeric --resolve --all --listening --options --extended --memory --processes --info --summary --tcp --udp --unix --no-header -H",
  ),
  netstat: looker(
    "text",
    "-nraloepitsux46gMWCvw --numeric --all --listening --program --programs --tcp --udp --route --interfaces --statistics --wide",
  ),
  lspci: bare("-vnkmtDqb -s= -d="),
  lsusb: bare("-vt -s= -d="),
  nm: binary(
    looker(
      "read",
      "-AaBCDfgnopPrsSuUv -t= -f= -l --demangle? --defined-only --dynamic --extern-only --format= --line-numbers --numeric-sort --no-sort --print-size --size-sort --undefined-only --debug-syms",
      { risky: true },
    ),
  ),
  objdump: binary(
    looker(
      "read",
      "-adDfghHlpPrRsStTwxzC -j= -M= -m= -b= --all-headers --disassemble? --disassemble-all --full-contents --section= --source --syms --demangle? --no-show-raw-insn --start-address= --stop-address=",
      { risky: true },
    ),
  ),
  readelf: binary(
    looker(
      "read",
      "-adehlnrsSuVAgtWDIC -x= -p= -R= -w? --all --file-header --program-headers --section-headers --sections --symbols --syms --notes --relocs --dynamic --version-info --wide --demangle?",
      { risky: true },
    ),
  ),
  "size c++filt addr2line": binary(looker("read", "-ABdoxtfipCns -e< --format= --totals --radix= --common", { risky: true })),
  printenv: looker(
    (parsed, act) => showsVariables(act, parsed.operands.length > 0 ? parsed.operands.map(({ text }) => text) : undefined),
    "-0 --null",
  ),
  date: looker(
    dateOperands,
    "-uRj -d= -r< -I? -v= -n --date= --utc --universal --rfc-email --rfc-3339= --iso-8601? --reference< --debug --resolution",
  ),
  hostname: bare("-fsidAIy --fqdn --short --long --ip-address --all-ip-addresses --domain --all-fqdns"),
  man: looker(manOperands, "-kfwa -s= --where --path --apropos --whatis --all"),
  "whatis apropos": looker("text", "-erdl -s= --exact --regex --wildcard --and --long"),
  dpkg: looker(
    "text",
    "-lLsSpV --list --listfiles --status --search --print-avail --print-architecture --get-selections --audit --version",
    { risky: true },
  ),
  "dpkg-query": looker(
    "text",
    "-lLsSpW -f= --list --listfiles --status --search --print-avail --showformat= --show --print-architecture --get-selections --audit -C",
  ),
  "apt-cache": looker("text", "-q --quiet --names-only --installed --no-all-versions", { risky: true }),
};

/** Operands that are told again, not followed. */
function printed(_parsed: Parsed, act: Act): void {
  act.prints();
}

/** Names and sizes, not contents: what lies deeper is shown only on request. */
function listed(parsed: Parsed, act: Act): void {
  if (parsed.options.every(({ name }) => /^-[1trShUvXcuB]$|^--(color|sort)$/.test(name)))
    act.outputs({ of: "paths", found: parsed.operands });
  const deep = has(parsed, "-R", "-T", "--recursive", "--recurse", "--tree");
  for (const operand of parsed.operands.length > 0 ? parsed.operands : [literal(".")]) {
    act.reads(operand, { deep });
  }
  readAll(parsed.operands, act);
}

/** An operand without "+" sets the clock. */
function dateOperands(parsed: Parsed, act: Act): void {
  if (parsed.unknown.some((name) => /^(-s|--set)/.test(name)) || parsed.operands.some(({ text }) => !text.startsWith("+")))
    act.is("system", "sets the clock");
}

/** A page given as a path is formatted by programs that can be told to run others. */
function manOperands(parsed: Parsed, act: Act, call: Call): void {
  if (parsed.operands.some(({ text }) => text.includes("/"))) act.is("obscure", `${call.name} formats a file of its own choice`);
}

/** In the old style, without a dash, "e" shows the environment of every process. */
function ps(call: Call, act: Act): void {
  state(call, act);
  const words = call.args.map(({ text }) => text);
  const old = words.some((word, index) => /^[A-Za-z]*e[A-Za-z]*$/.test(word) && !words[index - 1]?.startsWith("-"));
  if (old || words.some((word) => /environ|^-\w*E/.test(word))) showsVariables(act);
}
