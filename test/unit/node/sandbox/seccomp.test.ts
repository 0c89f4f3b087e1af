import { strict as assert } from "node:assert";
import { filterArchitecture, seccompFilter } from "../../../../src/node/sandbox/seccomp.ts";
import { type Architecture, audited, examined, refused } from "../../../../src/node/sandbox/syscalls.ts";

const allow = 0x7fff0000;
const kill = 0x80000000;
const eperm = 0x00050001;
const enosys = 0x00050026;

/** What the kernel's interpreter would answer: the program is data, so it can be run here. */
function run(program: Buffer, call: { readonly arch: number; readonly number: number; readonly args?: readonly bigint[] }): number {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(call.number >>> 0, 0);
  data.writeUInt32LE(call.arch, 4);
  for (const [index, argument] of (call.args ?? []).entries()) data.writeBigUInt64LE(BigInt.asUintN(64, argument), 16 + 8 * index);
  let accumulator = 0;
  for (let at = 0; at < program.length / 8; at++) {
    const code = program.readUInt16LE(8 * at);
    const [yes, no, value] = [program.readUInt8(8 * at + 2), program.readUInt8(8 * at + 3), program.readUInt32LE(8 * at + 4)];
    if (code === 0x20) accumulator = data.readUInt32LE(value);
    else if (code === 0x06) return value;
    else if (code === 0x15) at += accumulator === value ? yes : no;
    else if (code === 0x35) at += accumulator >= value ? yes : no;
    else if (code === 0x45) at += (accumulator & value) !== 0 ? yes : no;
    else throw new Error(`unknown instruction ${code}`);
  }
  throw new Error("the program ran off its end");
}

for (const architecture of ["x64", "arm64"] as const) {
  describe(`the system-call filter on ${architecture}`, () => {
    const column = architecture === "x64" ? 0 : 1;
    const verdict = (number: number, args: readonly bigint[] = [], unixSockets: "allowed" | "refused" = "allowed"): number =>
      run(seccompFilter({ architecture, unixSockets, setgid: "refused" }), { arch: audited[architecture], number, args });

    it("lets ordinary calls through", () => {
      const ordinary = architecture === "x64" ? [0, 1, 2, 9, 57, 59, 61, 202, 257, 262, 435 + 1] : [56, 63, 64, 98, 221, 222, 436];
      assert.deepEqual(
        ordinary.filter((number) => verdict(number) !== allow),
        [],
      );
    });

    it("refuses every call on the list, and hides clone3", () => {
      for (const [name, numbers] of Object.entries(refused))
        if (numbers[column] !== null) assert.equal(verdict(numbers[column]), eperm, name);
      assert.equal(verdict(examined.clone3[column]), enosys);
    });

    it("kills a process that speaks another architecture", () => {
      const other: Architecture = architecture === "x64" ? "arm64" : "x64";
      assert.equal(
        run(seccompFilter({ architecture, unixSockets: "allowed", setgid: "refused" }), { arch: audited[other], number: 1 }),
        kill,
      );
    });

    it("lets modes be set, but none that lends a program its owner's rights", () => {
      const modes =
        architecture === "x64"
          ? ([
              [90, 1],
              [91, 1],
              [268, 2],
              [452, 2],
              [85, 1],
            ] as const)
          : ([
              [52, 1],
              [53, 2],
              [452, 2],
            ] as const);
      const withMode = (at: number, mode: bigint): bigint[] => [0n, 0n, 0n, 0n].map((none, index) => (index === at ? mode : none));
      for (const [number, at] of modes) {
        assert.equal(verdict(number, withMode(at, 0o755n)), allow, `${number}`);
        assert.equal(verdict(number, withMode(at, 0o1777n)), allow, `${number}`);
        for (const mode of [0o4755n, 0o6755n, 0o2755n]) assert.equal(verdict(number, withMode(at, mode)), eperm, `${number} ${mode}`);
      }
      const [chmod, openat] = architecture === "x64" ? [90, 257] : [52, 56];
      const shared = seccompFilter({ architecture, unixSockets: "allowed", setgid: "allowed" });
      assert.equal(run(shared, { arch: audited[architecture], number: chmod, args: [0n, 0o2775n] }), allow);
      assert.equal(run(shared, { arch: audited[architecture], number: chmod, args: [0n, 0o4775n] }), eperm);
      assert.equal(verdict(openat, [0n, 0n, 0o101n, 0o644n]), allow);
      assert.equal(verdict(openat, [0n, 0n, 0o101n, 0o4755n]), eperm);
      assert.equal(verdict(openat, [0n, 0n, 0o20200000n, 0o4755n]), eperm, "a file without a name yet");
      assert.equal(verdict(openat, [0n, 0n, 0o1n, 0o4755n]), allow, "whatever lies in the register where nothing is made");
      assert.equal(verdict(437), enosys, "its mode lies in memory");
    });

    it("keeps segments of shared memory small", () => {
      const shmget = examined.shmget[column];
      assert.deepEqual(
        [56n, 1024n * 1024n, 1024n * 1024n + 1n, 1n << 32n].map((size) => verdict(shmget, [0n, size])),
        [allow, allow, eperm, eperm],
      );
    });

    it("lets processes and threads be made, but no namespaces", () => {
      const [clone, unshare] = [examined.clone[column], examined.unshare[column]];
      assert.equal(verdict(clone, [0x01200011n]), allow);
      assert.equal(verdict(clone, [0x003d0f00n]), allow);
      for (const flag of [0x00020000n, 0x02000000n, 0x04000000n, 0x08000000n, 0x10000000n, 0x20000000n, 0x40000000n]) {
        assert.equal(verdict(clone, [flag | 17n]), eperm, `clone ${flag.toString(16)}`);
        assert.equal(verdict(unshare, [flag]), eperm, `unshare ${flag.toString(16)}`);
      }
      assert.equal(verdict(unshare, [0x80n]), eperm, "a time namespace");
      assert.equal(verdict(unshare, [0x400n]), allow, "its own descriptor table");
    });

    it("allows the internet families and local sockets, and nothing more exotic", () => {
      const socket = examined.socket[column];
      const families = { unix: 1n, inet: 2n, inet6: 10n };
      for (const family of Object.values(families)) assert.equal(verdict(socket, [family, 1n, 0n]), allow);
      for (const family of [17n, 38n, 40n, 31n, 21n, 44n]) assert.equal(verdict(socket, [family, 1n, 0n]), eperm, `family ${family}`);
      assert.equal(verdict(socket, [16n, 3n, 0n]), allow, "route netlink");
      assert.equal(verdict(socket, [16n, 3n, 9n]), eperm, "audit netlink");
    });

    it("refuses local sockets where the host's could be reached, but keeps pairs of them", () => {
      assert.equal(verdict(examined.socket[column], [1n, 1n, 0n], "refused"), eperm);
      assert.equal(verdict(examined.socketpair[column], [1n, 1n, 0n], "refused"), allow);
      assert.equal(verdict(examined.socketpair[column], [2n, 1n, 0n]), eperm);
    });

    it("refuses to type into a terminal, also with the high half of the number filled", () => {
      const ioctl = examined.ioctl[column];
      for (const request of [0x5412n, 0x541cn, 0x1_0000_5412n]) assert.equal(verdict(ioctl, [0n, request]), eperm);
      assert.equal(verdict(ioctl, [0n, 0x5401n]), allow);
    });
  });
}

describe("the system-call filter", () => {
  it("refuses the x32 ABI", () => {
    const program = seccompFilter({ architecture: "x64", unixSockets: "allowed", setgid: "refused" });
    assert.equal(run(program, { arch: audited.x64, number: 0x40000000 + 101 }), enosys);
  });

  it("exists only for architectures it was made for", () => {
    assert.equal(filterArchitecture("riscv64"), undefined);
    assert.equal(filterArchitecture("x64"), "x64");
  });
});
