// A language server over files in memory, as the editor's tools show it: problems are lines that match a pattern, a fix rewrites the
// line, a name is used wherever it stands as a word.

import { fail, ok, type Result } from "../../src/agent/result.ts";
import type { Answers, Said } from "./rules-talk.ts";

export interface Lint {
  readonly on: RegExp;
  readonly message: string;
  readonly severity?: "error" | "warning" | "hint";
  /** The line after its fix; absent where none is offered. */
  readonly fix?: (line: string) => string;
  /** Whether "fix all" does it too. */
  readonly automatic?: true;
}

export interface Server {
  readonly files: Map<string, string>;
  readonly lints?: readonly Lint[];
  /** Files this server knows names in; all where not said. */
  readonly knows?: RegExp;
}

/** What the editor's tools, and the ones that read, answer. */
export function editorAnswers({ files, lints = [], knows = /./ }: Server): Answers {
  const reported = (path?: string): { path: string; line: number; severity: string; message: string; lint: Lint }[] =>
    [...files].flatMap(([file, text]) =>
      path !== undefined && path !== file
        ? []
        : text
            .split("\n")
            .flatMap((line, i) =>
              lints
                .filter(({ on }) => on.test(line))
                .map((lint) => ({ path: file, line: i + 1, severity: lint.severity ?? "error", message: lint.message, lint })),
            ),
    );
  const rewrite = (path: string, change: (line: string, at: number) => string): void =>
    void files.set(
      path,
      (files.get(path) ?? "")
        .split("\n")
        .map((line, i) => change(line, i + 1))
        .join("\n"),
    );
  const hits = (name: string): { path: string; line: number; text: string }[] =>
    [...files].flatMap(([path, text]) =>
      text.split("\n").flatMap((line, i) => (new RegExp(`\\b${name}\\b`).test(line) ? [{ path, line: i + 1, text: line }] : [])),
    );
  const known = (name: string): ReturnType<typeof hits> =>
    hits(name).filter(({ path, text }) => knows.test(path) && !/^\s*(?:\/\/|#)/.test(text));
  const lines = (places: ReturnType<typeof hits>, none: string): Result<Said> =>
    ok({ text: places.map(({ path, line, text }) => `${path}:${line}: ${text}`).join("\n") || none });
  return {
    diagnostics: ({ path }: { path?: string }) => {
      const problems = reported(path).map(({ path: file, line, severity, message }) => ({ path: file, line, severity, message }));
      return ok({
        text:
          problems.map(({ path: file, line, severity, message }) => `${file}:${line}: ${severity}: ${message}`).join("\n") ||
          "No problems are reported.",
        data: { problems },
      });
    },
    code_actions: ({ path, kind, line, message }: { path: string; kind: string; line?: number; message?: string }) => {
      if (kind === "source.organizeImports") {
        const text = files.get(path) ?? "";
        const sorted = [
          ...text
            .split("\n")
            .filter((each) => each.startsWith("import "))
            .sort(),
          ...text.split("\n").filter((each) => !each.startsWith("import ")),
        ].join("\n");
        if (sorted === text) return fail("missing", `No ${kind} is offered for ${path}.`);
        files.set(path, sorted);
        return ok({ text: `Changed ${path}.` });
      }
      const found = reported(path).filter(
        ({ lint, line: at }) => (kind === "source.fixAll" ? lint.automatic : at === line && lint.message === message) && lint.fix,
      );
      if (found.length === 0) return fail("missing", `No ${kind} is offered for ${path}.`);
      rewrite(path, (text, at) => found.find((problem) => problem.line === at)?.lint.fix?.(text) ?? text);
      return ok({ text: `Changed ${path}.` });
    },
    symbols: ({ query, path }: { query?: string; path?: string }) => {
      const defined = [...files].flatMap(([file, text]) =>
        (path === undefined ? query !== undefined : file === path) && knows.test(file)
          ? text.split("\n").flatMap((line, i) => {
              const name = /\b(?:func|function|def|fn|class)\s+(\w+)/.exec(line)?.[1];
              return name === undefined || (query !== undefined && !name.includes(query))
                ? []
                : [{ path: file, line: i + 1, text: `Function ${name}` }];
            })
          : [],
      );
      return lines(defined, "No symbol matches.");
    },
    references: ({ name, path }: { name: string; path: string }) =>
      knows.test(path)
        ? lines(known(name), `The language server knows no use of ${name}.`)
        : ok({ text: `The language server knows no use of ${name}.` }),
    rename: ({ name, to, path }: { name: string; to: string; path: string }) => {
      if (!knows.test(path)) return fail("unavailable", `No language server here renames ${name}; edit the files one by one.`);
      const places = known(name);
      for (const place of places)
        rewrite(place.path, (text, at) => (at === place.line ? text.replaceAll(new RegExp(`\\b${name}\\b`, "g"), to) : text));
      return ok({ text: [...new Set(places.map((place) => `Changed ${place.path}.`))].join("\n") });
    },
    list_files: () => ok({ text: [...files.keys()].join("\n") }),
    search_text: ({ pattern, regex }: { pattern: string; regex?: boolean }) => {
      const wanted = new RegExp(regex ? pattern : pattern.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
      return lines(
        [...files].flatMap(([path, text]) =>
          text.split("\n").flatMap((line, i) => (wanted.test(line) ? [{ path, line: i + 1, text: line }] : [])),
        ),
        "No matches.",
      );
    },
    read_file: ({ path }: { path: string }) => {
      const rows = (files.get(path) ?? "").replace(/\n$/, "").split("\n");
      return ok({ text: rows.map((row, i) => `${i + 1}\t${row}`).join("\n"), data: { path, total: rows.length } });
    },
    edit_file: ({ path, blocks }: { path: string; blocks: readonly { search: string; replace: string }[] }) => {
      for (const { search, replace } of blocks)
        files.set(
          path,
          (files.get(path) ?? "").replace(search, () => replace),
        );
      return ok({ text: `Changed ${path}.` });
    },
  };
}

/** The same without what only an editor has. */
export function plainAnswers(server: Server): Answers {
  const { diagnostics: _d, code_actions: _c, symbols: _s, references: _r, rename: _n, ...plain } = editorAnswers(server);
  return plain;
}
