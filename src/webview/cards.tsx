// The cards that teach or end: a lesson, another model, the ending with its ledger of evidence.

import { type EndItem, foundText, type LessonItem, type SwitchItem } from "../protocol/to-view.ts";
import { Facts } from "./facts.tsx";
import { send } from "./host.ts";
import { Icon } from "./icon.tsx";
import { Markdown, Place, Said } from "./markdown.tsx";

export function LessonCard({ item }: { readonly item: LessonItem }) {
  const files = [
    ...(item.restored.length > 0 ? [`${item.restored.join(", ")} put back as before the attempt`] : []),
    ...(item.kept.length > 0 ? [`${item.kept.join(", ")} left alone, because it was changed by someone else`] : []),
    ...(item.commanded.length > 0
      ? [`a command had changed ${item.commanded.join(", ")}; what you wrote there meanwhile comes back with "Proviso: Restore to…"`]
      : []),
  ];
  return (
    <section class="card lesson" aria-label={`Lesson from attempt ${item.attempt}`}>
      <header>
        <Icon name="lightbulb" tone="learnt" />
        <h2>Attempt {item.attempt} failed</h2>
      </header>
      <div class="body">
        <Facts
          facts={[
            ["Because", <Said text={item.because} />],
            [item.final ? "Given up" : "Next time", <Said text={item.lesson} />],
            ...(files.length > 0 ? ([["Files", files.join("; ")]] as const) : []),
          ]}
        />
      </div>
    </section>
  );
}

/** Who answers from here on, and why not the one that was chosen. */
export function SwitchRow({ item }: { readonly item: SwitchItem }) {
  return (
    <div class="switch" role="note" aria-label={`Model switched to ${item.to}`}>
      <Icon name="arrow-swap" tone="you" />
      <div>
        <span class="mono">{item.to}</span> answers instead of <span class="mono">{item.from}</span>
        <div class="label">
          <Said text={item.because} />
        </div>
      </div>
    </div>
  );
}

const marks = {
  verified: { icon: "pass", tone: "good", word: "Proved" },
  unverified: { icon: "unverified", tone: "you", word: "Unverified" },
  failed: { icon: "error", tone: "bad", word: "Failed" },
  dropped: { icon: "dash", tone: "quiet", word: "Dropped" },
} as const;

/** `told`: a fuse has said above why the run stopped and how it goes on. */
export function EndCard({ item, run, told }: { readonly item: EndItem; readonly run: string; readonly told: boolean }) {
  const proved = item.ledger.filter((entry) => entry.status === "verified").length;
  const whole = proved === item.ledger.length && !item.undone;
  const ranOut = item.outcome === "done" || item.outcome === "unproved" || item.outcome === "failed";
  const unproved = ranOut ? "no check could prove it" : "its check has not run";
  const standing = item.undone ? "older than the files, some were put back" : `${proved} of ${item.ledger.length} proved`;
  return (
    <div class="stack end">
      {item.answer === "" || told ? null : <Markdown text={item.answer} />}
      {item.changed.length > 0 ? (
        <p class="row wrap">
          <span class="label">{item.undone ? "Had changed" : "Changed"}</span>
          {item.changed.map(({ path }) => (
            <Place key={path} path={path} text={path} />
          ))}
        </p>
      ) : null}
      {item.ledger.length > 0 ? (
        <section class="card" aria-label={`Evidence, ${standing}`}>
          <header>
            <Icon name={whole ? "verified-filled" : "unverified"} tone={whole ? "good" : "you"} />
            <h2>Evidence</h2>
            <span class="small push num">{standing}</span>
          </header>
          <div class="body">
            <ul class="ledger">
              {item.ledger.map((entry) => {
                const mark = marks[entry.status];
                return (
                  <li key={entry.of}>
                    <Icon name={mark.icon} tone={mark.tone} says={`${mark.word}:`} />
                    <span>
                      {entry.goal}
                      <br />
                      <span class="label">
                        <Said text={entry.evidence ? foundText(entry.evidence) : unproved} />
                      </span>
                    </span>
                    <span class="num small quiet nowrap">
                      {entry.evidence?.exit === undefined || entry.evidence.exit === null
                        ? mark.word.toLowerCase()
                        : `exit ${entry.evidence.exit}`}
                    </span>
                  </li>
                );
              })}
            </ul>
          </div>
        </section>
      ) : null}
      {item.outcome === "done" && item.changed.length > 0 && !item.undone ? (
        <div class="row wrap">
          <button type="button" class="btn" onClick={() => send({ type: "restore", to: "start" })}>
            <Icon name="discard" small />
            Undo all…
          </button>
        </div>
      ) : null}
      {item.outcome === "done" || told ? null : (
        <div class="row wrap">
          <button type="button" class="btn primary" onClick={() => send({ type: "resume", run })}>
            Resume
          </button>
          <button type="button" class="btn" onClick={() => send({ type: "command", name: "openJournal" })}>
            Open journal
          </button>
        </div>
      )}
    </div>
  );
}
