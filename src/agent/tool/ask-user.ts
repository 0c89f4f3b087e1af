// ask_user: a question only the person can answer. The answer is theirs word for word.

import * as z from "zod";
import { ok } from "../result.ts";
import type { Tool } from "./tool.ts";

const Input = z.strictObject({ question: z.string().min(1), options: z.array(z.string()).max(6).optional() });

export const askUser: Tool<z.infer<typeof Input>> = {
  kind: "observe",
  name: "ask_user",
  description: "Ask the user what only they can decide.",
  input: Input,
  timeoutMs: 2_000_000_000,
  outputChars: 8000,
  recovery: "rerun",
  risk: () => ({ effects: [], paths: [], reversible: true }),
  async execute(world, { question, options = [] }, signal) {
    const answer = await world.person.answer(question, options, signal);
    return answer.ok ? ok({ text: answer.value, trust: "workspace" }) : answer;
  },
};
