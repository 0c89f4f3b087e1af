// Where the focus goes. It is taken only by what the person has just opened, and never falls to the top of the page.

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

/** For a box the person has opened: it has the focus at first, and may lose it. */
export function useFocusAtFirst<T extends HTMLElement>(): { current: T | null } {
  const box = useRef<T>(null);
  useEffect(() => box.current?.focus(), []);
  return box;
}

/** Where a card goes that had the focus, the composer gets it. */
export function useFocusPassedOn(card: { readonly current: HTMLElement | null }): void {
  useLayoutEffect(
    () => () => {
      if (card.current?.contains(document.activeElement)) document.querySelector<HTMLElement>(".composer .say")?.focus();
    },
    [],
  );
}
