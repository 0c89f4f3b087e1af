// The story told by a process that is killed at one of its appends, and by the next one that goes on.

import { strict as assert } from "node:assert";
import type { ApprovalRequest, Resolution } from "../../src/agent/approval.ts";
import type { Kill } from "./memory-log.ts";
import { storyFiles } from "./story.ts";
import { type Telling, type Told, tellStory } from "./tell-story.ts";

/** Tells the story, is killed as told, and goes on in a new process until it ends. */
export async function survive(
  kill: Kill,
  more: Pick<Telling, "models" | "clock" | "limits"> = {},
): Promise<{ told: Told; effects: string[]; questions: string[]; resumes: number }> {
  const effects: string[] = [];
  const questions: string[] = [];
  const files = storyFiles();
  const blobs = new Map<string, Uint8Array>();
  // As a person would: asked whether to run something again, they look whether it has been done.
  const decide = async (request: ApprovalRequest): Promise<Resolution> => {
    questions.push(JSON.stringify(request.subject));
    if (request.subject.of === "recovery" && JSON.stringify(request.input).includes("log.txt") && files.has("log.txt")) {
      return { answer: "reject", why: "It has been done.", unattended: false };
    }
    return { answer: "approve", digest: request.digest, by: "person" };
  };
  let told = await tellStory({ ...more, files, blobs, effects, decide, kill });
  let resumes = 0;
  while (told.killed) {
    resumes++;
    assert.ok(resumes < 3, "one kill, one resume");
    told = await tellStory({ ...more, events: told.events, files, blobs, effects, decide });
  }
  return { told, effects, questions, resumes };
}

/** Effects that must happen once; running the tests leaves nothing behind. */
export const lasting = (effects: readonly string[]): string[] => effects.filter((effect) => effect !== "run node test.js").sort();
