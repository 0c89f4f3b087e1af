// Which entry speaks for a program. A name without an entry is unknown; a known name from a folder that is not the system's is
// still looked at, but never believed to be harmless.

import type { Act, Call, Program } from "./program/act.ts";
import { archive } from "./program/archive.ts";
import { builtin } from "./program/builtin.ts";
import { code } from "./program/code.ts";
import { file } from "./program/file.ts";
import { find } from "./program/find.ts";
import { git } from "./program/git.ts";
import { look } from "./program/look.ts";
import { network } from "./program/network.ts";
import { search } from "./program/search.ts";
import type { Table } from "./program/shape.ts";
import { system } from "./program/system.ts";
import { text } from "./program/text.ts";
import { wrapper } from "./program/wrapper.ts";

/** Reports what a call of a program does. `path` is the word as the line has it. */
export function runProgram(call: Call, path: string, act: Act): void {
  const entry = entries().get(call.name) ?? entries().get(call.name.toLowerCase()) ?? family(call.name);
  if (!isSystemProgram(path)) act.is("code", `${path} is not a program of the system`);
  if (entry && call.name === call.name.toLowerCase()) entry(call, act);
  else {
    act.is("unknown", foreignShell(call.name) ?? `nothing is known about ${call.name}`);
    entry?.(call, act);
  }
}

/** Every name in the tables, for documentation and tests. */
export const knownPrograms = (): readonly string[] => [...entries().keys()];

/** True for a bare name and for one in a folder of the system. */
export const isSystemProgram = (path: string): boolean => !path.includes("/") || systemFolder.test(path);

const systemFolder = /^(\/usr|\/usr\/local|\/opt\/homebrew|\/run\/current-system\/sw)?\/s?bin\/[^/]+$/;

const tables: readonly Table[] = [archive, builtin, code, file, find, git, look, network, search, system, text, wrapper];
let index: ReadonlyMap<string, Program> | undefined;

function entries(): ReadonlyMap<string, Program> {
  index ??= new Map(
    tables.flatMap((table) =>
      Object.entries(table).flatMap(([names, entry]) =>
        names
          .trim()
          .split(/\s+/)
          .map((name) => [name, entry] as const),
      ),
    ),
  );
  return index;
}

/** mkfs.ext4, python3.12, gcc-13: a known name with a tail. */
function family(name: string): Program | undefined {
  const stem = /^(mkfs|fsck)\./.exec(name)?.[1] ?? /^(python|pip|gcc|g\+\+|clang|lua|ruby|perl|php|node)-?[\d.]+$/.exec(name)?.[1];
  return stem === undefined ? undefined : entries().get(stem);
}

function foreignShell(name: string): string | undefined {
  if (/^[A-Za-z]+-[A-Z][A-Za-z]+$/.test(name)) return `${name} looks like PowerShell, which is not judged`;
  return /\.(exe|cmd|bat|ps1|com)$/i.test(name) ? `${name} is a Windows program, which is not judged` : undefined;
}
