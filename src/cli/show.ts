// proviso show: one run, told from its journal in seven ways.

import type { Event } from "../agent/event.ts";
import { gauges } from "../agent/fuse/fuses.ts";
import type { Gauge } from "../agent/fuse/gauge.ts";
import { audit } from "../agent/observe/audit.ts";
import { duration } from "../agent/observe/amount.ts";
import { contextLines, contextRows } from "../agent/observe/context.ts";
import { fuseLines } from "../agent/observe/fuse-lines.ts";
import { handOver } from "../agent/observe/hand-over.ts";
import { type Line, line, type Tone } from "../agent/observe/line.ts";
import { spans } from "../agent/observe/spans.ts";
import { timeline } from "../agent/observe/timeline.ts";
import { transcript } from "../agent/observe/transcript.ts";
import { fold } from "../agent/reduce.ts";
import { standardCatalog } from "../agent/tool/standard.ts";
import { parseArguments } from "./arguments.ts";
import { type Command, exit, type Help, jsonLine, refuse } from "./io.ts";
import { readRun } from "./reading.ts";
import { render } from "./view/render.ts";
import { styleFor } from "./view/style.ts";
import { findWorkspace } from "./workspace.ts";

export const help: Help = `proviso show [RUN] [--timeline | --trace | --audit | --context | --fuses | --hand-over]

Tells a run from its journal; without RUN, the latest. Also while it runs, and after damage: then all that can be trusted.

  --timeline         one line per event, with the time since the beginning
  --trace            spans with durations: steps, turns, calls, waits, checks
  --audit            decisions, approvals and effects only: who, which rule, what happened
  --context          how full each request made the model's window, and what the next one is made of
  --fuses            how near each fuse is: turns, repeats, standing still, the same error, money, time, provider
  --hand-over        what was tried, proved and left open, as Markdown
  --json             the same as lines of JSON; without another option, the events themselves
  --workspace DIR    of which workspace (default: here)

Exit: 0; 1 where there is no such run or its journal is damaged.
`;

/** What a way of telling yields: lines for people, values for programs. */
interface Telling {
  readonly lines: (events: readonly Event[]) => readonly Line[];
  readonly values: (events: readonly Event[]) => readonly unknown[];
}

export const show: Command = async (args, io) => {
  const parsed = parseArguments(
    args,
    { timeline: "flag", trace: "flag", audit: "flag", context: "flag", fuses: "flag", "hand-over": "flag" },
    1,
  );
  if (!parsed.ok) return refuse(io, parsed.fault, exit.usage);
  const { options, operands } = parsed.value;
  if (options.help) {
    io.stdout.write(help);
    return exit.done;
  }
  const wanted = (["timeline", "trace", "audit", "context", "fuses", "hand-over"] as const).filter((name) => options[name]);
  if (wanted.length > 1) return refuse(io, { message: `Choose one of ${wanted.map((name) => `--${name}`).join(" and ")}.` }, exit.usage);
  const home = await findWorkspace(io, options.workspace);
  if (!home.ok) return refuse(io, home.fault, exit.usage);
  const read = await readRun(home.value, operands[0]);
  if (!read.ok) return refuse(io, read.fault);
  const { events, damage } = read.value;
  const telling = tellings[wanted[0] ?? "transcript"];
  if (options.json) for (const value of telling.values(events)) io.stdout.write(jsonLine(value));
  else for (const row of render(telling.lines(events), styleFor(io.stdout, io.env))) io.stdout.write(`${row}\n`);
  return damage ? refuse(io, damage) : exit.done;
};

const tellings: Readonly<Record<"transcript" | "timeline" | "trace" | "audit" | "context" | "fuses" | "hand-over", Telling>> = {
  transcript: { lines: transcript, values: (events) => events },
  timeline: {
    lines: (events) =>
      timeline(events).map(({ seq, since, type, text }) =>
        line(0, ["quiet", `${String(seq).padStart(4)} ${`+${(since / 1000).toFixed(3)}`.padStart(10)}  `], ["strong", type], ` ${text}`),
      ),
    values: timeline,
  },
  trace: {
    lines: (events) => {
      const all = spans(events);
      const start = all[0]?.from ?? 0;
      return all.map(({ name, depth, from, to, ok, attributes }) => {
        const facts = Object.entries(attributes)
          .filter(([, value]) => value !== "")
          .map(([key, value]) => ` ${key}=${value}`)
          .join("");
        return line(
          depth,
          ["quiet", `+${((from - start) / 1000).toFixed(3)}  `],
          [ok ? "plain" : "failed", name],
          `  ${duration(to - from)}`,
          ["quiet", facts],
        );
      });
    },
    values: spans,
  },
  audit: {
    lines: (events) =>
      audit(events).flatMap(({ seq, kind, of, by, said, why, digest }) => [
        line(0, ["quiet", `${String(seq).padStart(4)} ${kind.padEnd(9)}`], [toneOf(said), said], `  ${of}`, [
          "quiet",
          `  by ${by}${why ? ` · ${why}` : ""}${digest ? ` · ${digest.slice(0, 12)}` : ""}`,
        ]),
      ]),
    values: audit,
  },
  fuses: { lines: (events) => fuseLines(gaugesOf(events)), values: gaugesOf },
  "hand-over": {
    lines: (events) =>
      handOver(events)
        .trimEnd()
        .split("\n")
        .map((text) => line(0, text)),
    values: (events) => [{ markdown: handOver(events) }],
  },
  // The tools of an editor are not known here; they weigh little.
  context: { lines: (events) => contextLines(events, standardCatalog()), values: contextRows },
};

/** As they stood at the last event: a run that lies still comes no nearer to any. */
function gaugesOf(events: readonly Event[]): readonly Gauge[] {
  const state = fold(events);
  return gauges(state, state.at);
}

const toneOf = (said: string): Tone =>
  said === "allow" || said === "approve" || said === "approved"
    ? "proved"
    : said === "deny" || said === "reject" || said === "rejected"
      ? "failed"
      : said === "ask"
        ? "waits"
        : "plain";
