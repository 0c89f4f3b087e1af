import { strict as assert } from "node:assert";
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { Subject } from "../../../src/agent/model/ask.ts";
import type { Allowance, Settle } from "../../../src/agent/model/ledger.ts";
import { DayBook, dayOf } from "../../../src/node/day-book.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const subject: Subject = { run: "r1", goal: "g", step: { id: "s", goal: "g", role: "coder", check: { by: "citation" }, attempt: 1 } };
const amount = (usd: number | undefined, tokens = 100) => ({ calls: 1, tokens, usd });

describe("the book of a day", () => {
  const temp = tempFolder();
  let ids = 0;
  const day = (folder: string, now = () => Date.UTC(2026, 0, 1, 12)) => new DayBook({ folder, now, id: () => `id${ids++}` });
  const purse = (book: DayBook, limit: Allowance) => book.purse({ model: "p/m", limit: () => limit });

  async function taken(result: Awaited<ReturnType<ReturnType<DayBook["purse"]>["reserve"]>>): Promise<Settle> {
    assert.ok(result.ok, result.ok ? "" : result.fault.message);
    return result.value;
  }

  it("holds what two processes spend together to the limit", async () => {
    const folder = temp.path;
    const [a, b] = [purse(day(folder), { usd: 1 }), purse(day(folder), { usd: 1 })];
    await (await taken(await a.reserve(amount(0.7), subject)))(amount(0.4));
    assert.equal((await b.room(subject)).usd.toFixed(2), "0.60");
    await taken(await b.reserve(amount(0.5), subject));
    const refused = await a.reserve(amount(0.2), subject);
    assert.ok(!refused.ok);
    assert.match(
      refused.fault.message,
      /^The budget of today is \$1 \(the next call may cost \$0\.20, \$0\.10(?:00)? is left\); raise it to go on\.$/,
    );
    assert.deepEqual(refused.fault.cap, { scope: "day", what: "usd", need: 0.2 });
  });

  it("counts a call that was cut off with the most it may have cost, until the day ends", async () => {
    const folder = temp.path;
    await taken(await purse(day(folder), { usd: 1 }).reserve(amount(0.9), subject));
    const later = day(folder);
    assert.equal((await purse(later, { usd: 1 }).reserve(amount(0.2), subject)).ok, false);
    const tomorrow = day(folder, () => Date.UTC(2026, 0, 2, 12));
    assert.equal((await purse(tomorrow, { usd: 1 }).reserve(amount(0.2), subject)).ok, true);
  });

  it("tells every call, by whom and for what, also of another day, and passes over lines it cannot read", async () => {
    const folder = temp.path;
    const book = day(folder);
    await (await taken(await purse(book, {}).reserve(amount(undefined), subject)))({ calls: 1, tokens: 30, usd: undefined });
    mkdirSync(folder, { recursive: true });
    appendFileSync(join(folder, "2026-01-01.jsonl"), '{"half": \nnonsense\n');
    const [entry] = await day(folder, () => Date.UTC(2026, 5, 1)).entries("2026-01-01");
    assert.ok(entry);
    const { run, step, role, model, tokens, usd, done } = entry;
    assert.deepEqual([run, step, role, model, tokens, usd, done], ["r1", "s", "coder", "p/m", 30, null, true]);
    assert.deepEqual(await day(folder, () => Date.UTC(2026, 5, 1)).entries(), []);
  });

  it("never lets many processes at once pass the limit by more than what one call was underestimated", () =>
    fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0.5, max: 5, noNaN: true }),
        fc.array(fc.tuple(fc.double({ min: 0.01, max: 1, noNaN: true }), fc.double({ min: 0, max: 1.3, noNaN: true })), { maxLength: 24 }),
        async (limit, calls) => {
          const folder = join(temp.path, `p${ids++}`);
          const books = [day(folder), day(folder), day(folder)];
          let over = 0;
          await Promise.all(
            calls.map(async ([worst, share], at) => {
              const book = books[at % books.length] ?? day(folder);
              const reserved = await purse(book, { usd: limit }).reserve(amount(worst), subject);
              if (!reserved.ok) return;
              over = Math.max(over, worst * share - worst);
              await reserved.value(amount(worst * share));
            }),
          );
          const spent = (await day(folder).entries()).reduce((sum, { usd }) => sum + (usd ?? 0), 0);
          assert.ok(spent <= limit + over * calls.length + 1e-9, `${spent} of ${limit}`);
        },
      ),
      { numRuns: 40 },
    )).timeout(20_000);

  it("names days as this machine's calendar does", () => assert.match(dayOf(Date.UTC(2026, 0, 1, 12)), /^2026-01-01$/));
});
