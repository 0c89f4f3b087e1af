// Puts layers around an Ask. The first layer is the outermost: it sees a request first and its reply last.

import type { Ask, Layer } from "./ask.ts";

/** `compose(a, b)(ask)` is `a(b(ask))`. */
export const compose =
  (...layers: readonly Layer[]): Layer =>
  (ask: Ask): Ask =>
    layers.reduceRight((next, layer) => layer(next), ask);
