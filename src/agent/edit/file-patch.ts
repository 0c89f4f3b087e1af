// What a patch says of one file, in whichever form it was written: its names, its hunks, and whether it can be made as text at all.

export interface FilePatch {
  /** Null: the file is created. */
  readonly oldPath: string | null;
  /** Null: the file is deleted. */
  readonly newPath: string | null;
  /** Said outright by a header; else it follows from the paths. `remove`: deleted whatever it holds. */
  readonly kind: "rename" | "copy" | "remove" | undefined;
  /** Number of its first hunk within the whole patch; where it has none, of the hunk that follows it. */
  readonly index: number;
  readonly hunks: readonly PatchHunk[];
  /** Permission bits a git header gives the new file. */
  readonly mode: number | undefined;
  /** Why this file's change cannot be made as text. */
  readonly unfit: string | undefined;
}

export interface PatchHunk {
  /** Number of the hunk within the whole patch, from 0. */
  readonly index: number;
  /** Line of the old file, counted from 1, that the header names; 0 for an empty file. Absent where header and body disagree. */
  readonly oldStart: number | undefined;
  /** None where the patch shows none; such a hunk cannot be applied. */
  readonly lines: readonly PatchLine[];
  /** Why it cannot be read to its end. */
  readonly broken?: string;
  /** Lines behind which it lies, each behind the one before; only "*** Begin Patch" has them. */
  readonly behind?: readonly string[];
  /** Its old lines are the last of the file. */
  readonly last?: boolean;
}

export interface PatchLine {
  readonly op: " " | "-" | "+";
  /** Without its line end; a carriage return is kept where it is the file's. */
  readonly text: string;
  /** Marked as the last line of a file that does not end with a line end. */
  readonly unended: boolean;
}
