// `proviso policy explain`: every list's opinion of a call.

import { explain, judge } from "../../agent/policy/judge.ts";
import { type Command, exit, jsonLine, refuse } from "../io.ts";
import { openDesk, parseRequest } from "./inquiry.ts";

export const explainCalls: Command = async (args, io) => {
  const request = parseRequest(args);
  if (!request.ok) return refuse(io, request.fault, exit.usage);
  const { inquiry, stdin, json } = request.value;
  if (stdin) return refuse(io, { message: "explain takes one call; give --line or --tool, or use policy check --stdin." }, exit.usage);
  const desk = await openDesk(request.value, io);
  if (!desk.ok) return refuse(io, desk.fault, exit.usage);
  for (const problem of desk.value.rules.problems()) io.stderr.write(`proviso: ${problem}\n`);
  if (inquiry.line === undefined && inquiry.tool === undefined) {
    return refuse(
      io,
      { message: 'Give --line SHELL, or --tool NAME with --args JSON; "proviso policy list" lists the rules.' },
      exit.usage,
    );
  }
  const asked = await desk.value.ask(inquiry);
  if (asked.is === "decision") {
    io.stdout.write(json ? jsonLine(asked.decision) : `${asked.decision.verdict}  ${asked.decision.reason}\n`);
    return exit.done;
  }
  const decision = judge(asked.policy, asked.subject);
  const parts = explain(asked.policy, asked.subject).map(({ part, opinions }) => ({
    part: part.text,
    effect: part.effect,
    traits: part.traits,
    ...(part.place ? { path: part.place.shown, inside: part.place.inside } : {}),
    opinions,
  }));
  if (json) io.stdout.write(jsonLine({ ...decision, risk: asked.risk, parts }));
  else {
    io.stdout.write(`${decision.verdict}  ${decision.reason}\n`);
    for (const { part, effect, traits, opinions } of parts) {
      io.stdout.write(`\n${part.replaceAll("\n", "⏎")}  (${[effect, ...traits].join(", ")})\n`);
      for (const { list, verdict, rule, reason } of opinions)
        io.stdout.write(`  ${list.padEnd(9)}  ${verdict.padEnd(5)}  ${rule ?? "no rule"}: ${reason}\n`);
    }
  }
  return exit.done;
};
