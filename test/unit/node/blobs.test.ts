import { strict as assert } from "node:assert";
import { readdirSync, statSync, truncateSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { createBlobs } from "../../../src/node/blobs.ts";
import { sha256 } from "../../../src/node/digest.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("the store of before-images", () => {
  const folder = tempFolder();
  const store = (): string => folder.in("run", "blobs");
  const blobs = () => createBlobs(store());
  const text = (words: string): Uint8Array => new TextEncoder().encode(words);

  async function put(bytes: Uint8Array): Promise<string> {
    const digest = await blobs().put(bytes);
    assert.ok(digest.ok, digest.ok ? "" : digest.fault.message);
    return digest.value;
  }

  it("gives back any bytes under their digest", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 9000, size: "max" }), async (bytes) => {
        const digest = await put(bytes);
        assert.equal(digest, sha256(bytes));
        const back = await blobs().get(digest);
        assert.ok(back.ok);
        assert.deepEqual(Buffer.from(back.value), Buffer.from(bytes));
      }),
      { numRuns: 20 },
    );
  });

  it("makes large text small and leaves alone what is small or dense", async () => {
    await put(text("repeat ".repeat(10_000)));
    await put(text("small"));
    const sizes = readdirSync(store()).map((name) => statSync(`${store()}/${name}`).size);
    assert.equal(sizes.length, 2);
    assert.ok(sizes.every((size) => size < 1000));
    assert.equal(readdirSync(store()).filter((name) => name.endsWith(".z")).length, 1);
  });

  it("keeps the same content once, leaves no other file, and all for its owner alone", async () => {
    await Promise.all([put(text("same")), put(text("same")), put(text("same"))]);
    assert.deepEqual(readdirSync(store()), [sha256("same")]);
    assert.equal(statSync(store()).mode & 0o777, 0o700);
    assert.equal(statSync(`${store()}/${sha256("same")}`).mode & 0o777, 0o600);
  });

  it("notices a blob that was changed, cut or lost", async () => {
    const kind = async (digest: string): Promise<string> => {
      const back = await blobs().get(digest);
      return back.ok ? "ok" : back.fault.kind;
    };
    const plain = await put(text("plain"));
    const packed = await put(text("packed ".repeat(1000)));
    writeFileSync(`${store()}/${plain}`, "other");
    truncateSync(`${store()}/${packed}.z`, 10);
    assert.equal(await kind(plain), "broken");
    assert.equal(await kind(packed), "broken");
    assert.equal(await kind(sha256("never stored")), "missing");
    assert.equal(await kind("../../etc/passwd"), "invalid");
  });

  it("answers a fault where nothing can be stored", async () => {
    writeFileSync(folder.in("run"), "a file where the folder should be");
    const digest = await blobs().put(text("x"));
    assert.match(digest.ok ? "" : digest.fault.message, /could not be kept, so it was not changed/);
  });
});
