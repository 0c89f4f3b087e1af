// The changes that wait to be reviewed in this window: loaded from the images that were shown, with what is decided so far from the
// journal and the text of each file as it is now. Every part of the editor that shows a review draws from here and decides through here.

import * as vscode from "vscode";
import type { ApprovalRequest, Resolution } from "../../agent/approval.ts";
import { decode } from "../../agent/edit/text.ts";
import type { Rule } from "../../agent/policy/rules.ts";
import { fail, ok, type Result } from "../../agent/result.ts";
import { seeing } from "../../agent/review/agree.ts";
import { compose } from "../../agent/review/compose.ts";
import { answerTo, withAnswers } from "../../agent/review/answers.ts";
import type { HunkAnswer, HunkDecision } from "../../agent/review/decision.ts";
import { hunkCount, type ReviewFile } from "../../agent/review/file.ts";
import { shownFiles } from "../../agent/review/outcome.ts";
import { type HunkRows, isOpen, type ReviewRows, rowsOf } from "../../agent/review/rows.ts";
import { toldOf } from "../../agent/review/told.ts";
import { findCall } from "../../agent/state.ts";
import type { Clash } from "../../protocol/to-view.ts";
import type { WaitingRoom } from "../person.ts";
import type { Session } from "../session.ts";

/** One hunk of one waiting change. */
export interface HunkRef {
  readonly key: string;
  readonly file: string;
  readonly hunk: number;
}

export interface Review {
  /** The digest of the question. */
  readonly key: string;
  readonly request: ApprovalRequest;
  readonly files: readonly ReviewFile[];
}

export interface FileReview extends ReviewRows {
  readonly file: ReviewFile;
  readonly decided: number;
  readonly of: number;
}

export class ReviewDesk implements vscode.Disposable {
  readonly #session: Session;
  readonly #waiting: WaitingRoom;
  readonly #reviews = new Map<string, Review>();
  readonly #loading = new Set<string>();
  /** Those whose images are gone: they are decided whole. */
  readonly #failed = new Set<string>();
  readonly #loaded = new vscode.EventEmitter<void>();
  /** Bytes of each file as they are now, by real path; null: there is no file. */
  readonly #current = new Map<string, Uint8Array | null>();
  readonly #drawn = new WeakMap<
    ReviewFile,
    { readonly answers: readonly HunkAnswer[]; readonly now: Uint8Array | null; readonly rows: FileReview }
  >();
  /** What was told last. */
  #last: readonly unknown[] = [];
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposables: vscode.Disposable;
  readonly #watcher = vscode.workspace.createFileSystemWatcher("**/*");
  /** Something to see has changed: a review came or went, a hunk was decided, a file was typed in. */
  readonly onChange = this.#changed.event;

  constructor(parts: { readonly session: Session; readonly waiting: WaitingRoom }) {
    this.#session = parts.session;
    this.#waiting = parts.waiting;
    this.#disposables = vscode.Disposable.from(
      parts.session.onChange(() => this.#follow()),
      parts.waiting.onChange(() => this.#follow()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => void this.#typed(document.uri)),
      vscode.workspace.onDidSaveTextDocument((document) => void this.#typed(document.uri)),
      this.#watcher,
      this.#watcher.onDidChange((uri) => void this.#typed(uri)),
      this.#watcher.onDidCreate((uri) => void this.#typed(uri)),
      this.#watcher.onDidDelete((uri) => void this.#typed(uri)),
    );
  }

  get reviews(): readonly Review[] {
    return [...this.#reviews.values()];
  }

  find(key: string): Review | undefined {
    return this.#reviews.get(key);
  }

  /** The review, once its images are loaded; undefined when no such question waits in the run that is open. */
  async load(key: string): Promise<Review | undefined> {
    const isIt = ({ digest, touches }: ApprovalRequest): boolean => digest === key && touches !== undefined;
    // A run that has just been opened again puts its questions a moment later.
    const wanted = (): boolean => this.#waiting.waiting.some(isIt) || (this.#session.driving && this.#session.state.waiting.some(isIt));
    this.#follow();
    if (this.#reviews.has(key) || !wanted()) return this.#reviews.get(key);
    return new Promise((resolve) => {
      const settle = (): void => {
        if (!this.#reviews.has(key) && wanted() && !this.#failed.has(key)) return;
        heard.dispose();
        resolve(this.#reviews.get(key));
      };
      const heard = vscode.Disposable.from(
        this.onChange(settle),
        this.#loaded.event(settle),
        this.#waiting.onChange(settle),
        this.#session.onChange(settle),
      );
    });
  }

  answers(key: string): readonly HunkAnswer[] {
    const subject = this.#reviews.get(key)?.request.subject;
    return (subject?.of === "call" ? findCall(this.#session.state, subject.call)?.call.hunks : undefined) ?? none;
  }

  /** A file of a review as rows, with how far it is decided. */
  rows(key: string, shown: string): FileReview | undefined {
    const file = this.#reviews.get(key)?.files.find((one) => one.shown === shown);
    return file && this.#rowsOf(file, this.answers(key));
  }

  files(key: string): readonly FileReview[] {
    const answers = this.answers(key);
    return this.#reviews.get(key)?.files.map((file) => this.#rowsOf(file, answers)) ?? [];
  }

  /** The open hunks that meet lines which the person changed meanwhile. */
  get clashes(): readonly Clash[] {
    return this.reviews.flatMap(({ key }) =>
      this.files(key).flatMap(({ file, hunks }) =>
        hunks.filter(({ mood }) => mood === "conflict").map(({ hunk }) => ({ digest: key, file: file.shown, hunk })),
      ),
    );
  }

  hunk({ key, file, hunk }: HunkRef): HunkRows | undefined {
    return this.rows(key, file)?.hunks.find((one) => one.hunk === hunk);
  }

  /** Journals decisions. Made on a page, which shows the person's own lines, they may replace those; made in a diff they may not. */
  async decide(
    key: string,
    decided: readonly { readonly file: string; readonly hunk: number; readonly decision: HunkDecision | null }[],
    where: "page" | "diff" = "page",
  ): Promise<Result<void>> {
    const answers = this.answers(key);
    return this.#append(
      key,
      decided.map(({ file, hunk, decision }) => {
        const comment = answerTo(answers, file, hunk)?.comment;
        const said = where === "page" ? seeing(decision, this.hunk({ key, file, hunk })?.placed) : decision;
        return { file, hunk, decision: said, ...(comment === undefined ? {} : { comment }) };
      }),
    );
  }

  comment({ key, file, hunk }: HunkRef, comment: string): Promise<Result<void>> {
    const decision = answerTo(this.answers(key), file, hunk)?.decision ?? null;
    return this.#append(key, [{ file, hunk, decision, ...(comment.trim() === "" ? {} : { comment: comment.trim() }) }]);
  }

  /** Answers the question with what is decided. Hunks that are open are taken as `rest` says, or else keep it waiting. */
  async apply(
    key: string,
    options: { readonly rest?: "accepted" | "rejected"; readonly remember?: Rule | undefined } = {},
  ): Promise<Result<void>> {
    const review = this.#reviews.get(key);
    if (!review) return fail("stale", "This change no longer waits. Nothing was done.");
    for (const file of review.files) await this.#read(file.path);
    const gone = review.files.find(({ path, before }) => before !== null && this.#current.get(path) === null);
    if (gone && this.files(key).some(({ file, hunks }) => file === gone && hunks.some(({ mood }) => mood !== "rejected")))
      return fail("stale", `${gone.shown} was deleted meanwhile; put it back, or reject what is proposed for it.`);
    const open = this.files(key).flatMap(({ file, hunks }) => hunks.filter(({ mood }) => isOpen(mood)).map((hunk) => ({ file, hunk })));
    const clash = open.filter(({ hunk }) => hunk.mood === "conflict");
    if (open.length > 0 && (options.rest === undefined || (options.rest === "accepted" && clash.length > 0)))
      return fail(
        "invalid",
        clash.length > 0 ? clashText(clash.length) : `${open.length} of the hunks are not decided yet; accept or reject them first.`,
      );
    const filled = open.map(({ file, hunk }): HunkAnswer => {
      const comment = hunk.answer?.comment;
      return {
        file: file.shown,
        hunk: hunk.hunk,
        decision: { is: options.rest ?? "rejected" },
        ...(comment === undefined ? {} : { comment }),
      };
    });
    const answers = withAnswers(this.#standing(key), filled);
    for (const file of review.files) {
      const composed = compose(file, answers, this.#current.get(file.path) ?? null);
      if (!composed.ok) return composed;
      if (composed.value.is === "conflict") return fail("invalid", clashText(composed.value.hunks.length));
    }
    const resolution = resolutionOf(review, answers, options.remember);
    return this.#waiting.resolve(review.request.subject, key, resolution)
      ? ok(undefined)
      : fail("stale", "This no longer waits; what you see is from before. Nothing was done.");
  }

  /** The person's answers, with the hunks whose lines are there already counted as accepted. */
  #standing(key: string): readonly HunkAnswer[] {
    const already = this.files(key).flatMap(({ file, hunks }) =>
      hunks
        .filter(({ mood, answer }) => mood === "already" && !answer?.decision)
        .map(({ hunk }): HunkAnswer => ({ file: file.shown, hunk, decision: { is: "accepted" } })),
    );
    return withAnswers(already, this.answers(key));
  }

  async #append(key: string, answers: HunkAnswer[]): Promise<Result<void>> {
    const review = this.#reviews.get(key);
    const { run } = this.#session;
    if (!review || review.request.subject.of !== "call" || !run) return fail("stale", "This change no longer waits. Nothing was decided.");
    if (answers.length > 0) await run.append({ type: "hunks.decided", call: review.request.subject.call, digest: key, answers });
    return ok(undefined);
  }

  #rowsOf(file: ReviewFile, answers: readonly HunkAnswer[]): FileReview {
    const now = this.#current.get(file.path) ?? null;
    const known = this.#drawn.get(file);
    if (known && known.answers === answers && known.now === now) return known.rows;
    const text = now === null ? undefined : decode(now);
    const drawn = rowsOf(file, answers, text?.ok ? text.value.text : "");
    const of = hunkCount(file);
    const rows = { ...drawn, file, of, decided: of - drawn.hunks.filter(({ mood }) => isOpen(mood)).length };
    this.#drawn.set(file, { answers, now, rows });
    return rows;
  }

  #follow(): void {
    const waiting = this.#waiting.waiting.filter(({ subject, touches }) => subject.of === "call" && touches !== undefined);
    for (const key of this.#reviews.keys()) if (!waiting.some((request) => request.digest === key)) this.#reviews.delete(key);
    for (const request of waiting) if (!this.#reviews.has(request.digest) && !this.#isTried(request.digest)) void this.#load(request);
    this.#tell();
  }

  /** This is asked after every event of a run: most of them change nothing that is shown here. */
  #tell(): void {
    const now = this.reviews.flatMap((review) => [review, this.answers(review.key)]);
    if (now.length === this.#last.length && now.every((one, at) => one === this.#last[at])) return;
    this.#last = now;
    this.#changed.fire();
  }

  #isTried(key: string): boolean {
    return this.#loading.has(key) || this.#failed.has(key);
  }

  async #load(request: ApprovalRequest): Promise<void> {
    const { run } = this.#session;
    if (!run) return;
    this.#loading.add(request.digest);
    const files = await shownFiles(run.world, request);
    if (files.ok) for (const { path } of files.value) await this.#read(path);
    this.#loading.delete(request.digest);
    if (!files.ok) this.#failed.add(request.digest);
    const waits = this.#waiting.waiting.some(({ digest }) => digest === request.digest);
    if (files.ok && waits) this.#reviews.set(request.digest, { key: request.digest, request, files: files.value });
    this.#tell();
    this.#loaded.fire();
  }

  async #read(path: string): Promise<void> {
    const image = await this.#session.run?.world.files.read(path, { maxBytes: Number.POSITIVE_INFINITY }, new AbortController().signal);
    const bytes = image?.ok ? image.value.bytes : null;
    const known = this.#current.get(path);
    // The same bytes keep being the same object, so that nothing is drawn anew for them.
    if (known === undefined || !isSame(known, bytes)) this.#current.set(path, bytes);
  }

  async #typed(uri: vscode.Uri): Promise<void> {
    if (uri.scheme !== "file" || !this.reviews.some(({ files }) => files.some(({ path }) => path === uri.fsPath))) return;
    await this.#read(uri.fsPath);
    this.#changed.fire();
  }

  dispose(): void {
    this.#disposables.dispose();
    this.#loaded.dispose();
    this.#changed.dispose();
  }
}

/** One object, so that nothing decided is the same as before. */
const none: readonly HunkAnswer[] = [];

const clashText = (hunks: number): string =>
  `${hunks === 1 ? "A hunk meets" : `${hunks} hunks meet`} lines that you changed meanwhile; say what becomes of ${hunks === 1 ? "it" : "them"} first.`;

/** Where nothing at all is accepted it is a rejection, which says hunk by hunk why. */
function resolutionOf({ key, files }: Review, hunks: readonly HunkAnswer[], remember: Rule | undefined): Resolution {
  const made = hunks.some(({ decision }) => decision?.is === "accepted" || decision?.is === "changed");
  if (!made) return { answer: "reject", why: toldOf(files, hunks) ?? "no reason given.", unattended: false };
  return { answer: "approve", digest: key, by: "person", hunks: [...hunks], ...(remember ? { remember } : {}) };
}

const isSame = (a: Uint8Array | null, b: Uint8Array | null): boolean =>
  a === null || b === null ? a === b : a.length === b.length && a.every((byte, at) => byte === b[at]);
