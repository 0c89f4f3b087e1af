// How much of the machine one command may take. Values, and the shell words that set those the kernel keeps itself.

import { totalmem } from "node:os";

export interface Limits {
  /** Between TERM and KILL when time is up, in ms. */
  readonly graceMs: number;
  /** The same on cancelling, where a person waits. */
  readonly cancelGraceMs: number;
  /** Bytes of output after which the command is killed; also the most a spill file takes. */
  readonly outputBytes: number;
  /** Largest file the command may write. */
  readonly fileBytes: number;
  readonly openFiles: number;
  readonly processes: number;
  /** Per process: heap and private writable mappings. Address space is not limited, WebAssembly reserves too much of it. */
  readonly dataBytes: number;
  /** Per process. */
  readonly cpuSeconds: number;
  /** Of the whole tree, polled. */
  readonly memoryBytes: number;
}

const KiB = 1024;
const GiB = 1024 ** 3;

export function defaultLimits(): Limits {
  return {
    graceMs: 1500,
    cancelGraceMs: 300,
    outputBytes: 64 * KiB * KiB,
    fileBytes: 2 * GiB,
    openFiles: 8192,
    processes: 1024,
    dataBytes: 8 * GiB,
    cpuSeconds: 600,
    memoryBytes: Math.min(8 * GiB, totalmem() / 2),
  };
}

/**
 * Words for bash that lower its own resource limits and so those of all it starts. A limit that is lower already stays.
 * `processes` counts every process of the user outside a user namespace, so it is set only inside one.
 */
export function limitWords(limits: Limits, scope: "namespace" | "session"): string {
  const words = [
    "ulimit -c 0",
    `ulimit -f ${Math.floor(limits.fileBytes / KiB)}`,
    `ulimit -n ${limits.openFiles}`,
    `ulimit -d ${Math.floor(limits.dataBytes / KiB)}`,
    `ulimit -t ${limits.cpuSeconds}`,
    ...(scope === "namespace" ? [`ulimit -u ${limits.processes}`] : []),
  ];
  return `{ ${words.join("; ")}; } 2>/dev/null`;
}
