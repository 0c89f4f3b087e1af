// What the webview may ask of the host. It is untrusted: every message is parsed here, and what does not parse is dropped with a log line.

import * as z from "zod/mini";

const Text = z.string().check(z.maxLength(200_000));
const Id = z.string().check(z.maxLength(300));
const StepDraft = z.strictObject({
  id: Id,
  goal: z.string().check(z.minLength(1), z.maxLength(4000)),
  role: z.enum(["planner", "researcher", "coder", "tester", "reviewer"]),
  needs: z.array(Id).check(z.maxLength(50)),
  check: z.discriminatedUnion("by", [
    z.strictObject({ by: z.literal("command"), line: z.string().check(z.minLength(1), z.maxLength(4000)) }),
    z.strictObject({ by: z.literal("diagnostics"), paths: z.array(z.string()).check(z.minLength(1)), message: z.optional(z.string()) }),
    z.strictObject({ by: z.literal("content"), path: z.string(), matches: z.string() }),
    z.strictObject({ by: z.literal("citation") }),
    z.strictObject({ by: z.literal("critic"), rubric: z.string() }),
  ]),
});

export const ToHost = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("ready") }),
  /** Starts a run, steers the one that works, or rejects the one thing that waits, as the composer said it would. */
  /** `id`: what the words reject, as it stood on the screen. */
  z.strictObject({ type: z.literal("send"), text: Text, as: z.enum(["run", "steer", "reject"]), id: z.optional(Id) }),
  z.strictObject({
    type: z.literal("approve"),
    id: Id,
    digest: Id,
    remember: z.optional(z.int().check(z.gte(0), z.lte(9))),
    keep: z.optional(z.enum(["session", "file"])),
  }),
  /** The changes of one turn, each with the digest of what was shown. */
  z.strictObject({
    type: z.literal("approveAll"),
    cards: z.array(z.strictObject({ id: Id, digest: Id })).check(z.minLength(1), z.maxLength(200)),
  }),
  z.strictObject({ type: z.literal("reject"), id: Id, why: Text }),
  /** The changed arguments of a call, as JSON text. */
  z.strictObject({ type: z.literal("amend"), id: Id, input: Text }),
  z.strictObject({ type: z.literal("amendPlan"), id: Id, steps: z.array(StepDraft).check(z.maxLength(50)) }),
  z.strictObject({ type: z.literal("offers"), id: Id }),
  z.strictObject({ type: z.literal("review"), id: Id }),
  /** Decides one hunk of a change that waits, or without a number every open one of the file. */
  z.strictObject({
    type: z.literal("decide"),
    id: Id,
    digest: Id,
    file: z.string().check(z.maxLength(4000)),
    hunk: z.optional(z.int().check(z.gte(0))),
    decision: z.enum(["accepted", "rejected", "open"]),
  }),
  /** Writes what is decided; hunks that are open are rejected, or keep it waiting. */
  z.strictObject({ type: z.literal("apply"), id: Id, digest: Id, rest: z.optional(z.literal("rejected")) }),
  /** Shows a hunk in the editor, opens it to be edited, or asks for a comment. */
  z.strictObject({
    type: z.literal("hunk"),
    id: Id,
    file: z.string().check(z.maxLength(4000)),
    hunk: z.int().check(z.gte(0)),
    act: z.enum(["open", "edit", "comment"]),
  }),
  z.strictObject({ type: z.literal("unfold"), id: Id }),
  /** Goes back to a point of the run that is shown; "start", a step or a call. */
  z.strictObject({ type: z.literal("restore"), to: Id }),
  /** Goes on as a new run from a step or call of the run that is shown. */
  z.strictObject({ type: z.literal("fork"), at: Id }),
  z.strictObject({ type: z.literal("export"), run: Id }),
  z.strictObject({ type: z.literal("earlier") }),
  z.strictObject({ type: z.literal("stop") }),
  z.strictObject({ type: z.literal("resume"), run: Id }),
  /** What a person chose after a fuse had blown. */
  z.strictObject({ type: z.literal("offer"), run: Id, take: z.enum(["more", "replan", "rollBack", "handOver"]) }),
  z.strictObject({ type: z.literal("open"), run: Id }),
  z.strictObject({ type: z.literal("delete"), run: Id }),
  z.strictObject({ type: z.literal("runs"), search: z.string().check(z.maxLength(1000)) }),
  /** Puts an earlier goal into the composer; 0 is the newest. */
  z.strictObject({ type: z.literal("recall"), back: z.int().check(z.gte(0), z.lte(49)) }),
  /** What of the folder fits these words, typed after "@". */
  z.strictObject({ type: z.literal("find"), words: z.string().check(z.maxLength(300)) }),
  z.strictObject({ type: z.literal("show"), path: z.string().check(z.maxLength(4000)), line: z.optional(z.int()) }),
  z.strictObject({ type: z.literal("copy"), text: Text }),
  z.strictObject({ type: z.literal("insert"), text: Text }),
  z.strictObject({ type: z.literal("link"), href: z.string().check(z.maxLength(4000)) }),
  /** One of the extension's own commands, by its short name. */
  z.strictObject({
    type: z.literal("command"),
    name: z.enum([
      "newRun",
      "selectModel",
      "setKey",
      "testConnection",
      "showPolicy",
      "openJournal",
      "showRuns",
      "importRun",
      "selectMode",
      "selectFolder",
      "openFolder",
      "manageTrust",
      "fuseSettings",
    ]),
  }),
  /** What the person began and has not sent, as JSON: a browser that loads the page anew forgets the page's own state. */
  z.strictObject({ type: z.literal("begun"), at: z.int(), json: Text }),
  /** A card has been on screen long enough to be decided by key; undefined when none is. */
  z.strictObject({ type: z.literal("armed"), id: z.optional(Id) }),
  /** Whether the keyboard is in the chat; VS Code itself does not say so of a webview. */
  z.strictObject({ type: z.literal("focus"), here: z.boolean() }),
  z.strictObject({ type: z.literal("failed"), message: z.string().check(z.maxLength(4000)) }),
]);
export type ToHost = z.infer<typeof ToHost>;
