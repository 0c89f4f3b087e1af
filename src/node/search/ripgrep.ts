// Searches by ripgrep: an argument list and no shell, nothing of the user's ripgrep configuration, killed at once when cancelled.

import { spawn } from "node:child_process";
import { dirname, join, sep } from "node:path";
import * as z from "zod";
import { ok } from "../../agent/result.ts";
import type { TextMatches } from "../../agent/world.ts";
import { badExpression, type Catch, excerpt, type Hunt, largestSearched } from "./hunt.ts";

type Match = TextMatches["matches"][number];

/** Undefined where this ripgrep cannot be used at all. Rejects with the signal's reason once it has aborted and ripgrep is killed. */
export async function searchByRipgrep(program: string, hunt: Hunt, signal: AbortSignal): Promise<Catch | undefined> {
  signal.throwIfAborted();
  const reader = new JsonReader(hunt);
  const ending = await run(program, argumentsFor(hunt), hunt.isFile ? dirname(hunt.base) : hunt.base, reader, signal);
  if (ending === undefined) return undefined;
  if (ending.exit !== 2 || ending.complaint === "" || reader.full)
    return ok({ matches: reader.matches, truncated: reader.full || reader.overran });
  // File errors are silenced, so what it complains of is the expression, or a flag that an old ripgrep does not know.
  return /regex|PCRE2/i.test(ending.complaint) ? badExpression(reasonIn(ending.complaint)) : undefined;
}

/** Which files ripgrep sees, whatever it does with them: what git in this folder does not ignore, and nothing of the user's configuration. */
export const whatIsSeen = [
  "--no-config",
  "--no-messages",
  "--hidden",
  "--no-require-git",
  "--no-ignore-parent",
  "--no-ignore-global",
  "--glob=!.git",
  "--glob=!node_modules",
] as const;

/** Name globs that ripgrep and our own matcher read alike; with others all files are read, and the unwanted dropped. */
const commonGlob = /^[\w.*?-]+$/;

function argumentsFor({ query, start, isFile, base }: Hunt): string[] {
  const flags = [
    "--json",
    ...whatIsSeen,
    "--crlf",
    "--engine=auto",
    `--max-filesize=${largestSearched}`,
    query.caseSensitive ? "--case-sensitive" : "--ignore-case",
  ];
  if (!query.regex) flags.push("--fixed-strings");
  if (query.wholeWord) flags.push("--word-regexp");
  if (!isFile && query.include.length > 0 && query.include.every((glob) => commonGlob.test(glob) && /[.*]/.test(glob))) {
    for (const glob of query.include) flags.push(`--type-add=wanted:${glob}`);
    flags.push("--type=wanted");
  }
  return [...flags, "--", query.pattern, isFile ? join(base, start) : `./${start}`];
}

interface Ending {
  readonly exit: number | null;
  readonly complaint: string;
}

function run(program: string, args: readonly string[], cwd: string, reader: JsonReader, signal: AbortSignal): Promise<Ending | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
    let complaint = "";
    const kill = (): void => void child.kill("SIGKILL");
    const cancel = (): void => {
      kill();
      reject(signal.reason);
    };
    signal.addEventListener("abort", cancel, { once: true });
    child.stdout.on("data", (chunk: Buffer) => {
      try {
        if (!reader.full) reader.push(chunk);
        if (reader.full) kill();
      } catch (error) {
        kill();
        reject(error);
      }
    });
    child.stderr.on("data", (chunk: Buffer) => {
      if (complaint.length < 8192) complaint += chunk.toString("utf8");
    });
    child.once("error", () => {
      signal.removeEventListener("abort", cancel);
      resolve(undefined);
    });
    child.once("close", (exit) => {
      signal.removeEventListener("abort", cancel);
      resolve({ exit, complaint });
    });
  });
}

const reasonIn = (complaint: string): string =>
  /error: (.+)/.exec(complaint)?.[1] ?? /PCRE2: (.+)/.exec(complaint)?.[1] ?? "it cannot be understood";

const Words = z.union([z.object({ text: z.string() }), z.object({ bytes: z.string() })]);
const Message = z.discriminatedUnion("type", [
  z.object({ type: z.literal("begin") }),
  z.object({
    type: z.literal("match"),
    data: z.object({ path: Words, lines: Words, line_number: z.number(), submatches: z.array(z.object({ start: z.number() })) }),
  }),
  z.object({ type: z.literal("end"), data: z.object({ binary_offset: z.number().nullable() }) }),
  z.object({ type: z.literal("summary") }),
]);

const longestMessage = 16 << 20;

/** Takes ripgrep's messages in whatever pieces they come. A file's matches count when it has ended and turned out to be text. */
class JsonReader {
  readonly matches: Match[] = [];
  /** Whether a line was too much to take: one of megabytes, with a match in every few letters. */
  overran = false;
  readonly #hunt: Hunt;
  #rest: Buffer[] = [];
  #held = 0;
  #file: Match[] = [];

  constructor(hunt: Hunt) {
    this.#hunt = hunt;
  }

  /** Whether there are more than are wanted. */
  get full(): boolean {
    return this.matches.length >= this.#hunt.most;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1 && !this.full; end = chunk.indexOf(0x0a, start)) {
      this.#hold(chunk.subarray(start, end));
      const line = Buffer.concat(this.#rest).toString("utf8");
      const whole = this.#held <= longestMessage;
      this.#rest = [];
      this.#held = 0;
      start = end + 1;
      if (whole) this.#take(Message.parse(JSON.parse(line)));
    }
    this.#hold(chunk.subarray(start));
  }

  #hold(piece: Buffer): void {
    this.#held += piece.length;
    if (this.#held <= longestMessage) this.#rest.push(piece);
    else {
      this.#rest = [];
      this.overran = true;
    }
  }

  #take(message: z.infer<typeof Message>): void {
    if (message.type === "match") {
      const match = this.#toMatch(message.data);
      if (match) this.#file.push(match);
      if (this.matches.length + this.#file.length >= this.#hunt.most) this.#keepFile();
    } else if (message.type === "end") {
      if (message.data.binary_offset === null) this.#keepFile();
      this.#file = [];
    }
  }

  #keepFile(): void {
    this.matches.push(...this.#file);
    this.#file = [];
  }

  #toMatch({ path, lines, line_number: line, submatches }: Extract<z.infer<typeof Message>, { type: "match" }>["data"]): Match | undefined {
    const { start, isFile } = this.#hunt;
    const shown = isFile ? start : toText(path).split(sep).join("/").replace(/^\.\//, "");
    if (!this.#hunt.wants(shown)) return undefined;
    const text = toText(lines).replace(/\r?\n?$/, "");
    const column = Buffer.from(text, "utf8")
      .subarray(0, submatches[0]?.start ?? 0)
      .toString("utf8").length;
    return { path: shown, line, text: excerpt(text, column) };
  }
}

const toText = (words: z.infer<typeof Words>): string =>
  "text" in words ? words.text : Buffer.from(words.bytes, "base64").toString("utf8");
