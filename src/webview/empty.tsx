// Before the first run: three lines that teach, and examples that are real in this workspace.

import type { Header } from "../protocol/to-view.ts";
import { send } from "./host.ts";
import { Icon } from "./icon.tsx";
import { LinkButton } from "./markdown.tsx";

export function Empty({ header }: { readonly header: Header }) {
  const noFolder = header.limits?.startsWith("No folder") === true;
  return (
    <div class="stack empty">
      <div>
        <h1 class="strong">Hand over work, keep the reins</h1>
        <ol class="teach">
          <li class="row top">
            <Icon name="list-ordered" tone="quiet" />
            <span>You say what you want. Proviso answers with a plan you can edit.</span>
          </li>
          <li class="row top">
            <Icon name="shield" tone="quiet" />
            <span>
              It acts under <LinkButton onClick={() => send({ type: "command", name: "showPolicy" })}>rules you can read</LinkButton>. What
              no rule allows is denied.
            </span>
          </li>
          <li class="row top">
            <Icon name="verified" tone="quiet" />
            <span>A step is done when its check passes after the last write, not before.</span>
          </li>
        </ol>
      </div>
      {header.limits ? (
        <div class={noFolder ? "notice calm" : "notice"} role="note">
          <Icon name={noFolder ? "folder" : "workspace-untrusted"} tone={noFolder ? "quiet" : "bad"} />
          <span>
            {header.limits}{" "}
            {noFolder ? (
              <LinkButton onClick={() => send({ type: "command", name: "openFolder" })}>Open a folder</LinkButton>
            ) : (
              <LinkButton onClick={() => send({ type: "command", name: "manageTrust" })}>Manage trust</LinkButton>
            )}
          </span>
        </div>
      ) : null}
      {header.examples.length > 0 ? (
        <div>
          <h2 class="sect">
            In this workspace <span class="quiet">found without a model</span>
          </h2>
          <ul class="list">
            {header.examples.map((example) => (
              <li key={example}>
                <Icon name="arrow-right" tone="quiet" />
                <LinkButton onClick={() => send({ type: "send", text: example, as: "run" })}>{example}</LinkButton>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </div>
  );
}
