// The purpose "reflect": what a failed attempt of this engine teaches. Only a change that was made and did not hold is worth another
// attempt, without that change; where nothing was found, trying the same again would find nothing again.

import type { AskRequest } from "../ask.ts";

export interface Reflection {
  readonly because: string;
  readonly lesson: string;
  readonly then: "retry" | "give up";
}

export function reflectOn(request: AskRequest): Reflection {
  const text = request.messages.map((message) => message.text).join("\n");
  const [, change] = /^- edit_file (.+?) -> Changed /m.exec(text) ?? [];
  const because = /^The check failed: (.+)$/m.exec(text)?.[1] ?? "the check failed";
  if (request.subject.step?.check.by === "diagnostics")
    return {
      because,
      lesson:
        "The language servers offer no fix for what is left; a single problem that has one can be fixed by naming it: fix the problem at FILE:LINE: MESSAGE.",
      then: "give up",
    };
  if (change === undefined) return { because, lesson: "No change was found that makes it pass.", then: "give up" };
  return { because, lesson: `The change passed in a private copy and not in the workspace. Not again: ${change}.`, then: "retry" };
}
