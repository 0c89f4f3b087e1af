// A server's "no": an HTTP error, or an error object in the middle of a stream. Reads it wherever compatible servers put it,
// and turns it into a Fault that says what to do and whether the same request may succeed later.

import { assertNever, type Fault, fail } from "../../agent/result.ts";
import { type Connection, hostOf } from "./connection.ts";

export interface Refusal {
  /** Undefined inside a stream. */
  readonly status: number | undefined;
  /** The server's own code and type, joined. */
  readonly code: string;
  /** Its explanation, one short line; empty where it gave none. */
  readonly said: string;
  /** It answered with a web page, so something else than the API answered. */
  readonly page: boolean;
  readonly retryAfterMs: number | undefined;
}

export class Refused extends Error {
  override readonly name = "Refused";
  readonly refusal: Refusal;

  // The message stays free of the server's words: the openai client reads meaning into them.
  constructor(refusal: Refusal) {
    super(`refused with ${refusal.status ?? "an error in the stream"}`);
    this.refusal = refusal;
  }
}

/** Reads an HTTP error. `now` is for dates in Retry-After. */
export function refusalOfResponse(status: number, headers: Pick<Headers, "get">, text: string, now: number): Refusal {
  const page = (headers.get("content-type") ?? "").includes("text/html") || /^\s*<(!doctype|html|head|body)/i.test(text);
  return { ...explained(page ? "" : (json(text) ?? text)), status, page, retryAfterMs: waitAsked(headers, now) };
}

/** Reads an error object that came in a stream. */
export const refusalInStream = (error: unknown): Refusal => ({
  ...explained(error),
  status: undefined,
  page: false,
  retryAfterMs: undefined,
});

function explained(body: unknown): Pick<Refusal, "code" | "said"> {
  if (typeof body === "string") return { code: "", said: oneLine(body) };
  const outer = recordOf(body);
  const inner = { ...outer, ...recordOf(outer["error"]) };
  const said = [inner["message"], inner["detail"], inner["error"], outer["detail"]].find(
    (one) => typeof one === "string" && one.trim() !== "",
  );
  const code = ["code", "type", "param"].map((key) => inner[key]).filter((one) => typeof one === "string" || typeof one === "number");
  return { code: code.join(" "), said: typeof said === "string" ? oneLine(said) : "" };
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const oneLine = (text: string): string => {
  const line = text.replaceAll(/\s+/g, " ").trim().replace(/\.$/, "");
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
};

/** Milliseconds from `retry-after-ms`, or `Retry-After` as seconds or as a date; undefined where neither says anything sensible. */
function waitAsked(headers: Pick<Headers, "get">, now: number): number | undefined {
  const after = headers.get("retry-after")?.trim() ?? "";
  const candidates = [
    Number.parseFloat(headers.get("retry-after-ms") ?? ""),
    /^[\d.]+$/.test(after) ? Number.parseFloat(after) * 1000 : Date.parse(after) - now,
  ];
  const ms = candidates.find((one) => Number.isFinite(one));
  return ms === undefined ? undefined : Math.max(0, Math.round(ms));
}

type Reason = "proxy" | "page" | "context" | "quota" | "key" | "rights" | "model" | "rate" | "failed" | "moved" | "rejected";

function reasonOf({ status, code, said, page }: Refusal): Reason {
  if (status === 407) return "proxy";
  if (page) return "page";
  const words = `${code} ${said}`;
  const marked = status === undefined || (status >= 400 && status !== 401 && status !== 403);
  if (
    marked &&
    /context_length|context (length|window|size)|maximum context|prompt is too long|too many (input |prompt )?tokens/i.test(words)
  )
    return "context";
  if (status === 402 || (marked && /insufficient_quota|billing|payment required|out of credit/i.test(words))) return "quota";
  if (status === 401 || /invalid_api_key/i.test(code)) return "key";
  if (status === 403) return "rights";
  if (status === 404 || /model_not_found/i.test(code)) return "model";
  if (status === 429 || /rate_limit|overloaded/i.test(code)) return "rate";
  if (status === undefined) return /invalid/i.test(code) ? "rejected" : "failed";
  if (status >= 500 || status === 408 || status === 409 || status === 425) return "failed";
  return status >= 300 && status < 400 ? "moved" : "rejected";
}

export function refusalFault(refusal: Refusal, connection: Connection): Fault {
  const { model, key, keyName, baseURL } = connection;
  const host = hostOf(baseURL);
  const { status, said, retryAfterMs } = refusal;
  const quote = said === "" ? "" : ` (${said})`;
  const again = { retry: true, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  const reason = reasonOf(refusal);
  switch (reason) {
    case "proxy":
      return fail(
        "unavailable",
        `A proxy on the way to ${host} wants to be logged in to; put its user and password into the proxy's address.`,
      ).fault;
    case "page": {
      const message = `${host} answered with a web page instead of the API (HTTP ${status}); check that the base URL ${baseURL} is right.`;
      return fail("unavailable", message, status !== undefined && status >= 500 ? again : {}).fault;
    }
    case "context":
      return fail(
        "invalid",
        `The request is too long for ${model} at ${host}${quote}; narrow the task, or choose a model with a larger context.`,
        { tooLong: true },
      ).fault;
    case "quota":
      return fail(
        "unavailable",
        `The account behind ${keyName} has no quota left at ${host}${quote}; add credit there, or choose another model.`,
      ).fault;
    case "key":
      return fail(
        "unavailable",
        key === undefined ? `${host} wants a key; set ${keyName}.` : `The key was refused by ${host}; set ${keyName} to a valid one.`,
      ).fault;
    case "rights":
      return fail(
        "unavailable",
        `${host} does not let this key use ${model}${quote}; check the rights of ${keyName}, or choose another model.`,
      ).fault;
    case "model":
      return fail("missing", `${host} does not know the model ${model}${quote}; choose one it has, or check the base URL ${baseURL}.`)
        .fault;
    case "rate": {
      const span = retryAfterMs === undefined ? "" : ` for ${Math.ceil(retryAfterMs / 1000)} s`;
      return fail("unavailable", `${host} takes no more requests${span}${quote}; wait, or choose another model.`, again).fault;
    }
    case "failed":
      return fail(
        "unavailable",
        `${host} failed${status === undefined ? " in mid-answer" : ` with HTTP ${status}`}${quote}; try again later, or choose another model.`,
        again,
      ).fault;
    case "moved":
      return fail("invalid", `${host} redirects elsewhere (HTTP ${status}), which is not followed; correct the base URL ${baseURL}.`).fault;
    case "rejected":
      return fail("invalid", `${host} rejected the request${quote}; choose another model, or check how ${model} is configured.`).fault;
    default:
      return assertNever(reason);
  }
}
