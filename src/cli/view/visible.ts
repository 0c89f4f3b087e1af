// Text of a foreign hand made safe for a terminal. Shown, not removed: who approves a line must see what is in it.

import { seen } from "../../agent/unseen.ts";

/** Line breaks stay; tabs become spaces, because their width depends on where they stand. */
export const visible = (text: string): string => seen(text).replaceAll("\t", "    ");
