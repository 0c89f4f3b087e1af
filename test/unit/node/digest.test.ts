import { strict as assert } from "node:assert";
import { sha256 } from "../../../src/node/digest.ts";

describe("the digest", () => {
  it("is SHA-256 in hex, of text as of its UTF-8 bytes", () => {
    assert.equal(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert.equal(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert.equal(sha256("é"), sha256(Uint8Array.of(0xc3, 0xa9)));
  });
});
