// Runs the tests of in-host/ inside a real extension host and retells each of them here. An exit code is not believed (a host that dies is
// reported as a success): a run counts only if its last line came.

import { strict as assert } from "node:assert";
import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "@playwright/test";
import { loadHarness, projectRoot } from "../support/harness.ts";
import { buildInHost } from "./build-in-host.ts";
import type { Report } from "./in-host/index.ts";

const mostMs = 400_000;
const told = await runInHost();

describe("in the extension host", () => {
  for (const { title, state, error } of told.reports) {
    const test = state === "pending" ? it.skip : it;
    test(title, () => assert.equal(state, "passed", error));
  }
  it("the run comes to its end", () => assert.deepEqual({ ended: told.ended, problem: told.problem }, { ended: true, problem: undefined }));
});

async function runInHost(): Promise<{
  readonly reports: readonly Report[];
  readonly ended: boolean;
  readonly problem: string | undefined;
}> {
  const root = projectRoot();
  const bundle = await buildInHost(root);
  const harness = await loadHarness();
  // Models of VS Code's own are among the features that the quiet settings switch off.
  const home = harness.makeHome({ "chat.disableAIFeatures": false });
  cpSync(join(root, "test/fixtures/model-provider"), join(home.path, "extensions", "proviso-test.model-provider-1.0.0"), {
    recursive: true,
  });
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "pv-ws-")));
  cpSync(join(root, "test/fixtures/sample-workspace"), folder, { recursive: true });
  const reports: Report[] = [];
  let ended = false;
  const socket = join(home.path, "report.sock");
  const listener = createServer((connection) => {
    createInterface({ input: connection }).on("line", (line) => {
      const message = JSON.parse(line) as Report | { readonly end: number };
      if ("end" in message) ended = true;
      else reports.push(message);
    });
  });
  await new Promise<void>((resolve) => listener.listen(socket, resolve));
  const server = await harness.startServer({
    home: home.path,
    development: true,
    env: { TEST_REPORT_SOCKET: socket, PROVISO_HOME: join(home.path, "proviso") },
  });
  const browser = await chromium.launch(harness.chromiumOptions);
  try {
    const context = await browser.newContext();
    await harness.onlyLoopback(context);
    const page = await context.newPage();
    const log: string[] = [];
    const exit = new Promise<string | undefined>((resolve) => {
      void page.exposeFunction("codeAutomationExit", (code: number) =>
        resolve(code === 0 ? undefined : `VS Code ended with ${code}: ${log.slice(-5).join("\n")}`),
      );
      setTimeout(() => resolve(`the tests did not end in ${mostMs / 1000} s: ${log.slice(-5).join("\n")}`), mostMs).unref();
    });
    await page.exposeFunction("codeAutomationLog", (_type: string, args: readonly unknown[]) =>
      log.push(args.map(String).join(" ").slice(0, 500)),
    );
    const remote = (path: string): string => `vscode-remote://${server.authority}${path}`;
    await page.goto(
      server.address(folder, [
        ["extensionDevelopmentPath", remote(root)],
        ["extensionTestsPath", remote(bundle)],
      ]),
    );
    const problem = await exit;
    return { reports, ended, problem: reports.some(({ state }) => state === "failed") ? undefined : problem };
  } finally {
    await browser.close();
    await server.stop();
    listener.close();
    home.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}
