// What the chat is shown, as the host makes it: views folded from a real run's journal at the moments that matter, and the few states a story does not reach.

import type { Event, FuseName } from "../../src/agent/event.ts";
import { fold } from "../../src/agent/reduce.ts";
import { callDetail } from "../../src/protocol/call-item.ts";
import { contextMeter } from "../../src/protocol/context-meter.ts";
import { offlineEngine } from "../../src/protocol/offline.ts";
import { present, type View } from "../../src/protocol/present.ts";
import { type ApprovalItem, type Item, type RuleOffer } from "../../src/protocol/to-view.ts";
import { findCall } from "../../src/agent/state.ts";
import type { RunState } from "../../src/agent/state.ts";
import { standardCatalog } from "../../src/agent/tool/standard.ts";
import { tellStory } from "../support/tell-story.ts";
import { about, committing, critical, deniedCall, limit, manyParts, networked, twoParts } from "./questions.ts";

const around = {
  driving: true,
  model: "gpt-5.2-mini",
  mode: "supervised",
  unsandboxed: undefined,
  limits: undefined,
  folder: undefined,
  runFolder: undefined,
  examples: [],
} as const;

export interface Scene {
  readonly view: View;
  /** What a person did to see it so: names of buttons. */
  readonly press?: readonly string[];
  /** Messages of the host that come after. */
  readonly also?: readonly unknown[];
}

/** Scenes by name: every kind of card, and the empty state. */
export async function scenes(): Promise<Readonly<Record<string, Scene>>> {
  const { events } = await tellStory({});
  const at = (found: (event: Event) => boolean, nth = 0): number => {
    const index = events.flatMap((event, i) => (found(event) ? [i] : []))[nth];
    if (index === undefined) throw new Error("The story has no such moment.");
    return index;
  };
  const shown = (state: RunState): View => present(state, { ...around, context: contextMeter(state, standardCatalog()) });
  const after = (index: number): View => shown(fold(events.slice(0, index + 1)));
  const asked = (what: (request: Extract<Event, { type: "approval.asked" }>["request"]) => boolean): number =>
    at((event) => event.type === "approval.asked" && what(event.request));
  const plan = after(asked(({ plan: one }) => one !== undefined));
  const edit = after(asked(({ tool }) => tool === "edit_file"));
  const command = after(asked(({ tool }) => tool === "run_command"));
  const learning = at((event) => event.type === "step.restored") + 3;
  const learnt = after(learning);
  const end = present(fold(events), { ...around, driving: false });
  const waiting = command.items.find((item): item is ApprovalItem => item.kind === "approval");
  if (!waiting) throw new Error("The story's command does not wait.");
  const [parts, many] = await Promise.all([about(waiting, twoParts), about(waiting, manyParts)]);
  const denied = await deniedCall();
  const done = fold(events);
  const call = Object.values(done.steps)
    .flatMap((step) => step.turns)
    .flatMap((turn) => turn.calls)
    .find(({ tool }) => tool === "run_command");
  const detail = call && findCall(done, call.call);
  return {
    empty: {
      view: present(fold([]), { ...around, driving: false, examples: ["Fix the failing test", "Where is lineTotal used?"] }),
      also: [{ type: "runs", runs: pastRuns }],
    },
    offline: {
      view: present(fold([]), { ...around, driving: false, model: offlineEngine, examples: ["Fix the failing test"] }),
    },
    "offline-cannot": {
      view: offline(stopped(events.slice(0, learning + 1), "model", cannot)),
    },
    "no-folder": {
      view: present(fold([]), { ...around, driving: false, limits: "No folder is open. Proviso works on the files of a folder." }),
    },
    untrusted: {
      view: present(fold([]), {
        ...around,
        driving: false,
        limits: "This workspace is not trusted: Proviso reads, searches and explains, and changes and runs nothing.",
      }),
    },
    plan: { view: plan },
    "plan-edit": { view: plan, press: ["Edit (F2)"] },
    change: { view: edit },
    "change-reject": { view: edit, press: ["Reject…"] },
    command: { view: command },
    "command-always": { view: command, press: ["Always allow…"], also: [{ type: "offers", id: waiting.id, offers }] },
    countdown: { view: replaced(command, { ...waiting, request: { ...waiting.request, grade: "high", deadline: Date.now() + 271_000 } }) },
    "countdown-short": { view: replaced(command, { ...waiting, request: { ...waiting.request, deadline: Date.now() + 42_000 } }) },
    "change-set": { view: after(asked(({ tool }) => tool === "delete_file")) },
    critical: { view: replaced(command, critical(waiting)) },
    network: { view: replaced(command, networked(waiting)) },
    limit: { view: { ...plan, items: [limit(waiting)] } },
    switch: { view: present(fold(switched(events)), { ...around, driving: false }) },
    commit: { view: replaced(command, committing(waiting)) },
    job: {
      view: { ...learnt, items: [...learnt.items, job] },
      also: [{ type: "delta", id: "call:job", text: "ready on http://localhost:3000\nGET / 200\n" }],
    },
    "context-unknown": { view: learnt, press: ["Context about"] },
    "context-full": {
      view: shown(fold(wide(events.slice(0, at((event) => event.type === "step.restored") + 4)))),
      press: ["Context about"],
    },
    working: { view: learnt, also: [{ type: "delta", id: "step:mend", text: "Reading add.js again before\nchanging it" }] },
    fuse: { view: stopped(events.slice(0, learning + 1), "error", "Step mend: 5 turns ended in the same error: src/add.js:1 is wrong.") },
    "fuse-model": { view: stopped(events.slice(0, learning + 1), "model", "The model answered 401; check the key.") },
    "fuse-panel": { view: learnt, press: ["Fuses"] },
    parts: { view: replaced(command, parts) },
    "parts-many": { view: replaced(command, many) },
    "parts-all": { view: replaced(command, many), press: ["more:"] },
    denied: {
      view: { ...learnt, items: [...learnt.items, denied.item] },
      press: ["denied by the policy"],
      also: [{ type: "detail", id: denied.item.id, detail: denied.detail }],
    },
    unsandboxed: { view: { ...command, header: { ...command.header, unsandboxed: "bwrap is not installed." } } },
    end: { view: end, ...(detail && call ? { also: [{ type: "detail", id: `call:${call.call}`, detail: callDetail(detail.call) }] } : {}) },
    // Last, since what it types stays in the box.
    mention: {
      view: present(fold([]), { ...around, driving: false, examples: ["Fix the failing test", "Where is lineTotal used?"] }),
      press: ["Add a file"],
      also: [{ type: "found", words: "", paths: foundPaths }],
    },
  };
}

/** As a host finds them, open ones first, more than are seen at once. */
const foundPaths: readonly string[] = [
  "src/invoice.js",
  "test/invoice.test.js",
  "README.md",
  "package.json",
  "docs/how invoices are numbered and what a gap in the numbers means for the books.md",
  "src/",
  "packages/billing/src/adapters/persistence/postgres/invoice-repository.ts",
  ...Array.from({ length: 13 }, (_, i) => `src/rates/rate-${i}.json`),
];

export const hostile = [
  '<img src=x onerror="parent.alert(1)"><script>alert(1)</script>',
  "[run](command:workbench.action.quit) and [file](file:///etc/passwd) and [js](javascript:alert(1))",
  "safe \u202Egnp.exe\u2066 text",
  "```html\n<script>alert(2)</script>\n```",
  "![pixel](https://example.com/x.png)",
  "<details open ontoggle=alert(3)><summary>x</summary></details>",
].join("\n\n");

/** A view whose one step says what a model made up. */
export function viewSaying(text: string): View {
  const step: Item = {
    kind: "step",
    id: "step:a",
    number: 1,
    of: 1,
    goal: text,
    role: "coder",
    mood: "working",
    check: text,
    attempt: 1,
    attempts: 3,
    needs: [],
    calls: 1,
    changed: 1,
    evidence: undefined,
  };
  const call: Item = {
    kind: "call",
    id: "call:a.1",
    step: "a",
    attempt: 1,
    past: false,
    tool: "run_command",
    icon: "terminal",
    title: text,
    fact: "running",
    mood: "running",
  };
  const base = present(fold([]), around);
  const header = {
    ...base.header,
    run: { id: "r", goal: text, folder: undefined },
    mood: "working" as const,
    steps: [{ id: "a", status: "working" as const }],
  };
  return {
    header,
    items: [step, { kind: "text", id: "text:1", by: "model", text }, call, { kind: "text", id: "said:1", by: "user", text }],
  };
}

/** A long run: so many rows of calls under one step. */
export function longView(rows: number): View {
  const base = viewSaying("Count to many");
  const calls = Array.from(
    { length: rows },
    (_, i): Item => ({
      kind: "call",
      id: `call:a.${i}`,
      step: "a",
      attempt: 1,
      past: false,
      tool: "read_file",
      icon: "file",
      title: `src/file-${i}.ts`,
      fact: `read ${i} lines`,
      mood: "done",
    }),
  );
  return { header: base.header, items: [...base.items.slice(0, 1), ...calls] };
}

const pastRuns = [
  { id: "r1", goal: "Round once, after tax, in src/invoice.ts", mood: "done", at: 1_750_000_000_000, usd: 0.09, said: "Done" },
  {
    id: "r2",
    goal: "Swap float money for decimal.js",
    mood: "stopped",
    at: 1_749_900_000_000,
    usd: 0.21,
    said: "Interrupted; nothing was lost",
  },
] as const;

const offers: readonly RuleOffer[] = [
  {
    title: "This exact line",
    rule: { id: "mine.1", priority: 100, match: { program: "npm" }, verdict: "allow", why: "You allowed it." } as never,
    covered: 1,
    of: 20,
  },
  {
    title: "npm test, with any arguments",
    rule: { id: "mine.2", priority: 100, match: { program: "npm" }, verdict: "allow", why: "You allowed it." } as never,
    covered: 3,
    of: 20,
  },
];

/** The story with a model whose window is known, and small. */
const wide = (events: readonly Event[]): readonly Event[] =>
  events.map((event) => (event.type === "plan.made" || event.type === "model.replied" ? { ...event, window: 6000 } : event));

/** The story as it would be told where the chosen model does not answer: before each reply another one takes its place. */
function switched(events: readonly Event[]): readonly Event[] {
  const told = events.flatMap((event): readonly Event[] => {
    if (event.type !== "model.replied") return [event];
    const { v, seq, at, step } = event;
    return [{ v, seq, at, type: "model.switched", purpose: "step", step, from: "openai/gone", to: "rules", because }, event];
  });
  return told.map((event, seq) => ({ ...event, seq: seq + (events[0]?.seq ?? 0) }));
}
const because = "openai has no model gone; choose another.";

const job: Item = {
  kind: "call",
  id: "call:job",
  step: "mend",
  attempt: 1,
  past: false,
  tool: "start_job",
  icon: "terminal",
  title: "npm run dev",
  fact: "running in the background",
  mood: "running",
};

const replaced = (view: View, next: Item): View => ({ ...view, items: view.items.map((item) => (item.id === next.id ? next : item)) });

const cannot =
  'Without a language model I do not understand "Write a poem". It can do this:\n- "run the tests"\n- "find usages of NAME"\n\nFor anything else choose a model.';

const offline = ({ header, items }: View): View => ({
  header: { ...header, model: offlineEngine, steps: [] },
  items: items.filter(({ kind }) => kind === "fuse"),
});

/** The story as it stood when something was learnt, stopped there by a fuse. */
function stopped(events: readonly Event[], name: FuseName, diagnosis: string): View {
  const { v, seq, at } = events.at(-1) ?? { v: 1 as const, seq: 0, at: 0 };
  const blown: Event = { v, seq: seq + 1, at, type: "fuse.blown", fuse: name, diagnosis, step: "mend" };
  const ended: Event = { v, seq: seq + 2, at, type: "run.ended", outcome: "fuse", answer: diagnosis, ledger: [] };
  return present(fold([...events, blown, ended]), { ...around, driving: false });
}
