// Which variables a line may set without changing what its programs are or do. Unknown names count as changing it.

import type { Trait } from "../rules.ts";
import type { Arg } from "./word.ts";

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

/** What speaks against setting the variable, if anything. `exported`: for one program, not for the shell alone. */
export function assigning(name: string, value: Arg, { exported }: { readonly exported: boolean }): Concern | undefined {
  if (value.form !== "literal") return { traits: ["dynamic"], note: `${name} gets a value that is computed at run time` };
  if (harmless.test(name) && (plain.test(value.text) || (name === "TZ" && zone.test(value.text)))) return undefined;
  if (pagers.test(name) && /^(cat|)$/.test(value.text)) return undefined;
  if (!exported && /^[a-z][a-z0-9_]*$/.test(name) && !watched.test(name)) return undefined;
  return { traits: ["environment"], note: `${name} may change what programs do` };
}
