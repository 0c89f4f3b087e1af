// search_text: where a text or a pattern stands in the workspace.

import * as z from "zod";
import { ok } from "../result.ts";
import { seenName } from "../unseen.ts";
import type { Tool } from "./tool.ts";

const Input = z.strictObject({
  pattern: z.string().min(1),
  regex: z.boolean().optional(),
  ignoreCase: z.boolean().optional(),
  path: z.string().optional(),
  include: z.string().optional(),
});

const limit = 200;
const longestLine = 300;

/** `path:line: text` per match. */
export const searchText: Tool<z.infer<typeof Input>> = {
  kind: "observe",
  name: "search_text",
  description: "Search file contents. include: a glob such as *.ts.",
  input: Input,
  timeoutMs: 30_000,
  outputChars: 20_000,
  recovery: "rerun",
  risk: ({ path = "." }) => ({ effects: ["read"], paths: [path], reversible: true }),
  async execute(world, { pattern, regex = false, ignoreCase = false, path = ".", include }, signal) {
    const place = await world.files.locate(path);
    if (!place.ok) return place;
    const query = {
      pattern,
      regex,
      caseSensitive: !ignoreCase,
      wholeWord: false,
      path: place.value.inside ? place.value.shown : place.value.real,
      include: include === undefined ? [] : [include],
      limit,
    };
    const found = await world.search.text(query, signal);
    if (!found.ok) return found;
    const { matches, truncated } = found.value;
    const trust = place.value.inside ? "workspace" : "foreign";
    if (matches.length === 0) return ok({ text: `Nothing matches ${JSON.stringify(pattern)}.`, trust });
    const lines = matches.map((match) => `${seenName(match.path)}:${match.line}: ${shorten(match.text.trim())}`);
    return ok({
      text: [...lines, ...(truncated ? [`[the first ${matches.length}; there are more, narrow the search]`] : [])].join("\n"),
      trust,
    });
  },
};

const shorten = (text: string): string => (text.length > longestLine ? `${text.slice(0, longestLine)} [cut]` : text);
