// What a command made or changed that other programs obey by themselves, told to the model and to whoever looks at its card.

import type { Disturbance } from "./world.ts";

const mostNamed = 10;

/** A sentence that names them, at most ten; nothing where there are none. */
export function disturbedText(audit: readonly Disturbance[] = []): readonly string[] {
  if (audit.length === 0) return [];
  const named = audit.slice(0, mostNamed).map(({ path, change }) => `${path} (${change})`);
  const more = audit.length > mostNamed ? [`${audit.length - mostNamed} more`] : [];
  return [
    `[editors, git or agents obey these by themselves, and they changed by or during this command: ${[...named, ...more].join(", ")}. A person must look at them.]`,
  ];
}
