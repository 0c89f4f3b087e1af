// What the rules engine says about itself: what it can do, and what to do for the rest.

import type { AskRequest } from "../ask.ts";

const list = [
  '"fix the failing test": I run the tests, find the code the failing one rests on, and try small changes in private copies until one passes (JavaScript, TypeScript, Python)',
  '"find usages of NAME" and "where is NAME defined"',
  '"rename NAME to OTHER": in code only, never in strings or comments, and not when the new name is taken',
  '"run the tests"',
];

/** Only where language servers can be asked. */
const inEditor = [
  '"fix the problems in FILE" and "fix the problem at FILE:LINE": I apply the fixes your language servers offer and look again after each',
  '"organise imports in FILE"',
];

/** Whether the request comes from an editor with language servers: a plan's says so, a step's offers their tools. */
export const isInEditor = ({ subject, tools }: AskRequest): boolean =>
  subject.editor === true || tools.some((tool) => tool.name === "diagnostics");

/** What it can do here, ready to be shown. */
export const abilities = (request: AskRequest): string =>
  `No language model is configured, so the built-in rules engine answers. It can do this:\n${[...list, ...(isInEditor(request) ? inEditor : [])].map((one) => `- ${one}`).join("\n")}\n\n${isInEditor(request) ? choosing : configuring}`;

/** Why a goal of the editor's is refused elsewhere. */
export const needsEditor = "This needs an editor with a language server: open the folder in VS Code and ask there.";

/** Why a goal that changes files or runs commands is refused in a run that may do neither. */
export const wantsMore =
  "This run may only read, and that goal changes files or runs commands: trust the workspace or choose another mode, and ask again. What can be done here is to find usages and definitions.";

/** Why there is no second plan. */
export const onlyPlan = (why: string): string =>
  `The built-in rules engine knows one plan for this goal, and it was sent back: ${/[.!?]$/.test(why) ? why : `${why}.`} Say the goal differently, or choose a model, which can plan anew.`;

/** Why this goal is refused, and what would be understood. */
export const refusal = (goal: string, request: AskRequest): string =>
  `Without a language model I do not understand ${JSON.stringify(goal.length > 80 ? `${goal.slice(0, 80)}…` : goal)}. ${abilities(request)}`;

const configuring =
  "For anything else set OPENAI_API_KEY, or OPENAI_BASE_URL for another service or a local server, and PROVISO_MODEL; in the editor, choose a model there.";

const choosing = "For anything else choose a model, one of a local server or one that needs a key: `Proviso: Select Model…`.";
