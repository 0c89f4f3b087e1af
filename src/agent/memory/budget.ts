// How much of a model's window the next request may take, and which tools fit into it.
// Where the window is not known a usual one is taken, and less each time a server says that a request was too long for it.

import type { ToolSpec } from "../model/ask.ts";
import { toolTokens } from "../model/tokens.ts";

/** Tokens on the high side, as tokens.ts measures: a request takes no more than this, however large the window is. */
const most = 160_000;
/** With less no model could do anything. */
const least = 256;

/** What a request of tools and messages may take together. `squeezed`: how often a server has found one too long. */
export function requestBudget(window: number | undefined, squeezed = 0): number {
  if (window === undefined) return Math.max(least, Math.floor(most / 4 ** squeezed));
  const reply = Math.min(4000, Math.max(1000, Math.floor(window / 4)));
  return Math.max(least, Math.floor(Math.min(most, window - reply) / 2 ** squeezed));
}

/** Where not all fit, those at the end of this list go after all others are gone. */
const dear = ["read_file", "edit_file", "run_command", "search_text", "create_file", "list_files", "change_files"];

/** The tools that fit into half of the budget, in the order they came. */
export function fitTools(tools: readonly ToolSpec[], budget: number): readonly ToolSpec[] {
  const cost = tools.map(toolTokens);
  let excess = cost.reduce((sum, one) => sum + one, 0) - budget / 2;
  if (excess <= 0) return tools;
  const dropped = new Set<ToolSpec>();
  const need = (tool: ToolSpec): number => (dear.includes(tool.name) ? dear.indexOf(tool.name) : dear.length);
  const order = tools.map((tool, at) => ({ tool, at })).sort((a, b) => need(b.tool) - need(a.tool) || b.at - a.at);
  for (const { tool, at } of order) {
    if (excess <= 0) break;
    dropped.add(tool);
    excess -= cost[at] ?? 0;
  }
  return tools.filter((tool) => !dropped.has(tool));
}
