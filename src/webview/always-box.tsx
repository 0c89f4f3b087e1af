// Rules that would let such a call pass from here on, narrowest first: each word for word and with what it would have covered. None is chosen by accident: a button keeps it.

import { useState } from "preact/hooks";
import type { RuleOffer } from "../protocol/to-view.ts";
import { offersOf } from "./store.ts";

export function AlwaysBox({
  id,
  disabled,
  onSave,
}: {
  readonly id: string;
  readonly disabled: boolean;
  readonly onSave: (rule: { readonly remember: number; readonly keep: "session" | "file" }) => void;
}) {
  const [chosen, choose] = useState(0);
  const offers = offersOf(id).value;
  if (!offers) return <div class="line label">Working out the rules…</div>;
  if (offers.length === 0) return <div class="line label">A call like this is never remembered; it asks every time.</div>;
  return (
    <fieldset class="always" ref={(box) => box?.scrollIntoView({ block: "nearest" })}>
      <legend class="sr">Rule to add</legend>
      {offers.map((offer, i) => (
        <Offer key={offer.rule.id} offer={offer} on={i === chosen} name={`rule-${id}`} onChoose={() => choose(i)} />
      ))}
      <div class="row wrap">
        <button type="button" class="btn" disabled={disabled} onClick={() => onSave({ remember: chosen, keep: "session" })}>
          Approve for this session
        </button>
        <button type="button" class="btn" disabled={disabled} onClick={() => onSave({ remember: chosen, keep: "file" })}>
          Save rule and approve
        </button>
      </div>
      <div class="label">A saved rule is kept in your own policy file; the Policy view lists both and takes them back.</div>
    </fieldset>
  );
}

function Offer({
  offer,
  on,
  name,
  onChoose,
}: {
  readonly offer: RuleOffer;
  readonly on: boolean;
  readonly name: string;
  readonly onChoose: () => void;
}) {
  return (
    <label class={`option ${on ? "on" : ""}`}>
      <input type="radio" name={name} checked={on} onChange={onChoose} />
      <span>{offer.title}</span>
      <span />
      <code class="whole small">
        {offer.rule.verdict} {matchText(offer.rule.match)}
      </code>
      <span />
      <span class="label num">
        would have covered {offer.covered} of the last {offer.of} calls
      </span>
    </label>
  );
}

/** The rule's own words; what tells it from the others comes first, its tool, sandbox and workspace are those of the card. */
function matchText({ tool, sandboxed, workspace, ...own }: RuleOffer["rule"]["match"]): string {
  const fields = Object.entries({ ...own, tool, sandboxed, workspace }).filter(([, value]) => value !== undefined);
  return `{ ${fields.map(([name, value]) => `"${name}": ${JSON.stringify(value)}`).join(", ")} }`;
}
