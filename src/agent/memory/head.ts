// What a model is told before the conversation: where it works, what for, what was learnt. Each line a part with its category and rank,
// the stable ones first, so that providers can cache the prefix.

import { checkText } from "../check-text.ts";
import { runningJobs } from "../job-fold.ts";
import { mentionNote, withNote } from "../mention.ts";
import type { Restored, RunState, StepState } from "../state.ts";
import type { Category, Part } from "./part.ts";

/** Higher is kept longer: what others do goes before what is to be done. */
const ranks = {
  others: 1,
  entries: 2,
  proved: 2,
  guide: 3,
  found: 4,
  lesson: 5,
  job: 5,
  test: 6,
  refused: 7,
  criterion: 7,
  said: 8,
  check: 9,
  named: 10,
  step: 10,
  goal: 11,
} as const;

const part = (category: Category, of: keyof typeof ranks, text: string): Part => ({ category, rank: ranks[of], text });

/** The workspace and the goal. */
export function circumstances(state: RunState): readonly Part[] {
  const { goal, briefing, criteria } = state.run ?? { goal: "", briefing: { entries: [] }, criteria: [] };
  const guide = "guide" in briefing && briefing.guide ? [part("briefing", "guide", `The project's own rules:\n${briefing.guide}`)] : [];
  const test = "test" in briefing && briefing.test ? [part("briefing", "test", `Tests run with: ${briefing.test}`)] : [];
  const entries = briefing.entries.length > 0 ? [part("briefing", "entries", `Workspace: ${briefing.entries.join(" ")}`)] : [];
  const met = criteria.map((check) => part("plan", "criterion", `The goal is met when ${checkText(check)}.`));
  const note = mentionNote(goal);
  const named = note === undefined ? [] : [part("briefing", "named", `${note}.`)];
  return [...guide, ...entries, ...test, part("plan", "goal", `Goal: ${goal}`), ...named, ...met];
}

/** What a new plan has to know besides. */
export function planFacts(state: RunState): readonly Part[] {
  return [
    ...state.earlier.map((entry) => part("plan", "proved", `Already proved: ${entry.goal}`)),
    ...lessonParts(state),
    ...state.replan.map((why) => part("plan", "refused", `An earlier plan did not do: ${withNote(why)}`)),
    ...saidBefore(state, Number.POSITIVE_INFINITY),
  ];
}

/** The step, its proof, and what others found for it. */
export function stepFacts(state: RunState, step: StepState): readonly Part[] {
  const steps = Object.values(state.steps);
  const others =
    steps.length > 1
      ? steps
          .filter((other) => other !== step)
          .map((other) => part("plan", "others", `Other step ${other.step.id} (${other.status}): ${other.step.goal}`))
      : [];
  const found = step.step.needs.flatMap((need) => {
    const said = state.steps[need]?.turns.at(-1)?.text;
    return said ? [part("plan", "found", `Step ${need} found: ${cut(said, 2000)}`)] : [];
  });
  const own = steps.length > 1 || step.step.goal !== state.run?.goal ? [part("plan", "step", `Your step: ${step.step.goal}`)] : [];
  const attempt = step.attempt > 1 ? [part("plan", "step", `This is attempt ${step.attempt}.`)] : [];
  return [
    ...others,
    ...found,
    ...own,
    part("plan", "check", `It is done when ${checkText(step.step.check)}.`),
    ...attempt,
    ...lessonParts(state),
    ...runningJobs(state).flatMap((one) => (one.step === step.step.id ? [] : [part("plan", "job", `Job ${one.job} runs: ${one.line}`)])),
    ...saidBefore(state, step.turns[0]?.seq ?? Number.POSITIVE_INFINITY),
  ];
}

const lessonParts = (state: RunState): readonly Part[] =>
  state.lessons.map(({ step, attempt, because, lesson }) => {
    const undone = state.restored.find((one) => one.step === step && one.attempt === attempt);
    return part(
      "lessons",
      "lesson",
      [`Learnt from a failed attempt: ${because} ${lesson}`, ...(undone ? undoneWords(undone) : [])].join(" "),
    );
  });

/** What became of the files of a failed attempt, where that is not simply that they were put back. */
function undoneWords({ commanded, kept }: Restored): string[] {
  return [
    ...(commanded.length > 0
      ? [`What its commands changed was put back too: ${commanded.join(", ")}; if the user wrote in them meanwhile, that went with it.`]
      : []),
    ...(kept.length > 0 ? [`Left as they are, since somebody else changed them: ${kept.join(", ")}.`] : []),
  ];
}

const saidBefore = (state: RunState, seq: number): readonly Part[] =>
  state.said.filter((one) => one.seq < seq).map((one) => part("conversation", "said", `The user adds: ${withNote(one.text)}`));

const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most)} […]`);
