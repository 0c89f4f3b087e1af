// What cards tell before they offer buttons: facts in two columns, the rule that asked, and a line of the command taken apart.

import type { ComponentChildren } from "preact";
import type { ApprovalRequest } from "../protocol/to-view.ts";
import { Icon } from "./icon.tsx";
import { LinkButton } from "./markdown.tsx";
import { send } from "./host.ts";

export function Facts({ facts }: { readonly facts: readonly (readonly [label: string, value: ComponentChildren])[] }) {
  return (
    <dl class="facts-grid">
      {facts.map(([label, value]) => (
        <>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  );
}

type Decision = NonNullable<ApprovalRequest["decision"]>;

const toneOf = { allow: "read", ask: "write", deny: "no" } as const;
const verbOf = { allow: "allows", ask: "asks", deny: "denies" } as const;
const saidOf = { allow: "allowed", ask: "asked", deny: "denied" } as const;

/** Each part of a call with the rule that judged it. */
export function Parts({ decision }: { readonly decision: Decision }) {
  if (decision.parts.length === 0) return null;
  return (
    <ul class="parts" aria-label="Parts of the call">
      {decision.parts.map((part, i) => (
        <li key={i}>
          <i class={`dot ${toneOf[part.verdict]}`} aria-hidden="true" />
          <span class="whole">
            <code>{part.part}</code>
          </span>
          <span class="small nowrap">
            {part.rule ?? "no rule"} {verbOf[part.verdict]}
          </span>
        </li>
      ))}
    </ul>
  );
}

export function RuleLine({ decision }: { readonly decision: Decision }) {
  const open = (): void => send({ type: "command", name: "showPolicy" });
  return (
    <div class="line rule">
      <Icon name="shield" {...(decision.verdict === "deny" ? { tone: "bad" as const } : {})} />
      <span>
        {decision.rule ? (
          <>
            Rule <LinkButton onClick={open}>{decision.rule}</LinkButton> ({decision.list}) {saidOf[decision.verdict]}:{" "}
          </>
        ) : (
          <>No rule matched, and what no rule allows is denied: </>
        )}
        <b>{decision.reason}</b>
      </span>
    </div>
  );
}
