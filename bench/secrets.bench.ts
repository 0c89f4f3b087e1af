// What it costs to take secrets out: loading the detector, a megabyte of source, of a lock file, of tokens, and an ordinary small output.

import { readFileSync } from "node:fs";
import { openSecrets } from "../src/node/secrets.ts";
import { scramble } from "../test/support/fake-secrets.ts";

const megabyte = (text: string): string => text.repeat(Math.ceil(1_000_000 / text.length)).slice(0, 1_000_000);
const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

const loading = performance.now();
const secrets = openSecrets(process.env);
await secrets.redact(`ghp_${scramble(36)}`);
console.log(`loaded, and the first text told   ${(performance.now() - loading).toFixed(1)} ms`);

const texts: Readonly<Record<string, string>> = {
  "a small output": "ok 1 - adds\nok 2 - subtracts\n1..2\n",
  "1 MB of source": megabyte(readFileSync("src/agent/reduce.ts", "utf8")),
  "1 MB of a lock file": megabyte(readFileSync("package-lock.json", "utf8")),
  "1 MB of base64, one line": scramble(1_000_000),
  "1 MB of tokens": megabyte(`ghp_${scramble(36)}\n`),
};
for (const [name, text] of Object.entries(texts)) {
  const rounds = text.length < 1000 ? 2000 : 7;
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    await secrets.redact(text);
    times.push(performance.now() - started);
  }
  console.log(`${name.padEnd(34)}${median(times).toFixed(3)} ms`);
}
