// The scripted server as a process: `node scripted-server-main.js SCRIPT.json [PORT]`. Prints {"url"} and serves until killed.
// For tests that kill and resume what talks to it.

import { readFileSync } from "node:fs";
import type { Line } from "./script.ts";
import { startScriptedServer } from "./scripted-server.ts";

const [file, port] = process.argv.slice(2);
if (file === undefined) throw new Error("Usage: scripted-server-main SCRIPT.json [PORT]");
const { url } = await startScriptedServer(JSON.parse(readFileSync(file, "utf8")) as readonly Line[], { port: Number(port ?? 0) });
console.log(JSON.stringify({ url }));
