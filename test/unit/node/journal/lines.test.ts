import { strict as assert } from "node:assert";
import fc from "fast-check";
import { lastLine, readJournalLines } from "../../../../src/node/journal/lines.ts";
import { type Count, countFormat } from "../../../support/count-format.ts";

const read = (content: string | Uint8Array) =>
  readJournalLines(typeof content === "string" ? Buffer.from(content) : content, countFormat, "run/journal.jsonl");
const lines = (...counts: readonly number[]): string => counts.map((n) => `{"v":2,"n":${n},"text":"é"}\n`).join("");
const numbers = (events: readonly Count[]): number[] => events.map(({ n }) => n);

describe("reading journal lines", () => {
  it("gives every event of a whole journal", () => {
    const reading = read(lines(1, 2, 3));
    assert.deepEqual(numbers(reading.events), [1, 2, 3]);
    assert.equal(reading.bytes, Buffer.byteLength(lines(1, 2, 3)));
    assert.equal(reading.damage, undefined);
  });

  it("finds nothing in an empty file", () => {
    assert.deepEqual(read(""), { events: [], bytes: 0, chain: { digests: [], since: undefined, origin: undefined } });
  });

  it("keeps exactly the whole lines when the file ends at any byte", () => {
    const whole = Buffer.from(lines(1, 2, 3));
    for (let end = 0; end <= whole.length; end++) {
      const reading = read(whole.subarray(0, end));
      const kept = whole.subarray(0, end).filter((byte) => byte === 0x0a).length;
      assert.deepEqual(numbers(reading.events), [1, 2, 3].slice(0, kept), `cut at byte ${end}`);
      assert.equal(reading.bytes, Buffer.byteLength(lines(...[1, 2, 3].slice(0, kept))), `cut at byte ${end}`);
      assert.equal(reading.damage, undefined, `cut at byte ${end}`);
    }
  });

  it("cuts a last line that has its end but is no JSON, as a disk may leave it after a power cut", () => {
    for (const torn of ["\0\0\0\0\n", '{"v":2,"n":\n', "\xff\xfe\n"]) {
      const reading = read(Buffer.concat([Buffer.from(lines(1)), Buffer.from(torn, "latin1")]));
      assert.deepEqual(numbers(reading.events), [1]);
      assert.equal(reading.bytes, Buffer.byteLength(lines(1)));
      assert.equal(reading.damage, undefined);
    }
  });

  it("names the line of garbage in the middle, says what to do, and still gives what came before", () => {
    for (const garbage of ["rubbish", "", "{}", "7", "null", '{"v":2,"n":"two"}', '{"v":2,"n":7}', '{"v":0,"n":2}', '{"v":"2","n":2}']) {
      const reading = read(`${lines(1)}${garbage}\n${lines(3)}`);
      assert.deepEqual(numbers(reading.events), [1], garbage);
      assert.equal(reading.damage?.kind, "broken", garbage);
      assert.match(reading.damage?.message ?? "", /run\/journal\.jsonl is damaged: line 2 .*head -n 1\)/, garbage);
    }
  });

  it("calls a last line that is JSON but no event damage, because no torn write looks like that", () => {
    const reading = read(`${lines(1)}{"v":2,"n":"two"}\n`);
    assert.match(reading.damage?.message ?? "", /line 2 is no count/);
  });

  it("calls invalid UTF-8 damage even inside a JSON string", () => {
    const bad = Buffer.concat([Buffer.from('{"v":2,"n":1,"text":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}\n')]);
    assert.match(read(Buffer.concat([bad, Buffer.from(lines(2))])).damage?.message ?? "", /line 1 is not JSON.*start a new run/);
  });

  it("lifts lines of an earlier version, also when versions are mixed", () => {
    const reading = read(`{"v":1,"count":1}\n${lines(2)}`);
    assert.deepEqual(numbers(reading.events), [1, 2]);
    assert.equal(reading.events[0]?.v, 2);
  });

  it("asks for an upgrade when a line comes from a newer Proviso", () => {
    const { damage, events } = read(`${lines(1)}{"v":3,"whatever":true}\n`);
    assert.deepEqual(numbers(events), [1]);
    assert.equal(damage?.kind, "invalid");
    assert.match(damage?.message ?? "", /written by a newer Proviso \(line 2 has version 3\); upgrade/);
  });

  it("never gives an event that was not written, whatever bytes it reads", () => {
    const line = fc.oneof(fc.constant(lines(1)), fc.constant(lines(2)), fc.string(), fc.constant("\n"), fc.constant('{"v":2,'));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (parts) => {
        const content = Buffer.from(parts.join(""));
        const { events, bytes } = read(content);
        assert.equal(content.subarray(0, bytes).toString(), lines(...numbers(events)));
      }),
    );
  });
});

describe("the last line of a tail", () => {
  it("is the last whole line that is JSON, whatever stands around it", () => {
    assert.deepEqual(lastLine(Buffer.from('cut"}\n{"n":1}\n{"n":2}\n{"n":')), { n: 2 });
    assert.deepEqual(lastLine(Buffer.from('{"n":1}\n\0\0\n')), { n: 1 });
    assert.equal(lastLine(Buffer.from('{"n":1}')), undefined);
    assert.equal(lastLine(Buffer.from("")), undefined);
  });
});
