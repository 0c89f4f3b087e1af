// Where the person speaks; at the same place in every state. It always says what sending will do, and does just that.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Header } from "../protocol/to-view.ts";
import { send } from "./host.ts";
import { Icon } from "./icon.tsx";
import { listId, MentionList, optionId, useMentions } from "./mentions.tsx";
import { items, keep, kept, prefill } from "./store.ts";

type As = "run" | "steer" | "reject";

const invitations: Readonly<Record<As | "sendBack", { readonly placeholder: string; readonly title: string }>> = {
  run: { placeholder: "What should be done? Type @ to add a file", title: "Start" },
  steer: { placeholder: "Steer: read before the next call, nothing is lost", title: "Send" },
  reject: { placeholder: "Or say what to do instead (this rejects)", title: "Reject and say so" },
  sendBack: { placeholder: "Say what to change in the plan", title: "Send the plan back and say so" },
};

const mostChars = 100_000;

export function Composer({ header }: { readonly header: Header }) {
  const [text, setText] = useState(() => {
    const before = kept("composer");
    return typeof before === "string" ? before : "";
  });
  // Which earlier goal stands in the box, counted from the newest; -1 while the person writes their own.
  const [back, setBack] = useState(-1);
  const box = useRef<HTMLTextAreaElement>(null);
  const mentions = useMentions(box);
  const as: As = header.mood === "waiting" ? "reject" : header.mood === "working" ? "steer" : "run";
  // What the words answer is what stood on the screen as they were sent.
  const asked = as === "reject" ? items.value.find((item) => item.kind === "plan" || item.kind === "approval") : undefined;
  const { placeholder, title } = invitations[asked?.kind === "plan" ? "sendBack" : as];
  const invitation = asked?.kind === "approval" && header.waiting > 1 ? "Or say what to do instead (this rejects the first)" : placeholder;
  // How many characters a paste would have made of it; refused before it is in the box, which would not stay fluid with it.
  const [refused, refuse] = useState(0);
  const tooLong = text.length > mostChars;
  const chars = tooLong ? text.length : refused;
  const submit = (): void => {
    if (text.trim() === "" || tooLong) return;
    send({ type: "send", text, as, ...(asked ? { id: asked.id } : {}) });
    setText("");
    setBack(-1);
    refuse(0);
  };
  useEffect(() => {
    if (prefill.value === undefined) return;
    setText(prefill.value);
    prefill.value = undefined;
    box.current?.focus();
  }, [prefill.value]);
  // Not after the next frame: a page that is hidden may draw none.
  useLayoutEffect(() => keep("composer", text === "" || tooLong ? undefined : text), [text, tooLong]);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    element.style.setProperty("height", "auto");
    element.style.setProperty("height", `${Math.min(element.scrollHeight, 200)}px`);
  }, [text]);
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div class="box">
        {header.folder === undefined ? null : (
          <div class="bar">
            <button
              type="button"
              class="pick cut"
              title="The folder the next run works in"
              onClick={() => send({ type: "command", name: "selectFolder" })}
            >
              <Icon name="folder" small />
              <span class="cut">{header.folder}</span>
              <Icon name="chevron-down" small />
            </button>
          </div>
        )}
        <MentionList mentions={mentions} />
        <textarea
          ref={box}
          class="say"
          rows={2}
          value={text}
          placeholder={header.forked ? "How should it go on from here?" : header.run && as === "run" ? "Start something new" : invitation}
          aria-label={invitation}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={mentions.active === undefined ? undefined : listId}
          aria-activedescendant={mentions.active === undefined ? undefined : optionId(mentions.paths.indexOf(mentions.active))}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setBack(-1);
            refuse(0);
            mentions.follow("text");
          }}
          onKeyUp={() => mentions.follow("cursor")}
          onClick={() => mentions.follow("cursor")}
          onBlur={mentions.leave}
          onPaste={(event) => {
            const pasted = text.length + (event.clipboardData?.getData("text/plain").length ?? 0);
            if (pasted <= mostChars) return;
            event.preventDefault();
            refuse(pasted);
          }}
          onKeyDown={(event) => {
            if (mentions.press(event)) return event.preventDefault();
            if (event.key === "Escape") event.currentTarget.blur();
            if (event.key === "ArrowUp" && as === "run" && (text === "" || back >= 0)) {
              event.preventDefault();
              send({ type: "recall", back: back + 1 });
              setBack(back + 1);
            }
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            submit();
          }}
        />
        {chars > 0 ? (
          <p class="small bad pad" role="alert">
            {chars.toLocaleString("en")} characters are too many; keep it below {mostChars.toLocaleString("en")}, or put it into a file and
            name the file.
          </p>
        ) : null}
        <div class="bar">
          <button
            type="button"
            class="pick at"
            title="Add a file"
            aria-label="Add a file"
            onMouseDown={(event) => event.preventDefault()}
            onClick={mentions.begin}
          >
            <Icon name="mention" />
          </button>
          <button
            type="button"
            class="pick"
            title="How much may happen without asking"
            onClick={() => send({ type: "command", name: "selectMode" })}
          >
            <Icon name="shield" small />
            <span class="cut">{header.mode.charAt(0).toUpperCase() + header.mode.slice(1)}</span>
            <Icon name="chevron-down" small />
          </button>
          <button type="button" class="pick cut" title="Select a model" onClick={() => send({ type: "command", name: "selectModel" })}>
            <span class="cut">{header.model || "no model"}</span>
            <Icon name="chevron-down" small />
          </button>
          <button type="submit" class="push send" title={title} aria-label={title} disabled={text.trim() === "" || tooLong}>
            <Icon name="send" />
          </button>
        </div>
      </div>
    </form>
  );
}
