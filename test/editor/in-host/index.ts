// What VS Code calls inside the extension host: runs the tests there with mocha and reports each to the socket that TEST_REPORT_SOCKET
// names, or to the console. The same bundle serves the harness and a downloaded desktop VS Code.

import { connect } from "node:net";
import Mocha from "mocha";

export interface Report {
  readonly title: string;
  readonly state: "passed" | "failed" | "pending";
  readonly error?: string;
}

const suites = [
  () => import("./activation.ts"),
  () => import("./buffers.ts"),
  () => import("./chat.ts"),
  () => import("./review.ts"),
  () => import("./rules.ts"),
  () => import("./file-finder.ts"),
  () => import("./commands.ts"),
  () => import("./terminal.ts"),
  () => import("./language.ts"),
  () => import("./engine.ts"),
  () => import("./lm.ts"),
];

export async function run(): Promise<void> {
  const socket = process.env["TEST_REPORT_SOCKET"] === undefined ? undefined : connect(process.env["TEST_REPORT_SOCKET"]);
  const say = (report: Report | { readonly end: number }): void => {
    if (!socket) console.log(JSON.stringify(report));
    else socket.write(`${JSON.stringify(report)}\n`);
  };
  const mocha = new Mocha({ ui: "bdd", timeout: 60_000, reporter: Mocha.reporters.Base });
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  for (const load of suites) await load();
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.on("pass", (test) => say({ title: test.fullTitle(), state: "passed" }));
    runner.on("pending", (test) => say({ title: test.fullTitle(), state: "pending" }));
    runner.on("fail", (test, error: Error) => say({ title: test.fullTitle(), state: "failed", error: error.stack ?? error.message }));
  });
  say({ end: failures });
  if (socket) await new Promise<void>((resolve) => socket.end(resolve));
  if (failures > 0) throw new Error(`${failures} failed`);
}
