// A change that waits, hunk by hunk, in the card: the same hunks as in the editor, with the same decisions. What is decided here is
// journaled at once; nothing is written before it is applied.

import { useState } from "preact/hooks";
import { type HunkMood, type WaitingHunk, waitingHunks } from "../protocol/hunks.ts";
import type { ApprovalItem } from "../protocol/to-view.ts";
import { type DiffLine, DiffLines } from "./diff-lines.tsx";
import { send } from "./host.ts";
import { Icon, ToolButton } from "./icon.tsx";
import { Place } from "./markdown.tsx";
import { header } from "./store.ts";

type FileDiff = Extract<NonNullable<ApprovalItem["request"]["preview"]>, { kind: "diff" }>["files"][number];

export interface Standing {
  readonly decided: number;
  readonly of: number;
  readonly made: number;
}

/** How far a change is decided. */
export function standingOf({ request, answers }: ApprovalItem): Standing {
  const files = request.preview?.kind === "diff" ? request.preview.files : [];
  const moods = files.flatMap((file) => waitingHunks(file, answers).map(({ mood }) => mood));
  return {
    of: moods.length,
    decided: moods.filter((mood) => mood !== "open").length,
    made: moods.filter((mood) => mood === "accepted" || mood === "changed").length,
  };
}

/** Once hunks are decided one by one: on to the next, and when all are, to write that. What becomes of the rest can be said at once. */
export function ApplyButtons({
  item,
  standing,
  disabled,
}: {
  readonly item: ApprovalItem;
  readonly standing: Standing;
  readonly disabled: boolean;
}) {
  const { id, request } = item;
  const { decided, of, made } = standing;
  const open = of - decided;
  const apply = (rest?: "rejected"): void => send({ type: "apply", id, digest: request.digest, ...(rest === undefined ? {} : { rest }) });
  return (
    <>
      {open > 0 ? (
        <button type="button" class="btn primary" onClick={() => send({ type: "review", id })}>
          Next hunk
        </button>
      ) : null}
      <button type="button" class={open > 0 ? "btn" : "btn primary"} disabled={disabled || open > 0} onClick={() => apply()}>
        {made === 0 && open === 0 ? "Reject all of it" : `Apply ${made}`}
      </button>
      {open > 0 ? (
        <>
          <button type="button" class="btn" disabled={disabled} onClick={() => send({ type: "approve", id, digest: request.digest })}>
            Accept the other {open}
          </button>
          <button type="button" class="btn" disabled={disabled} onClick={() => apply("rejected")}>
            {made === 0 ? "Reject the rest" : `Apply ${made}, reject the rest`}
          </button>
        </>
      ) : null}
    </>
  );
}

export function ReviewFile({ item, file }: { readonly item: ApprovalItem; readonly file: FileDiff }) {
  const hunks = waitingHunks(file, item.answers);
  const decided = hunks.filter(({ mood }) => mood !== "open").length;
  const all = (decision: "accepted" | "rejected"): void =>
    send({ type: "decide", id: item.id, digest: item.request.digest, file: file.path, decision });
  return (
    <div role="group" aria-label={`${file.path}, ${decided} of ${hunks.length} decided`}>
      <div class="file">
        <span class="cut mid">
          <Place path={file.path} text={file.path} />
        </span>
        <span class="push num small nowrap">
          <span class="plus">+{file.added}</span> <span class="minus">−{file.removed}</span>
        </span>
        {hunks.length > 1 ? (
          <>
            <span class="num small nowrap quiet">
              {decided} of {hunks.length}
            </span>
            <ToolButton icon="check-all" title={`Accept all hunks of ${file.path}`} onClick={() => all("accepted")} />
            <ToolButton icon="close-all" title={`Reject all hunks of ${file.path}`} onClick={() => all("rejected")} />
          </>
        ) : null}
      </div>
      {hunks.map((hunk) => (
        <Hunk key={hunk.hunk} item={item} file={file} hunk={hunk} of={hunks.length} />
      ))}
    </div>
  );
}

const icons: Readonly<Record<HunkMood, readonly [name: string, tone: "you" | "good" | "live" | "bad"]>> = {
  open: ["circle-large-outline", "you"],
  accepted: ["check", "good"],
  changed: ["edit", "live"],
  rejected: ["close", "bad"],
};
const words: Readonly<Record<HunkMood, string>> = {
  open: "undecided",
  accepted: "accepted",
  changed: "edited by you",
  rejected: "rejected",
};
const clashWords = "meets lines you changed meanwhile";
const isClash = ({ request }: ApprovalItem, file: string, hunk: number): boolean =>
  header.value.clashes?.some((one) => one.digest === request.digest && one.file === file && one.hunk === hunk) === true;
const mostLines = 16;

function Hunk({
  item,
  file,
  hunk,
  of,
}: {
  readonly item: ApprovalItem;
  readonly file: FileDiff;
  readonly hunk: WaitingHunk;
  readonly of: number;
}) {
  const { answer, mood, where } = hunk;
  const [opened, open] = useState<boolean>();
  const shown = opened ?? (mood === "open" || mood === "changed");
  const act = (what: "open" | "edit" | "comment"): void => send({ type: "hunk", id: item.id, file: file.path, hunk: hunk.hunk, act: what });
  const decide = (decision: "accepted" | "rejected" | "open"): void =>
    send({ type: "decide", id: item.id, digest: item.request.digest, file: file.path, hunk: hunk.hunk, decision });
  const clash = isClash(item, file.path, hunk.hunk);
  const why = answer?.decision?.is === "rejected" ? answer.decision.why : undefined;
  return (
    <section
      class={`hunk-box ${mood}`}
      aria-label={`Hunk ${hunk.hunk + 1} of ${of}, ${where}, ${hunk.added.length} added, ${hunk.removed.length} removed, ${clash ? clashWords : words[mood]}`}
    >
      <div class="hunk">
        <Icon name={clash ? "warning" : icons[mood][0]} tone={clash ? "you" : icons[mood][1]} small />
        <button
          type="button"
          class="plain cut"
          aria-expanded={shown}
          onClick={() => open(!shown)}
          title={shown ? "Fold" : "Show the lines"}
        >
          {where}
        </button>
        <span class="num small nowrap">
          {hunk.added.length > 0 ? <span class="plus">+{hunk.added.length}</span> : null}{" "}
          {hunk.removed.length > 0 ? <span class="minus">−{hunk.removed.length}</span> : null}
        </span>
        <span class="row tight">
          {mood === "open" ? (
            <>
              {clash ? null : (
                <ToolButton icon="check" title={`Accept hunk ${hunk.hunk + 1}, ${where}`} onClick={() => decide("accepted")} />
              )}
              <ToolButton icon="close" title={`Reject hunk ${hunk.hunk + 1}, ${where}`} onClick={() => decide("rejected")} />
            </>
          ) : (
            <ToolButton icon="discard" title={`Take back the decision about hunk ${hunk.hunk + 1}`} onClick={() => decide("open")} />
          )}
          <ToolButton icon="edit" title={`Edit hunk ${hunk.hunk + 1}`} onClick={() => act("edit")} />
          <ToolButton icon="comment" title={`Comment on hunk ${hunk.hunk + 1}`} onClick={() => act("comment")} />
          <ToolButton icon="go-to-file" title={`Show hunk ${hunk.hunk + 1} in the editor`} onClick={() => act("open")} />
        </span>
      </div>
      {clash ? (
        <div class="hunk-note">
          You changed these lines meanwhile.{" "}
          <button type="button" class="btn link" onClick={() => act("open")}>
            Decide in the editor
          </button>
        </div>
      ) : null}
      {why === undefined ? null : <div class="hunk-note">Rejected: {why}</div>}
      {answer?.comment === undefined ? null : <div class="hunk-note">You say: {answer.comment}</div>}
      {shown ? <Lines hunk={hunk} text={answer?.decision?.is === "changed" ? answer.decision.text : undefined} /> : null}
    </section>
  );
}

/** What goes and what comes; `text` is what the person made of it. */
function Lines({ hunk, text }: { readonly hunk: WaitingHunk; readonly text: string | undefined }) {
  const added = text === undefined ? hunk.added : text.replace(/\r?\n$/, "").split("\n");
  const lines: readonly DiffLine[] = [
    ...hunk.removed.map((line, i) => ({ kind: "d", sign: "−", number: String(hunk.from + i), text: line }) as const),
    ...added.map((line) => ({ kind: "a", sign: "+", number: "", text: line }) as const),
  ];
  return <DiffLines lines={lines} most={mostLines} label="Lines" />;
}
