// What the rules engine says about itself: what it can do, and what to do for the rest.

const list = [
  '"fix the failing test": I run the tests, find the code the failing one rests on, and try small changes in private copies until one passes (JavaScript, TypeScript, Python)',
  '"find usages of NAME" and "where is NAME defined"',
  '"rename NAME to OTHER": in code only, never in strings or comments, and not when the new name is taken',
  '"run the tests"',
];

/** What it can do, ready to be shown. */
export const abilities = (): string => `No language model is configured, so the built-in rules engine answers. It can do this:\n${list.map((one) => `- ${one}`).join("\n")}\n${configuring}`;

/** Why this goal is refused, and what would be understood. */
export const refusal = (goal: string): string => `Without a language model I do not understand ${JSON.stringify(goal.length > 80 ? `${goal.slice(0, 80)}…` : goal)}. ${abilities()}`;

const configuring = "For anything else set OPENAI_API_KEY, or OPENAI_BASE_URL for another service or a local server, and PROVISO_MODEL; in the editor, choose a model there.";
