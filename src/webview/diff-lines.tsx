// Lines that go, come or stay, with their numbers, and words for those who cannot see colours. Long ones are folded until asked for.

import { useState } from "preact/hooks";

export interface DiffLine {
  readonly kind: "a" | "d" | "k" | "h";
  readonly sign: string;
  readonly number: string;
  readonly text: string;
}

export function DiffLines({
  lines,
  most,
  label,
}: {
  readonly lines: readonly DiffLine[];
  /** Lines shown before one asks for the rest. */
  readonly most: number;
  readonly label: string;
}) {
  const [whole, showWhole] = useState(false);
  const shown = whole ? lines : lines.slice(0, most);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div class="diff" tabIndex={0} role="group" aria-label={label}>
        {shown.map(({ kind, sign, number, text }, i) => (
          <div key={i} class={kind}>
            <span aria-hidden="true">{number}</span>
            <span>{sign === " " ? "" : <span class="mark">{sign}</span>}</span>
            <span>{text || " "}</span>
          </div>
        ))}
      </div>
      {lines.length > shown.length ? (
        <button type="button" class="btn link" onClick={() => showWhole(true)}>
          Show {lines.length - shown.length} more lines
        </button>
      ) : null}
    </>
  );
}
