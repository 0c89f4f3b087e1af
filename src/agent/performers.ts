// The table of performers: one per command word, the word being its file and its key.

import type { Performers } from "./engine.ts";
import { answer } from "./perform/answer.ts";
import { approve } from "./perform/approve.ts";
import { execute } from "./perform/execute.ts";
import { judge } from "./perform/judge.ts";
import { plan } from "./perform/plan.ts";
import { recover } from "./perform/recover.ts";
import { reflect } from "./perform/reflect.ts";
import { restore } from "./perform/restore.ts";
import { rollback } from "./perform/rollback.ts";
import { summarise } from "./perform/summarise.ts";
import { settle } from "./perform/settle.ts";
import { think } from "./perform/think.ts";
import { verify } from "./perform/verify.ts";

export const performers: Performers = {
  plan,
  settle,
  think,
  summarise,
  judge,
  approve,
  execute,
  recover,
  verify,
  reflect,
  rollback,
  restore,
  answer,
};
