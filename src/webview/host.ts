// The one door to the extension: messages out, typed; messages in, handed to the store; and what outlives a hidden view.

import type { ToHost } from "../protocol/to-host.ts";
import type { ToView } from "../protocol/to-view.ts";

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

let api: VsCodeApi | undefined;

function vscode(): VsCodeApi {
  api ??= acquireVsCodeApi();
  return api;
}

export const send = (message: ToHost): void => vscode().postMessage(message);

export const saved = (): unknown => vscode().getState();
export const save = (state: unknown): void => vscode().setState(state);

/** The host is our own extension; the page's policy lets nobody else in. */
export function listen(take: (message: ToView) => void): void {
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    const { data } = event;
    if (typeof data === "object" && data !== null && "type" in data) take(data as ToView);
  });
}
