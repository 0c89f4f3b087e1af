// Which variables a line may set without changing what its programs are or do. Unknown names count as changing it.

import type { Trait } from "../rules.ts";
import type { Act } from "../program/act.ts";
import { type Arg, printable } from "./word.ts";

export interface Concern {
  readonly traits: readonly Trait[];
  readonly note: string;
}

/** Variables of the environment that only change how things look, as long as they name no file. */
const plain = /^[\w.,@+=-]*$/;
const zone = /^[\w+-]+(\/[\w+-]+)*$/;
const harmless =
  /^(LANG|LC_[A-Z]+|TZ|NO_COLOR|FORCE_COLOR|CLICOLOR|CLICOLOR_FORCE|COLUMNS|LINES|CI|TERM|NODE_ENV|GIT_TERMINAL_PROMPT|GIT_OPTIONAL_LOCKS|GIT_NO_PAGER|DEBIAN_FRONTEND|TIMEFORMAT|BLOCKSIZE|BLOCK_SIZE)$/;
const pagers = /^(PAGER|GIT_PAGER|MANPAGER|SYSTEMD_PAGER)$/;
/** Lower-case names that programs do look at. */
const watched = /^(https?|ftp|all|no)_proxy$/;

/** Names no program looks at: lower-case ones, and a few that people give to what they are going to use. */
export const isOwn = (name: string): boolean => (/^_?[a-z][a-z0-9_]*$/.test(name) && !watched.test(name)) || plainNames.has(name);
const plainNames = new Set(
  `A B C D E F I J K L M N P Q R S T U V W X Y Z BASE BRANCH COMMIT COUNT CUR CURRENT DEST DIR END EXT FILE FILES FIRST FOLDER FOUND HASH HEAD ITEM LAST LATEST LINE
  MERGE_BASE N NAME NUM OLD ORIG OUT OUTPUT PATTERN PKG PREV RC REPO RESULT REV ROOT SHA SIZE SRC START TAG TARGET TEXT TOTAL VALUE VER VERSION WORD`.split(
    /\s+/,
  ),
);

/** What speaks against setting the variable, if anything. `exported`: for one program, not for the shell alone. */
export function assigning(name: string, value: Arg, { exported }: { readonly exported: boolean }): Concern | undefined {
  // For the shell alone: whatever it holds, what becomes of it is judged where it is used.
  if (!exported && value.form !== "computed" && isOwn(name)) return undefined;
  if (value.form !== "literal") return { traits: ["dynamic"], note: `${name} gets a value that is computed at run time` };
  if (harmless.test(name) && (plain.test(value.text) || (name === "TZ" && zone.test(value.text)))) return undefined;
  if (pagers.test(name) && /^(cat|)$/.test(value.text)) return undefined;
  return { traits: ["environment"], note: `${name} may change what programs do` };
}

/** Keys are kept in variables. What shows all of them, or one that is not known to hold none, uses credentials. */
export function showsVariables(act: Act, names?: readonly string[]): void {
  const doubtful = names?.find((name) => !printable.has(name));
  if (names === undefined) act.is("credential", "it shows every variable, and keys are kept in some");
  else if (doubtful !== undefined) act.is("credential", `${doubtful} may hold a key`);
}
