// The card that asks. What, where, why, rule, effects, undo, and only then the buttons; they arm once the card has been on screen.

import { useState } from "preact/hooks";
import { amountOf, type ApprovalItem, doubtText } from "../protocol/to-view.ts";
import { AlwaysBox } from "./always-box.tsx";
import { useArmed } from "./armed.ts";
import { Countdown } from "./countdown.tsx";
import { Diff } from "./diff.tsx";
import { ApplyButtons, ReviewFile, standingOf } from "./review.tsx";
import { CommandLine, Effects } from "./effects.tsx";
import { Facts, RuleLine } from "./facts.tsx";
import { useFocusAtFirst } from "./focus.ts";
import { send } from "./host.ts";
import { Icon } from "./icon.tsx";
import { header } from "./store.ts";

export function ApprovalCard({ item }: { readonly item: ApprovalItem }) {
  const { request, parts, critical, id } = item;
  const [mode, setMode] = useState<"ask" | "reject" | "edit" | "always">("ask");
  const [read, setRead] = useState(false);
  const { armed, card } = useArmed(id, !critical);
  const { preview, risk, decision } = request;
  const approve = (rule?: { readonly remember: number; readonly keep: "session" | "file" }): void =>
    send({ type: "approve", id, digest: request.digest, ...rule });
  const grade = critical ? "critical" : request.grade;
  const changes = preview?.kind === "diff";
  const reviewable = changes && request.touches !== undefined;
  const standing = reviewable ? standingOf(item) : { decided: 0, of: 0, made: 0 };
  const approval = (
    <button
      type="button"
      class={critical ? "btn danger push" : "btn primary"}
      disabled={!armed || (critical && !read)}
      onClick={() => approve()}
      aria-keyshortcuts={critical ? undefined : "Alt+Y"}
    >
      {critical ? "Approve once" : verbOf(item)}
    </button>
  );
  const limit = request.subject.of === "limit";
  const reject = limit ? (
    // Nobody has to be told why: the run stops, and can be resumed.
    <button type="button" class="btn" disabled={!armed} onClick={() => send({ type: "reject", id, why: "" })} aria-keyshortcuts="Alt+N">
      Stop here
    </button>
  ) : (
    <button
      type="button"
      class={critical ? "btn primary" : "btn"}
      aria-expanded={mode === "reject"}
      onClick={() => setMode(mode === "reject" ? "ask" : "reject")}
      aria-keyshortcuts="Alt+N"
    >
      Reject…
    </button>
  );
  return (
    <section class={`card ${critical ? "grave" : "asks"}`} aria-label={`${request.title} Waits for approval`} ref={card} data-card={id}>
      <header>
        <Icon name={critical ? "warning" : limit ? "dashboard" : (icons[request.tool ?? ""] ?? "bell")} tone={critical ? "bad" : "you"} />
        <h2>{request.title}</h2>
        {grade === undefined ? null : (
          <span class={`push tag ${tones[grade]}`} title={`${grade} risk`}>
            {grade}
            <span class="sr"> risk</span>
          </span>
        )}
        {standing.of > 1 ? (
          <span class="small num nowrap">
            {standing.decided} of {standing.of} decided
          </span>
        ) : null}
      </header>
      {changes
        ? preview.files.map((file) =>
            reviewable ? <ReviewFile key={file.path} item={item} file={file} /> : <Diff key={file.path} file={file} />,
          )
        : null}
      <div class="body">
        {preview?.kind === "command" ? <CommandLine line={preview.line} stretches={parts?.line} /> : null}
        {preview?.kind === "text" ? <div class="cmd">{preview.text}</div> : null}
        {parts ? <Effects parts={parts} /> : null}
        <Facts facts={factsOf(item)} />
        {critical ? (
          <label class="row small-text">
            <input type="checkbox" checked={read} onChange={(event) => setRead(event.currentTarget.checked)} />
            <span>I have read what cannot be undone</span>
          </label>
        ) : null}
      </div>
      {decision ? <RuleLine decision={decision} /> : null}
      {request.deadline === undefined ? null : <Countdown deadline={request.deadline} />}
      <footer>
        {critical ? reject : standing.decided > 0 ? <ApplyButtons item={item} standing={standing} disabled={!armed} /> : approval}
        {changes && standing.decided > 0 ? null : changes ? (
          <button type="button" class="btn" onClick={() => send({ type: "review", id })}>
            Review
          </button>
        ) : request.subject.of === "call" && request.input !== undefined && risk !== undefined ? (
          <button type="button" class="btn" aria-expanded={mode === "edit"} onClick={() => setMode(mode === "edit" ? "ask" : "edit")}>
            Edit
          </button>
        ) : null}
        {critical ? approval : reject}
        {!critical && decision && standing.decided === 0 ? (
          <button
            type="button"
            class="btn link push"
            aria-expanded={mode === "always"}
            onClick={() => {
              send({ type: "offers", id });
              setMode(mode === "always" ? "ask" : "always");
            }}
          >
            Always allow…
            <Icon name={mode === "always" ? "chevron-up" : "chevron-down"} small />
          </button>
        ) : null}
      </footer>
      {mode === "reject" ? <RejectBox id={id} onLeave={() => setMode("ask")} /> : null}
      {mode === "edit" ? <EditBox id={id} input={request.input} onLeave={() => setMode("ask")} /> : null}
      {mode === "always" ? <AlwaysBox id={id} disabled={!armed} onSave={approve} /> : null}
    </section>
  );
}

/** What the button does, where that is more than a yes. */
function verbOf({ request: { subject, preview } }: ApprovalItem): string {
  if (subject.of === "limit") return `Raise to ${amountOf(subject.what, subject.to)}`;
  if (subject.of === "step") return "Try again";
  return preview?.kind === "diff" ? "Accept" : "Approve";
}

const tones = { low: "", moderate: "", high: "loud", critical: "bad" } as const;

const icons: Readonly<Record<string, string>> = {
  run_command: "terminal",
  try_edits: "beaker",
  edit_file: "edit",
  create_file: "new-file",
  delete_file: "trash",
  change_files: "edit",
  rename: "edit",
  code_actions: "lightbulb",
  read_file: "file",
  git: "git-commit",
  git_restore: "discard",
};

function factsOf({ request, parts, purpose, critical, limitUsd }: ApprovalItem): (readonly [string, preact.ComponentChildren])[] {
  const { risk, why = purpose, undo, spend, preview } = request;
  const facts: (readonly [string, preact.ComponentChildren])[] = [];
  if (why) facts.push(["Why", why]);
  if (preview?.kind === "command")
    facts.push(["Where", <span class="mono">{preview.cwd === "." ? "the workspace folder" : preview.cwd}</span>]);
  const untold = parts?.untold ?? risk?.effects ?? [];
  if (untold.length > 0) facts.push(["Effects", untold.join(", ")]);
  const doubt = doubtText(request.confidence);
  if (doubt !== "") facts.push(["Doubt", doubt]);
  if (risk?.effects.includes("execute")) facts.push(["Sandbox", confinement(request)]);
  if (undo) facts.push(["Undo", critical ? <span class="strong">{undo}</span> : undo]);
  facts.push([
    "Cost",
    `$${spend.usd.toFixed(2)} of $${limitUsd.toFixed(2)} so far${spend.unpriced > 0 ? `, ${spend.unpriced} requests of unknown price` : ""}`,
  ]);
  return facts;
}

function confinement({ subject, risk }: ApprovalItem["request"]): string {
  if (subject.of === "outside") return "off for this one run";
  const { unsandboxed } = header.value;
  if (unsandboxed !== undefined) return `off: ${unsandboxed}`;
  return risk?.effects.includes("network") ? "on, with the network for this call" : "on, no network";
}

/** Words of the person; Escape leaves the box and decides nothing. */
export function RejectBox({
  id,
  onLeave,
  label = "Why? The agent is told word for word.",
  verb = "Reject",
}: {
  readonly id: string;
  readonly onLeave: () => void;
  readonly label?: string;
  readonly verb?: string;
}) {
  const [why, setWhy] = useState("");
  const box = useFocusAtFirst<HTMLTextAreaElement>();
  const reject = (): void => send({ type: "reject", id, why });
  return (
    <div class="line">
      <label class="stack-tight">
        <span class="label">{label}</span>
        <textarea
          class="input"
          rows={2}
          value={why}
          ref={box}
          onInput={(event) => setWhy(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") onLeave();
            if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
              event.preventDefault();
              reject();
            }
          }}
        />
      </label>
      <div class="row">
        <button type="button" class="btn danger" onClick={reject}>
          {verb}
        </button>
        <button type="button" class="btn" onClick={onLeave}>
          Keep waiting
        </button>
      </div>
    </div>
  );
}

function EditBox({ id, input, onLeave }: { readonly id: string; readonly input: unknown; readonly onLeave: () => void }) {
  const line = typeof input === "object" && input !== null && "line" in input && typeof input.line === "string" ? input.line : undefined;
  const box = useFocusAtFirst<HTMLTextAreaElement>();
  const [text, setText] = useState(line ?? JSON.stringify(input, null, 2));
  const run = (): void =>
    send({ type: "amend", id, input: line === undefined ? text : JSON.stringify({ ...(input as object), line: text }) });
  return (
    <div class="line">
      <label class="stack-tight">
        <span class="label">{line === undefined ? "Arguments" : "Command line"}; a changed call is judged anew.</span>
        <textarea
          class="input mono"
          rows={line === undefined ? 6 : 2}
          value={text}
          ref={box}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => event.key === "Escape" && onLeave()}
        />
      </label>
      <div class="row">
        <button type="button" class="btn primary" onClick={run}>
          {line === undefined ? "Use these arguments" : "Use this line"}
        </button>
        <button type="button" class="btn" onClick={onLeave}>
          Back
        </button>
      </div>
    </div>
  );
}
