// Files and folders for the mention that is being typed: the list above the box, and the keys that walk it. The cursor never leaves the
// box, and what a key takes is what is shown.

import { type RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import { fits } from "../protocol/rank-paths.ts";
import { mentionOf, type TypedMention, typedMention } from "../protocol/typed-mention.ts";
import { send } from "./host.ts";
import { Icon } from "./icon.tsx";
import { found } from "./store.ts";

/** Milliseconds that typing has to rest before the host is asked. */
const restMs = 60;

export interface Mentions {
  readonly paths: readonly string[];
  /** The one that Enter takes. */
  readonly active: string | undefined;
  /** Nothing in the folder fits what was typed. */
  readonly none: boolean;
  readonly take: (path: string) => void;
  /** To be told of every change of the text and of the cursor; only a change of the text opens the list. */
  readonly follow: (what: "text" | "cursor") => void;
  /** The box has lost the focus. */
  readonly leave: () => void;
  /** Types an "@" where the cursor is. */
  readonly begin: () => void;
  /** Whether the key was for the list. */
  readonly press: (event: KeyboardEvent) => boolean;
}

export function useMentions(box: RefObject<HTMLTextAreaElement>): Mentions {
  const [typed, setTyped] = useState<TypedMention | undefined>();
  // Where the mention begins whose list was closed: it stays closed while that one is typed on.
  const [closed, setClosed] = useState<number | undefined>();
  const [chosen, choose] = useState<string | undefined>();
  const words = typed && typed.from !== closed ? typed.words : undefined;
  useEffect(() => {
    choose(undefined);
    if (words === undefined) return undefined;
    const timer = setTimeout(() => send({ type: "find", words }), words === "" ? 0 : restMs);
    return () => clearTimeout(timer);
  }, [words]);
  const { words: answered, paths: all } = found.value;
  // Until the host has answered, what it found last is shown as far as it fits.
  const fitting =
    words === undefined ? [] : answered === words ? all : words.startsWith(answered) ? all.filter((path) => fits(path, words)) : [];
  // What is typed to the end needs no offer.
  const paths = fitting.length === 1 && fitting[0] === words ? [] : fitting;
  const active = chosen !== undefined && paths.includes(chosen) ? chosen : paths[0];
  const put = (now: TypedMention | undefined): void => {
    setTyped(now);
    if (now?.from !== closed) setClosed(undefined);
  };
  const here = (): TypedMention | undefined => (box.current ? typedMention(box.current.value, box.current.selectionStart) : undefined);
  const take = (path: string): void => {
    const mention = mentionOf(path);
    if (mention === undefined || typed === undefined || !box.current) return;
    const isSpaced = box.current.value.charAt(typed.to) === " ";
    box.current.setSelectionRange(typed.from, isSpaced ? typed.to + 1 : typed.to);
    type(`${mention} `);
    put(undefined);
  };
  const move = (by: number): void => {
    const at = active === undefined ? -1 : paths.indexOf(active);
    choose(paths[(at + by + paths.length) % paths.length]);
  };
  return {
    paths,
    active,
    none: words !== undefined && words !== "" && answered === words && all.length === 0,
    take,
    follow: (what) => {
      const now = here();
      put(what === "text" || now?.from === typed?.from ? now : undefined);
    },
    leave: () => put(undefined),
    begin: () => {
      const { current } = box;
      if (!current) return;
      current.focus();
      const now = here();
      setClosed(undefined);
      if (now) return setTyped(now);
      const before = current.value.charAt(current.selectionStart - 1);
      type(before === "" || /\s/.test(before) ? "@" : " @");
    },
    press: ({ key, shiftKey, isComposing }) => {
      if (paths.length === 0 || isComposing) return false;
      if (key === "ArrowDown" || key === "ArrowUp") move(key === "ArrowDown" ? 1 : -1);
      else if (key === "Escape") setClosed(typed?.from);
      else if ((key === "Enter" || key === "Tab") && !shiftKey && active !== undefined) take(active);
      else return false;
      return true;
    },
  };
}

/** As a person types it, so that undo knows of it. Nothing else in the page does that. */
function type(text: string): void {
  // oxlint-disable-next-line typescript/no-deprecated -- there is no other way to keep the undo of the browser
  document.execCommand("insertText", false, text);
}

export const listId = "mentions";
export const optionId = (at: number): string => `mention-${at}`;

export function MentionList({ mentions: { paths, active, none, take } }: { readonly mentions: Mentions }) {
  useEffect(() => {
    if (active !== undefined) document.getElementById(optionId(paths.indexOf(active)))?.scrollIntoView({ block: "nearest" });
  }, [active, paths]);
  const count = paths.length === 0 ? "" : `${paths.length === 1 ? "1 file fits" : `${paths.length} files fit`}, Enter takes ${active}`;
  return (
    <>
      <p class={none ? "mentions none" : "sr"} aria-live="polite">
        {none ? "No file here fits." : count}
      </p>
      {paths.length === 0 ? null : (
        // It scrolls, so it can have the focus; while it is there Tab takes, and pressing in it leaves the cursor in the box.
        <ul id={listId} class="mentions" role="listbox" aria-label="Files" tabIndex={0} onMouseDown={(event) => event.preventDefault()}>
          {paths.map((path, at) => (
            <li key={path} id={optionId(at)} role="option" aria-selected={path === active} title={path} onClick={() => take(path)}>
              <Place path={path} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Place({ path }: { readonly path: string }) {
  const start = path.lastIndexOf("/", path.length - 2) + 1;
  return (
    <>
      <Icon name={path.endsWith("/") ? "folder" : "file"} tone="quiet" />
      <span class="name cut">{path.slice(start)}</span>
      {start === 0 ? null : <span class="where quiet cut">{path.slice(0, start - 1)}</span>}
    </>
  );
}
