// A World in memory: real small implementations of every port, for golden runs, crash tests and properties.
// Files live in a map, the clock is stepped by hand, commands are functions of the files. Nothing here is a mock:
// compare-and-swap, digests and blobs behave as the ports promise.

import { createHash } from "node:crypto";
import type { ApprovalRequest, Resolution } from "../../src/agent/approval.ts";
import { openJobs } from "../../src/agent/jobs.ts";
import type { Ask } from "../../src/agent/model/ask.ts";
import type { Policy, Rule } from "../../src/agent/policy/rules.ts";
import { fail, ok, type Result } from "../../src/agent/result.ts";
import type { FileImage } from "../../src/agent/file-image.ts";
import type { Clock, Ending, Files, Live, Place, Sighting, Task, World } from "../../src/agent/world.ts";

export const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

export interface MemoryParts {
  readonly files: Map<string, string>;
  readonly ask: Ask;
  /** Runs a shell line over the files; the number is the exit code. */
  readonly command?: (
    line: string,
    files: Map<string, string>,
    task: Task,
  ) => Partial<Ending> & { readonly exit: number; readonly output: string };
  /** Whether anybody is there to be offered something; so unless it is said otherwise. */
  readonly attended?: boolean;
  /** The person; approves what this answers nothing to. */
  readonly decide?: (request: ApprovalRequest, signal: AbortSignal) => Promise<Resolution> | undefined;
  /** How long a question waits; for ever unless it is said. */
  readonly patienceMs?: number;
  readonly clock?: Clock;
  readonly policy: Policy;
  readonly blobs?: Map<string, Uint8Array>;
  readonly secrets?: World["secrets"];
  /** Called just before every effect on a file; may throw, as a killed process would. */
  readonly onEffect?: (what: string) => void;
}

export const memoryRoot = "/workspace";

export interface MemoryWorld extends World {
  readonly live: Live[];
  readonly asked: ApprovalRequest[];
}

export function memoryWorld(parts: MemoryParts): MemoryWorld {
  const live: Live[] = [];
  const asked: ApprovalRequest[] = [];
  const blobs = parts.blobs ?? new Map<string, Uint8Array>();
  const granted: Rule[] = [];
  let now = Date.UTC(2026, 0, 1);
  const world: MemoryWorld = {
    live,
    asked,
    jobs: openJobs({
      shell: () => world.shell,
      clock: { now: () => now, sleep: ending },
      onOutput: () => undefined,
      onEnd: () => undefined,
    }),
    digest: sha256,
    clock: parts.clock ?? {
      now: () => (now += 1),
      sleep: ending,
    },
    files: memoryFiles(parts.files, parts.onEffect ?? (() => undefined)),
    search: {
      text: async ({ pattern, regex, limit }) => {
        const wanted = new RegExp(regex ? pattern : pattern.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
        const matches = [...parts.files].flatMap(([path, text]) =>
          text.split("\n").flatMap((line, i) => (wanted.test(line) ? [{ path, line: i + 1, text: line }] : [])),
        );
        return ok({ matches: matches.slice(0, limit), truncated: matches.length > limit });
      },
    },
    shell: {
      sandbox: { active: true, reason: "in memory" },
      run: async (task) => ok(run(task, parts)),
      reap: async () => undefined,
      listens: async () => false,
      output: async (call) => fail("missing", `There is no longer output of ${call}.`),
      trial: async () => fail("unavailable", "No trials in memory."),
    },
    git: { run: async () => fail("missing", "This workspace is no git repository.") },
    lookout: {
      watch: async () => {
        const before = new Map(parts.files);
        return { ended: async () => sight(before, parts.files, blobs) };
      },
    },
    blobs: {
      put: async (bytes) => {
        const digest = sha256(bytes);
        blobs.set(digest, bytes.slice());
        return ok(digest);
      },
      get: async (digest) => {
        const bytes = blobs.get(digest);
        return bytes ? ok(bytes) : fail("missing", `No blob ${digest}.`);
      },
    },
    person: {
      attended: parts.attended ?? true,
      patienceMs: () => parts.patienceMs,
      decide: async (request, signal) => {
        asked.push(request);
        return parts.decide?.(request, signal) ?? { answer: "approve", digest: request.digest, by: "person" };
      },
      answer: async () => fail("unavailable", "Nobody is here to answer; decide for yourself or stop."),
    },
    rules: {
      policy: () => ({ ...parts.policy, personal: [...granted, ...parts.policy.personal] }),
      remember: async (rule) => {
        granted.push(rule);
        return ok(undefined);
      },
    },
    ask: parts.ask,
    secrets: parts.secrets ?? { redact: async (text) => text },
    watch: (one) => void live.push(one),
  };
  return world;
}

function sight(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>, blobs: Map<string, Uint8Array>): Sighting {
  const keep = (text: string | undefined): string | null => {
    if (text === undefined) return null;
    const bytes = new TextEncoder().encode(text);
    blobs.set(sha256(bytes), bytes);
    return sha256(bytes);
  };
  const differing = [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path));
  const changed = differing.map((path) => ({
    path: `${memoryRoot}/${path}`,
    shown: path,
    before: keep(before.get(path)),
    after: keep(after.get(path)),
    ...(before.has(path) ? { mode: 0o644 } : {}),
  }));
  return { changed, unkept: [] };
}

const ending = (_ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));

function run(task: Task, parts: MemoryParts): Ending {
  parts.onEffect?.(`run ${task.line}`);
  const ended = parts.command?.(task.line, parts.files, task) ?? { exit: 127, output: `${task.line}: not found` };
  const rest = { signal: null, killedBy: null, stderr: "", truncated: false, spill: null, ms: 0, sandboxed: task.outside !== true };
  return { ...rest, stdout: ended.output, ...ended };
}

function memoryFiles(files: Map<string, string>, onEffect: (what: string) => void): Files {
  const shownOf = (path: string): string => (path.startsWith(`${memoryRoot}/`) ? path.slice(memoryRoot.length + 1) : path);
  const image = (text: string): FileImage => {
    const bytes = new TextEncoder().encode(text);
    return { bytes, digest: sha256(bytes), mode: 0o644 };
  };
  const locate = (path: string): Place => {
    const parts: string[] = [];
    for (const part of (path.startsWith("/") ? path : `${memoryRoot}/${path}`).split("/")) {
      if (part === "..") parts.pop();
      else if (part !== "" && part !== ".") parts.push(part);
    }
    const real = `/${parts.join("/")}`;
    const inside = real === memoryRoot || real.startsWith(`${memoryRoot}/`);
    const shown = real === memoryRoot ? "." : shownOf(real);
    const isFolder = real === memoryRoot || [...files.keys()].some((key) => key.startsWith(`${shown}/`));
    return { real, shown, inside, kind: files.has(shown) ? "file" : isFolder ? "folder" : "missing" };
  };
  return {
    root: memoryRoot,
    locate: async (path) => ok(locate(path)),
    read: async (path) => {
      const text = files.get(locate(path).shown);
      return text === undefined ? fail("missing", `${locate(path).shown} does not exist.`) : ok(image(text));
    },
    swap: async (path, before, after): Promise<Result<void>> => {
      const { shown } = locate(path);
      const text = files.get(shown);
      const digest = text === undefined ? null : image(text).digest;
      if (digest !== before) return fail("stale", `${shown} changed meanwhile; read it again.`);
      onEffect(`${after === null ? "delete" : "write"} ${shown}`);
      if (after === null) files.delete(shown);
      else files.set(shown, new TextDecoder().decode(after));
      return ok(undefined);
    },
    swapAll: async (swaps) => {
      for (const { path, before } of swaps) {
        const text = files.get(locate(path).shown);
        const digest = text === undefined ? null : image(text).digest;
        if (digest !== before) return fail("stale", `${locate(path).shown} changed meanwhile; read it again.`);
      }
      for (const { path, after } of swaps) {
        const { shown } = locate(path);
        if (after !== null && files.get(shown) === new TextDecoder().decode(after)) continue;
        onEffect(`${after === null ? "delete" : "write"} ${shown}`);
        if (after === null) files.delete(shown);
        else files.set(shown, new TextDecoder().decode(after));
      }
      return ok(swaps.map(({ path, after }) => ({ path, digest: after === null ? null : sha256(after) })));
    },
    list: async (_path, { limit }) => ok({ entries: [...files.keys()].sort().slice(0, limit), truncated: files.size > limit }),
  };
}
