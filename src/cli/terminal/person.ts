// The person at the terminal: each question as a card with its keys, one at a time. Enter never approves, nor does a key that was
// pressed before the card was on screen; Escape never answers. An edit is an amendment: it is judged and, where asked, shown anew.

import type { ApprovalRequest, Resolution } from "../../agent/approval.ts";
import { type CardFacts, cardLines } from "../../agent/observe/card.ts";
import { line, marked, type Words } from "../../agent/observe/line.ts";
import { amountOf } from "../../agent/limit.ts";
import { assertNever, fail, ok, type Result } from "../../agent/result.ts";
import type { Person } from "../../agent/world.ts";
import type { Io } from "../io.ts";
import { alwaysAllow, type GrantDesk } from "./always.ts";
import { amend, type Amended } from "./amend.ts";
import { explainLines } from "./explain.ts";
import { decideHunks, hunksOf } from "./hunks.ts";
import { Queue } from "./queue.ts";
import type { KeyQuestion, Terminal } from "./terminal.ts";

export interface TerminalPersonParts extends GrantDesk {
  readonly terminal: Terminal;
  readonly env: Io["env"];
  readonly facts: () => CardFacts;
}

type Choice = "approve" | "reject" | "edit" | "always" | "explain" | "hunks";

const keys: Readonly<Record<string, Choice>> = { y: "approve", n: "reject", e: "edit", a: "always", "?": "explain", h: "hunks" };

export function terminalPerson({ env, facts, ...desk }: TerminalPersonParts): Person {
  const { terminal } = desk;
  const queue = new Queue();
  const decideNow = async (request: ApprovalRequest, signal: AbortSignal): Promise<Resolution> => {
    terminal.show(cardLines(request, facts()));
    for (;;) {
      const choice = await terminal.choose(question(request, queue.waiting), signal);
      switch (choice) {
        case "approve":
          return { answer: "approve", digest: request.digest, by: "person" };
        case "reject": {
          const why = await terminal.write("why? (may stay empty, Esc steps back)", "", signal);
          if (why !== undefined) return { answer: "reject", why: why.trim() || "No reason was given.", unattended: false };
          break;
        }
        case "edit": {
          const amended: Amended = await amend(request, { terminal, env }, signal);
          if (amended.is === "changed") return amended.resolution;
          if (amended.is === "wrong") terminal.show([marked("failed", 1, ["failed", amended.why])]);
          break;
        }
        case "hunks": {
          const decided = await decideHunks(request, { terminal, env }, signal);
          if (decided) return decided;
          break;
        }
        case "always": {
          const allowed = await alwaysAllow(request, desk, signal);
          if (allowed) return allowed;
          break;
        }
        case "explain":
          terminal.show(explainLines(request));
          break;
        default:
          assertNever(choice);
      }
    }
  };
  return {
    attended: true,
    decide: (request, signal) => queue.enter(() => decideNow(request, signal), signal),
    answer: (question, options, signal) => queue.enter(() => ask(terminal, question, options, signal), signal),
  };
}

/** What can be answered, and that others wait behind it. */
function question(request: ApprovalRequest, others: number): KeyQuestion<Choice> {
  const { subject, input, decision } = request;
  const editable = subject.of === "plan" || (subject.of === "call" && input !== undefined);
  const rulable = subject.of === "call" && decision !== undefined;
  const hunked = hunksOf(request).length > 0;
  const more = others > 0 ? ` · ${others} more ${others === 1 ? "waits" : "wait"}` : "";
  const named = (key: string, words: string, offered = true): readonly Words[] => (offered ? [["strong", key], ` ${words}  `] : []);
  const offer = line(
    0,
    ["waits", "? "],
    ...named("y", verbOf(request)),
    ...named("n", "reject…"),
    ...named("h", "hunk by hunk…", hunked),
    ...named("e", "edit…", editable),
    ...named("a", "always…", rulable),
    ...named("?", "explain"),
    ["quiet", more],
  );
  return {
    offer: [offer],
    answer: ({ text }) => {
      const choice = keys[text.toLowerCase()];
      return (choice === "edit" && !editable) || (choice === "always" && !rulable) || (choice === "hunks" && !hunked) ? undefined : choice;
    },
  };
}

/** The verb of what would happen. */
function verbOf({ subject, risk }: ApprovalRequest): string {
  if (subject.of === "plan") return "approve plan";
  if (subject.of === "step") return "try again";
  if (subject.of === "recovery") return "run it again";
  if (subject.of === "outside") return "run it outside, once";
  if (subject.of === "limit") return `raise to ${amountOf(subject.what, subject.to)}`;
  if (risk?.effects.includes("delete")) return "delete";
  if (risk?.effects.includes("write")) return "apply";
  return risk?.effects.includes("execute") ? "run" : "allow";
}

async function ask(terminal: Terminal, question: string, options: readonly string[], signal: AbortSignal): Promise<Result<string>> {
  terminal.show([
    marked("waits", 0, ["waits", "The agent asks: "], ["strong", question]),
    ...options.map((option, i) => line(1, ["strong", `${i + 1}`], `  ${option}`)),
  ]);
  const said = await terminal.write(options.length > 0 ? "number or words ›" : "›", "", signal);
  const text = said?.trim() ?? "";
  if (text === "") return fail("denied", "The user gave no answer; go on with what you know, or stop and say what is missing.");
  const chosen = /^\d+$/.test(text) ? options[Number(text) - 1] : undefined;
  terminal.show([marked("said", 0, chosen ?? text)]);
  return ok(chosen ?? text);
}
