// Readies a call for judging: finds its parts and makes their paths real, following links the way whoever touches them will.
// The only step of policy that waits. A path that cannot be followed leaves a part marked dynamic.

import type { RoleName } from "../plan.ts";
import type { Result } from "../result.ts";
import type { Risk } from "../tool/risk.ts";
import type { Place } from "../world.ts";
import { partsOf, riskOf } from "./analyse.ts";
import { compilePath, compileShellGlob } from "./glob.ts";
import { foldPath } from "./shell/scene.ts";
import type { Part, PlacedPart, Spot, Subject, Target } from "./part.ts";

export interface Question {
  readonly tool: string;
  readonly risk: Risk;
  readonly role?: RoleName | undefined;
  readonly mode: string;
  readonly tainted: boolean;
  readonly disturbed?: boolean;
  readonly sandboxed: boolean;
  readonly usd?: number | undefined;
  readonly confidence?: number | undefined;
  readonly bytes?: number | undefined;
}

/** The part of `World.files` that is needed, and the user's home folder where it is known. */
export interface Ground {
  readonly root: string;
  locate(path: string): Promise<Result<Place>>;
  readonly home?: string | undefined;
}

/** What `judge` is to be asked, and the risk as it is understood now. */
export async function prepare(question: Question, ground: Ground): Promise<{ readonly subject: Subject; readonly risk: Risk }> {
  const { tool, risk, role, mode, tainted, disturbed = false, sandboxed, usd = 0, confidence, bytes } = question;
  const start = risk.line === undefined ? undefined : await ground.locate(risk.cwd ?? ".");
  const folder = start?.ok ? start.value.real : ground.root;
  const found = partsOf(tool, risk, { folder, home: ground.home });
  const first: Part[] =
    start && (!start.ok || !start.value.inside)
      ? [
          {
            text: `run in ${risk.cwd ?? "."}`,
            effect: "read",
            traits: [],
            named: risk.cwd ?? ".",
            target: { path: folder, walk: "text", deep: false },
          },
        ]
      : [];
  const parts = await Promise.all([...first, ...found].map((part) => placed(part, ground)));
  return {
    subject: { root: ground.root, tool, line: risk.line, parts, role, mode, tainted, disturbed, sandboxed, usd, confidence, bytes },
    risk: riskOf(risk, parts),
  };
}

async function placed(part: Part, ground: Ground): Promise<PlacedPart> {
  if (!part.target) return part;
  const place = await spotOf(part.target, ground);
  const leads = place && leadsTo(part.named, place, ground);
  // The workspace as a whole is somebody's work: to empty it is no cleaning up.
  if (place && part.effect === "delete" && place.inside && place.deep && /^[.*]$/.test(place.shown))
    return { ...part, place, ...leads, traits: [...part.traits, "destructive"], note: "everything in the workspace would be gone" };
  if (place) return { ...part, place, ...leads };
  return { ...part, traits: [...part.traits, "dynamic"], note: "the path cannot be followed" };
}

/** Where the path leads, if that is elsewhere than it says: through a link, or from another folder than the workspace's. */
function leadsTo(named: string | undefined, { shown }: Spot, { root, home }: Ground): Pick<PlacedPart, "leads"> {
  if (named === undefined) return {};
  const whole = /^~(?=\/|$)/.test(named) && home !== undefined ? home + named.slice(1) : named.startsWith("/") ? named : `${root}/${named}`;
  const says = foldPath(whole);
  return says === shown || says === foldPath(`${root}/${shown}`) ? {} : { leads: shown };
}

async function spotOf(target: Target, ground: Ground): Promise<Spot | undefined> {
  // What /proc and /dev/fd lead to differs from process to process, so nothing can be said here.
  if (target.walk === "kernel" && /^(~|\/+(proc|dev\/+fd)(\/|$))/.test(target.path)) {
    return { shown: target.path, inside: false, deep: target.deep, names: [compilePath(target.path)] };
  }
  const found = await (target.walk === "text" ? ground.locate(target.path) : follow(target.path, ground));
  if (!found.ok) return undefined;
  const { shown, inside, kind, real } = found.value;
  const forms = inside ? [shown] : [real, ...homeForm(real, ground.home)];
  const deep = target.deep || (target.walk === "text" && kind === "folder");
  const { glob } = target;
  if (glob === undefined)
    return { shown, inside, deep, names: forms.map(compilePath), ...(kind === "missing" ? { missing: true as const } : {}) };
  const names = forms.map((form) =>
    compileShellGlob(form === "." ? glob : `${form.replace(/[\\*?[\]]/g, "\\$&").replace(/\/$/, "")}/${glob}`),
  );
  return { shown: shown === "." ? glob : `${shown}/${glob}`, inside, deep, names };
}

const homeForm = (real: string, home: string | undefined): readonly string[] =>
  home !== undefined && (real === home || real.startsWith(`${home}/`)) ? [`~${real.slice(home.length)}`] : [];

/** Walks ".." as the kernel does: out of where a link leads, not out of where it stands. */
async function follow(path: string, ground: Ground): Promise<Result<Place>> {
  const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
  const up = segments.indexOf("..");
  if (up < 0) return ground.locate(`/${segments.join("/")}`);
  const before = await ground.locate(`/${segments.slice(0, up).join("/")}`);
  if (!before.ok) return before;
  const parent = before.value.real.split("/").slice(0, -1).join("/");
  return follow(`${parent}/${segments.slice(up + 1).join("/")}`, ground);
}
