// What is told in place of a secret, and how to know it again: a label is not the text of any file, so it can be neither matched nor written.

/** "[secret: github token]". */
export const label = (name: string): string => `[secret: ${name}]`;

/** The labels in a text, each once. */
export const labelsIn = (text: string): readonly string[] => [...new Set(text.match(/\[secret: [\w .-]{1,80}\]/g) ?? [])];
