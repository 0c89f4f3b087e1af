// The whole view: header, items in order, composer; and what is said aloud to those who do not see it.

import { useEffect, useRef, useState } from "preact/hooks";
import type { ApprovalItem, CallItem, EndItem, FuseItem, Item, StepItem, SwitchItem, TextItem } from "../protocol/to-view.ts";
import { offlineEngine } from "../protocol/offline.ts";
import { ApprovalCard } from "./approval-card.tsx";
import { ChangeSetBar } from "./change-set-bar.tsx";
import { CallRow } from "./call-row.tsx";
import { EndCard, LessonCard, SwitchRow } from "./cards.tsx";
import { Composer } from "./composer.tsx";
import { Empty } from "./empty.tsx";
import { FuseCard } from "./fuses.tsx";
import { send } from "./host.ts";
import { Icon, ToolButton } from "./icon.tsx";
import { LinkButton, Markdown } from "./markdown.tsx";
import { PlanCard } from "./plan-card.tsx";
import { RunHeader } from "./run-header.tsx";
import { Runs } from "./runs.tsx";
import { earlier, header, items, notice, recalled } from "./store.ts";
import { StepRow } from "./step-row.tsx";

export function App() {
  const { run } = header.value;
  const scroll = useFollowing(items.value);
  return (
    <main class="view" aria-label="Proviso">
      <RunHeader header={header.value} />
      <div class="scroll" ref={scroll}>
        {earlier.value > 0 ? (
          <button type="button" class="btn link" onClick={() => send({ type: "earlier" })}>
            Show {Math.min(100, earlier.value)} earlier
          </button>
        ) : null}
        {run ? <Items items={items.value} run={run.id} /> : <Empty header={header.value} />}
        {run || header.value.limits?.startsWith("No folder") ? null : <Runs />}
      </div>
      <Notice />
      {header.value.unsandboxed ? (
        <div class="dock" role="note">
          <Icon name="unlock" tone="bad" />
          <span>The sandbox is missing here, so every command asks: {header.value.unsandboxed}</span>
        </div>
      ) : null}
      {run === undefined && header.value.limits === undefined && header.value.model === offlineEngine ? (
        <div class="dock" role="note">
          <Icon name="debug-disconnect" tone="quiet" />
          <span>
            <span class="strong">Offline engine</span> mends failing tests, renames, finds usages.{" "}
            <LinkButton onClick={() => send({ type: "command", name: "selectModel" })}>Add a model</LinkButton>
          </span>
        </div>
      ) : null}
      <Composer key={recalled.value} header={header.value} />
      <Announcer />
    </main>
  );
}

function Items({ items: all, run }: { readonly items: readonly Item[]; readonly run: string }) {
  const plan = all.find((item) => item.kind === "plan");
  const steps = all.filter((item): item is StepItem => item.kind === "step");
  const planners = all.filter((item): item is SwitchItem => item.kind === "switch" && item.step === undefined);
  return (
    <div class="stack pad-top">
      {planners.map((item) => (
        <SwitchRow key={item.id} item={item} />
      ))}
      {plan ? <PlanCard key={`${plan.request.digest}.${recalled.value}`} item={plan} /> : null}
      {steps.length > 0 ? (
        <ol class="steps">
          {steps.map((step) => (
            <Step key={step.id} step={step} items={below(all, step)} />
          ))}
        </ol>
      ) : null}
      {all
        .filter(isLoose)
        .map((item) =>
          item.kind === "text" ? (
            <Said key={item.id} item={item} />
          ) : item.kind === "approval" ? (
            <ApprovalCard key={item.id} item={item} />
          ) : item.kind === "fuse" ? (
            <FuseCard key={item.id} item={item} run={run} />
          ) : (
            <EndCard key={item.id} item={item} run={run} told={all.some((other) => other.kind === "fuse")} />
          ),
        )}
    </div>
  );
}

/** What belongs to the run rather than to a step: words of the person, a limit that was hit, an ending. */
const isLoose = (item: Item): item is TextItem | ApprovalItem | FuseItem | EndItem =>
  (item.kind === "text" && item.by === "user") ||
  (item.kind === "approval" && item.step === undefined) ||
  item.kind === "fuse" ||
  item.kind === "end";

/** The items that follow a step up to the next one. */
function below(all: readonly Item[], step: StepItem): readonly Item[] {
  const from = all.indexOf(step) + 1;
  const end = all.findIndex((item, i) => i >= from && (item.kind === "step" || isLoose(item)));
  return all.slice(from, end < 0 ? all.length : end);
}

function Step({ step, items: mine }: { readonly step: StepItem; readonly items: readonly Item[] }) {
  const calls = mine.filter((item): item is CallItem => item.kind === "call");
  // What an earlier attempt said last comes before its lesson.
  const isPast = (item: Item): boolean => (item.kind === "call" && item.past) || (item.kind === "lesson" && item.attempt < step.attempt);
  const pastEnd = mine.reduce((last, item, i) => (isPast(item) ? i : last), -1);
  const past = mine.slice(0, pastEnd + 1).filter((item): item is CallItem | TextItem => item.kind === "call" || item.kind === "text");
  const told = mine.slice(0, pastEnd + 1).filter((item) => item.kind === "lesson" || item.kind === "switch");
  const now = [...told, ...mine.slice(pastEnd + 1)];
  const [open, toggle] = useState<boolean | undefined>();
  const settled = step.mood === "verified" || step.mood === "unverified";
  const folded = settled && calls.length > 3 && open !== true;
  return (
    <StepRow step={step} past={past}>
      {folded ? (
        <div class="calls">
          {now.map((item) => (item.kind === "switch" ? <SwitchRow key={item.id} item={item} /> : null))}
          <button type="button" class="call quiet" aria-expanded={false} onClick={() => toggle(true)}>
            <Icon name="chevron-right" />
            <span>{Math.max(calls.length, step.calls)} calls</span>
          </button>
        </div>
      ) : (
        <div class="calls">
          {now.map((item) => (
            <Below key={item.id} item={item} />
          ))}
        </div>
      )}
    </StepRow>
  );
}

function Below({ item }: { readonly item: Item }) {
  switch (item.kind) {
    case "call":
      return <CallRow item={item} />;
    case "text":
      return <Markdown text={item.text} />;
    case "switch":
      return <SwitchRow item={item} />;
    case "lesson":
      return <LessonCard item={item} />;
    case "approval":
      return <ApprovalCard item={item} />;
    case "set":
      return <ChangeSetBar item={item} />;
    default:
      return null;
  }
}

function Said({ item }: { readonly item: TextItem }) {
  return (
    <div class="said">
      <Icon name="account" says="You said:" />
      <p>{item.text}</p>
    </div>
  );
}

function Notice() {
  const said = notice.value;
  if (!said) return null;
  return (
    <div class="dock" role="alert">
      <Icon name="info" />
      <span>{said.text}</span>
      <span class="push" />
      <ToolButton
        icon="close"
        title="Dismiss"
        onClick={() => {
          notice.value = undefined;
        }}
      />
    </div>
  );
}

const quietMs = 2000;

/** Says step changes politely, at most every two seconds, and what wants a person at once. */
function Announcer() {
  const { waits, verified, steps, mood } = header.value;
  const [polite, sayPolitely] = useState("");
  const text = steps.length > 0 ? `${verified} of ${steps.length} steps verified` : "";
  useEffect(() => {
    const timer = setTimeout(() => sayPolitely(text), quietMs);
    return () => clearTimeout(timer);
  }, [text]);
  const urgent =
    waits !== ""
      ? waits
      : mood === "fuse"
        ? "A fuse blew, the run stopped"
        : mood === "done"
          ? "The run is done and proved"
          : mood === "failed"
            ? "The run failed"
            : "";
  return (
    <>
      <div class="sr" aria-live="polite">
        {polite}
      </div>
      <div class="sr" aria-live="assertive">
        {urgent}
      </div>
    </>
  );
}

/** Follows what is new only while the end is on screen already; nothing jumps. */
function useFollowing(watched: unknown): { current: HTMLDivElement | null } {
  const element = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    const box = element.current;
    if (!box) return;
    const note = (): void => {
      atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
    };
    box.addEventListener("scroll", note, { passive: true });
    return () => box.removeEventListener("scroll", note);
  }, []);
  useEffect(() => {
    if (atEnd.current) element.current?.scrollTo({ top: element.current.scrollHeight });
  }, [watched]);
  return element;
}
