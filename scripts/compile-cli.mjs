// Compiles the built command line for the Node this runs on, so that a start need not: `node scripts/compile-cli.mjs`, part of the
// build. What V8 keeps is what had been compiled by the end, so this runs the program as far as its first question to a model, whose
// server is here and says no. Writes dist/cli-main-<version>-<arch>.bin, which src/cli/launch.ts looks for.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import module, { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const main = join(dist, "cli-main.cjs");
const folder = mkdtempSync(join(tmpdir(), "proviso-compile-"));
const script = new Script(module.wrap(readFileSync(main, "utf8")), { filename: main });

// A request that is wrong is not tried again, so the run ends at once.
const server = createServer((request, response) => {
  request.resume().on("end", () => response.writeHead(400, { "content-type": "application/json" }).end('{"error":{"message":"no"}}'));
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));

writeFileSync(join(folder, "package.json"), '{"scripts":{"test":"true"}}\n');
Object.assign(process.env, { HOME: folder, PROVISO_HOME: join(folder, "state"), XDG_CONFIG_HOME: folder, PROVISO_OFFLINE: "1" });
Object.assign(process.env, {
  OPENAI_BASE_URL: `http://127.0.0.1:${server.address().port}/v1`,
  OPENAI_API_KEY: "",
  PROVISO_MODEL: "none",
  PROVISO_API: "",
});
process.argv = [process.execPath, main, "run", "Fix the failing test", "--approve", "all", "--json", "--workspace", folder];
process.stdout.write = (_text, ...rest) => (rest.findLast((one) => typeof one === "function")?.(), true);
process.once("exit", (code) => {
  rmSync(folder, { recursive: true, force: true });
  // 4: it got as far as the model and was refused.
  if (code !== 4) return;
  writeFileSync(join(dist, `cli-main-${process.version}-${process.arch}.bin`), script.createCachedData());
  process.exitCode = 0;
});
script.runInThisContext()({}, createRequire(main), {}, main, dirname(main));
