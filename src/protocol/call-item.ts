// One call as a row: what it is called, the fact at its right, and its detail when unfolded. Pure.

import { endText } from "../agent/job-fold.ts";
import { count, duration } from "../agent/observe/amount.ts";
import type { CallEnding, CallState, JobState } from "../agent/state.ts";
import { waitingHunks } from "./hunks.ts";
import { apartFrom, partsTold } from "./parts-told.ts";
import type { CallDetail, CallItem, CallMood } from "./to-view.ts";

export interface CallPlace {
  readonly step: string;
  readonly attempt: number;
  readonly past: boolean;
  readonly driving: boolean;
  readonly jobs: readonly JobState[];
}

export function callItem(call: CallState, at: CallPlace): CallItem {
  const input = inputOf(call);
  const job = at.jobs.find((one) => one.job === call.call);
  return {
    kind: "call",
    id: `call:${call.call}`,
    step: at.step,
    attempt: at.attempt,
    past: at.past,
    tool: call.tool,
    icon: icons[call.tool] ?? "tool",
    title: titleOf(call.tool, input),
    fact: job ? (job.ended ? endText(job.ended) : "running in the background") : factOf(call),
    mood: job && !job.ended ? (at.driving ? "running" : "unknown") : callMood(call, at.driving),
  };
}

/** What a row shows when it is opened. */
export function callDetail(call: CallState): CallDetail {
  const outcome = call.ended?.outcome;
  const output = outcome === undefined ? "" : outcome.ok ? outcome.observation.text : outcome.fault.message;
  return {
    args: JSON.stringify(inputOf(call), null, 2),
    output,
    decision: call.judged && apartFrom(call.judged.decision),
    parts: call.judged && partsTold(call.judged.decision, call.judged.risk),
    told: outcome?.ok === false ? outcome.fault.message : undefined,
    ms: call.ended?.ms,
    fork: call.ended && call.call,
    restore: call.ended && call.ended.changed.length > 0 ? call.call : undefined,
  };
}

function callMood(call: CallState, driving: boolean): CallMood {
  const outcome = call.ended?.outcome;
  if (outcome) {
    if (outcome.ok) return killedByTime(outcome.observation.data) ? "late" : "done";
    if (outcome.fault.kind !== "denied") return outcome.fault.stopped ? "stopped" : "failed";
    return call.judged?.decision.verdict === "deny" ? "denied" : "rejected";
  }
  if (call.begun) return driving ? "running" : "unknown";
  return call.asked && call.approved === undefined ? "waiting" : "wanted";
}

const killedByTime = (data: unknown): boolean =>
  typeof data === "object" && data !== null && "killedBy" in data && data.killedBy === "timeout";

const icons: Readonly<Record<string, CallItem["icon"]>> = {
  read_file: "file",
  list_files: "list",
  search_text: "search",
  edit_file: "edit",
  create_file: "edit",
  delete_file: "edit",
  change_files: "edit",
  run_command: "terminal",
  start_job: "terminal",
  job_output: "terminal",
  stop_job: "terminal",
  try_edits: "terminal",
  git: "git",
  git_restore: "git",
  ask_user: "question",
};

function inputOf(call: CallState): unknown {
  if (call.judged) return call.judged.input;
  try {
    return JSON.parse(call.args);
  } catch {
    return call.args;
  }
}

function titleOf(tool: string, input: unknown): string {
  const fields = typeof input === "object" && input !== null ? (input as Record<string, unknown>) : {};
  if (tool === "change_files") return filesTitle(fields);
  if (typeof fields["verb"] === "string") return `${tool} ${fields["verb"]}`;
  const named = ["path", "line", "command", "pattern", "question", "name"]
    .map((key) => fields[key])
    .find((value) => typeof value === "string");
  return typeof named === "string" && named !== "" ? named : tool;
}

/** The paths of a change over several files, as far as its input names them. */
function filesTitle({ files }: Readonly<Record<string, unknown>>): string {
  const paths = Array.isArray(files)
    ? files.flatMap((file: unknown) => (typeof file === "object" && file !== null && "path" in file ? [String(file.path)] : []))
    : [];
  return paths.length > 0 ? paths.join(", ") : "a patch";
}

function factOf(call: CallState): string {
  const { ended, judged } = call;
  if (!ended) return call.begun ? "running" : "";
  if (!ended.outcome.ok) {
    const { kind, stopped } = ended.outcome.fault;
    return kind === "denied" ? (judged?.decision.rule ?? "rejected") : stopped ? "stopped" : kind;
  }
  const { text, data } = ended.outcome.observation;
  const facts = typeof data === "object" && data !== null && !Array.isArray(data) ? data : {};
  if (killedByTime(data)) return `timed out after ${duration(ended.ms)}`;
  if (typeof facts["exit"] === "number") return `exit ${facts["exit"]}, ${duration(ended.ms)}`;
  if (ended.changed.length > 0) return changeText(call) ?? ended.changed.map(howChanged).join(", ");
  const lines = text.split("\n");
  if (call.tool === "read_file") return `read ${count(lines.length, "line")}`;
  return call.tool === "search_text" ? foundText(lines) : "";
}

const howChanged = ({ before, after }: CallEnding["changed"][number]): string =>
  before === null ? "created" : after === null ? "deleted" : "changed";

/** Lines as they were shown and taken; undefined where nobody was shown any. */
function changeText({ asked, hunks: answers }: CallState): string | undefined {
  if (asked?.preview?.kind !== "diff") return undefined;
  const hunks = asked.preview.files.flatMap((file) => waitingHunks(file, answers ?? []));
  const taken = hunks.filter(({ mood }) => mood !== "rejected");
  if (taken.length === 0) return undefined;
  const sum = (of: "added" | "removed"): number =>
    taken.reduce((n, { answer, ...hunk }) => {
      const own = of === "added" && answer?.decision?.is === "changed" ? answer.decision.text : undefined;
      return n + (own === undefined ? hunk[of].length : own === "" ? 0 : own.replace(/\n$/, "").split("\n").length);
    }, 0);
  const share = taken.length < hunks.length ? `, you took ${taken.length} of ${hunks.length}` : "";
  return `+${sum("added")} −${sum("removed")}${share}`;
}

/** Lines of `path:line: text`, and a last one in brackets where there are more. */
function foundText(lines: readonly string[]): string {
  const places = lines.flatMap((line) => /^(.+?):\d+: /.exec(line)?.[1] ?? []);
  const more = lines.at(-1)?.startsWith("[") ? " or more" : "";
  return places.length === 0 ? "nothing" : `${places.length}${more} in ${count(new Set(places).size, "file")}`;
}
