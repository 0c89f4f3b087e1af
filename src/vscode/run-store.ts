// The runs of the open folder, over the adapters of this machine with the editor's own in front of them: unsaved buffers are what
// tools read, commands show in terminals, language servers are tools.

import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { brief } from "../agent/briefing.ts";
import { drive } from "../agent/engine.ts";
import { defaultLimits, type Event, type Limits } from "../agent/event.ts";
import type { Ask } from "../agent/model/ask.ts";
import { performers } from "../agent/performers.ts";
import { fold } from "../agent/reduce.ts";
import { fail, ok, type Result } from "../agent/result.ts";
import type { RunState } from "../agent/state.ts";
import { tryEdits } from "../agent/tool/try-edits.ts";
import type { AnyTool } from "../agent/tool/tool.ts";
import type { Files, Live, Person, Rules, Secrets, World } from "../agent/world.ts";
import { auditedRuns } from "../node/audit/audited-runs.ts";
import type { AuditedRun } from "../node/audit/auditor.ts";
import { sha256 } from "../node/digest.ts";
import { type GoalHistory, goalHistory } from "../node/goal-history.ts";
import { readJournal } from "../node/journal.ts";
import { eventFormat } from "../node/journal/event-format.ts";
import { configuredKeys } from "../node/model-keys.ts";
import { openRun } from "../node/open-run.ts";
import { type Imported, importRun, type Place } from "../node/parcel/import-run.ts";
import { packRun, type Parcel } from "../node/parcel/pack.ts";
import { openRewind, type Rewind } from "../node/rewind.ts";
import { collectDaily, type StoredRun, storedRuns } from "../node/storage.ts";
import { createRun, deleteRun, findRun, listRuns, type RunFolder } from "../node/runs.ts";
import { openSecrets } from "../node/secrets.ts";
import { openWorkspaceHome, stateHome, type WorkspaceHome } from "../node/state-home.ts";
import { contextMeter } from "../protocol/context-meter.ts";
import type { ContextMeter, RunLine } from "../protocol/to-view.ts";
import { overBuffers } from "./buffers.ts";
import type { WorkFolder } from "./folders.ts";
import type { ModelChoice } from "./models.ts";
import type { RuleBook } from "./policy/rule-book.ts";
import { diagnosticsIn } from "./problems.ts";
import { toLine } from "./run-line.ts";
import type { OpenRun, Runs, Stored } from "./session.ts";
import { readSettings } from "./settings.ts";
import { inTerminals } from "./terminal.ts";
import { codeActionsTool, renameTool } from "./tool/change.ts";
import { diagnosticsTool, referencesTool, symbolsTool } from "./tool/look.ts";

const editorTools: readonly AnyTool[] = [diagnosticsTool, symbolsTool, referencesTool, renameTool, codeActionsTool];

export interface StoreParts {
  readonly person: Person;
  readonly models: ModelChoice;
  readonly engine: Ask;
  readonly folder: WorkFolder;
  readonly rules: RuleBook;
}

export class RunStore implements Runs {
  readonly #parts: StoreParts;

  constructor(parts: StoreParts) {
    this.#parts = parts;
  }

  async create(goal: string, watch: (live: Live) => void): Promise<Result<OpenRun>> {
    const home = await openHome(this.#parts.folder.current);
    if (!home.ok) return home;
    const folder = await createRun(home.value, Date.now());
    if (!folder.ok) return folder;
    const { "storage.days": days, "storage.megabytes": megabytes } = readSettings();
    // Beside the run, which does not wait for it; what cannot be tidied up today is tidied up tomorrow.
    void collectDaily(home.value, { days, megabytes }, Date.now()).catch(() => undefined);
    // What cannot be remembered is only less convenient; the run goes on.
    await historyOf(home.value).add(goal);
    const opened = await this.#open(home.value, folder.value, watch);
    if (!opened.ok) return opened;
    const { run, name } = opened.value;
    const known = await brief(run.world, new AbortController().signal);
    // A repository that is not trusted has no say in how it is worked on.
    const briefing = vscode.workspace.isTrusted ? known : { entries: known.entries };
    const mode = vscode.workspace.isTrusted ? readSettings().mode : "read-only";
    const started = run.append({
      type: "run.started",
      run: folder.value.id,
      goal,
      criteria: [],
      workspace: home.value.root,
      model: name,
      mode,
      limits: limits(),
      briefing,
    });
    await started.catch(async (error: unknown) => {
      await opened.value.close();
      throw error;
    });
    return opened;
  }

  async open(id: string, watch: (live: Live) => void): Promise<Result<OpenRun>> {
    const found = await this.#find(id);
    return found.ok ? this.#open(found.value.home, found.value.folder, watch) : found;
  }

  async read(id: string): Promise<Result<RunState>> {
    const found = await this.#find(id);
    if (!found.ok) return found;
    const reading = await readJournal<Event>(found.value.folder.journal, eventFormat);
    return reading.ok ? ok(fold(reading.value.events)) : reading;
  }

  /** The runs of every open folder, newest first. */
  async list(): Promise<Result<readonly RunLine[]>> {
    const homes = await this.#homes();
    if (!homes.ok) return homes;
    const lines: RunLine[] = [];
    for (const { home, name } of homes.value) {
      const runs = await listRuns(home);
      if (!runs.ok) return runs;
      lines.push(...runs.value.map((run) => toLine(run, name)));
    }
    return ok(lines.sort((a, b) => b.at - a.at));
  }

  async delete(id: string): Promise<Result<void>> {
    const found = await this.#find(id);
    if (!found.ok) return found;
    const runs = await listRuns(found.value.home);
    const running = runs.ok && runs.value.some((run) => run.id === id && run.status === "running");
    if (running) return fail("unavailable", "This run is at work in another window; stop it there first.");
    await deleteRun(found.value.folder);
    return ok(undefined);
  }

  async goals(): Promise<readonly string[]> {
    const home = await openHome(this.#parts.folder.current);
    return home.ok ? historyOf(home.value).goals() : [];
  }

  async rewind(id: string): Promise<Result<Rewind>> {
    const found = await this.#find(id);
    if (!found.ok) return found;
    const around = (files: Files): Files => overBuffers(files, sha256);
    return openRewind({ ...found.value, env: process.env, cache: join(ownFolder(), "cache"), around });
  }

  async pack(id: string): Promise<Result<Parcel>> {
    const found = await this.#find(id);
    if (!found.ok) return found;
    return packRun(found.value.folder, await this.#secrets());
  }

  async take(path: string): Promise<Result<Imported>> {
    const home = await openHome(this.#parts.folder.current);
    if (!home.ok) return home;
    const trusted = vscode.workspace.isTrusted;
    const place: Place = {
      mode: trusted ? readSettings().mode : "read-only",
      limits: limits(),
      trust: trusted ? "trusted" : "untrusted",
      secrets: await this.#secrets(),
      now: Date.now(),
    };
    return importRun(home.value, path, place, new AbortController().signal);
  }

  async journalOf(id: string): Promise<Result<string>> {
    const found = await this.#find(id);
    if (!found.ok) return found;
    const exists = await readFile(found.value.folder.journal).then(
      () => true,
      () => false,
    );
    return exists ? ok(found.value.folder.journal) : fail("missing", "The journal of this run is gone.");
  }

  async audited(): Promise<Result<readonly AuditedRun[]>> {
    const homes = await this.#homes();
    if (!homes.ok) return homes;
    const all: AuditedRun[] = [];
    for (const { home } of homes.value) {
      const audited = await auditedRuns(home, undefined);
      if (!audited.ok) return audited;
      all.push(...audited.value);
    }
    return ok(all);
  }

  async stored(): Promise<Result<Stored>> {
    const homes = await this.#homes();
    if (!homes.ok) return homes;
    const runs: StoredRun[] = [];
    for (const { home } of homes.value) {
      const kept = await storedRuns(home);
      if (!kept.ok) return kept;
      runs.push(...kept.value);
    }
    const { "storage.days": days, "storage.megabytes": megabytes } = readSettings();
    return ok({ runs: runs.toSorted((a, b) => b.lastAt - a.lastAt), keep: { days, megabytes } });
  }

  async #secrets(): Promise<Secrets> {
    return openSecrets(process.env, configuredKeys(await this.#parts.models.config()));
  }

  async #find(id: string): Promise<Result<{ readonly home: WorkspaceHome; readonly folder: RunFolder }>> {
    const homes = await this.#homes();
    if (!homes.ok) return homes;
    for (const { home } of homes.value) {
      const folder = await findRun(home, id);
      if (folder.ok) return ok({ home, folder: folder.value });
    }
    return fail("missing", "That run is gone; Show Runs lists those that are there.");
  }

  /** What we keep of each open folder; `name` where there are several. */
  async #homes(): Promise<Result<readonly { readonly home: WorkspaceHome; readonly name: string | undefined }[]>> {
    const { all } = this.#parts.folder;
    const homes: { readonly home: WorkspaceHome; readonly name: string | undefined }[] = [];
    for (const folder of all.length > 0 ? all : [undefined]) {
      const home = await openHome(folder);
      if (!home.ok) return home;
      homes.push({ home: home.value, name: all.length > 1 ? folder?.name : undefined });
    }
    return ok(homes);
  }

  async #open(home: WorkspaceHome, folder: RunFolder, watch: (live: Live) => void): Promise<Result<OpenRun & { readonly name: string }>> {
    const { person, models, engine } = this.#parts;
    const rules = await this.#parts.rules.of(home.root);
    const model = await models.connect(engine);
    if (!model.ok) return model;
    const opened = await openRun({
      env: process.env,
      cache: join(ownFolder(), "cache"),
      home,
      folder,
      person,
      rules: tellingRules(rules),
      models: model.value.models,
      secrets: model.value.secrets,
      watch,
      ripgrep: join(vscode.env.appRoot, "node_modules", "@vscode", "ripgrep", "bin", "rg"),
      tools: model.value.name === "rules" ? [...editorTools, tryEdits] : editorTools,
      around: inEditor,
    });
    if (!opened.ok) return opened;
    const { run, wrote } = opened.value;
    // What the person saves while a command runs is not the command's doing.
    const saves = vscode.workspace.onDidSaveTextDocument(({ uri }) => wrote(uri.fsPath));
    const close = (): Promise<void> => {
      saves.dispose();
      return opened.value.close();
    };
    const context = (): ContextMeter | undefined => contextMeter(run.state, run.tools);
    return ok({ run, close, drive: (signal) => drive(run, performers, signal), context, name: model.value.name });
  }
}

const inEditor = (world: World): World => ({
  ...world,
  files: overBuffers(world.files, sha256),
  shell: inTerminals(world.shell, world.files.root),
  diagnostics: diagnosticsIn(world.files.root),
});

/** A rule that could not be kept is told: the person would otherwise wonder why they are asked again. */
const tellingRules = (rules: Rules): Rules => ({
  policy: () => rules.policy(),
  remember: async (rule) => {
    const kept = await rules.remember(rule);
    if (!kept.ok) void vscode.window.showWarningMessage(kept.fault.message);
    return kept;
  },
});

const historyOf = (home: WorkspaceHome): GoalHistory => goalHistory(join(home.path, "history.json"));

const ownFolder = (): string => stateHome({ env: process.env, platform: process.platform, home: homedir() });

async function openHome(folder: vscode.WorkspaceFolder | undefined): Promise<Result<WorkspaceHome>> {
  if (!folder) return fail("missing", "Open a folder first; Proviso works on the files of a folder.");
  if (folder.uri.scheme !== "file") return fail("unavailable", `Proviso works on files on disk; ${folder.name} is not.`);
  return openWorkspaceHome(ownFolder(), folder.uri.fsPath);
}

const limits = (settings = readSettings()): Limits => ({
  ...defaultLimits,
  usd: settings["limits.usd"],
  minutes: settings["limits.minutes"],
  calls: settings["limits.calls"],
  turnsPerStep: settings["limits.turnsPerStep"],
  attemptsPerStep: settings["limits.attemptsPerStep"],
  repeats: settings["limits.repeats"],
  idleTurns: settings["limits.idleTurns"],
  sameErrors: settings["limits.sameErrors"],
  step: settings["limits.perStep"],
  day: settings["limits.perDay"],
  checkSeconds: settings["limits.checkSeconds"],
});
