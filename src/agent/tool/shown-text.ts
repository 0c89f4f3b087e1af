// What a model saw of a file is not always what is in it: secrets are told by labels, unseen characters by marks. Here an edit that was
// written from what was seen becomes one of what is there, or a sentence that says why it cannot.

import type { Block } from "../edit/blocks.ts";
import { fail, ok, type Result } from "../result.ts";
import { labelsIn } from "../secret-label.ts";
import { hasMarks, unmark } from "../unseen.ts";

/** The blocks as the file `text` needs them. Fault: one of them holds a label, which is no text of the file and must not become any. */
export function blocksAsMeant(blocks: readonly Block[], text: string): Result<readonly Block[]> {
  for (const [index, { search, replace }] of blocks.entries()) {
    const label = labelsIn(search + replace).find((one) => !text.includes(one));
    const which = blocks.length === 1 ? "The block" : `Block ${index + 1}`;
    if (label !== undefined)
      return fail(
        "invalid",
        `Nothing was changed: ${which} holds ${label}, which stands for text that is not shown to you; leave its line out of search and replace, and change the lines around it.`,
      );
  }
  return ok(
    blocks.map((block) => {
      if (!hasMarks(block.search) || text.includes(block.search)) return block;
      return { ...block, search: unmark(block.search), replace: unmark(block.replace, block.search) };
    }),
  );
}

/** Fault: the text of a new file holds a label. */
export function withoutLabels(text: string): Result<string> {
  const [label] = labelsIn(text);
  return label === undefined
    ? ok(text)
    : fail(
        "invalid",
        `Nothing was written: ${label} stands for text that is not shown to you and would be written as it is; read the value from the environment, or ask the user to put it there.`,
      );
}
