import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { lockHolder, takeLock } from "../../../src/node/lock.ts";
import { ownIdentity, sight } from "../../../src/node/process-identity.ts";
import { startChild } from "../../support/child.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("a lock", () => {
  const folder = tempFolder();
  const path = (): string => folder.in("lock");
  const take = () => takeLock(path(), "Run 7");

  async function taken(): Promise<{ release(): Promise<void> }> {
    const lock = await take();
    assert.ok(lock.ok, lock.ok ? "" : lock.fault.message);
    return lock.value;
  }

  it("leaves nothing behind when released, even twice, and can be taken again", async () => {
    const lock = await taken();
    await lock.release();
    await lock.release();
    assert.deepEqual(readdirSync(folder.path), []);
    await (await taken()).release();
  });

  it("refuses a second claimant in the same process", async () => {
    await taken();
    const second = await take();
    assert.ok(!second.ok);
    assert.equal(second.fault.message, `Run 7 is open in this process already (${process.pid}); use it there, or end that process first.`);
  });

  it("names the process that holds it, to whoever asks", async () => {
    const child = await startChild("journal-writer-main", ["hold", path()]);
    try {
      assert.equal(await child.line(), "held");
      const second = await take();
      assert.ok(!second.ok);
      assert.equal(second.fault.kind, "unavailable");
      assert.match(second.fault.message, new RegExp(`Run 7 is open in process ${child.process.pid};`));
      assert.equal((await lockHolder(path()))?.pid, child.process.pid);
    } finally {
      await child.kill();
    }
  });

  it("is free again once its holder was killed, and the dead claim is swept away", async () => {
    const child = await startChild("journal-writer-main", ["hold", path()]);
    assert.equal(await child.line(), "held");
    await child.kill();
    assert.equal(await lockHolder(path()), undefined);
    await taken();
    assert.equal(readdirSync(folder.path).length, 1);
    assert.equal((await lockHolder(path()))?.pid, process.pid);
  });

  it("is not held by another process that was given the dead one's number", async () => {
    const own = await ownIdentity();
    writeFileSync(`${path()}.1`, JSON.stringify({ ...own, started: own.started - 1000 }));
    await taken();
  });

  it("is not held by a process of before the machine was started again", async function () {
    const own = await ownIdentity();
    if (own.boot === undefined) return this.skip();
    writeFileSync(`${path()}.1`, JSON.stringify({ ...own, boot: "another boot" }));
    await taken();
  });

  it("is never taken from a process that cannot be looked for, and the way out is said", async () => {
    const own = await ownIdentity();
    const elsewhere = own.boot === undefined ? { ...own, host: "elsewhere" } : { ...own, space: "pid:[1]" };
    writeFileSync(`${path()}.1`, JSON.stringify(elsewhere));
    const refused = await take();
    assert.ok(!refused.ok);
    assert.match(refused.fault.message, new RegExp(`held by process ${process.pid} on ${hostname()} .*delete ${path()}\\.1 if it is gone`));
  });

  it("does not mind a claim that was never finished, and does not take its number", async () => {
    writeFileSync(`${path()}.1`, "");
    writeFileSync(`${path()}.2`, '{"pid":');
    const lock = await taken();
    assert.deepEqual(readdirSync(folder.path).sort(), ["lock.1", "lock.2", "lock.3"]);
    await lock.release();
    assert.equal(readFileSync(`${path()}.1`, "utf8"), "");
  });

  it("goes to exactly one of many who claim it at the same instant, again and again", async () => {
    for (let round = 0; round < 25; round++) {
      const own = await ownIdentity();
      writeFileSync(`${path()}.1`, JSON.stringify({ ...own, started: 1 }));
      const locks = await Promise.all(Array.from({ length: 6 }, take));
      const winners = locks.filter((lock) => lock.ok);
      assert.equal(winners.length, 1, `round ${round}`);
      for (const lock of winners) if (lock.ok) await lock.value.release();
      assert.deepEqual(readdirSync(folder.path), []);
    }
  });

  it("left by a dead process goes to exactly one of several processes", async function () {
    this.timeout(20_000);
    for (let round = 0; round < 3; round++) {
      const dead = await startChild("journal-writer-main", ["hold", path()]);
      assert.equal(await dead.line(), "held");
      await dead.kill();
      const claimants = await Promise.all(Array.from({ length: 4 }, () => startChild("journal-writer-main", ["hold", path()])));
      const said = await Promise.all(claimants.map((child) => child.line()));
      assert.equal(said.filter((line) => line === "held").length, 1, said.join("\n"));
      await Promise.all(claimants.map((child) => child.kill()));
    }
  });

  it("is a fault where its folder does not exist", async () => {
    const lock = await takeLock(folder.in("nowhere", "lock"), "Run 7");
    assert.ok(!lock.ok);
    assert.equal(lock.fault.kind, "missing");
  });
});

describe("a process", () => {
  it("knows itself as running", async () => {
    assert.equal(await sight(await ownIdentity()), "running");
  });

  it("that has ended is gone", async () => {
    const identity = { ...(await ownIdentity()), pid: 2 ** 22 - 1 };
    assert.equal(await sight(identity), "gone");
  });

  it("that has ended is gone also while nobody has buried it", async function () {
    if (process.platform !== "linux") return this.skip();
    // A child whose parent has become a program that buries nobody, and which ends only then.
    const parent = spawn("sh", ["-c", "exec 3<&0; (read line <&3) & echo $!; exec sleep 60"], { stdio: ["pipe", "pipe", "inherit"] });
    try {
      const [printed] = (await once(parent.stdout, "data")) as [Buffer];
      const pid = Number(printed.toString());
      const stat = (of: number | undefined): string => readFileSync(`/proc/${of}/stat`, "utf8");
      const becomes = async (seen: () => boolean): Promise<void> => {
        while (!seen()) await new Promise((resolve) => setImmediate(resolve));
      };
      await becomes(() => stat(parent.pid).includes("(sleep)"));
      parent.stdin.end();
      await becomes(() => stat(pid).includes(") Z "));
      const started = Number(stat(pid).split(") ")[1]?.split(" ")[19]);
      assert.equal(await sight({ ...(await ownIdentity()), pid, started }), "gone");
    } finally {
      parent.kill("SIGKILL");
    }
  });
});
