// The changes of one turn as one: accepted together, each by its own digest. It stands below their cards, so that all have been on the
// way to it, and arms like a card.

import type { ChangeSetItem } from "../protocol/to-view.ts";
import { useArmed } from "./armed.ts";
import { send } from "./host.ts";
import { Icon } from "./icon.tsx";

export function ChangeSetBar({ item }: { readonly item: ChangeSetItem }) {
  const { armed, card } = useArmed(item.id, false);
  const { cards, added, removed } = item;
  return (
    <section class="card asks set" aria-label={`Change set, ${cards.length} changes wait`} ref={card}>
      <header>
        <Icon name="files" tone="you" />
        <h2>Accept all {cards.length} changes of this turn?</h2>
        <span class="push num nowrap">
          <span class="plus">+{added}</span> <span class="minus">−{removed}</span>
        </span>
      </header>
      <footer>
        <button type="button" class="btn primary" disabled={!armed} onClick={() => send({ type: "approveAll", cards: [...cards] })}>
          Accept all {cards.length}
        </button>
        <span class="label">
          Each is bound to what its card shows, and hunks you rejected stay rejected; or decide them one by one above.
        </span>
      </footer>
    </section>
  );
}
