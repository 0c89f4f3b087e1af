// What `proviso` starts: the program in its fastest form for this Node. Most of a start is parsing and compiling, and both can be done
// before: the build compiles the whole program for the Node it runs on and keeps V8's result. Any other Node takes the ES modules,
// and keeps the result itself where it can (22 and later). Holds nothing of the program; both forms are built from main.ts.

import { existsSync, readFileSync } from "node:fs";
import * as nodeModule from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";

const dist = dirname(fileURLToPath(import.meta.url));
const main = join(dist, "cli-main.cjs");
/** The bytes are of use to the very V8 that made them, on its architecture; V8 itself refuses all others. */
const compiled = join(dist, `cli-main-${process.version}-${process.arch}.bin`);

await launch();

async function launch(): Promise<void> {
  if (startCompiled()) return;
  // Absent in Node 20, and not yet in its types.
  (nodeModule as { enableCompileCache?: () => unknown }).enableCompileCache?.();
  await import("./main.ts");
}

/** False where there is nothing compiled for this Node, or coverage is wanted, which needs the modules. */
function startCompiled(): boolean {
  if (process.env["NODE_V8_COVERAGE"] !== undefined || !existsSync(compiled)) return false;
  const script = new Script(nodeModule.default.wrap(readFileSync(main, "utf8")), { filename: main, cachedData: readFileSync(compiled) });
  if (script.cachedDataRejected === true) return false;
  const run = script.runInThisContext() as (exports: object, require: NodeJS.Require, module: object, file: string, folder: string) => void;
  run({}, nodeModule.createRequire(main), {}, main, dist);
  return true;
}
