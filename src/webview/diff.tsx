// A file's unified diff, as it is shown in a card.

import { type DiffLine, DiffLines } from "./diff-lines.tsx";
import { Place } from "./markdown.tsx";

const mostLines = 60;

export interface FileDiff {
  readonly path: string;
  readonly diff: string;
  readonly added: number;
  readonly removed: number;
}

export function Diff({ file }: { readonly file: FileDiff }) {
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
      <DiffLines
        lines={readLines(file.diff)}
        most={mostLines}
        label={`Change of ${file.path}, ${file.added} added, ${file.removed} removed`}
      />
    </div>
  );
}

function readLines(diff: string): readonly DiffLine[] {
  const lines: DiffLine[] = [];
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
