// Turns what went wrong between us and a server into a Fault: one sentence that names the host and says what to do.
// Rethrows what is no failure of the server or the way to it. Never lets a key through.

import { APIConnectionError, APIConnectionTimeoutError, APIError } from "openai/core/error";
import { type Fault, fail } from "../../agent/result.ts";
import { type Connection, hostOf, redact } from "./connection.ts";
import { Refused, refusalFault, refusalInStream } from "./refusal.ts";
import { OversizedReply } from "./transport.ts";

/** The server answered in a way the API does not allow; the message completes "HOST ...". */
export class WireFault extends Error {
  override readonly name = "WireFault";
}

/** The fault of a failed call; throws the error again if it is a bug of ours. */
export function faultOf(error: unknown, connection: Connection): Fault {
  const fault = classify(error, connection);
  if (!fault) throw error;
  return { ...fault, message: redact(fault.message, connection) };
}

/** The error below the client's wrapping. */
export const causeOf = (error: unknown): unknown => (error instanceof APIConnectionError ? (error.cause ?? error) : error);

function classify(error: unknown, connection: Connection): Fault | undefined {
  const host = hostOf(connection.baseURL);
  const cause = causeOf(error);
  if (cause instanceof Refused) return refusalFault(cause.refusal, connection);
  if (cause instanceof APIConnectionTimeoutError) return networkFault("ETIMEDOUT", host, connection);
  if (cause instanceof APIError && !(cause instanceof APIConnectionError)) return refusalFault(refusalInStream(cause.error), connection);
  if (cause instanceof WireFault)
    return fail("broken", `${host} ${cause.message}; try again, or choose another model.`, { retry: true }).fault;
  if (cause instanceof OversizedReply) return fail("broken", `${host} does not stop: ${cause.message}; choose another model.`).fault;
  if (cause instanceof SyntaxError)
    return fail("broken", `${host} sent data that is not JSON; try again, or choose another model.`, { retry: true }).fault;
  const code = systemCode(cause);
  return code === undefined ? undefined : networkFault(code, host, connection);
}

function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === "string") return code;
  // Connecting to a name with several addresses fails with all their errors.
  return error instanceof AggregateError ? error.errors.map(systemCode).find((one) => one !== undefined) : undefined;
}

function networkFault(code: string, host: string, { baseURL, id }: Connection): Fault | undefined {
  const again = { retry: true };
  if (code === "ECONNREFUSED")
    return fail("unavailable", `Nothing answers at ${host}; start the server of "${id}", or correct its base URL ${baseURL}.`, again).fault;
  if (code === "ENOTFOUND")
    return fail("unavailable", `The name ${host} is not known; check the network connection and the base URL ${baseURL}.`).fault;
  if (code === "EAI_AGAIN")
    return fail("unavailable", `The name ${host} could not be looked up; check the network connection.`, again).fault;
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|EPROTO|ERR_SSL/.test(code)) {
    return fail(
      "unavailable",
      `No trusted secure connection to ${host} (${code}); check the base URL ${baseURL}, or set NODE_EXTRA_CA_CERTS to your own authority.`,
    ).fault;
  }
  if (code.startsWith("HPE_"))
    return fail("broken", `${host} does not speak HTTP as expected (${code}); check the base URL ${baseURL}.`, again).fault;
  if (/^E[A-Z]+$/.test(code) || code === "ERR_STREAM_PREMATURE_CLOSE") {
    return fail("unavailable", `The connection to ${host} broke (${code}); try again, or check the network.`, again).fault;
  }
  return undefined;
}
