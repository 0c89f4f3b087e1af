// One step of a plan as a form: what, who, and what proves it. Enter saves, Escape leaves it as it was.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Step } from "./plan-draft.ts";

const roles = ["researcher", "coder", "tester", "reviewer"] as const;
const kinds = {
  command: "a command exits 0",
  content: "a file matches",
  citation: "the answer cites path:line",
  critic: "a reviewer agrees",
  diagnostics: "files have no errors",
} as const;

const labels = {
  line: "Command",
  path: "File",
  matches: "Pattern",
  paths: "Files, with spaces between",
  rubric: "What the reviewer looks for",
} as const;

export function StepEditor({
  step,
  before,
  onSave,
  onLeave,
}: {
  readonly step: Step;
  /** The steps it may come after. */
  readonly before: readonly (Step & { readonly number: number })[];
  readonly onSave: (step: Step) => void;
  readonly onLeave: () => void;
}) {
  const [goal, setGoal] = useState(step.goal);
  const [role, setRole] = useState(step.role);
  const [check, setCheck] = useState(step.check);
  const [needs, setNeeds] = useState(step.needs);
  const save = (): void => {
    if (goal.trim() !== "") onSave({ ...step, goal: goal.trim(), role, check, needs });
  };
  const goalBox = useRef<HTMLInputElement>(null);
  useEffect(() => goalBox.current?.select(), []);
  return (
    <form
      class="stack-tight"
      aria-label="Edit step"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => event.key === "Escape" && onLeave()}
    >
      <label class="stack-tight">
        <span class="label">Goal</span>
        <input class="input" value={goal} ref={goalBox} onInput={(event) => setGoal(event.currentTarget.value)} />
      </label>
      <label class="stack-tight">
        <span class="label">Done by</span>
        <select class="input" value={role} onChange={(event) => setRole(event.currentTarget.value as Step["role"])}>
          {roles.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label class="stack-tight">
        <span class="label">Proved when</span>
        <select class="input" value={check.by} onChange={(event) => setCheck(emptyCheck(event.currentTarget.value as Step["check"]["by"]))}>
          {Object.entries(kinds).map(([by, words]) => (
            <option key={by} value={by}>
              {words}
            </option>
          ))}
        </select>
      </label>
      {fieldsOf(check).map(([name, value]) => (
        <label class="stack-tight" key={name}>
          <span class="label">{labels[name]}</span>
          <input class="input mono" value={value} onInput={(event) => setCheck(withField(check, name, event.currentTarget.value))} />
        </label>
      ))}
      {before.length > 0 ? (
        <fieldset class="needs">
          <legend class="label">Comes after</legend>
          {before.map(({ id, number, goal: first }) => (
            <label class="row small-text" key={id}>
              <input
                type="checkbox"
                checked={needs.includes(id)}
                onChange={(event) => setNeeds(event.currentTarget.checked ? [...needs, id] : needs.filter((one) => one !== id))}
              />
              <span class="cut">
                {number}. {first}
              </span>
            </label>
          ))}
        </fieldset>
      ) : null}
      <div class="row">
        <button type="submit" class="btn primary">
          Keep
        </button>
        <button type="button" class="btn" onClick={onLeave}>
          Back
        </button>
      </div>
    </form>
  );
}

function emptyCheck(by: Step["check"]["by"]): Step["check"] {
  switch (by) {
    case "command":
      return { by, line: "npm test" };
    case "content":
      return { by, path: "", matches: "" };
    case "diagnostics":
      return { by, paths: [""] };
    case "citation":
      return { by };
    case "critic":
      return { by, rubric: "" };
  }
}

type Field = keyof typeof labels;

function fieldsOf(check: Step["check"]): readonly (readonly [name: Field, value: string])[] {
  switch (check.by) {
    case "command":
      return [["line", check.line]];
    case "content":
      return [
        ["path", check.path],
        ["matches", check.matches],
      ];
    case "diagnostics":
      return [["paths", check.paths.join(" ")]];
    case "citation":
      return [];
    case "critic":
      return [["rubric", check.rubric]];
  }
}

function withField(check: Step["check"], name: Field, value: string): Step["check"] {
  return check.by === "diagnostics" ? { ...check, paths: value.split(/\s+/) } : { ...check, [name]: value };
}
