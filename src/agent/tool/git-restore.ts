// git_restore: files as they are staged or committed, computed like any other change: shown as a diff, approved, written through the
// gate with before-images kept, and so undone like any other. Git itself writes nothing.

import * as z from "zod";
import { fail, ok, type Result } from "../result.ts";
import type { World } from "../world.ts";
import { literal, runGit } from "./git-words.ts";
import type { Change, Tool } from "./tool.ts";

const Input = z.strictObject({
  paths: z.array(z.string().min(1)).min(1).max(50),
  from: z
    .string()
    .regex(/^(?!-)[\w./@^~{}+-]+$/, "is not the name of a commit or branch")
    .optional(),
});

const mostFiles = 50;
const maxBytes = 10_000_000;

export const gitRestore: Tool<z.infer<typeof Input>> = {
  kind: "change",
  name: "git_restore",
  description: "Put files back as they are staged, or as they were in the commit from.",
  input: Input,
  timeoutMs: 60_000,
  outputChars: 8000,
  reach: "computed",
  risk: ({ paths }) => ({ effects: ["write"], paths, reversible: true }),
  async change(world, { paths, from }, signal) {
    const request = { call: "git_restore", access: "read" } as const;
    const range = from === undefined ? [] : [from];
    const specs = paths.map(literal);
    const options = ["--name-only", "--no-renames", "--no-ext-diff", "--ignore-submodules=all", "--diff-filter=MDT", "--relative"];
    const differing = await runGit(world, { ...request, args: ["diff", ...options, ...range, "--", ...specs] }, signal);
    if (!differing.ok) return differing;
    const names = differing.value.out.split("\n").filter((name) => name !== "");
    if (names.length === 0)
      return fail(
        "invalid",
        `Nothing in ${paths.join(", ")} differs from ${from ?? "what is staged"}; files git does not know are not restored.`,
      );
    if (names.length > mostFiles) return fail("invalid", `${names.length} files differ there; restore at most ${mostFiles} at once.`);
    const filtered = await runGit(
      world,
      { ...request, args: ["ls-files", "--cached", "--", ...names.map(literal), ":(exclude,attr:!filter)"] },
      signal,
    );
    if (!filtered.ok) return filtered;
    const [first] = filtered.value.out.split("\n").filter((name) => name !== "");
    if (first !== undefined)
      return fail(
        "unavailable",
        `${first} goes through a filter (.gitattributes, as with Git LFS), which this tool does not run; the person can do this in a terminal.`,
      );
    const changes: Change[] = [];
    for (const name of names) {
      const change = await changeOf(world, name, from ?? "", signal);
      if (!change.ok) return change;
      changes.push(change.value);
    }
    return ok(changes);
  },
};

/** The content as git would write it, line ends and all, without writing it. */
async function changeOf(world: World, name: string, from: string, signal: AbortSignal): Promise<Result<Change>> {
  const place = await world.files.locate(name);
  if (!place.ok) return place;
  const { real, shown } = place.value;
  const args = ["cat-file", "--filters", `${from}:./${name}`];
  const content = await runGit(world, { call: "git_restore", args, access: "read", binary: true }, signal);
  if (!content.ok) return content;
  const before = await world.files.read(real, { maxBytes }, signal);
  if (!before.ok && before.fault.kind !== "missing") return before;
  return ok({ path: real, shown, before: before.ok ? before.value : null, after: content.value.bytes ?? new Uint8Array() });
}
