// Lines that only ever get longer: for pipes, files and dumb terminals. Streamed text is left out; the events bring the whole of it.

import { tell } from "../../agent/observe/transcript.ts";
import type { Io } from "../io.ts";
import { render } from "./render.ts";
import { styleFor } from "./style.ts";
import type { View } from "./view.ts";

export function plainView({ stdout, env }: Io): View {
  const style = styleFor(stdout, env);
  return {
    event: (event, before, after) => {
      const rows = render(tell(event, before, after), style);
      if (rows.length > 0) stdout.write(`${rows.join("\n")}\n`);
    },
    live: () => undefined,
    close: () => undefined,
  };
}
