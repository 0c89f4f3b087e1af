import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { decode, encode, encodeLike } from "../../../../src/agent/edit/text.ts";

const bytes = (...all: readonly number[]): Uint8Array => Uint8Array.from(all);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("bytes and text", () => {
  const kept: readonly (readonly [name: string, bytes: Uint8Array, text: string, encoding: string, bom: boolean])[] = [
    ["an empty file", bytes(), "", "utf-8", false],
    ["plain ASCII without a final line end", utf8("a\nb"), "a\nb", "utf-8", false],
    ["CRLF and LF mixed", utf8("a\r\nb\nc\r\n"), "a\r\nb\nc\r\n", "utf-8", false],
    ["UTF-8 with a byte order mark", bytes(0xef, 0xbb, 0xbf, 0x61), "a", "utf-8", true],
    ["UTF-8 with two byte order marks", bytes(0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf, 0x61), "\uFEFFa", "utf-8", true],
    ["UTF-8 beyond the first plane", utf8("\u{1F600}\u00e9"), "\u{1F600}\u00e9", "utf-8", false],
    ["UTF-16, low byte first", bytes(0xff, 0xfe, 0x61, 0, 0xe9, 0), "a\u00e9", "utf-16le", true],
    ["UTF-16, high byte first", bytes(0xfe, 0xff, 0, 0x61, 0, 0xe9), "a\u00e9", "utf-16be", true],
    ["UTF-16 with half a surrogate pair", bytes(0xff, 0xfe, 0x61, 0, 0x00, 0xd8), "a\ud800", "utf-16le", true],
    ["UTF-16 with nothing but its mark", bytes(0xff, 0xfe), "", "utf-16le", true],
    ["a single-byte encoding", bytes(0x63, 0x61, 0x66, 0xe9, 0x0a), "caf\u00e9\n", "windows-1252", false],
  ];
  for (const [name, raw, text, encoding, bom] of kept) {
    it(`${name} is decoded and encoded to the very same bytes`, () => {
      const decoded = decode(raw);
      assert.deepEqual(decoded, { ok: true, value: { text, encoding, bom } });
      assert.ok(decoded.ok);
      assert.deepEqual(encode(decoded.value.text, decoded.value), { ok: true, value: raw });
    });
  }

  const binary: readonly (readonly [name: string, bytes: Uint8Array])[] = [
    ["a NUL byte", bytes(0x61, 0, 0x62)],
    ["a PNG header", bytes(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0)],
    ["many control characters that are no UTF-8", bytes(0xff, 0x01, 0x02, 0x03, 0x80)],
    ["UTF-16 of odd length", bytes(0xff, 0xfe, 0x61)],
    ["UTF-16 with a NUL", bytes(0xff, 0xfe, 0x61, 0, 0, 0)],
    ["UTF-32", bytes(0xff, 0xfe, 0, 0, 0x61, 0, 0, 0)],
  ];
  for (const [name, raw] of binary) {
    it(`${name} is refused as binary`, () => {
      const decoded = decode(raw);
      assert.ok(!decoded.ok);
      assert.match(decoded.fault.message, /binary/);
    });
  }

  it("any bytes are refused or come back as they were", () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.uint8Array({ min: 0x20, max: 0xff, maxLength: 60 })), (raw) => {
        const decoded = decode(raw);
        if (decoded.ok) assert.deepEqual(encodeLike(decoded.value.text, decoded.value), { ok: true, value: raw });
      }),
      { numRuns: 2000 },
    );
  });

  it("half a surrogate pair is refused where UTF-8 would lose it", () => {
    const encoded = encode("a\ud800", { encoding: "utf-8", bom: false });
    assert.ok(!encoded.ok);
    assert.match(encoded.fault.message, /surrogate/);
  });

  it("a character that a single-byte encoding lacks is refused", () => {
    const encoded = encode("\u4e16", { encoding: "windows-1252", bom: false });
    assert.ok(!encoded.ok);
    assert.match(encoded.fault.message, /no byte for/);
  });

  it("every byte has one character in the single-byte encoding", () => {
    const all = Uint8Array.from({ length: 223 }, (_, at) => at + 33);
    const decoded = decode(all);
    assert.ok(decoded.ok);
    assert.equal(decoded.value.encoding, "windows-1252");
    assert.deepEqual(encodeLike(decoded.value.text, decoded.value), { ok: true, value: all });
  });

  it("a new file is plain UTF-8", () => {
    assert.deepEqual(encodeLike("\u00e9", undefined), { ok: true, value: bytes(0xc3, 0xa9) });
  });
});
