// What a call consists of, told from its risk: a shell line is read, everything else is its effects on its paths and hosts.
// Pure; the paths are not real yet.

import type { Risk } from "../tool/risk.ts";
import { readLine, type Setting } from "./command.ts";
import type { Part, PlacedPart } from "./part.ts";

/** The parts of a call. `setting` says where its line runs, if it has one. */
export function partsOf(tool: string, risk: Risk, setting: Setting): readonly Part[] {
  if (risk.line === undefined) return [...targetParts(tool, risk), ...wordParts(risk)];
  const others = risk.effects.filter((effect) => effect !== "execute");
  return [...readLine(risk.line, setting), ...others.flatMap((effect) => effectParts(tool, effect, risk, risk.paths))];
}

const targetParts = (tool: string, risk: Risk): readonly Part[] =>
  risk.effects.flatMap((effect) => effectParts(tool, effect, risk, risk.paths));

/** A call that amounts to a command does to the whole of something what its gravest effect says. */
function wordParts({ words, effects }: Risk): readonly Part[] {
  const [program, ...args] = words ?? [];
  const effect = effects.at(-1);
  return program === undefined || effect === undefined
    ? []
    : [{ text: [program, ...args].join(" "), effect, traits: ["changes"], program, args }];
}

function effectParts(tool: string, effect: Risk["effects"][number], risk: Risk, paths: readonly string[]): readonly Part[] {
  if (effect === "execute") return [{ text: tool, effect, traits: ["unknown"], note: "it does not say what it runs" }];
  if (effect === "network") {
    const hosts = risk.hosts ?? [];
    if (hosts.length === 0) return [{ text: tool, effect, traits: [] }];
    return hosts.map((host) => ({ text: `${tool} ${host}`, effect, traits: [], host, named: host }));
  }
  return paths.map((path) => ({ text: `${effect} ${path}`, effect, traits: [], named: path, target: { path, walk: "text", deep: false } }));
}

/**
 * The risk as the parts show it: what is known beforehand of a shell line's effects, and for every call the paths it would really touch,
 * with links followed. Whoever approves, a person or a flag, must not be shown a path that leads elsewhere.
 */
export function riskOf(risk: Risk, parts: readonly PlacedPart[]): Risk {
  const paths = [...new Set(parts.flatMap(({ place, target }) => (place ? [place.shown] : target ? [target.path] : [])))];
  if (risk.line === undefined) return { ...risk, paths: paths.length > 0 ? paths : risk.paths };
  const effects = new Set([...risk.effects, ...parts.map(({ effect }) => effect)]);
  const hosts = new Set([...(risk.hosts ?? []), ...parts.flatMap(({ host }) => host ?? [])]);
  const reversible = parts.every(
    ({ effect, traits }) => effect === "read" || (effect === "execute" && traits.length === 1 && traits[0] === "readonly"),
  );
  return { ...risk, effects: [...effects], paths, ...(hosts.size > 0 ? { hosts: [...hosts] } : {}), reversible };
}
