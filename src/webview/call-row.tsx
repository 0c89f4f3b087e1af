// One call: a row of 22 pixels that unfolds to its arguments, output, duration and the decision of the policy.

import { useState } from "preact/hooks";
import { type CallDetail, type CallItem, type CallMood, duration } from "../protocol/to-view.ts";
import { CommandLine, Effects } from "./effects.tsx";
import { RuleLine } from "./facts.tsx";
import { send } from "./host.ts";
import { Icon } from "./icon.tsx";
import { detailOf, tailOf } from "./store.ts";

const icons: Readonly<Record<CallItem["icon"], string>> = {
  file: "file",
  search: "search",
  edit: "edit",
  terminal: "terminal",
  list: "list-tree",
  question: "question",
  git: "git-commit",
  tool: "tools",
};
const moods: Readonly<
  Partial<Record<CallMood, { readonly icon?: string; readonly tone?: "you" | "live" | "bad"; readonly word: string }>>
> = {
  waiting: { tone: "you", word: "waits for you" },
  running: { tone: "live", word: "running" },
  failed: { tone: "bad", word: "failed" },
  stopped: { icon: "circle-slash", word: "stopped" },
  denied: { icon: "circle-slash", tone: "bad", word: "denied by the policy" },
  rejected: { icon: "circle-slash", tone: "bad", word: "rejected" },
  late: { icon: "watch", tone: "bad", word: "timed out" },
  unknown: { icon: "question", tone: "you", word: "how it ended is unknown" },
};

const outputLines = 8;

export function CallRow({ item }: { readonly item: CallItem }) {
  const [open, toggle] = useState(false);
  const mood = moods[item.mood];
  const tail = tailOf(item.id).value;
  const unfold = (): void => {
    if (!open) send({ type: "unfold", id: item.id });
    toggle(!open);
  };
  return (
    <div class="call-box">
      <button type="button" class="call" aria-expanded={open} onClick={unfold}>
        <Icon
          name={mood?.icon ?? icons[item.icon]}
          {...(mood?.tone ? { tone: mood.tone } : {})}
          says={`${item.tool}${mood ? `, ${mood.word}` : ""}:`}
        />
        <span class="what cut">{item.title}</span>
        <span class="fact">{item.fact}</span>
      </button>
      {tail !== "" && item.mood === "running" ? (
        <div class="tail" role="log" aria-live="off" aria-label={`Output of ${item.title}`}>
          {tail.replace(/\n$/, "").split("\n").slice(-outputLines).join("\n")}
          <span class="caretblock" aria-hidden="true" />
        </div>
      ) : null}
      {open ? <Detail detail={detailOf(item.id).value} /> : null}
    </div>
  );
}

function Detail({ detail }: { readonly detail: CallDetail | undefined }) {
  if (!detail) return <p class="label detail">Reading the journal…</p>;
  const isDenied = detail.decision?.verdict === "deny";
  return (
    <div class="detail">
      {isDenied ? <Judged detail={detail} /> : null}
      <Part label="Arguments" text={detail.args} />
      <Part label={detail.told === undefined ? "Output" : "The agent was told"} text={detail.output} />
      {detail.ms === undefined ? null : <p class="label num">took {duration(detail.ms)}</p>}
      {isDenied ? null : <Judged detail={detail} />}
      {detail.restore === undefined ? null : (
        <button type="button" class="go small" onClick={() => send({ type: "restore", to: detail.restore ?? "start" })}>
          Restore to before this call…
        </button>
      )}
      {detail.fork === undefined ? null : (
        <button type="button" class="go small" onClick={() => send({ type: "fork", at: detail.fork ?? "start" })}>
          Fork from here…
        </button>
      )}
    </div>
  );
}

function Judged({ detail: { decision, parts } }: { readonly detail: CallDetail }) {
  const line = parts?.line.map(({ text }) => text).join("") ?? "";
  return (
    <>
      {line === "" ? null : <CommandLine line={line} stretches={parts?.line} />}
      {parts ? <Effects parts={parts} /> : null}
      {decision ? <RuleLine decision={decision} /> : null}
    </>
  );
}

function Part({ label, text }: { readonly label: string; readonly text: string }) {
  if (text === "") return null;
  return (
    <div>
      <p class="row">
        <span class="label">{label}</span>
        <button type="button" class="go push small" onClick={() => send({ type: "copy", text })}>
          Copy
        </button>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <pre class="output" tabIndex={0} aria-label={label}>
        {text}
      </pre>
    </div>
  );
}
