import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import fc from "fast-check";
import { restoreTouches, unwind } from "../../../src/agent/unwind.ts";
import type { Files, Sighting } from "../../../src/agent/world.ts";
import { createBlobs } from "../../../src/node/blobs.ts";
import { sha256 } from "../../../src/node/digest.ts";
import { FileLookout } from "../../../src/node/lookout.ts";
import { realFiles } from "../../support/real-files.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const never = new AbortController().signal;

describe("watching what a command changes", () => {
  const folder = tempFolder();
  const at = (path: string): string => folder.in("w", path);
  let files: Files;
  let lookout: FileLookout;

  beforeEach(async () => {
    mkdirSync(folder.in("w"));
    files = await realFiles(folder.in("w"));
    lookout = lookoutWith({});
  });
  afterEach(() => lookout.close());

  const blobs = () => createBlobs(folder.in("blobs"));
  const lookoutWith = (bounds: ConstructorParameters<typeof FileLookout>[0]["bounds"]): FileLookout =>
    new FileLookout({ root: folder.in("w"), shelf: folder.in("state", "shelf"), blobs: blobs(), ...(bounds ? { bounds } : {}) });

  function write(path: string, text: string): void {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
  }

  async function during(act: () => void): Promise<Sighting> {
    const watch = await lookout.watch(never);
    act();
    return watch.ended();
  }

  const told = ({ changed, unkept }: Sighting): readonly string[] => [
    ...changed.map(({ shown, before, after }) => `${before === null ? "created" : after === null ? "deleted" : "changed"} ${shown}`),
    ...unkept.map(({ shown, why }) => `${shown}: ${why}`),
  ];

  it("finds what was created, changed, deleted and given other permissions, and puts all of it back", async () => {
    for (const path of ["a", "b", "c/d", "run.sh", "still"]) write(path, `${path}\n`);
    const sighting = await during(() => {
      appendFileSync(at("a"), "more\n");
      rmSync(at("b"));
      chmodSync(at("run.sh"), 0o755);
      write("new/file", "new\n");
      write("c/d", "c/D\n");
    });
    assert.deepEqual([...told(sighting)].sort(), ["changed a", "changed c/d", "changed run.sh", "created new/file", "deleted b"]);
    const world = { files, blobs: blobs(), digest: sha256 };
    const plan = await unwind(world, sighting.changed, never);
    assert.deepEqual((await restoreTouches(world, plan.touches)).kept, []);
    for (const path of ["a", "b", "c/d", "run.sh", "still"]) assert.equal(readFileSync(at(path), "utf8"), `${path}\n`);
    assert.equal(statSync(at("run.sh")).mode & 0o777, 0o644);
    assert.deepEqual(readdirSync(at("new")), []);
  });

  it("finds a change that leaves size and time as they were", async () => {
    write("a", "one\n");
    const { atime, mtime } = statSync(at("a"));
    const sighting = await during(() => {
      write("a", "two\n");
      execFileSync("touch", ["-d", mtime.toISOString(), at("a")]);
      assert.ok(atime);
    });
    assert.deepEqual(told(sighting), ["changed a"]);
  });

  it("passes over ignored files, packages and what was only touched", async () => {
    write(".gitignore", "out/\n");
    write("a", "a");
    const sighting = await during(() => {
      write("out/x", "built");
      write("node_modules/p/index.js", "x");
      write(".git/HEAD", "x");
      write("a", "a");
    });
    assert.deepEqual(told(sighting), []);
  });

  it("does not take for the command's what a change of ours or the person wrote meanwhile", async () => {
    write("a", "a");
    write("b", "b");
    const sighting = await during(() => {
      lookout.wrote(at("a"));
      write("a", "mine");
      write("b", "theirs");
    });
    assert.deepEqual(told(sighting), ["changed b"]);
  });

  it("says of two commands at once that nobody knows which changed what", async () => {
    write("a", "a");
    const [one, two] = [await lookout.watch(never), await lookout.watch(never)];
    write("a", "b");
    for (const watch of [two, one])
      assert.deepEqual(told(await watch.ended()), ["a: Two commands ran at once, so it is not known which of them changed it."]);
  });

  it("names what it could not keep: large files, links, more files than it looks at", async () => {
    lookout.close();
    lookout = lookoutWith({ fileBytes: 10 });
    write("large", "more than ten bytes");
    write("small", "s");
    symlinkSync("small", at("link"));
    const sighting = await during(() => {
      write("large", "other, also more than ten");
      rmSync(at("link"));
      symlinkSync("large", at("link"));
      write("small", "S");
    });
    assert.deepEqual([...told(sighting)].sort(), [
      "changed small",
      "large: It was too large, or one of too many files, to be kept before the command ran.",
      "link: It is a symbolic link.",
    ]);
    lookout.close();
    lookout = lookoutWith({ files: 2 });
    assert.match(
      told(await during(() => write("zz", "new"))).join("\n"),
      /^\.: Not every file was looked at: there are more than 2 files\.$/m,
    );
    lookout.close();
    lookout = lookoutWith({ changes: 1 });
    assert.equal((await during(() => ["x", "y", "z"].forEach((path) => write(path, "1")))).unkept.length, 2);
  });

  it("keeps the files that were changed last where not all fit, again and again", async () => {
    lookout.close();
    lookout = lookoutWith({ bytes: 5000 });
    for (let nth = 0; nth < 20; nth++) write(`f${nth}`, String(nth).padEnd(1000, "x"));
    for (let round = 0; round < 6; round++) {
      const later = new Date(Date.now() + 1000);
      utimesSync(at("f3"), later, later);
      const sighting = await during(() => write("f3", `${"y".repeat(1000)}${"z".repeat(round)}`));
      assert.deepEqual(told(sighting), ["changed f3"]);
      const plan = await unwind({ files, blobs: blobs(), digest: sha256 }, sighting.changed, never);
      await restoreTouches({ files, blobs: blobs(), digest: sha256 }, plan.touches);
    }
    assert.equal(readFileSync(at("f3"), "utf8"), "3".padEnd(1000, "x"));
  });

  it("gives back what any two commands did, with a shelf that is often full", async () => {
    lookout.close();
    lookout = lookoutWith({ bytes: 400 });
    const names = ["a", "b", "c", "d/e"];
    const acts = fc.array(fc.record({ path: fc.constantFrom(...names), text: fc.option(fc.string({ maxLength: 60 }), { nil: null }) }), {
      maxLength: 6,
    });
    const seen = (): unknown =>
      names.map((path) => {
        try {
          return readFileSync(at(path), "hex");
        } catch {
          return null;
        }
      });
    const world = { files, blobs: blobs(), digest: sha256 };
    await fc.assert(
      fc.asyncProperty(acts, acts, async (first, second) => {
        const before = seen();
        const made = [];
        for (const commands of [first, second]) {
          const sighting = await during(() => {
            for (const { path, text } of commands) {
              if (text === null) rmSync(at(path), { force: true });
              else write(path, text);
            }
          });
          assert.deepEqual(sighting.unkept, []);
          made.push(...sighting.changed);
        }
        const plan = await unwind(world, made, never);
        await restoreTouches(world, plan.touches);
        assert.deepEqual(seen(), before);
      }),
      { numRuns: 12 },
    );
  });

  it("leaves nothing of what it kept when it is closed, or killed", async () => {
    write("a", "secret");
    await during(() => write("a", "other"));
    assert.deepEqual(readdirSync(folder.in("state")), []);
  });
});
