// Past runs: found by a word of their goal, opened, resumed, deleted.

import { useEffect, useState } from "preact/hooks";
import type { RunLine, RunMood } from "../protocol/to-view.ts";
import { send } from "./host.ts";
import { Icon, ToolButton } from "./icon.tsx";
import { LinkButton } from "./markdown.tsx";
import { runs } from "./store.ts";

const icons: Readonly<
  Record<RunMood, { readonly name: string; readonly tone?: "you" | "live" | "good" | "bad" | "quiet"; readonly word: string }>
> = {
  idle: { name: "circle-small", tone: "quiet", word: "empty" },
  working: { name: "sync", tone: "live", word: "working" },
  waiting: { name: "bell", tone: "you", word: "waits for you" },
  done: { name: "pass-filled", tone: "good", word: "done" },
  unverified: { name: "unverified", tone: "you", word: "unverified" },
  failed: { name: "error", tone: "bad", word: "failed" },
  stopped: { name: "circle-slash", tone: "quiet", word: "stopped" },
  cancelled: { name: "circle-slash", tone: "quiet", word: "stopped by you" },
  fuse: { name: "debug-disconnect", tone: "bad", word: "stopped by a fuse" },
};

export function Runs() {
  const [search, setSearch] = useState("");
  const [doomed, doom] = useState<string | undefined>();
  useEffect(() => send({ type: "runs", search }), [search]);
  const found = runs.value;
  return (
    <section class="past" aria-label="Past runs">
      <h2 class="sect row">
        Runs
        <span class="push">
          <ToolButton icon="desktop-download" title="Import Run…" onClick={() => send({ type: "command", name: "importRun" })} />
        </span>
      </h2>
      <label class="field">
        <Icon name="search" says="Search runs" />
        <input value={search} placeholder="Search goals" onInput={(event) => setSearch(event.currentTarget.value)} />
      </label>
      {found === undefined ? null : found.length === 0 ? (
        <p class="label pad">{search === "" ? "No runs yet." : "No run matches."}</p>
      ) : (
        <ul class="list">
          {found.map((run) => (
            <RunRow key={run.id} run={run} doomed={doomed === run.id} onDoom={doom} search={search} />
          ))}
        </ul>
      )}
    </section>
  );
}

function RunRow({
  run,
  doomed,
  onDoom,
}: {
  readonly run: RunLine;
  readonly doomed: boolean;
  readonly onDoom: (id: string | undefined) => void;
  readonly search: string;
}) {
  const icon = icons[run.mood];
  const over = run.mood === "done" || run.mood === "unverified";
  return (
    <li>
      <Icon name={icon.name} says={`${icon.word}:`} {...(icon.tone ? { tone: icon.tone } : {})} />
      <span class="cut">
        <LinkButton class="plain" onClick={() => send({ type: "open", run: run.id })}>
          {run.goal}
        </LinkButton>
      </span>
      <span class="row tight">
        {over ? null : (
          <ToolButton icon="debug-continue" title={`Resume: ${run.goal}`} onClick={() => send({ type: "resume", run: run.id })} />
        )}
        <ToolButton icon="export" title={`Export: ${run.goal}`} onClick={() => send({ type: "export", run: run.id })} />
        <ToolButton icon="trash" title={`Delete: ${run.goal}`} onClick={() => onDoom(run.id)} />
      </span>
      <span class="under num">
        {when(run.at)}
        {run.usd > 0 ? `, $${run.usd.toFixed(2)}` : ""}
        {run.said === "" ? "" : `. ${run.said}`}
      </span>
      {doomed ? (
        <span class="under row">
          <button
            type="button"
            class="btn danger"
            onClick={() => {
              send({ type: "delete", run: run.id });
              onDoom(undefined);
            }}
          >
            Delete its journal
          </button>
          <button type="button" class="btn" onClick={() => onDoom(undefined)}>
            Keep
          </button>
        </span>
      ) : null}
    </li>
  );
}

function when(at: number): string {
  const date = new Date(at);
  const today = new Date().toDateString() === date.toDateString();
  return today ? date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) : date.toLocaleDateString();
}
