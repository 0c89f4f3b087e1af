// A check in words, the same for people and for models. Pure.

import type { Check } from "./plan.ts";

/** How a check reads to people and models: "`npm test` exits 0". */
export function checkText(check: Check): string {
  switch (check.by) {
    case "command":
      return `\`${check.line}\` exits 0`;
    case "content":
      return `${check.path} matches /${check.matches}/`;
    case "diagnostics":
      return check.message === undefined
        ? `no errors are reported in ${check.paths.join(", ")}`
        : `${check.paths.join(", ")} no longer reports: ${check.message}`;
    case "citation":
      return "the answer is given, and what it cites as path:line exists";
    case "critic":
      return `a reviewer finds: ${check.rubric}`;
  }
}
