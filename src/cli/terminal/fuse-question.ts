// The question after a fuse: what is to become of the run. Escape leaves it as it stopped; Enter never answers.

import { assertNever } from "../../agent/result.ts";
import { line, type Words } from "../../agent/observe/line.ts";
import type { Offer } from "../../agent/fuse/offer.ts";
import type { Choosing } from "../stage.ts";
import type { Terminal } from "./terminal.ts";

export const chooseAt = (terminal: Terminal): Choosing => ({
  offer: (offers, signal) =>
    terminal
      .choose<Offer | "leave">(
        {
          offer: () => [line(0, ["waits", "? "], ...offers.flatMap(named), ["strong", "Esc"], " leave it so")],
          answer: ({ name, text }) => (name === "escape" ? "leave" : offers.find((offer) => keyOf(offer) === text.toLowerCase())),
        },
        signal,
      )
      .then((answer) => (answer === "leave" ? undefined : answer)),
  sure: (lines, signal) => {
    terminal.show(lines);
    return terminal.choose<boolean>(
      {
        offer: () => [line(0, ["waits", "? "], ["strong", "y"], " restore them  ", ["strong", "Esc"], " back")],
        answer: ({ name, text }) => (name === "escape" ? false : text.toLowerCase() === "y" || undefined),
      },
      signal,
    );
  },
  show: (lines) => terminal.show(lines),
});

const named = (offer: Offer): readonly Words[] => [["strong", keyOf(offer)], ` ${wordsOf(offer)}  `];

function keyOf(offer: Offer): string {
  switch (offer) {
    case "more":
      return "m";
    case "replan":
      return "p";
    case "rollBack":
      return "b";
    case "handOver":
      return "h";
    default:
      return assertNever(offer);
  }
}

const wordsOf = (offer: Offer): string =>
  ({ more: "go on with more", replan: "plan anew", rollBack: "roll back…", handOver: "hand over" })[offer];
