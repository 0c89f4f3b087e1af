// A unified diff as lines with numbers and words for those who cannot see colours. Long ones are folded until asked for.

import { useState } from "preact/hooks";
import { Place } from "./markdown.tsx";

const mostLines = 60;

export interface FileDiff {
  readonly path: string;
  readonly diff: string;
  readonly added: number;
  readonly removed: number;
}

export function Diff({ file }: { readonly file: FileDiff }) {
  const [whole, showWhole] = useState(false);
  const lines = readLines(file.diff);
  const shown = whole ? lines : lines.slice(0, mostLines);
  return (
    <div>
      <div class="file">
        <span class="cut mid">
          <Place path={file.path} text={file.path} />
        </span>
        <span class="push num small nowrap">
          <span class="plus">+{file.added}</span> <span class="minus">−{file.removed}</span>
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div class="diff" tabIndex={0} role="group" aria-label={`Change of ${file.path}, ${file.added} added, ${file.removed} removed`}>
        {shown.map((line, i) => (
          <div key={i} class={line.kind}>
            <span aria-hidden="true">{line.number}</span>
            <span>{line.sign === " " ? "" : <span class="mark">{line.sign}</span>}</span>
            <span>{line.text || " "}</span>
          </div>
        ))}
      </div>
      {lines.length > shown.length ? (
        <button type="button" class="btn link" onClick={() => showWhole(true)}>
          Show {lines.length - shown.length} more lines
        </button>
      ) : null}
    </div>
  );
}

interface Line {
  readonly kind: "a" | "d" | "k" | "h";
  readonly sign: string;
  readonly number: string;
  readonly text: string;
}

function readLines(diff: string): readonly Line[] {
  const lines: Line[] = [];
  let old = 0;
  let now = 0;
  for (const raw of diff.replace(/\n$/, "").split("\n")) {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(raw);
    if (hunk) {
      old = Number(hunk[1]);
      now = Number(hunk[2]);
      if (lines.length > 0) lines.push({ kind: "h", sign: " ", number: "", text: "⋯" });
    } else if (old === 0 && now === 0) {
    } else if (raw.startsWith("+")) lines.push({ kind: "a", sign: "+", number: String(now++), text: raw.slice(1) });
    else if (raw.startsWith("-")) lines.push({ kind: "d", sign: "−", number: String(old++), text: raw.slice(1) });
    else if (raw.startsWith(" ")) {
      lines.push({ kind: "k", sign: " ", number: String(now++), text: raw.slice(1) });
      old++;
    }
  }
  return lines;
}
