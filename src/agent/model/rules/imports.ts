// "Organise imports": lets the language server sort the imports of a file, or of all source files, and drop what is not used; then looks
// whether that brought up a problem.

import type { EditorGoal } from "../../editor-goal.ts";
import { ok, type Result } from "../../result.ts";
import { listWorkspace } from "./desk.ts";
import { reportedIn } from "./problems.ts";
import type { Script } from "./script.ts";

const mostFiles = 30;
/** Languages whose servers organise imports. */
const withImports = /\.(?:[cm]?[jt]sx?|py|go|java|kt|cs|php|dart|swift|vue|svelte)$/;

export async function* organiseImports({ path }: Extract<EditorGoal, { do: "imports" }>): Script<Result<string>> {
  const listing = path !== undefined && withImports.test(path) ? undefined : yield* listWorkspace();
  const files = listing
    ? listing.files.filter(
        (file) =>
          withImports.test(file) && !/\.d\.[cm]?ts$/.test(file) && (path === undefined || file === path || file.startsWith(`${path}/`)),
      )
    : path === undefined
      ? []
      : [path];
  if (files.length === 0) return ok(`There is no file with imports in ${path ?? "this workspace"}; nothing was changed.`);
  const before = yield* reportedIn(path);
  if (!before.ok) return before;
  const asked = files.slice(0, mostFiles);
  const answers = yield {
    say: "Organising imports.",
    calls: asked.map((file) => ({ tool: "code_actions", args: { path: file, kind: "source.organizeImports" } })),
  };
  const changed = asked.filter((_, i) => answers[i]?.ok === true);
  const rest = files.length > asked.length ? [`There are ${files.length - asked.length} more files; name a folder for the rest.`] : [];
  if (changed.length === 0)
    return ok(
      [
        `Nothing was changed. ${asked.length === 1 ? (answers[0]?.text ?? "") : "No language server has anything to organise here."}`,
        ...rest,
      ].join("\n"),
    );
  const after = yield* reportedIn(path);
  if (!after.ok) return after;
  const known = new Set(before.value.map(({ path: file, message }) => `${file} ${message}`));
  const fresh = after.value.filter(({ path: file, severity, message }) => severity === "error" && !known.has(`${file} ${message}`));
  const kept = asked.length - changed.length;
  return ok(
    [
      `Organised the imports of ${changed.length === 1 ? "one file" : `${changed.length} files`}:`,
      ...changed.map((file) => `- ${file}`),
      ...(kept > 0 ? [`In ${kept === 1 ? "one other file" : `${kept} other files`} there was nothing to organise.`] : []),
      ...rest,
      ...(fresh.length > 0
        ? ["That brought up these errors:", ...fresh.slice(0, 20).map(({ path: file, line, message }) => `- ${file}:${line} ${message}`)]
        : []),
    ].join("\n"),
  );
}
