// Interpreters, builds, package managers: programs that run code which is not in the line. A few of their forms only look.

import { literal } from "../shell/word.ts";
import type { Act, Call, Program } from "./act.ts";
import { mayBeOption, parseOptions } from "./options.ts";
import { has, isInquiry, readAll, report, shape, type Table } from "./shape.ts";

export const code: Table = {
  "sh bash dash ash ksh mksh zsh rbash": shell,
  "fish csh tcsh elvish nu xonsh": runsCode("a shell that is not judged"),
  "powershell pwsh cmd wscript cscript": runsCode("a Windows shell, which is not judged"),
  "node nodejs": asked(/^(-v|--version|-h|--help|--v8-options)$/, nodeCheck),
  "python python2 python3 pypy pypy3": asked(/^(-V|-VV|--version|-h|--help)$/),
  "ruby irb": asked(/^(-v|--version|-h|--help)$/),
  "perl perl5": asked(/^(-v|-V|--version)$/),
  "php lua luajit Rscript R julia deno bun tsx ts-node swift scala groovy kotlin erl elixir iex ghc runghc guile racket sbcl ocaml tclsh expect osascript gjs qjs":
    asked(/^(-v|-V|-version|--version|-h|--help)$/),
  "java javac javap kotlinc jshell": asked(/^(-version|--version|-help|--help)$/),
  "gcc g++ cc c++ clang clang++ ld as tcc ghc gfortran nvcc": asked(/^(-v|-V|--version|--help|-dumpversion|-dumpmachine)$/),
  rustc: asked(
    /^(-V|-vV|--version|--help)$/,
    says(/^(--version --verbose|--explain E\d{4}|--print[ =](sysroot|target-list|cfg|target-libdir))$/),
  ),
  rustup: asked(
    /^(-V|--version|--help|show)$/,
    says(/^(show (active-toolchain|home|profile)|(toolchain|target|component) list( --installed)?|which [a-z-]+)$/),
  ),
  cargo: asked(/^(-V|-v|-vV|--version|version|--help|-h|help|--list)$/, says(/^help [a-z-]+$/)),
  dotnet: asked(/^(--version|--info|--help|-h|--list-sdks|--list-runtimes)$/),
  gofmt: shape({ options: "-ldes -r=", operands: "read", looks: true, risky: true }),
  "nginx tig ldd httpd apache2 caddy traefik consul nomad packer ansible ansible-playbook chef puppet lazygit hyperfine":
    asked(/^(-v|-V|--version|-h|--help)$/),
  "make gmake nmake ninja cmake ctest meson bazel buck scons ant mvn mvnw gradle gradlew sbt lein rake just task invoke tox nox msbuild xcodebuild":
    asked(/^(-v|-V|--version|--help|-h|-version)$/),
  "stack cabal mix rebar3 zig dart flutter pub swiftc nim crystal opam conan vcpkg": asked(
    /^(-V|-v|-vV|--version|version|--help|-h|--list|--info)$/,
  ),
  go: asked(/^(version|help)$/, goLook),
  npm: npmLook,
  "npx pnpx bunx pnpm nvm fnm volta asdf mise": asked(/^(-v|--version|--help|-h)$/),
  "conda mamba": asked(/^(-V|--version|--help|-h|list|info)$/, says(/^(env list|info --envs|list [\w-]+)$/)),
  "pip pip3 pipx poetry uv uvx pdm hatch virtualenv": asked(/^(-V|--version|--help|-h)$/, pipLook),
  gem: asked(/^(-v|--version|-h|--help|list|env)$/, says(/^(list|env|environment|contents|which) [\w-]+$/)),
  "bundle bundler composer cpan cpanm luarocks": asked(/^(-v|-V|--version|--help|-h)$/),
  "brew port": asked(
    /^(--version|--prefix|--cellar|--repository|--help|list|leaves|config)$/,
    says(/^(list( --(versions|formula|cask))?( [\w@.+-]+)?|--prefix [\w@.+-]+)$/),
  ),
  "tsc eslint prettier jest vitest mocha pytest rspec phpunit biome oxlint esbuild vite webpack rollup turbo nx lerna stylelint ruff black mypy pyright flake8 pylint isort rubocop golangci-lint playwright cypress":
    asked(/^(-v|-V|--version|--help|-h)$/),
  "vi vim nvim nano emacs emacsclient pico micro helix hx kak joe code code-insiders subl": asked(/^(--version|--help)$/),
  "gdb lldb strace ltrace dtrace perf valgrind rr": asked(/^(-v|-V|--version|--help)$/),
  "sqlite3 psql mysql mariadb mongosh mongo redis-cli duckdb": asked(/^(-V|-version|--version|--help)$/),
  "ffmpeg convert magick pandoc pdflatex xelatex latexmk tex soffice libreoffice gs": asked(/^(-v|-V|-version|--version|--help)$/),
  "xdg-open open start wslview sensible-browser firefox chromium google-chrome": runsCode("it opens something in another program"),
  tmux: asked(/^-V$/),
  "screen dtach script zellij": runsCode("it keeps a terminal of its own"),
  // Their very version may come from the repository's own copy of them.
  "yarn yarnpkg corepack": (_call, act) => act.is("code", "it runs the copy of itself that the repository names"),
  parallel: runsCode("it runs lines it is given"),
  m4: runsCode("its input can run programs"),
};

/** Nothing but these words, all of them plain. */
function says(lines: RegExp): (call: Call, act: Act) => boolean {
  return (call, act) => {
    const looks = call.args.every(({ form }) => form === "literal") && lines.test(call.args.map(({ text }) => text).join(" "));
    if (looks) act.onlyLooks();
    return looks;
  };
}

function runsCode(note: string): Program {
  return (call, act) => (isInquiry(call.args) ? act.onlyLooks() : act.is("code", note));
}

/** Runs code, unless it is asked one of these questions alone, or `looks` knows better. */
function asked(questions: RegExp, looks?: (call: Call, act: Act) => boolean): Program {
  return (call, act) => {
    const [only, ...more] = call.args;
    if (only?.form === "literal" && more.length === 0 && questions.test(only.text)) act.onlyLooks();
    else if (!looks?.(call, act)) act.is("code", `${call.name} runs code that is not in the line`);
  };
}

/** A shell given its text runs that text; given a file, or its input, it runs what cannot be read here. */
function shell(call: Call, act: Act): void {
  if (isInquiry(call.args)) return act.onlyLooks();
  const parsed = parseOptions("-ceuxvnilrsaefhkmptBCEHPT -o= -O= --posix --norc --noprofile --login --restricted --verbose", call.args, {
    stopsEarly: true,
  });
  report(parsed, act, call);
  const [script] = parsed.operands;
  const named = (option: string) => parsed.options.some(({ name }) => name === option);
  if (named("-i") || named("-l") || named("--login")) act.is("code", "it runs the start files of a shell");
  if (named("-n") && script && !named("-c")) {
    act.onlyLooks();
    readAll([script], act);
  } else if (named("-c")) {
    act.onlyLooks();
    act.interprets(script ?? literal(""));
    if (!["sh", "bash", "dash", "ash", "rbash"].includes(call.name)) act.is("code", `${call.name} reads lines differently from bash`);
  } else if (script && !named("-s")) {
    act.reads(script);
    act.is("code", `it runs ${script.text}`);
  } else if (call.stdin.of === "text" && call.stdin.text !== undefined) {
    act.onlyLooks();
    act.interprets(literal(call.stdin.text));
  } else act.is("code", "it runs what comes in");
}

/** `node --check file` only reads its syntax. */
function nodeCheck(call: Call, act: Act): boolean {
  const [flag, file, ...more] = call.args;
  if (!file || more.length > 0 || !/^(--check|-c)$/.test(flag?.text ?? "") || file.text.startsWith("-")) return false;
  act.onlyLooks();
  act.reads(file);
  return true;
}

/** Forms of go that neither build nor write. Not -export, -compiled, -test, -toolexec, -overlay, -modfile, -mod: they do, or may. */
function goLook(call: Call, act: Act): boolean {
  const [sub, ...rest] = call.args;
  const words = rest.map(({ text }) => text);
  const plain = call.args.every(({ form }) => form === "literal");
  const parsed = parseOptions("-m -f= -e -json -deps -find -all -src -u -c -short", rest, { clusters: "none" });
  const known = parsed.unknown.length === 0 && plain;
  const looks =
    sub?.text === "env"
      ? plain && words.every((word) => /^([A-Z0-9_]+|-json)$/.test(word))
      : sub?.text === "list"
        ? known && !has(parsed, "-u")
        : sub?.text === "doc"
          ? known
          : sub?.text === "mod"
            ? plain && /^(graph|why|verify)$/.test(words[0] ?? "") && words.slice(1).every((word) => !word.startsWith("-") || word === "-m")
            : sub?.text === "help" && plain;
  if (looks) act.onlyLooks();
  return looks;
}

function pipLook(call: Call, act: Act): boolean {
  if (!call.name.startsWith("pip") || !/^(list|show|freeze|check)$/.test(call.args[0]?.text ?? "")) return false;
  const parsed = parseOptions(
    "-lvq --local --verbose --quiet --format= --not-required --user --files --all --exclude=",
    call.args.slice(1),
  );
  if (parsed.unknown.length > 0 || parsed.operands.some(mayBeOption)) return false;
  act.onlyLooks();
  return true;
}

const npmLooks = /^(ls|list|ll|la|root|prefix|bin|explain|why|query|version|pkg|config|get|-v|--version|-h|--help|help|run|run-script)$/;

function npmLook(call: Call, act: Act): void {
  const [sub, ...rest] = call.args;
  const parsed = parseOptions(
    "-agls --all --json --long --parseable --depth= --global --link --prod --production --dev --omit= --include= --silent --package-lock-only --workspaces -w= --workspace= --unicode --no-unicode --loglevel=",
    rest,
  );
  const words = parsed.operands.map(({ text }) => text);
  const plain = sub?.form === "literal" && parsed.unknown.length === 0 && !parsed.operands.some(mayBeOption);
  if (plain && npmLooks.test(sub.text) && npmForm(sub.text, words)) act.onlyLooks();
  else {
    act.is("code", "npm runs scripts of packages");
    if (
      /^(i|install|ci|add|update|up|publish|view|info|show|outdated|audit|search|login|exec|x|create|init|ping|whoami|token|access|owner|dist-tag|deprecate|unpublish)$/.test(
        sub?.text ?? "",
      )
    )
      act.reaches(undefined);
    if (/^(publish|unpublish|deprecate|login|token|access|owner|dist-tag|adduser)$/.test(sub?.text ?? ""))
      act.is("credential", "npm acts with your account");
  }
}

/** Some subcommands only look while they are given no more words. */
function npmForm(sub: string, words: readonly string[]): boolean {
  if (sub === "help") return words.length === 0;
  if (sub === "run" || sub === "run-script" || sub === "version") return words.length === 0;
  if (sub === "pkg") return words[0] === "get";
  if (/^(config|get)$/.test(sub) && words.some((word) => /[/_]|auth|token|pass/i.test(word))) return false;
  if (sub === "config") return words.length === 0 || words[0] === "get" || words[0] === "list" || words[0] === "ls";
  return true;
}
