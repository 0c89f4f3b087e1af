// What contestants that bring none of their own are given: the two tools that the job calls, and files to keep checkpoints in.

import { type FileHandle, open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { answer, type Job } from "./job.ts";

/** The tools, for contestants that bring none. */
export class Tools {
  readonly #workspace: string;
  used = 0;

  constructor(job: Job) {
    this.#workspace = join(job.folder, "workspace");
  }

  /** The same words that Proviso's own tools tell. */
  async use(tool: string, input: unknown): Promise<string> {
    this.used++;
    if (tool === "ask_user") return answer;
    if (tool !== "read_file") throw new Error(`no turn of this job uses ${tool}`);
    const lines = (await readFile(join(this.#workspace, (input as { path: string }).path), "utf8")).trimEnd().split("\n");
    return lines.map((line, i) => `${i + 1}\t${line}`).join("\n");
  }
}

/** Files of a contestant's checkpoints. Each promise is settled when what was given is as safe as the job asks. */
export class Shelf {
  readonly #job: Job;
  readonly #path: string;
  #lines: FileHandle | undefined;

  constructor(job: Job, name: string) {
    this.#job = job;
    this.#path = join(job.folder, "kept", name);
  }

  get path(): string {
    return this.#path;
  }

  async append(text: string): Promise<void> {
    this.#lines ??= await open(this.#path, "a");
    await this.#lines.appendFile(text);
    if (this.#job.keep === "synced") await this.#lines.datasync();
  }

  /** A file is replaced as a whole or not at all. */
  async replace(text: string): Promise<void> {
    const fresh = `${this.#path}.new`;
    const file = await open(fresh, "w");
    await file.writeFile(text);
    if (this.#job.keep === "synced") await file.datasync();
    await file.close();
    await rename(fresh, this.#path);
    if (this.#job.keep === "synced") await syncFolder(dirname(this.#path));
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  await folder.sync();
  await folder.close();
}
