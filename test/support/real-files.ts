// Files over a real temporary workspace, for tests.

import { strict as assert } from "node:assert";
import type { Result } from "../../src/agent/result.ts";
import type { Files } from "../../src/agent/world.ts";
import { openFiles } from "../../src/node/files.ts";

export async function realFiles(workspace: string): Promise<Files> {
  return valueOf(await openFiles(workspace));
}

/** The value, or a failed test that says the fault. */
export function valueOf<T>(result: Result<T>): T {
  assert.ok(result.ok, result.ok ? "" : `${result.fault.kind}: ${result.fault.message}`);
  return result.value;
}

/** "kind: message", or a failed test. */
export function faultOf(result: Result<unknown>): string {
  assert.ok(!result.ok, "it should have failed");
  return `${result.fault.kind}: ${result.fault.message}`;
}
