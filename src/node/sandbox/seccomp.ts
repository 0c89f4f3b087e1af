// The system-call filter of the sandbox: a classic BPF program for bwrap's --seccomp, assembled here without native code.
// Allows by default, refuses with EPERM what only an escape needs, kills a process that speaks another architecture's ABI.
// The second wall: it must hold where a namespace or a mount has a hole.

import { type Architecture, audited, examined, modeSetters, refused } from "./syscalls.ts";

export interface FilterRequest {
  readonly architecture: Architecture;
  /** Unix sockets are safe while no socket of the host is in sight; with the host's network its abstract ones would be. */
  readonly unixSockets: "allowed" | "refused";
  /** For root: its group opens doors too, while the group of a user is worth keeping on folders that several share. */
  readonly setgid: "allowed" | "refused";
}

/** The architectures the filter is made for; undefined elsewhere, and then there is no sandbox. */
export function filterArchitecture(arch: string): Architecture | undefined {
  return arch === "x64" || arch === "arm64" ? arch : undefined;
}

export function seccompFilter(request: FilterRequest): Buffer {
  const column = request.architecture === "x64" ? 0 : 1;
  const program: Instruction[] = [
    load(architectureOffset),
    { code: jumpEqual, value: audited[request.architecture], yes: 1, no: 0 },
    give(killProcess),
    load(numberOffset),
  ];
  // the x32 ABI shares the architecture's name and numbers its calls from here
  if (request.architecture === "x64") program.push({ code: jumpAbove, value: 0x40000000, yes: 0, no: 1 }, give(errno(noSuchCall)));
  for (const numbers of Object.values(refused)) {
    const number = numbers[column];
    if (number !== null) program.push(...when(number, [give(errno(notPermitted))]));
  }
  // their flags and modes lie in memory where a filter cannot look; libraries fall back to the calls before them
  for (const numbers of [examined.clone3, examined.openat2]) program.push(...when(numbers[column], [give(errno(noSuchCall))]));
  const lent = setuid | (request.setgid === "refused" ? setgid : 0);
  for (const { numbers, mode, flags } of modeSetters) {
    const number = numbers[column];
    if (number !== null) program.push(...when(number, [...(flags === undefined ? [] : onlyMaking(flags)), ...refuseBits(lent, mode)]));
  }
  program.push(...when(examined.shmget[column], segmentRules));
  // of clone the lowest byte is the signal to send on exit, not a flag
  program.push(...when(examined.clone[column], refuseBits(newNamespace & ~0xff, 0)));
  program.push(...when(examined.unshare[column], refuseBits(newNamespace, 0)));
  program.push(...when(examined.socket[column], socketRules(request.unixSockets)));
  program.push(...when(examined.socketpair[column], [load(argument(0)), ...pass(family.unix), give(errno(notPermitted))]));
  // the kernel looks at 32 bits of the command only, so must we (CVE-2019-10063)
  program.push(...when(examined.ioctl[column], [load(argument(1)), ...bar(pushTerminalInput), ...bar(linuxConsole), give(allow)]));
  program.push(give(allow));
  return encode(program);
}

interface Instruction {
  readonly code: number;
  readonly value: number;
  /** How many instructions to skip if the test holds, and if not. */
  readonly yes: number;
  readonly no: number;
}

const loadWord = 0x20;
const jumpEqual = 0x15;
const jumpAbove = 0x35;
const jumpBits = 0x45;
const finish = 0x06;

const numberOffset = 0;
const architectureOffset = 4;
/** Low half of an argument; both architectures are little-endian. */
const argument = (index: number): number => 16 + 8 * index;

const allow = 0x7fff0000;
const killProcess = 0x80000000;
const errno = (number: number): number => 0x00050000 | number;
const notPermitted = 1;
const noSuchCall = 38;

/** NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const newNamespace = 0x7e020080;
/** A program with these bits runs as its owner for whoever starts it, in the workspace and so outside. */
const setuid = 0o4000;
const setgid = 0o2000;
/** O_CREAT and the bit of O_TMPFILE. */
const makesFile = 0o100 | 0o20000000;
const largestSegment = 1024 * 1024;
const family = { unix: 1, inet: 2, inet6: 10, netlink: 16 } as const;
const netlinkRoute = 0;
const pushTerminalInput = 0x5412;
const linuxConsole = 0x541c;

const load = (offset: number): Instruction => ({ code: loadWord, value: offset, yes: 0, no: 0 });
const give = (verdict: number): Instruction => ({ code: finish, value: verdict, yes: 0, no: 0 });

/** The body runs for this call only and always ends the program. */
function when(number: number, body: readonly Instruction[]): readonly Instruction[] {
  return [{ code: jumpEqual, value: number, yes: 0, no: body.length }, ...body];
}

const pass = (value: number): readonly Instruction[] => [{ code: jumpEqual, value, yes: 0, no: 1 }, give(allow)];
const bar = (value: number): readonly Instruction[] => [{ code: jumpEqual, value, yes: 0, no: 1 }, give(errno(notPermitted))];

function refuseBits(bits: number, index: number): readonly Instruction[] {
  return [load(argument(index)), { code: jumpBits, value: bits, yes: 0, no: 1 }, give(errno(notPermitted)), give(allow)];
}

/** The mode of an opening counts where a file may come of it; elsewhere it is whatever lay in the register. */
const onlyMaking = (flags: number): readonly Instruction[] => [
  load(argument(flags)),
  { code: jumpBits, value: makesFile, yes: 1, no: 0 },
  give(allow),
];

/** Memory in a segment belongs to no process, so that nobody counts it; what databases take of it is a few bytes. */
const segmentRules: readonly Instruction[] = [
  load(argument(1) + 4),
  { code: jumpEqual, value: 0, yes: 1, no: 0 },
  give(errno(notPermitted)),
  load(argument(1)),
  { code: jumpAbove, value: largestSegment + 1, yes: 0, no: 1 },
  give(errno(notPermitted)),
  give(allow),
];

/** No VSOCK, packet, ALG, Bluetooth and the rest; of netlink only the reading of interfaces and routes. */
function socketRules(unixSockets: FilterRequest["unixSockets"]): readonly Instruction[] {
  return [
    load(argument(0)),
    ...(unixSockets === "allowed" ? pass(family.unix) : []),
    ...pass(family.inet),
    ...pass(family.inet6),
    { code: jumpEqual, value: family.netlink, yes: 0, no: 3 },
    load(argument(2)),
    ...pass(netlinkRoute),
    give(errno(notPermitted)),
  ];
}

function encode(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(8 * program.length);
  for (const [index, { code, value, yes, no }] of program.entries()) {
    bytes.writeUInt16LE(code, 8 * index);
    bytes.writeUInt8(yes, 8 * index + 2);
    bytes.writeUInt8(no, 8 * index + 3);
    bytes.writeUInt32LE(value >>> 0, 8 * index + 4);
  }
  return bytes;
}
