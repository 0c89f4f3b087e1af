// What a change did to the problems the editor reports: which appeared and which are gone. Only files that something looks at are waited
// for, and never long; nothing is claimed of the others.

import type { Touch } from "./touch.ts";
import type { Problem, World } from "./world.ts";

/** By path; a file that nothing looks at is absent. */
type Known = ReadonlyMap<string, readonly Problem[]>;

const mostTold = 10;

/** What is reported of the files before they are changed. */
export function problemsBefore({ diagnostics }: World, touches: readonly Touch[]): Known {
  const known = touches.map(({ path }) => [path, diagnostics?.known(path)] as const);
  return new Map(known.flatMap(([path, problems]) => (problems ? [[path, problems]] : [])));
}

/** In words for the model; nothing where nothing appeared or vanished. */
export async function problemsSince(
  { diagnostics }: World,
  { touches, known }: { readonly touches: readonly Touch[]; readonly known: Known },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const paths = touches.flatMap(({ path, after }) => (after !== null && known.has(path) ? [path] : []));
  if (!diagnostics || paths.length === 0) return [];
  await diagnostics.caughtUp(paths, signal);
  const lines = paths.flatMap((path) => {
    const before = known.get(path) ?? [];
    const now = diagnostics.known(path) ?? [];
    return [...without(now, before).map((one) => `New ${told(one)}`), ...without(before, now).map((one) => `Gone: ${told(one)}`)];
  });
  if (lines.length === 0) return [];
  const more = lines.length > mostTold ? [`… and ${lines.length - mostTold} more.`] : [];
  return ["The editor's problems changed:", ...lines.slice(0, mostTold), ...more];
}

/** Lines move with a change, so a problem is the same where it says the same. */
function without(these: readonly Problem[], those: readonly Problem[]): readonly Problem[] {
  const left = those.map(keyOf);
  return these.filter((one) => {
    const at = left.indexOf(keyOf(one));
    if (at === -1) return true;
    left.splice(at, 1);
    return false;
  });
}

const keyOf = ({ severity, message }: Problem): string => `${severity} ${message}`;
const told = ({ severity, path, line, message }: Problem): string => `${severity} at ${path}:${line}: ${message}`;
