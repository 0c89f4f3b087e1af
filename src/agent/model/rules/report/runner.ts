// Which runner a shell line starts, and the line that runs just one test with it. Owns the runners' command lines.
// Refuses to guess silently: a line that narrows is only a proposal, to be believed once it fails as the whole suite does.

import type { Failure } from "./failure.ts";

export type RunnerKind = "node" | "mocha" | "jest" | "vitest" | "pytest" | "unittest" | "other";

export interface Runner {
  readonly kind: RunnerKind;
  /** What really runs, package scripts resolved. */
  readonly line: string;
  /** Lines that run one test alone, the quickest first. `file` is the test's file, relative to the workspace. */
  narrow(failure: Failure, file: string | undefined): readonly string[];
  /** The line that runs all tests of one file and lets what they print through; the whole line where there is no such. */
  file(path: string | undefined): string;
}

/** `scripts` are the package's, where there is a package.json. */
export function detectRunner(line: string, scripts: Readonly<Record<string, string>>): Runner {
  const real = resolveScript(line, scripts, 3);
  const parts = real.split(/\s*&&\s*/);
  const last = withoutWrappers(words(parts.at(-1) ?? ""));
  const setup = parts
    .slice(0, -1)
    .map((part) => `${part} && `)
    .join("");
  const kind = kindOf(last);
  const isPlain = !/[|;<>`$]/.test(real);
  return {
    kind,
    line: real,
    narrow: (failure, file) =>
      isPlain ? narrowers[kind](last, failure, setup === "" ? file : undefined).map((narrowed) => `${setup}${narrowed}`) : [],
    file(path) {
      const target = path === undefined ? "" : ` ${quote(path)}`;
      if (kind === "pytest") return `${line} -s${setup === "" && isPlain && !/^\s*(?:npm|yarn|pnpm|make)\b/.test(line) ? target : ""}`;
      if (kind !== "node" || path === undefined || setup !== "" || !isPlain) return line;
      return narrowers.node(last, { ...nothing, titles: [] }, path).at(-1) ?? line;
    },
  };
}

const nothing: Failure = { titles: [], file: undefined, id: undefined, message: "", expected: undefined, actual: undefined, frames: [] };

/** Without what only wraps a runner: npx, coverage tools, package managers' exec. */
function withoutWrappers(list: readonly string[]): readonly string[] {
  const from = programAt(list);
  const [program = "", second = ""] = list.slice(from, from + 2);
  const wraps = /^(?:npx|pnpx|bunx|c8|nyc|cross-env)$/.test(program)
    ? 1
    : /^(?:pnpm|yarn|npm)$/.test(program) && /^(?:exec|dlx)$/.test(second)
      ? 2
      : 0;
  if (wraps === 0) return list;
  const rest = list.slice(from + wraps);
  const start = rest.findIndex((word) => !word.startsWith("-"));
  return withoutWrappers([...list.slice(0, from), ...rest.slice(Math.max(0, start))]);
}

function resolveScript(line: string, scripts: Readonly<Record<string, string>>, depth: number): string {
  const [, , word] = /^\s*(npm|yarn|pnpm|bun)\s+(?:run(?:-script)?\s+)?(?:-s\s+|--silent\s+)?(test|t|[\w:.-]+)\s*$/.exec(line) ?? [];
  const script = word === undefined ? undefined : scripts[word === "t" ? "test" : word];
  return script === undefined || depth === 0 ? line.trim() : resolveScript(script, scripts, depth - 1);
}

/** Splits a plain command into words; quotes are honoured, anything fancier is left to the shell. */
function words(line: string): string[] {
  return [...line.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) => word);
}

const programAt = (list: readonly string[]): number => list.findIndex((word) => !/^\w+=/.test(word));

function kindOf(list: readonly string[]): RunnerKind {
  const from = programAt(list);
  const program = (list[from] ?? "").split("/").at(-1) ?? "";
  const rest = list.slice(from + 1);
  if (/^(?:poetry|uv|pipenv|hatch|pdm)$/.test(program) && rest[0] === "run") return kindOf(rest.slice(1));
  if (program === "mocha" || program === "_mocha" || program === "mocha.js") return "mocha";
  if (program === "jest" || program === "jest.js") return "jest";
  if (program === "vitest" || program === "vitest.mjs") return "vitest";
  if (/^(?:pytest|py\.test)$/.test(program)) return "pytest";
  if (/^python[\d.]*$/.test(program)) {
    const module = rest[rest.indexOf("-m") + 1];
    return rest.includes("-m") && module === "pytest" ? "pytest" : rest.includes("-m") && module === "unittest" ? "unittest" : "other";
  }
  if (/^(?:node|tsx)$/.test(program)) {
    const script = rest.find((word) => /(?:^|\/)(?:_?mocha|jest|vitest)(?:\.m?js)?$/.test(word));
    return script ? kindOf([script]) : rest.includes("--test") ? "node" : "other";
  }
  return "other";
}

const quote = (text: string): string => (/^[\w./:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

/** The command with its program found where a package script would find it. */
function command(list: readonly string[], keep: (word: string, i: number, all: readonly string[]) => boolean): string[] {
  const from = programAt(list);
  const program = list[from] ?? "";
  const isLocal = /^(?:mocha|_mocha|jest|vitest|tsx)$/.test(program);
  const rest = list.slice(from + 1);
  return [...list.slice(0, from), isLocal ? `node_modules/.bin/${program}` : program, ...rest.filter(keep)];
}

const isOption = (word: string): boolean => word.startsWith("-");

/** Options of mocha and pytest that take the next word as their value. */
const valued = new Set(
  (
    "-r --require -R --reporter -t --timeout -u --ui -O --reporter-option --config --package --extension -s --slow -j --jobs --file --ignore --import --loader -n --node-option " +
    "-p -o -c -W --rootdir --confcutdir --import-mode --override-ini -k"
  ).split(" "),
);

/** A file, folder or pattern, and no option nor an option's value. */
const isTarget = (word: string, i: number, all: readonly string[]): boolean => !isOption(word) && !valued.has(all[i - 1] ?? "");

const narrowers: Readonly<Record<RunnerKind, (list: readonly string[], failure: Failure, file: string | undefined) => string[]>> = {
  node(list, { titles }, file) {
    const title = titles.at(-1);
    if (title === undefined && file === undefined) return [];
    const pattern = title === undefined ? [] : [`--test-name-pattern=${quote(`^${escapePattern(title)}$`)}`];
    const kept = command(
      list,
      (word, i, all) =>
        (isOption(word) || isOption(all[i - 1] ?? "")) &&
        !/^--(?:test-reporter|test-name-pattern|watch|experimental-test-coverage|test-coverage)/.test(word),
    );
    const flags = kept.filter(
      (word, i) =>
        !(
          i > programAt(kept) &&
          !isOption(word) &&
          /\.[cm]?[jt]sx?$|\*|\/$/.test(word) &&
          !/^--(?:import|require|loader|experimental-loader)$|^-r$/.test(kept[i - 1] ?? "")
        ),
    );
    const [program = "node", ...options] = flags.slice(programAt(flags));
    const env = flags.slice(0, programAt(flags));
    const target = file === undefined ? [] : [quote(file)];
    const whole = [...env, program, ...options, ...pattern, ...target].join(" ");
    // Without --test the file runs in this very process, which takes half the time.
    return file === undefined
      ? [whole]
      : [
          [
            ...env,
            program,
            ...options.filter((word) => !/^--test(?:-(?:timeout|concurrency|isolation|force-exit).*)?$/.test(word)),
            ...pattern,
            ...target,
          ].join(" "),
          whole,
        ];
  },
  mocha(list, { titles }, file) {
    if (titles.length === 0) return [];
    const kept = command(
      list,
      (word, i, all) => !(file !== undefined && isTarget(word, i, all)) && !/^(?:--watch|-w|--parallel)$/.test(word),
    );
    return [[...kept, "-f", quote(titles.join(" ")), ...(file === undefined ? [] : [quote(file)])].join(" ")];
  },
  jest(list, { titles }, file) {
    if (file === undefined && titles.length === 0) return [];
    const kept = command(list, (word) => !/^--(?:coverage|watch|watchAll|ci)/.test(word));
    return [
      [
        ...kept,
        ...(titles.length === 0 ? [] : ["-t", quote(`^${escapePattern(titles.join(" "))}$`)]),
        ...(file === undefined ? [] : ["--runTestsByPath", quote(file)]),
      ].join(" "),
    ];
  },
  vitest(list, { titles }, file) {
    if (file === undefined && titles.length === 0) return [];
    const kept = command(list, (word) => !/^(?:run|watch|--coverage.*|--watch|--ui)$/.test(word));
    const at = programAt(kept) + 1;
    const target = file === undefined ? [] : [quote(file)];
    return [
      [
        ...kept.slice(0, at),
        "run",
        ...kept.slice(at),
        ...target,
        ...(titles.length === 0 ? [] : ["-t", quote(`^${escapePattern(titles.join(" "))}$`)]),
      ].join(" "),
    ];
  },
  pytest(list, { id }, file) {
    const target = id ?? file;
    if (target === undefined) return [];
    const kept = command(list, (word, i, all) => all[i - 1] === "-m" || !isTarget(word, i, all)).filter(
      (word) => !/^(?:-v+|-s|--cov.*|--tb=.*|-q|-x|--maxfail=.*)$/.test(word),
    );
    const own = `${kept.join(" ")} -x -q -p no:cacheprovider ${quote(target)}`;
    // Plugins take most of pytest's start; where the test needs one, this line fails otherwise than the suite and is not believed.
    return [`PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 ${own}`, own];
  },
  unittest(list, { id }) {
    if (id === undefined) return [];
    const kept = list.slice(0, list.indexOf("unittest") + 1);
    return [`${kept.join(" ")} -f ${quote(id)}`];
  },
  other: () => [],
};
