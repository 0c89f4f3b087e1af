// The hunks of a shown change, read from its unified diff: the same ones, in the same order, that the engine decides by. Pure.
// A file whose diff has none is decided whole, under the number 0.

export interface ShownHunk {
  readonly hunk: number;
  /** Lines of the file as it is, from 1; for new lines alone the line they follow. */
  readonly from: number;
  readonly to: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** Where it stands, as people say it. */
export function placeText({ from, to, removed, added }: ShownHunk): string {
  if (removed.length === 0 && added.length === 0) return "the whole file";
  if (removed.length === 0) return to === 0 ? "at the top" : `after line ${to}`;
  return from === to ? `line ${from}` : `lines ${from} to ${to}`;
}

/** Runs of changed lines; what lies between two of them is the same on both sides. */
export function hunksOfDiff(diff: string): readonly ShownHunk[] {
  const hunks: ShownHunk[] = [];
  let begun = false;
  let line = 0;
  let removed: string[] = [];
  let added: string[] = [];
  const end = (): void => {
    if (removed.length + added.length > 0) hunks.push({ hunk: hunks.length, from: line - removed.length + 1, to: line, removed, added });
    removed = [];
    added = [];
  };
  for (const raw of diff.replace(/\n$/, "").split("\n")) {
    const head = /^@@ -(\d+)(?:,(\d+))? \+/.exec(raw);
    if (head) {
      end();
      // A range of no lines names the line before it.
      line = Number(head[1]) - (head[2] === "0" ? 0 : 1);
      begun = true;
    } else if (!begun) {
      // The header of the file.
    } else if (raw.startsWith("-")) {
      removed.push(raw.slice(1));
      line++;
    } else if (raw.startsWith("+")) added.push(raw.slice(1));
    else if (raw.startsWith(" ")) {
      end();
      line++;
    }
  }
  end();
  const whole = /^\+\+\+ \/dev\/null$/m.test(diff);
  if (!whole && hunks.length > 0) return hunks;
  return [{ hunk: 0, from: 1, to: line, removed: hunks.flatMap((one) => one.removed), added: hunks.flatMap((one) => one.added) }];
}
