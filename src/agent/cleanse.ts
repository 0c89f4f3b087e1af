// What tools, files and programs told, made safe before it is history: secrets out, unseen characters shown. The journal is what the model,
// the cards, the audit and every export are folded from, so this is done at its door and nowhere else. What a person approves and what is
// executed stays exactly as it was.

import type { EventBody } from "./event.ts";
import { seen, seenName } from "./unseen.ts";
import type { Secrets } from "./world.ts";

type Told = Extract<
  EventBody,
  { type: "run.started" | "run.imported" | "approval.asked" | "call.ended" | "step.checked" | "criterion.checked" }
>;

/** The same event, safe to keep. */
export async function cleanse(body: EventBody, secrets: Secrets): Promise<EventBody> {
  switch (body.type) {
    case "run.started":
    case "run.imported":
    case "approval.asked":
    case "call.ended":
    case "step.checked":
    case "criterion.checked":
      return toldSafely(body, async (text) => seen(await secrets.redact(text)));
    default:
      return body;
  }
}

type Safely = (text: string) => Promise<string>;

async function toldSafely(body: Told, safe: Safely): Promise<EventBody> {
  switch (body.type) {
    case "run.started":
    case "run.imported": {
      const { guide, entries } = body.briefing;
      const told = guide === undefined ? {} : { guide: await safe(guide) };
      return { ...body, briefing: { ...body.briefing, ...told, entries: entries.map(seenName) } };
    }
    case "approval.asked": {
      const { preview } = body.request;
      if (preview?.kind !== "diff") return body;
      const files = await Promise.all(preview.files.map(async (file) => ({ ...file, diff: await safe(file.diff) })));
      return { ...body, request: { ...body.request, preview: { ...preview, files } } };
    }
    case "call.ended": {
      const { outcome } = body;
      if (!outcome.ok) return { ...body, outcome: { ok: false, fault: { ...outcome.fault, message: await safe(outcome.fault.message) } } };
      const { observation } = outcome;
      const data = observation.data === undefined ? {} : { data: (await everyText(observation.data, safe)) as never };
      return { ...body, outcome: { ok: true, observation: { ...observation, text: await safe(observation.text), ...data } } };
    }
    case "step.checked":
    case "criterion.checked": {
      const { evidence } = body;
      const tail = evidence.tail === undefined ? {} : { tail: await safe(evidence.tail) };
      return { ...body, evidence: { ...evidence, said: await safe(evidence.said), ...tail } };
    }
  }
}

async function everyText(value: unknown, safe: Safely): Promise<unknown> {
  if (typeof value === "string") return safe(value);
  if (Array.isArray(value)) return Promise.all(value.map((one) => everyText(one, safe)));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([key, one]) => [key, await everyText(one, safe)] as const)));
}
