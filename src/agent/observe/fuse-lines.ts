// The panel of fuses at a terminal. Pure.

import { type Gauge, nearness } from "../fuse/gauge.ts";
import { fuseWords } from "../fuse/words.ts";
import { type Line, line } from "./line.ts";

const cells = 12;
const bar = 10;

/** One row for each fuse: its name, how near it is, and of which step. */
export function fuseLines(gauges: readonly Gauge[]): readonly Line[] {
  return gauges.map((gauge) => {
    const filled = Math.floor(nearness(gauge) * bar);
    const tone = filled >= bar ? "failed" : filled >= bar * 0.75 ? "waits" : "plain";
    return line(
      0,
      ["strong", fuseWords[gauge.fuse].name.padEnd(cells)],
      [tone, "#".repeat(filled)],
      ["quiet", ".".repeat(bar - filled)],
      `  ${gauge.said}`,
      ["quiet", gauge.step === undefined ? "" : `, step ${gauge.step}`],
    );
  });
}
