// What is asked of the policy on the command line: a shell line or a tool's call, and under which circumstances. One call of `policy
// check` or one line of its input each; both become the same question.

import { lstatSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, dirname, join, resolve, sep } from "node:path";
import * as z from "zod";
import { modes } from "../../agent/policy/defaults.ts";
import { type RoleName, roles } from "../../agent/plan.ts";
import { judgeUnknown } from "../../agent/policy/judge.ts";
import { narrow } from "../../agent/policy/narrow.ts";
import type { Subject } from "../../agent/policy/part.ts";
import { prepare } from "../../agent/policy/prepare.ts";
import type { Decision, Policy } from "../../agent/policy/rules.ts";
import { fail, ok, type Result } from "../../agent/result.ts";
import type { Catalog } from "../../agent/tool/catalog.ts";
import { runCommand } from "../../agent/tool/command.ts";
import { Risk } from "../../agent/tool/risk.ts";
import { standardCatalog } from "../../agent/tool/standard.ts";
import { tryEdits } from "../../agent/tool/try-edits.ts";
import type { Place } from "../../agent/world.ts";
import { openFiles } from "../../node/files.ts";
import { malformed } from "../../node/files/path-form.ts";
import { type OpenRules, openRules, personalRulesPath } from "../../node/policy.ts";
import { openShell } from "../../node/shell.ts";
import { oneOf, parseArguments } from "../arguments.ts";
import type { Io } from "../io.ts";
import { findWorkspace, homeOf } from "../workspace.ts";

export type Inquiry = z.infer<typeof Inquiry>;
export const Inquiry = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  line: z.string().optional(),
  tool: z.string().optional(),
  args: z.unknown().optional(),
  cwd: z.string().optional(),
  mode: z.enum(modes).optional(),
  role: z.enum(roles).optional(),
  tainted: z.boolean().optional(),
  sandboxed: z.boolean().optional(),
});

export interface Desk {
  readonly rules: OpenRules;
  readonly files: { readonly root: string; readonly personal: string };
  /** The question an inquiry comes to; a decision where no rule needs to be asked. */
  readonly ask: (inquiry: Inquiry) => Promise<Asked>;
}

export type Asked =
  | {
      readonly is: "subject";
      readonly policy: Policy;
      readonly subject: Subject;
      readonly risk: Risk;
      readonly invalid: string | undefined;
    }
  | { readonly is: "decision"; readonly decision: Decision; readonly risk: Risk };

export interface Request {
  readonly inquiry: Inquiry;
  readonly stdin: boolean;
  readonly json: boolean;
  readonly workspace: string | undefined;
}

/** The words after `policy check` and `policy explain`. */
export function parseRequest(args: readonly string[]): Result<Request> {
  const parsed = parseArguments(
    args,
    {
      tool: "value",
      args: "value",
      line: "value",
      stdin: "flag",
      cwd: "value",
      mode: "value",
      role: "value",
      tainted: "flag",
      sandbox: "value",
    },
    0,
  );
  if (!parsed.ok) return parsed;
  const { options } = parsed.value;
  const mode = oneOf("mode", options.mode, modes);
  if (!mode.ok) return mode;
  const role = oneOf("role", options.role, roles);
  if (!role.ok) return role;
  const sandbox = oneOf("sandbox", options.sandbox, ["on", "off"] as const);
  if (!sandbox.ok) return sandbox;
  if ([options.line, options.tool, options.stdin ? "stdin" : undefined].filter((way) => way !== undefined).length > 1) {
    return fail("invalid", "Give one of --line, --tool and --stdin.");
  }
  let input: unknown;
  try {
    input = options.args === undefined ? {} : JSON.parse(options.args);
  } catch (error) {
    return fail("invalid", `--args is not JSON: ${(error as Error).message}.`);
  }
  const inquiry: Inquiry = {
    line: options.line,
    tool: options.tool,
    args: input,
    cwd: options.cwd,
    mode: mode.value,
    role: role.value,
    tainted: options.tainted,
    sandboxed: sandbox.value === undefined ? undefined : sandbox.value === "on",
  };
  return ok({ inquiry, stdin: options.stdin, json: options.json, workspace: options.workspace });
}

/** Opens the workspace's rules, and finds out about the sandbox unless every inquiry says it. Faults: no such workspace. */
export async function openDesk(request: Request, io: Io): Promise<Result<Desk>> {
  const found = await findWorkspace(io, request.workspace);
  if (!found.ok) return found;
  const files = await openFiles(found.value.root);
  if (!files.ok) return files;
  const { root } = files.value;
  const home = io.env["HOME"] ?? homedir();
  const places = { root, personal: personalRulesPath(io.env, home) };
  const rules = await openRules(places);
  const sandboxed = request.inquiry.sandboxed ?? (await confines(root, io));
  const ground = { root, home, locate: remembering((path) => files.value.locate(path), root) };
  const catalog = standardCatalog([tryEdits]);
  const usual = { ...request.inquiry, mode: request.inquiry.mode ?? "supervised", tainted: request.inquiry.tainted ?? false, sandboxed };
  return ok({ rules, files: places, ask: (inquiry) => ask(inquiry, usual, { catalog, ground, policy: rules.policy() }) });
}

/** Whether commands would be confined here, as a run would find out. */
async function confines(workspace: string, io: Io): Promise<boolean> {
  const own = join(tmpdir(), `proviso-policy-${process.pid}`);
  const shell = await openShell({
    workspace,
    spill: own,
    pids: own,
    cache: join(homeOf(io), "cache"),
    env: io.env,
    confine: "where possible",
  });
  return shell.sandbox.active;
}

type Locate = (path: string) => Promise<Result<Place>>;

/** A batch is one instant: a path is followed once, and what is not there is not followed. */
function remembering(locate: Locate, root: string): Locate {
  const known = new Map<string, Promise<Result<Place>>>();
  const find: Locate = (path) => {
    if (known.size > mostKnown) known.clear();
    const place = known.get(path) ?? look(path);
    known.set(path, place);
    return place;
  };
  const look: Locate = async (path) => {
    const absolute = resolve(root, path);
    const folder = dirname(absolute);
    if (folder === absolute || path.includes("\0")) return locate(path);
    const above = await find(folder);
    if (!above.ok || malformed(path, process.platform) !== undefined) return locate(path);
    if (above.value.kind !== "missing" && (above.value.kind !== "folder" || isThere(absolute))) return locate(path);
    const { inside, shown, real } = above.value;
    const name = basename(absolute);
    return ok({ inside, kind: "missing", real: join(real, name), shown: join(shown, name).split(sep).join("/") });
  };
  return find;
}

const mostKnown = 50_000;

/** Whatever cannot be told counts as there. At once: most of a batch's time would go into waiting for it otherwise. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

interface Circumstances {
  readonly role?: RoleName | undefined;
  readonly cwd?: string | undefined;
  readonly mode: string;
  readonly tainted: boolean;
  readonly sandboxed: boolean;
}

async function ask(
  inquiry: Inquiry,
  usual: Circumstances,
  at: { readonly catalog: Catalog; readonly ground: Parameters<typeof prepare>[1]; readonly policy: Policy },
): Promise<Asked> {
  const { role = usual.role, cwd = usual.cwd, mode = usual.mode, tainted = usual.tainted, sandboxed = usual.sandboxed } = inquiry;
  const told =
    inquiry.line === undefined
      ? toolRisk(inquiry, at.catalog)
      : ok({ risk: runCommand.risk({ line: inquiry.line, ...(cwd === undefined ? {} : { cwd }) }), invalid: undefined });
  const tool = inquiry.line === undefined ? (inquiry.tool ?? "") : runCommand.name;
  const nothing: Risk = { effects: [], paths: [], reversible: true };
  if (!told.ok)
    return { is: "decision", decision: { verdict: "deny", list: "personal", reason: told.fault.message, parts: [] }, risk: nothing };
  if (told.value === undefined) return { is: "decision", decision: judgeUnknown(tool), risk: nothing };
  const { subject, risk } = await prepare({ tool, risk: told.value.risk, role, mode, tainted, sandboxed }, at.ground);
  const policy = role === undefined ? at.policy : narrow(at.policy, role);
  return { is: "subject", policy, subject, risk, invalid: told.value.invalid };
}

/** Undefined for a tool that nobody knows. Arguments that do not fit the tool's schema are judged as far as they go, and said to be wrong. */
function toolRisk(
  { tool = "", args = {} }: Inquiry,
  catalog: Catalog,
): Result<{ readonly risk: Risk; readonly invalid: string | undefined } | undefined> {
  const known = catalog.find(tool);
  if (!known) return ok(undefined);
  const parsed = catalog.parseInput(tool, args);
  if (parsed.ok) return ok({ risk: known.risk(parsed.value.input), invalid: undefined });
  const { message } = parsed.fault;
  const guessed = Risk.safeParse(attempt(() => known.risk(args)));
  return guessed.success && (guessed.data.paths.length > 0 || guessed.data.line !== undefined)
    ? ok({ risk: guessed.data, invalid: message })
    : fail("invalid", message);
}

function attempt(run: () => unknown): unknown {
  try {
    return run();
  } catch {
    return undefined;
  }
}
