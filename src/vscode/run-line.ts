// A run as a line of the list of runs: how it stands, in a mood for the icon and in words.

import type { RunSummary } from "../node/runs.ts";
import type { RunLine, RunMood } from "../protocol/to-view.ts";

const moods: Readonly<Record<RunSummary["status"], { readonly mood: RunMood; readonly said: string }>> = {
  done: { mood: "done", said: "Done" },
  unproved: { mood: "unverified", said: "Not all of it proved" },
  failed: { mood: "failed", said: "Failed" },
  stopped: { mood: "stopped", said: "Stopped for approval" },
  fuse: { mood: "fuse", said: "Stopped by a fuse" },
  cancelled: { mood: "cancelled", said: "Stopped by you" },
  running: { mood: "working", said: "At work in a window" },
  interrupted: { mood: "stopped", said: "Interrupted; nothing was lost" },
  damaged: { mood: "failed", said: "Its journal is damaged" },
};

/** `folder` names where it works, where there are several. */
export function toLine(run: RunSummary, folder: string | undefined): RunLine {
  const { mood, said } = moods[run.status];
  return { id: run.id, goal: run.goal, at: run.lastAt, usd: 0, mood, said: folder === undefined ? said : `${said}, in ${folder}` };
}
