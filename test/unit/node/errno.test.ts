import { strict as assert } from "node:assert";
import { closeSync, fstatSync, openSync } from "node:fs";
import { refused } from "../../../src/node/errno.ts";
import { assertFault } from "../../support/assert-fault.ts";

describe("refused", () => {
  it("says what the system's common refusals mean and what to do", () => {
    assertFault(refused("x could not be written", system("ENOSPC")), {
      kind: "unavailable",
      retry: true,
      says: /x could not be written: no space left on device; free some/,
    });
  });

  it("makes a fault of a code it does not know, as devices and strange file systems answer", () => {
    assertFault(refused("/proc/kmsg could not be read", system("EAGAIN")), {
      kind: "unavailable",
      retry: false,
      says: /the system answered EAGAIN/,
    });
  });

  it("throws mistakes of our own again", () => {
    const bug = new TypeError("x is not a function");
    assert.throws(() => refused("x", bug), bug);
    const closed = openSync("/dev/null", "r");
    closeSync(closed);
    assert.throws(() => {
      try {
        fstatSync(closed);
      } catch (error) {
        refused("x", error);
      }
    }, /EBADF/);
  });
});

const system = (code: string): Error => Object.assign(new Error(`${code}: words, read`), { code, errno: -1, syscall: "read" });
