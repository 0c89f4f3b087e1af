// A change decided hunk by hunk at the terminal: each is shown by itself and answered by a key. Nothing is decided by stepping back.

import type { ApprovalRequest, Resolution } from "../../agent/approval.ts";
import { type Line, line, marked, type Words } from "../../agent/observe/line.ts";
import type { HunkAnswer, HunkDecision } from "../../agent/review/decision.ts";
import { hunksOfDiff, placeText, type ShownHunk } from "../../agent/review/shown.ts";
import { assertNever } from "../../agent/result.ts";
import type { Io } from "../io.ts";
import { editorOf, editText } from "./editor.ts";
import type { KeyQuestion, Terminal } from "./terminal.ts";

interface Desk {
  readonly terminal: Terminal;
  readonly env: Io["env"];
}

interface Asked {
  readonly file: string;
  readonly hunk: ShownHunk;
}

type Choice = "accept" | "reject" | "edit" | "comment" | "accept rest" | "reject rest" | "back";

const keys: Readonly<Record<string, Choice>> = {
  y: "accept",
  n: "reject",
  e: "edit",
  c: "comment",
  a: "accept rest",
  d: "reject rest",
};

/** The hunks of a change that can be decided one by one. */
export function hunksOf({ preview, touches }: ApprovalRequest): readonly Asked[] {
  if (preview?.kind !== "diff" || touches === undefined) return [];
  return preview.files.flatMap(({ path, diff }) => hunksOfDiff(diff).map((hunk) => ({ file: path, hunk })));
}

/** The whole answer; undefined when the person stepped back, and then nothing of it counts. */
export async function decideHunks(request: ApprovalRequest, desk: Desk, signal: AbortSignal): Promise<Resolution | undefined> {
  const all = hunksOf(request);
  const answers: HunkAnswer[] = [];
  let rest: "accepted" | "rejected" | undefined;
  for (const [at, asked] of all.entries()) {
    const answer = rest ? { decision: { is: rest } } : await decideOne(asked, { ...desk, at, of: all.length }, signal);
    if (answer === undefined) return undefined;
    if (answer.decision === "accept rest" || answer.decision === "reject rest")
      rest = answer.decision === "accept rest" ? "accepted" : "rejected";
    const decision: HunkDecision = typeof answer.decision === "string" ? { is: rest ?? "rejected" } : answer.decision;
    const comment = "comment" in answer ? answer.comment : undefined;
    answers.push({ file: asked.file, hunk: asked.hunk.hunk, decision, ...(comment === undefined ? {} : { comment }) });
  }
  return resolutionOf(request, answers);
}

interface Answer {
  readonly decision: HunkDecision | "accept rest" | "reject rest";
  readonly comment?: string | undefined;
}

async function decideOne(
  { file, hunk }: Asked,
  { terminal, env, at, of }: Desk & { readonly at: number; readonly of: number },
  signal: AbortSignal,
): Promise<Answer | undefined> {
  let comment: string | undefined;
  terminal.show(hunkLines(file, hunk, `${at + 1} of ${of}`));
  for (;;) {
    const choice = await terminal.choose(question(hunk), signal);
    switch (choice) {
      case "back":
        return undefined;
      case "accept":
        return { decision: { is: "accepted" }, comment };
      case "accept rest":
      case "reject rest":
        return { decision: choice, comment };
      case "reject": {
        const why = await terminal.write("why? (may stay empty, Esc steps back)", "", signal);
        if (why !== undefined) return { decision: { is: "rejected", ...(why.trim() === "" ? {} : { why: why.trim() }) }, comment };
        break;
      }
      case "comment":
        comment = (await terminal.write("comment ›", comment ?? "", signal))?.trim() || comment;
        break;
      case "edit": {
        const text = await edited(file, hunk, { terminal, env }, signal);
        if (typeof text === "string") return { decision: { is: "changed", text }, comment };
        if (text.why !== undefined) terminal.show([marked("failed", 1, ["failed", text.why])]);
        break;
      }
      default:
        assertNever(choice);
    }
  }
}

function hunkLines(file: string, hunk: ShownHunk, counter: string): readonly Line[] {
  return [
    marked("waits", 0, ["strong", file], `, ${placeText(hunk)}`, ["quiet", `  hunk ${counter}`]),
    ...hunk.removed.map((text) => ({ ...line(2, ["removed", `-${text}`]), hang: 4 })),
    ...hunk.added.map((text) => ({ ...line(2, ["added", `+${text}`]), hang: 4 })),
  ];
}

function question({ removed, added }: ShownHunk): KeyQuestion<Choice> {
  const editable = removed.length + added.length > 0;
  const named = (key: string, words: string): readonly Words[] => [["strong", key], ` ${words}  `];
  const offer = line(
    0,
    ["waits", "? "],
    ...named("y", "accept"),
    ...named("n", "reject…"),
    ...(editable ? named("e", "edit…") : []),
    ...named("c", "comment…"),
    ...named("a", "accept it and the rest"),
    ...named("d", "reject it and the rest"),
    ...named("Esc", "back"),
  );
  return {
    offer: () => [offer],
    answer: ({ name, text }) => {
      const choice = name === "escape" ? "back" : keys[text.toLowerCase()];
      return choice === "edit" && !editable ? undefined : choice;
    },
  };
}

/** The person's own text of the hunk: one line on the spot, more in their editor. */
async function edited(
  file: string,
  { added }: ShownHunk,
  { terminal, env }: Desk,
  signal: AbortSignal,
): Promise<string | { readonly why: string | undefined }> {
  const before = added.map((text) => `${text}\n`).join("");
  const editor = editorOf(env);
  if (added.length <= 1) {
    const written = await terminal.write("this line ›", added[0] ?? "", signal);
    return written === undefined || written === added[0] ? { why: undefined } : written === "" ? "" : `${written}\n`;
  }
  if (editor === undefined)
    return { why: "Set $EDITOR to a program that edits text to change this; or reject it and say what should differ." };
  const after = await terminal.lend(() => editText(editor, file.split("/").at(-1) ?? "hunk", before));
  if (!after.ok) return { why: after.fault.message };
  return after.value === before ? { why: undefined } : after.value;
}

/** Where nothing is accepted it is a rejection, with the reasons that were given. */
function resolutionOf({ digest }: ApprovalRequest, hunks: HunkAnswer[]): Resolution {
  if (hunks.some(({ decision }) => decision?.is !== "rejected")) return { answer: "approve", digest, by: "person", hunks };
  const reasons = hunks.flatMap(({ decision, comment }) => [
    ...(decision?.is === "rejected" && decision.why !== undefined ? [decision.why] : []),
    ...(comment === undefined ? [] : [comment]),
  ]);
  return { answer: "reject", why: reasons.length > 0 ? reasons.join(" ") : "No reason was given.", unattended: false };
}
