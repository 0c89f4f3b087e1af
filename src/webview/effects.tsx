// A command taken apart: its line, each part underlined as it was decided, and a row for each effect with the rule that says so.
// Form tells what colour tells: a straight, dashed or double line, a round, square or pointed mark. The words say it in any case.

import { useState } from "preact/hooks";
import type { EffectRow, PartsTold, Stretch } from "../protocol/to-view.ts";

export function CommandLine({ line, stretches = [] }: { readonly line: string; readonly stretches?: readonly Stretch[] | undefined }) {
  const isSame = stretches.map(({ text }) => text).join("") === line;
  return (
    <div class="cmd">
      {isSame
        ? stretches.map(({ text, verdict }, i) => (verdict === undefined ? text : <Underlined key={i} text={text} as={verdict} />))
        : line}
    </div>
  );
}

/** The blanks at its ends belong to no part. */
function Underlined({ text, as }: { readonly text: string; readonly as: string }) {
  const [, before = "", part = text, after = ""] = /^(\s*)(.*?)(\s*)$/s.exec(text) ?? [];
  return (
    <>
      {before}
      <span class={`p ${as}`}>{part}</span>
      {after}
    </>
  );
}

export function Effects({ parts: { rows, first, others } }: { readonly parts: PartsTold }) {
  const [all, showAll] = useState(false);
  if (rows.length === 0) return null;
  const shown = all ? rows : rows.filter((_, i) => first.includes(i));
  return (
    <div>
      <ul class="parts" aria-label="Parts of the call">
        {shown.map((row, i) => (
          <Row key={i} row={row} />
        ))}
      </ul>
      {others === "" ? null : (
        <button type="button" class="go small" aria-expanded={all} onClick={() => showAll(!all)}>
          {all ? "Show the strictest only" : `Show ${rows.length - first.length} more: ${others}`}
        </button>
      )}
    </div>
  );
}

function Row({ row: { verdict, does, what, more, says, isRuled } }: { readonly row: EffectRow }) {
  return (
    <li>
      <i class={`dot ${verdict}`} aria-hidden="true" />
      {does === "" ? null : <span class="does">{does} </span>}
      <span class="whole">
        {does === "" ? what : <span class="mono">{what}</span>}
        {more === undefined ? null : <span class="quiet"> {more}</span>}
      </span>
      <span class={`says ${verdict}`}>
        <span class="sr">, {isRuled ? "rule " : ""}</span>
        {says}
      </span>
    </li>
  );
}
