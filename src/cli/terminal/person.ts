// The person at the terminal: each question as a card with its keys, one at a time. Enter never approves, nor does a key that was
// pressed before the card was on screen; Escape never answers. An edit is an amendment: it is judged and, where asked, shown anew.

import type { ApprovalRequest, Resolution } from "../../agent/approval.ts";
import { companionsOf } from "../../agent/change-set.ts";
import { timeLeft } from "../../agent/observe/amount.ts";
import { type CardFacts, cardLines } from "../../agent/observe/card.ts";
import { type Line, line, marked, type Words } from "../../agent/observe/line.ts";
import { amountOf } from "../../agent/limit.ts";
import { Queue } from "../../agent/queue.ts";
import { assertNever, fail, ok, type Result } from "../../agent/result.ts";
import type { Person } from "../../agent/world.ts";
import type { Io } from "../io.ts";
import { alwaysAllow, type GrantDesk } from "./always.ts";
import { amend, type Amended } from "./amend.ts";
import { explainLines } from "./explain.ts";
import { decideHunks, hunksOf } from "./hunks.ts";
import type { KeyQuestion, Terminal } from "./terminal.ts";

export interface TerminalPersonParts extends GrantDesk {
  readonly terminal: Terminal;
  readonly env: Io["env"];
  readonly facts: () => CardFacts;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** How long a question waits, where the person set that. */
  readonly patienceMs: () => number | undefined;
}

type Choice = "approve" | "reject" | "edit" | "always" | "set" | "hunks" | "explain";

const keys: Readonly<Record<string, Choice>> = {
  y: "approve",
  n: "reject",
  e: "edit",
  a: "always",
  b: "set",
  h: "hunks",
  "?": "explain",
};

export function terminalPerson({ env, facts, now, patienceMs, ...desk }: TerminalPersonParts): Person {
  const { terminal } = desk;
  const queue = new Queue();
  /** Questions that wait, the one that is shown included. */
  const waiting = new Set<ApprovalRequest>();
  /** Digests that were approved with the others of their change set, before their turn came. */
  const approved = new Set<string>();
  const approval = ({ digest }: ApprovalRequest): Resolution => ({ answer: "approve", digest, by: "person" });
  const decideNow = async (request: ApprovalRequest, signal: AbortSignal): Promise<Resolution> => {
    if (approved.delete(request.digest)) return approval(request);
    terminal.show(cardLines(request, facts()));
    for (;;) {
      const set = companionsOf(request, [...waiting]);
      const choice = await terminal.choose(question(request, { others: queue.waiting, set: set.length, now }), signal);
      switch (choice) {
        case "approve":
          return approval(request);
        case "set":
          if (!(await seenAll(set, request, { terminal, facts }, signal))) break;
          for (const other of set) if (other !== request && waiting.has(other)) approved.add(other.digest);
          return approval(request);
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
    patienceMs,
    decide: async (request, signal) => {
      waiting.add(request);
      try {
        return await queue.enter(() => decideNow(request, signal), signal);
      } finally {
        waiting.delete(request);
      }
    },
    answer: (question, options, signal) => queue.enter(() => ask(terminal, question, options, signal), signal),
  };
}

/** Shows the rest of a change set, then asks about all of it. */
async function seenAll(
  set: readonly ApprovalRequest[],
  first: ApprovalRequest,
  { terminal, facts }: Pick<TerminalPersonParts, "terminal" | "facts">,
  signal: AbortSignal,
): Promise<boolean> {
  for (const other of set) if (other !== first) terminal.show(cardLines(other, facts()));
  const offer = line(0, ["waits", "? "], ["strong", "y"], ` apply all ${set.length} changes  `, ["strong", "Esc"], " back to the first");
  return terminal.choose<boolean>(
    { offer: () => [offer], answer: ({ name, text }) => (name === "escape" ? false : text.toLowerCase() === "y" || undefined) },
    signal,
  );
}

interface Around {
  /** How many wait behind it. */
  readonly others: number;
  /** How many changes its change set has. */
  readonly set: number;
  readonly now: () => number;
}

/** What can be answered, that others wait behind it, and how long it waits. */
function question(request: ApprovalRequest, { others, set, now }: Around): KeyQuestion<Choice> {
  const { subject, input, decision, deadline } = request;
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
    ...named("b", `all ${set} changes…`, set > 1),
    ...named("?", "explain"),
    ["quiet", more],
  );
  const left = (): readonly Line[] =>
    deadline === undefined ? [] : [line(0, ["waits", `counts as rejected in ${timeLeft(deadline - now())}`])];
  const meaningless: readonly (Choice | false)[] = [!editable && "edit", !rulable && "always", set < 2 && "set", !hunked && "hunks"];
  return {
    offer: () => [...left(), offer],
    answer: ({ text }) => {
      const choice = keys[text.toLowerCase()];
      return choice === undefined || meaningless.includes(choice) ? undefined : choice;
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
