// What is left until a question counts as rejected. Counts by itself; a screen reader hears it when it asks, and once when it gets short.

import { useEffect, useState } from "preact/hooks";
import { timeLeft } from "../protocol/to-view.ts";
import { Icon } from "./icon.tsx";

const shortMs = 60_000;

export function Countdown({ deadline }: { readonly deadline: number }) {
  const [now, tick] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => tick(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const left = Math.max(0, deadline - now);
  return (
    <div class={`countdown ${left < shortMs ? "soon" : ""}`}>
      <Icon name="watch" small />
      <span role="timer" aria-live="off">
        {left === 0 ? "No answer in time: it counts as rejected" : `Counts as rejected in ${timeLeft(left)}`}
      </span>
      <span class="sr" aria-live="polite">
        {left > 0 && left < shortMs ? "Less than a minute is left to answer" : ""}
      </span>
    </div>
  );
}
