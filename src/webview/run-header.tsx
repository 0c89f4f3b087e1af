// What, where it stands, what it costs: the first thing seen and never more than a few lines.

import type { Header, RunMood, StepMood } from "../protocol/to-view.ts";
import { FusePanel } from "./fuses.tsx";
import { Context } from "./context.tsx";
import { send } from "./host.ts";
import { Icon } from "./icon.tsx";

const bars: Readonly<Partial<Record<StepMood, string>>> = {
  verified: "good",
  unverified: "you",
  working: "live",
  checking: "live",
  waiting: "you",
  failed: "bad",
};
const words: Readonly<
  Record<RunMood, { readonly icon?: string; readonly tone?: "you" | "good" | "bad" | "quiet"; readonly text: string }>
> = {
  idle: { text: "" },
  working: { text: "" },
  waiting: { icon: "bell", tone: "you", text: "waits for you" },
  done: { icon: "pass-filled", tone: "good", text: "Done and proved" },
  unverified: { icon: "unverified", tone: "you", text: "Done, not all of it verified" },
  failed: { icon: "error", tone: "bad", text: "Failed" },
  stopped: { icon: "circle-slash", tone: "quiet", text: "Stopped" },
  cancelled: { icon: "circle-slash", tone: "quiet", text: "Stopped by you" },
  fuse: { icon: "debug-disconnect", tone: "bad", text: "Stopped by a fuse" },
};

export function RunHeader({ header }: { readonly header: Header }) {
  const { run, mood, steps, verified, waits, spend } = header;
  if (!run) return null;
  const word = words[mood];
  const text =
    mood === "waiting"
      ? waits
      : mood === "working"
        ? steps.length === 0
          ? "Making a plan"
          : `${verified} of ${steps.length} verified`
        : word.text;
  const share = spend.limit > 0 ? Math.min(100, (spend.usd / spend.limit) * 100) : 0;
  return (
    <header class="run-head">
      <div class="row top">
        <h1>{run.goal}</h1>
        {mood === "working" || mood === "waiting" ? (
          <button
            type="button"
            class="btn stop"
            title="Stop (Shift+Escape)"
            aria-keyshortcuts="Shift+Escape"
            onClick={() => send({ type: "stop" })}
          >
            <Icon name="debug-stop" tone="bad" small />
            Stop
          </button>
        ) : null}
      </div>
      {run.folder === undefined ? null : <p class="small quiet cut">in {run.folder}</p>}
      {steps.length > 0 ? (
        <div class="progress" role="img" aria-label={`${verified} of ${steps.length} steps verified`}>
          {steps.map((step) => (
            <i key={step.id} class={bars[step.status] ?? ""} />
          ))}
        </div>
      ) : (
        <div class="gap" />
      )}
      <div class="row small num">
        <span class={`row tight ${word.tone ?? "quiet"}`}>
          {word.icon ? <Icon name={word.icon} small {...(word.tone ? { tone: word.tone } : {})} /> : null}
          {text}
        </span>
        <span
          class="push quiet nowrap"
          title={`${spend.tokens} tokens${spend.unpriced > 0 ? `, ${spend.unpriced} requests of unknown price` : ""}`}
        >
          {spend.unpriced > 0 && spend.usd === 0 ? `${spend.tokens} tokens` : `$${spend.usd.toFixed(2)} of $${spend.limit.toFixed(2)}`}
        </span>
        <span class="meter" role="meter" aria-label="Spend" aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share)}>
          <i ref={(bar) => bar?.style.setProperty("width", `${share}%`)} />
        </span>
      </div>
      <FusePanel fuses={header.fuses} />
      {header.context ? <Context meter={header.context} /> : null}
    </header>
  );
}
