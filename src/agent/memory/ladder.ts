// The conversation of a step, cut down to what fits, rung by rung and without a model: results that are out of date become references,
// then the oldest results, then the words and arguments of the oldest turns; then the oldest turns leave for a line on each of their
// calls; at last what is left is cut. Invariant: what comes out fits into the room, whatever happened before.
// The first rungs go in strides, so that the beginning of the prompt stays the same for some turns and can be cached.

import type { Message } from "../model/ask.ts";
import type { CallState, Turn } from "../state.ts";
import { cutTo, pieceOf, type Piece, total } from "./piece.ts";
import { repeatsIn, repeatWords, staleIn } from "./repeats.ts";
import { callLine, type Form, turnPieces, wayBack } from "./turn.ts";

export interface Conversation {
  readonly turns: readonly Turn[];
  /** What stands before the turns: the summary of those that are not among them. */
  readonly summary: string | undefined;
  /** What was said before the first turn and after each of them, so one more than there are turns. */
  readonly said: readonly (readonly Message[])[];
}

/** Whether a result that is there already is told again as often as it was asked for. */
export type Repeats = "once" | "as asked";

/** The messages in order, at most `room` tokens of them. */
export function fitConversation(conversation: Conversation, room: number, repeats: Repeats): readonly Piece[] {
  const telling = new Set<string>();
  for (;;) {
    const repeated = repeats === "once" ? repeatsIn(conversation.turns, telling) : new Map<string, CallState>();
    const ladder = new Ladder(conversation, repeated);
    ladder.climb(room);
    const broken = ladder.broken(repeated);
    if (broken.length === 0) return ladder.pieces(room);
    for (const call of broken) telling.add(call);
  }
}

const stride = 4;

class Ladder {
  readonly #turns: readonly Turn[];
  readonly #said: readonly (readonly Piece[])[];
  readonly #opening: readonly Piece[];
  readonly #forms: Form[];
  readonly #tokens: number[];
  /** In which turn a call is. */
  readonly #places: ReadonlyMap<string, number>;
  readonly #stands = new Map<string, string>();
  readonly #stale = new Set<string>();
  #size: number;
  /** How many turns have left. */
  #gone = 0;

  constructor({ turns, said, summary }: Conversation, repeated: ReadonlyMap<string, CallState>) {
    this.#turns = turns;
    this.#said = said.map((messages) => messages.map((message) => pieceOf("conversation", message)));
    this.#opening = summary === undefined ? [] : [pieceOf("conversation", { role: "user", text: summary, quoted: true })];
    this.#forms = turns.map(() => "whole");
    this.#places = new Map(turns.flatMap(({ calls }, at) => calls.map(({ call }) => [call, at] as const)));
    for (const [call, earlier] of repeated) this.#stands.set(call, repeatWords(earlier));
    this.#tokens = turns.map((_, at) => total(this.#piecesOf(at)));
    this.#size = total([...this.#opening, ...this.#said.flat()]) + this.#tokens.reduce((sum, one) => sum + one, 0);
  }

  /** As far as needed. The last turn keeps its form. */
  climb(room: number): void {
    if (this.#size <= room) return;
    const last = this.#turns.length - 1;
    this.#shrinkStale(last);
    for (const form of ["referred", "short"] as const)
      for (let at = 0; at < last && (this.#size > room || at % stride !== 0); at++) this.#become(at, form);
    while (this.#gone < last && (this.#size > room - this.#recapRoom(room) || this.#gone % stride !== 0)) this.#leave();
  }

  /** Calls that refer to a result which is no longer there although they could tell it: of those with one result the first. */
  broken(repeated: ReadonlyMap<string, CallState>): readonly string[] {
    const first = new Map<CallState, string>();
    for (const [call, earlier] of repeated) {
      if (this.#isTold(earlier.call)) continue;
      if (!this.#isTold(call)) this.#stands.set(call, wayBack(earlier));
      else if (!first.has(earlier)) first.set(earlier, call);
    }
    return [...first.values()];
  }

  /** What is told, cut where even the last turn alone is too much. */
  pieces(room: number): readonly Piece[] {
    const told = this.#told(room);
    if (total(told) <= room) return told;
    const cut = cutTo(told, room);
    if (cut) return cut;
    if (this.#turns.length > this.#gone) this.#become(this.#turns.length - 1, "short");
    return cutTo(this.#told(room), room) ?? this.#bare(room);
  }

  #told(room: number): readonly Piece[] {
    const before = this.#said.slice(0, this.#gone + 1).flat();
    const left = this.#turns
      .slice(this.#gone)
      .flatMap((_, i) => [...this.#piecesOf(this.#gone + i), ...(this.#said[this.#gone + i + 1] ?? [])]);
    return [...this.#opening, ...this.#recap(this.#recapRoom(room)), ...before, ...left];
  }

  /** Not even the last turn can be told: a line on each call, and what the user said. */
  #bare(room: number): readonly Piece[] {
    this.#gone = this.#turns.length;
    const words = cutTo(this.#said.flat(), Math.floor(room / 2)) ?? [];
    return [...this.#recap(room - total(words)), ...words];
  }

  #isTold(call: string): boolean {
    const at = this.#places.get(call) ?? -1;
    return at >= this.#gone && this.#forms[at] === "whole" && !this.#stale.has(call);
  }

  #piecesOf(at: number): readonly Piece[] {
    const turn = this.#turns[at];
    return turn ? turnPieces(turn, this.#forms[at] ?? "whole", this.#stands) : [];
  }

  #become(at: number, form: Form): void {
    this.#forms[at] = form;
    const size = total(this.#piecesOf(at));
    this.#size += size - (this.#tokens[at] ?? 0);
    this.#tokens[at] = size;
  }

  #shrinkStale(last: number): void {
    for (const call of staleIn(this.#turns)) {
      const at = this.#places.get(call.call) ?? last;
      if (at >= last || this.#stands.has(call.call)) continue;
      this.#stands.set(call.call, `[Out of date.] ${wayBack(call)}`);
      this.#stale.add(call.call);
      this.#become(at, "whole");
    }
  }

  #leave(): void {
    this.#size -= this.#tokens[this.#gone] ?? 0;
    this.#gone++;
  }

  #recapRoom = (room: number): number => (this.#gone === 0 ? 0 : Math.floor(room / 8));

  #recap(room: number): readonly Piece[] {
    if (this.#gone === 0) return [];
    const lines = this.#turns.slice(0, this.#gone).flatMap((turn) => turn.calls.map((call) => callLine(call, 120)));
    const opening = `[${this.#gone} earlier turns of this step are left out; read again what you need. Their calls:]`;
    return cutTo([pieceOf("conversation", { role: "user", text: [opening, ...lines].join("\n"), quoted: true })], room) ?? [];
  }
}
