import { strict as assert } from "node:assert";
import { entriesOf, fits, rankPaths } from "../../../src/protocol/rank-paths.ts";

const files = [
  "README.md",
  "invoice/README.md",
  "src/billing/total.js",
  "src/invoice.js",
  "src/invoices.js",
  "src/main-invoice.js",
  "src/preinvoiced.js",
  "test/invoice.test.js",
  "lib/in-vo-ice.js",
];
const rank = (words: string, recent: readonly string[] = []): readonly string[] => rankPaths(entriesOf(files), words, recent, 20);

describe("files for a mention", () => {
  it("come with the folders they lie in", () => {
    assert.deepEqual(
      entriesOf(["a/b/c.js", "a/d.js", "e.js"]).map(({ path }) => path),
      ["a/b/c.js", "a/d.js", "e.js", "a/b/", "a/"],
    );
  });

  it("are ranked by their own name before the way there, beginnings before middles before scattered letters", () => {
    assert.deepEqual(rank("invoice"), [
      "src/invoice.js",
      "test/invoice.test.js",
      "invoice/",
      "src/invoices.js",
      "src/main-invoice.js",
      "src/preinvoiced.js",
      "lib/in-vo-ice.js",
      "invoice/README.md",
    ]);
    assert.deepEqual(rank("bil tot"), []);
    assert.deepEqual(rank("TOTAL"), ["src/billing/total.js"]);
    assert.deepEqual(rank("sbt"), ["src/billing/total.js"]);
  });

  it("are looked for along the way once there is a slash in it", () => {
    assert.deepEqual(rank("src/inv").slice(0, 2), ["src/invoice.js", "src/invoices.js"]);
    assert.deepEqual(rank("./billing/"), ["src/billing/total.js", "src/billing/"]);
  });

  it("that were open last come first among those that fit as well", () => {
    assert.deepEqual(rank("invoice", ["test/invoice.test.js"])[0], "test/invoice.test.js");
    assert.deepEqual(rank("invoices", ["src/invoice.js"])[0], "src/invoices.js");
    assert.deepEqual(rank("", ["test/invoice.test.js", "src/invoice.js"]).slice(0, 3), [
      "test/invoice.test.js",
      "src/invoice.js",
      "README.md",
    ]);
  });

  it("are at most as many as are asked for", () => assert.equal(rankPaths(entriesOf(files), "", [], 3).length, 3));

  it("fit or do not, one by one", () => {
    assert.ok(fits("src/invoice.js", "ice"));
    assert.ok(!fits("src/invoice.js", "total"));
  });

  it("are found quickly among fifty thousand", () => {
    const many = entriesOf(Array.from({ length: 50_000 }, (_, i) => `packages/p${i % 300}/src/deep/module-${i}.ts`));
    const began = performance.now();
    for (const words of ["m", "module-4999", "p12/src", "zzz"]) rankPaths(many, words, [], 20);
    assert.ok(performance.now() - began < 2000, `${performance.now() - began} ms`);
  });
});
