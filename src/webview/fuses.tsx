// The fuses: a panel of all of them with how near each is, folded until it is wanted, and the card of the one that blew, with the ways on.

import { useState } from "preact/hooks";
import { type FuseItem, fuseWords, type Header, nearness } from "../protocol/to-view.ts";
import { offlineEngine } from "../protocol/offline.ts";
import { send } from "./host.ts";
import { Icon } from "./icon.tsx";
import { Markdown } from "./markdown.tsx";
import { header } from "./store.ts";

type Gauge = Header["fuses"][number];

/** From here on a fuse is near. */
const near = 0.75;

export function FusePanel({ fuses }: { readonly fuses: readonly Gauge[] }) {
  const [open, toggle] = useState(false);
  const [first] = fuses;
  if (!first) return null;
  const nearest = fuses.reduce((best, gauge) => (nearness(gauge) > nearness(best) ? gauge : best), first);
  return (
    <div class="fuses">
      <button type="button" class="fold small" aria-expanded={open} onClick={() => toggle(!open)}>
        <Icon name={open ? "chevron-down" : "chevron-right"} small />
        <span>Fuses</span>
        <span class="quiet cut">
          {nearness(nearest) >= 1 ? "" : "nearest: "}
          {fuseWords[nearest.fuse].name}, {nearest.said}
        </span>
      </button>
      {open ? (
        <>
          <ul aria-label="Fuses">
            {fuses.map((gauge) => (
              <Row key={gauge.fuse} gauge={gauge} />
            ))}
          </ul>
          <button type="button" class="btn link" onClick={() => send({ type: "command", name: "fuseSettings" })}>
            Fuse settings
          </button>
        </>
      ) : null}
    </div>
  );
}

function Row({ gauge }: { readonly gauge: Gauge }) {
  const share = Math.round(nearness(gauge) * 100);
  const { name } = fuseWords[gauge.fuse];
  return (
    <li>
      <span>{name}</span>
      <span
        class="meter"
        role="meter"
        aria-label={name}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share}
        aria-valuetext={gauge.said}
      >
        <i class={share >= near * 100 ? "warn" : ""} ref={(bar) => bar?.style.setProperty("width", `${share}%`)} />
      </span>
      <span class="quiet num">
        {gauge.said}
        {gauge.step === undefined ? "" : `, step ${gauge.step}`}
      </span>
    </li>
  );
}

type Take = FuseItem["offers"][number];

export function FuseCard({ item, run }: { readonly item: FuseItem; readonly run: string }) {
  const { title, name } = fuseWords[item.name];
  const [chosen, choose] = useState<Take>("more");
  const ofModel = item.name === "model";
  // Asking the same engine again changes nothing: another model does.
  const offline = ofModel && header.value.model === offlineEngine;
  const untrusted = offline && header.value.limits?.includes("not trusted") === true;
  const verbs = {
    more: ofModel ? "Try again" : "Go on with more",
    replan: "Plan anew",
    rollBack: "Roll back…",
    handOver: "Hand over",
  } as const;
  const meaning: Readonly<Record<Take, string>> = {
    more: item.more,
    replan: "the planner hears what stopped this plan, and you approve the new one",
    rollBack: `files as they were ${item.step === undefined ? "at the start" : `before step ${item.step}`}; your own edits stay, and you see it first`,
    handOver: "what was tried, proved and left open, as a document; the run stays as it is",
  };
  return (
    <section class="card grave" role="alert" aria-label={`Fuse blown: ${name}`}>
      <header>
        <Icon name="debug-disconnect" tone="bad" />
        <h2>{offline ? "The offline engine cannot do this" : title}</h2>
        <span class="push label nowrap">fuse: {name}</span>
      </header>
      <div class="body">
        <Markdown text={item.diagnosis} />
      </div>
      {item.offers.length > 0 ? (
        <fieldset class="always">
          <legend class="sr">What now</legend>
          {item.offers.map((offer) => (
            <label key={offer} class={`option ${offer === chosen ? "on" : ""}`}>
              <input type="radio" name="fuse-offer" checked={offer === chosen} onChange={() => choose(offer)} />
              <span>{verbs[offer].replace("…", "")}</span>
              <span />
              <span class="label">{meaning[offer]}</span>
            </label>
          ))}
        </fieldset>
      ) : null}
      <footer>
        {untrusted ? (
          <button type="button" class="btn primary" onClick={() => send({ type: "command", name: "manageTrust" })}>
            Manage trust
          </button>
        ) : null}
        {offline ? <SelectModel look={untrusted ? "btn" : "btn primary"} /> : null}
        {item.offers.length > 0 ? (
          <button type="button" class={offline ? "btn" : "btn primary"} onClick={() => send({ type: "offer", run, take: chosen })}>
            {verbs[chosen]}
          </button>
        ) : null}
        {ofModel && !offline ? (
          <>
            <button type="button" class="btn" onClick={() => send({ type: "command", name: "testConnection" })}>
              Test connection
            </button>
            <SelectModel look="btn" />
          </>
        ) : null}
        {ofModel ? null : (
          <button type="button" class="btn" onClick={() => send({ type: "command", name: "newRun" })}>
            New run
          </button>
        )}
        <button type="button" class="btn link push" onClick={() => send({ type: "command", name: "fuseSettings" })}>
          Fuse settings
        </button>
      </footer>
    </section>
  );
}

const SelectModel = ({ look }: { readonly look: string }) => (
  <button type="button" class={look} onClick={() => send({ type: "command", name: "selectModel" })}>
    Select model…
  </button>
);
