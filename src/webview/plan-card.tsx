// The plan before anything runs: read it, edit it, reorder, drop and add steps, approve it or send it back. All by keyboard too.

import { useEffect, useRef, useState } from "preact/hooks";
import type { PlanItem } from "../protocol/to-view.ts";
import { RejectBox } from "./approval-card.tsx";
import { Countdown } from "./countdown.tsx";
import { useArmed } from "./armed.ts";
import { RuleLine } from "./facts.tsx";
import { send } from "./host.ts";
import { Icon, ToolButton } from "./icon.tsx";
import { StepEditor } from "./step-editor.tsx";
import { keep, kept, pressed } from "./store.ts";
import { canNeed, dropStep, moveStep, newStep, type Plan, replaceStep, type Step } from "./plan-draft.ts";

export function PlanCard({ item }: { readonly item: PlanItem }) {
  const { request, id } = item;
  const [steps, setSteps] = useDraft(request);
  const [editing, edit] = useState<string | undefined>();
  // A step that is not of the plan before it is kept.
  const [adding, add] = useState<Step | undefined>();
  const [sendingBack, sendBack] = useState(false);
  const { armed, card } = useArmed(id, true);
  const changed = JSON.stringify(steps) !== JSON.stringify(request.plan?.steps ?? []);
  const approve = (): void =>
    changed
      ? send({ type: "amendPlan", id, steps: steps.map((step) => ({ ...step, needs: [...step.needs] })) })
      : send({ type: "approve", id, digest: request.digest });
  const edited = useRef<string | undefined>();
  useEffect(() => {
    // Focus goes back to the step whose form was closed, never to the top of the page.
    if (editing === undefined && edited.current !== undefined) {
      const steps = [...(card.current?.querySelectorAll<HTMLElement>("[data-step]") ?? [])];
      (steps.find((one) => one.dataset["step"] === edited.current) ?? steps.at(-1))?.focus();
    }
    edited.current = editing;
  }, [editing]);
  useEffect(() => {
    if (pressed.value !== id) return;
    pressed.value = undefined;
    if (armed && steps.length > 0 && editing === undefined) approve();
  }, [pressed.value]);
  const shown = adding ? [...steps, adding] : steps;
  const leave = (): void => {
    add(undefined);
    edit(undefined);
  };
  const keys = (event: KeyboardEvent, step: Step): void => {
    if (editing !== undefined || event.target !== event.currentTarget) return;
    const act = {
      ArrowUp: () => event.altKey && setSteps(moveStep(steps, step.id, -1)),
      ArrowDown: () => event.altKey && setSteps(moveStep(steps, step.id, 1)),
      Delete: () => setSteps(dropStep(steps, step.id)),
      F2: () => edit(step.id),
      Enter: () => edit(step.id),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return (
    <section class="card asks" aria-label={`Plan, ${count(steps)}, waits for approval`} ref={card} data-card={id}>
      <header>
        <Icon name="list-ordered" tone="you" />
        <h2>Plan</h2>
        <span class="small">{count(steps)}, nothing has run yet</span>
        <span class="push" />
        <ToolButton
          icon="add"
          title="Add a step"
          disabled={editing !== undefined}
          onClick={() => {
            const added = newStep(steps);
            add(added);
            edit(added.id);
          }}
        />
      </header>
      <div class="body">
        <ol class="steps">
          {shown.map((step, i) => (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: steps are moved, edited and dropped by keyboard
            <li
              key={step.id}
              data-step={step.id}
              tabIndex={0}
              aria-label={`Step ${i + 1} of ${shown.length}: ${step.goal}. Alt+Up and Alt+Down move it, F2 edits, Delete drops.`}
              onKeyDown={(event) => keys(event, step)}
            >
              <span class="node n" aria-hidden="true">
                {i + 1}
              </span>
              {editing === step.id ? (
                <StepEditor
                  step={step}
                  before={canNeed(shown, step.id).map((other) => ({ ...other, number: shown.indexOf(other) + 1 }))}
                  onSave={(next) => {
                    setSteps(adding ? [...steps, next] : replaceStep(steps, next));
                    leave();
                  }}
                  onLeave={leave}
                />
              ) : (
                <PlannedStep
                  step={step}
                  steps={steps}
                  first={i === 0}
                  last={i === steps.length - 1}
                  onMove={(by) => setSteps(moveStep(steps, step.id, by))}
                  onEdit={() => edit(step.id)}
                  onDrop={() => setSteps(dropStep(steps, step.id))}
                />
              )}
            </li>
          ))}
        </ol>
      </div>
      {request.decision ? (
        <RuleLine decision={request.decision} />
      ) : request.why ? (
        <div class="line rule">
          <Icon name="shield" />
          <span>{request.why}</span>
        </div>
      ) : null}
      {request.deadline === undefined ? null : <Countdown deadline={request.deadline} />}
      <footer>
        <button
          type="button"
          class="btn primary"
          disabled={!armed || steps.length === 0 || editing !== undefined}
          onClick={approve}
          aria-keyshortcuts="Alt+Y"
        >
          {changed ? "Approve edited plan" : "Approve plan"}
        </button>
        <button type="button" class="btn" aria-expanded={sendingBack} onClick={() => sendBack(!sendingBack)}>
          Send back…
        </button>
        <span class="push label wide" aria-hidden="true">
          {approveKeys.map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}
        </span>
      </footer>
      {sendingBack ? (
        <RejectBox id={id} onLeave={() => sendBack(false)} label="What should be different? A new plan is made with it." verb="Send back" />
      ) : null}
    </section>
  );
}

/** The steps as the person has edited them so far; kept while the view is hidden, for this very plan. */
function useDraft({ digest, plan }: PlanItem["request"]): readonly [readonly Step[], (steps: readonly Step[]) => void] {
  const before = kept("plan") as { readonly digest: string; readonly steps: readonly Step[] } | undefined;
  const [steps, setSteps] = useState<readonly Step[]>(before?.digest === digest ? before.steps : (plan?.steps ?? []));
  const set = (next: readonly Step[]): void => {
    keep("plan", { digest, steps: next });
    setSteps(next);
  };
  return [steps, set];
}

const count = (steps: readonly unknown[]): string => (steps.length === 1 ? "1 step" : `${steps.length} steps`);

const approveKeys = /Mac/.test(navigator.platform) ? ["Cmd", "Alt", "Y"] : ["Alt", "Y"];

interface PlannedStepProps {
  readonly step: Step;
  readonly steps: Plan["steps"];
  readonly first: boolean;
  readonly last: boolean;
  readonly onMove: (by: -1 | 1) => void;
  readonly onEdit: () => void;
  readonly onDrop: () => void;
}

function PlannedStep({ step, steps, first, last, onMove, onEdit, onDrop }: PlannedStepProps) {
  const needs = step.needs.map((need) => steps.findIndex((other) => other.id === need) + 1).filter((n) => n > 0);
  return (
    <>
      <div class="row step-tools">
        <p class="step-title">{step.goal}</p>
        <span class="push row tight">
          <ToolButton icon="arrow-up" title="Move up (Alt+Up)" disabled={first} onClick={() => onMove(-1)} />
          <ToolButton icon="arrow-down" title="Move down (Alt+Down)" disabled={last} onClick={() => onMove(1)} />
          <ToolButton icon="edit" title="Edit (F2)" onClick={onEdit} />
          <ToolButton icon="trash" title="Drop (Delete)" onClick={onDrop} />
        </span>
      </div>
      <p class="proof">
        <Icon name="verified" small />
        <span>
          done when <CheckText check={step.check} />
        </span>
      </p>
      <p class="who">
        <Icon name="account" small />
        <span>
          {step.role}, {step.role === "coder" ? "changes files" : step.role === "tester" ? "runs tests, changes nothing" : "reads only"}
          {needs.length > 0 ? `, needs ${needs.join(" and ")}` : ""}
        </span>
      </p>
    </>
  );
}

function CheckText({ check }: { readonly check: Step["check"] }) {
  switch (check.by) {
    case "command":
      return (
        <>
          <span class="c">{check.line}</span> exits 0
        </>
      );
    case "content":
      return (
        <>
          <span class="c">{check.path}</span> matches <span class="c">{check.matches}</span>
        </>
      );
    case "diagnostics":
      return (
        <>
          <span class="c">{check.paths.join(" ")}</span>{" "}
          {check.message === undefined ? "has no errors" : `no longer reports: ${check.message}`}
        </>
      );
    case "citation":
      return (
        <>
          the answer cites <span class="c">path:line</span>
        </>
      );
    case "critic":
      return <>a reviewer finds: {check.rubric}</>;
  }
}
