// What cards tell before they offer buttons: facts in two columns, and the rule that asked.

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

const saidOf = { allow: "allowed", ask: "asked", deny: "denied" } as const;

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
