// The page's beginning: draws what was last seen, then listens, then says that it is ready.

import "./style.css";
import { render } from "preact";
import { App } from "./app.tsx";
import { listen, send } from "./host.ts";
import { restore, take } from "./store.ts";
import { visible } from "./visible.ts";

window.addEventListener("error", (event) =>
  send({ type: "failed", message: `${event.message} (${event.filename}:${event.lineno})`.slice(0, 4000) }),
);
window.addEventListener("unhandledrejection", (event) => send({ type: "failed", message: String(event.reason).slice(0, 4000) }));
const sayFocus = (): void => send({ type: "focus", here: document.hasFocus() });
window.addEventListener("focus", sayFocus);
window.addEventListener("blur", sayFocus);
restore();
const root = document.getElementById("root");
if (root) render(<App />, root);
listen((message) => take(visible(message)));
send({ type: "ready" });
sayFocus();
