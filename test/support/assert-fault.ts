// Asserts that something failed with the right fault, and that its message is one sentence.

import { strict as assert } from "node:assert";
import type { Fault, Result } from "../../src/agent/result.ts";

export interface ExpectedFault {
  readonly kind: Fault["kind"];
  readonly retry: boolean;
  readonly says: RegExp;
  readonly retryAfterMs?: number;
  readonly tooLong?: true;
}

export function assertFault(result: Result<unknown>, { says, ...expected }: ExpectedFault): void {
  assert.ok(!result.ok, "a fault was expected");
  const { message, ...rest } = result.fault;
  assert.match(message, says);
  assert.match(message, /^[^\n]+\.$/, "one sentence");
  assert.deepEqual(rest, expected);
}
