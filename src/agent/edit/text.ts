// Bytes to text and back. What was decoded and not edited is encoded to the very same bytes: encoding, BOM, line ends and
// final newline are never "repaired". Refuses what is not text.

import { fail, ok, type Result } from "../result.ts";

/** `windows-1252` stands for any file that is not valid UTF-8: every byte maps to one character and back. */
export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

/** How a file's text is stored; the byte order mark is not part of the text. */
export interface Coding {
  readonly encoding: Encoding;
  readonly bom: boolean;
}

export interface Decoded extends Coding {
  readonly text: string;
}

const plainCoding: Coding = { encoding: "utf-8", bom: false };

/** Decodes a whole file. Faults `invalid` when the bytes are binary. */
export function decode(bytes: Uint8Array): Result<Decoded> {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeUtf16(bytes, "utf-16le");
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodeUtf16(bytes, "utf-16be");
  const nul = bytes.indexOf(0);
  if (nul !== -1) return notText(`there is a NUL byte at offset ${nul}`);
  const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const body = bom ? bytes.subarray(3) : bytes;
  try {
    return ok({ text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body), encoding: "utf-8", bom });
  } catch {
    if (hasManyControls(bytes)) return notText("it is neither UTF-8 nor another kind of text");
    return ok({ text: windows1252().decode(bytes), encoding: "windows-1252", bom: false });
  }
}

/** Encodes text the way a file is stored. Faults `invalid` when the encoding has no bytes for a character. */
export function encode(text: string, { encoding, bom }: Coding): Result<Uint8Array> {
  switch (encoding) {
    case "utf-8": {
      if (/\p{Surrogate}/u.test(text))
        return fail("invalid", "The new text has half a surrogate pair, which UTF-8 cannot hold; write the whole character.");
      return ok(new TextEncoder().encode(bom ? `\uFEFF${text}` : text));
    }
    case "utf-16le":
    case "utf-16be":
      return ok(encodeUtf16(bom ? `\uFEFF${text}` : text, encoding === "utf-16le"));
    case "windows-1252":
      return windows1252().encode(text);
  }
}

/** Stores `text` the way `like` is stored; as plain UTF-8 where there is no such file. */
export function encodeLike(text: string, like: Coding | undefined): Result<Uint8Array> {
  return encode(text, like ?? plainCoding);
}

/** Takes a byte order mark off decoded text that still has one. */
export function splitMark(text: string): { readonly bom: string; readonly body: string } {
  return text.startsWith("\uFEFF") ? { bom: "\uFEFF", body: text.slice(1) } : { bom: "", body: text };
}

const notText = (because: string) => fail("invalid", `The file is binary, not text (${because}); it cannot be read or edited as text.`);

function decodeUtf16(bytes: Uint8Array, encoding: "utf-16le" | "utf-16be"): Result<Decoded> {
  if (bytes.length % 2 !== 0) return notText("it starts like UTF-16 but has an odd number of bytes");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Code unit by code unit: TextDecoder would replace a lone surrogate and so change bytes nobody edited.
  const parts: string[] = [];
  let units: number[] = [];
  for (let at = 2; at < bytes.length; at += 2) {
    const unit = view.getUint16(at, encoding === "utf-16le");
    if (unit === 0) return notText(`there is a NUL character at offset ${at}`);
    units.push(unit);
    if (units.length === 4096) {
      parts.push(String.fromCharCode(...units));
      units = [];
    }
  }
  parts.push(String.fromCharCode(...units));
  return ok({ text: parts.join(""), encoding, bom: true });
}

function encodeUtf16(text: string, littleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), littleEndian);
  return bytes;
}

function hasManyControls(bytes: Uint8Array): boolean {
  let controls = 0;
  for (const byte of bytes)
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0c && byte !== 0x0d && byte !== 0x1b) controls++;
  return controls * 50 > bytes.length;
}

interface SingleByte {
  decode(bytes: Uint8Array): string;
  encode(text: string): Result<Uint8Array>;
}

/** Made from the runtime's own table, so that both directions agree whatever the runtime thinks of the bytes 0x80 to 0x9f. */
function windows1252(): SingleByte {
  const decoder = new TextDecoder("windows-1252");
  const byteOf = new Map([...decoder.decode(Uint8Array.from({ length: 256 }, (_, byte) => byte))].map((char, byte) => [char, byte]));
  return {
    decode: (bytes) => decoder.decode(bytes),
    encode(text) {
      const bytes = new Uint8Array(text.length);
      for (let at = 0; at < text.length; at++) {
        const byte = byteOf.get(text.charAt(at));
        if (byte === undefined)
          return fail(
            "invalid",
            `The file is not UTF-8, and its encoding has no byte for ${JSON.stringify(text.charAt(at))}; use other characters.`,
          );
        bytes[at] = byte;
      }
      return ok(bytes);
    },
  };
}
