// A step on the rail: its node is its state, its evidence is a card of facts, its calls are rows that unfold.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type CallItem, duration, type EvidenceFacts, type StepItem, type StepMood, type TextItem } from "../protocol/to-view.ts";
import { CallRow } from "./call-row.tsx";
import { send } from "./host.ts";
import { Icon } from "./icon.tsx";
import { Markdown, Places, Said } from "./markdown.tsx";
import { tailOf } from "./store.ts";

const nodes: Readonly<
  Record<
    StepMood,
    { readonly icon: string; readonly tone?: "you" | "live" | "good" | "bad" | "quiet"; readonly word: string; readonly spin?: true }
  >
> = {
  later: { icon: "circle-small-filled", tone: "quiet", word: "later" },
  stopped: { icon: "circle-slash", tone: "quiet", word: "stopped" },
  working: { icon: "sync", tone: "live", word: "working", spin: true },
  waiting: { icon: "bell", tone: "you", word: "waits for you" },
  checking: { icon: "sync", tone: "live", word: "being checked", spin: true },
  verified: { icon: "pass-filled", tone: "good", word: "verified" },
  unverified: { icon: "unverified", tone: "you", word: "unverified" },
  failed: { icon: "error", tone: "bad", word: "failed" },
  dropped: { icon: "dash", tone: "quiet", word: "dropped" },
};

export interface StepRowProps {
  readonly step: StepItem;
  readonly past: readonly (CallItem | TextItem)[];
  readonly children: ComponentChildren;
}

export function StepRow({ step, past, children }: StepRowProps) {
  const node = nodes[step.mood];
  const current = step.mood === "working" || step.mood === "waiting" || step.mood === "checking";
  const tail = tailOf(step.id).value;
  return (
    <li class={step.mood === "later" ? "later" : ""} {...(current ? { "aria-current": "step" as const } : {})}>
      <Icon name={node.icon} class="node" {...(node.tone ? { tone: node.tone } : {})} spin={node.spin ?? false} />
      <div class="row">
        <p class="step-title">
          <span class="sr">
            Step {step.number} of {step.of}, {node.word}
            {step.attempt > 1 ? `, attempt ${step.attempt}` : ""}:{" "}
          </span>
          <Places text={step.goal} />
        </p>
        {step.attempt > 1 ? (
          <span class="push tag live">
            attempt {step.attempt} of {step.attempts}
          </span>
        ) : null}
      </div>
      {step.mood === "later" ? <p class="label">{step.needs.length > 0 ? `Waits for ${step.needs.join(" and ")}` : "Later"}</p> : null}
      {step.mood !== "later" && !step.evidence?.pass ? (
        <p class="proof">
          <span>
            done when <Said text={step.check} />
          </span>
        </p>
      ) : null}
      {past.length > 0 ? <PastAttempts items={past} /> : null}
      {children}
      {tail !== "" && current ? (
        <div class="tail" role="log" aria-live="off" aria-label="What is being said">
          {tail.split("\n").slice(-8).join("\n")}
          <span class="caretblock" aria-hidden="true" />
        </div>
      ) : null}
      {step.evidence ? <Evidence evidence={step.evidence} mood={step.mood} /> : null}
      {step.calls > 0 ? (
        <p class="small row after">
          {step.changed > 0 ? (
            <button type="button" class="go" onClick={() => send({ type: "restore", to: step.id.replace(/^step:/, "") })}>
              Restore to before this step…
            </button>
          ) : null}
          <button
            type="button"
            class="go nowrap"
            title="A new run that goes on from before this step; this one stays"
            onClick={() => send({ type: "fork", at: step.id.replace(/^step:/, "") })}
          >
            Fork from here…
          </button>
        </p>
      ) : null}
    </li>
  );
}

function PastAttempts({ items }: { readonly items: readonly (CallItem | TextItem)[] }) {
  const [open, toggle] = useState(false);
  const calls = items.filter((item) => item.kind === "call");
  const attempts = new Set(calls.map((call) => call.attempt)).size;
  return (
    <div class="calls">
      <button type="button" class="call" aria-expanded={open} onClick={() => toggle(!open)}>
        <Icon name={open ? "chevron-down" : "chevron-right"} />
        <span class="quiet">{attempts > 1 ? `${attempts} earlier attempts` : "Earlier attempt"}</span>
        <span class="push fact">{calls.length === 1 ? "1 call" : `${calls.length} calls`}</span>
      </button>
      {open
        ? items.map((item) => (item.kind === "call" ? <CallRow key={item.id} item={item} /> : <Markdown key={item.id} text={item.text} />))
        : null}
    </div>
  );
}

function Evidence({ evidence, mood }: { readonly evidence: EvidenceFacts; readonly mood: StepMood }) {
  const [open, toggle] = useState(false);
  if (evidence.line === undefined) {
    return (
      <p class="small quiet row">
        {mood === "verified" ? <span class="verified">Verified</span> : null}
        <span>
          <Said text={evidence.said} />
        </span>
      </p>
    );
  }
  return (
    <div class="evidence">
      <div class="row">
        <Icon
          name={evidence.pass ? "verified-filled" : "error"}
          tone={evidence.pass ? "good" : "bad"}
          says={evidence.pass ? "Passed" : "Failed"}
        />
        <code class="cut">{evidence.line}</code>
        <span class="push strong num nowrap">
          {evidence.exit === null || evidence.exit === undefined ? "no exit code" : `exit ${evidence.exit}`}
        </span>
      </div>
      <div class="facts num">
        <span>{duration(evidence.ms)}</span>
        <span>{evidence.fresh ? "ran after the last write" : "older than the last write, so it proves nothing now"}</span>
        {evidence.tail.trim() === "" ? null : (
          <button type="button" class="go" aria-expanded={open} onClick={() => toggle(!open)}>
            {open ? "Hide output" : "Show output"}
          </button>
        )}
      </div>
      {open ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <pre class="output" tabIndex={0} aria-label="Output of the check">
          {evidence.tail}
        </pre>
      ) : null}
    </div>
  );
}
