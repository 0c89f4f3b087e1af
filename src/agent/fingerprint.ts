// A fast, non-cryptographic fingerprint of strings, for telling "the same again" apart from "something new".
// Never for trust: what is approved or stored is named by SHA-256 (World.digest).

/** 53-bit hash of the parts, as text; parts are kept apart, so ("ab", "c") differs from ("a", "bc"). Source: cyrb53, public domain. */
export function fingerprint(...parts: readonly string[]): string {
  let low = 0xdeadbeef;
  let high = 0x41c6ce57;
  const mix = (code: number): void => {
    low = Math.imul(low ^ code, 2654435761);
    high = Math.imul(high ^ code, 1597334677);
  };
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) mix(part.charCodeAt(i));
    mix(0x1ffff);
  }
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  return (4294967296 * (2097151 & high) + (low >>> 0)).toString(36);
}
