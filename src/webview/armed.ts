// A card can be decided only after it has been on screen for a moment, so that nothing is approved that nobody saw. The host is told
// which card is armed, so that the keys act on what is shown and never on what arrives meanwhile.

import { useEffect, useRef, useState } from "preact/hooks";
import { useFocusPassedOn } from "./focus.ts";
import { send } from "./host.ts";
import { live } from "./store.ts";

const armMs = 300;

/** `byKey`: whether the card may be decided by keyboard shortcut. */
export function useArmed(id: string, byKey: boolean): { readonly armed: boolean; readonly card: { current: HTMLElement | null } } {
  const card = useRef<HTMLElement>(null);
  const [armed, arm] = useState(false);
  useFocusPassedOn(card);
  useEffect(() => {
    const element = card.current;
    if (!element) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const seen = new IntersectionObserver(
      (entries) => {
        const visible = entries.some((entry) => entry.isIntersecting);
        if (visible && timer === undefined) {
          timer = setTimeout(() => {
            arm(true);
            if (byKey) send({ type: "armed", id });
          }, armMs);
        } else if (!visible) {
          clearTimeout(timer);
          timer = undefined;
          arm(false);
          send({ type: "armed" });
        }
      },
      { threshold: 0.01 },
    );
    seen.observe(element);
    return () => {
      seen.disconnect();
      clearTimeout(timer);
      send({ type: "armed" });
    };
  }, [id, byKey]);
  // What is drawn from the last time cannot be decided: only the host knows whether it still waits.
  return { armed: armed && live.value, card };
}
