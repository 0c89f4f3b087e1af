// The maintained detector: secretlint's recommended rules, loaded when first needed and run by a host of our own. Their own host computes
// a line for every finding, which takes minutes for an output full of tokens; and it heeds comments that switch it off, which text from
// elsewhere could hold.

import type { Secret } from "./patterns.ts";

export type Detect = (text: string) => readonly Secret[];

/** What is used of a rule; it reports while `file` runs. */
interface Rule {
  readonly meta: { readonly id: string };
  create(context: RuleContext, options: object): { file?(source: object): unknown };
}

interface RuleContext {
  readonly sharedOptions: object;
  createTranslator(messages: unknown): (id: string, data?: unknown) => object;
  ignore(): void;
  report(found: { readonly range: readonly [number, number] }): void;
}

const skipped: ReadonlySet<string> = new Set(["filter-comments"]);

const names: Readonly<Record<string, string>> = {
  aws: "aws key",
  gcp: "google key",
  privatekey: "private key",
  npm: "npm token",
  basicauth: "password",
  slack: "slack token",
  sendgrid: "sendgrid key",
  shopify: "shopify token",
  github: "github token",
  openai: "openai key",
  anthropic: "anthropic key",
  linear: "linear key",
  "1password": "1password token",
  "database-connection-string": "password",
};

/** Loads the rules; the answer finds all they know in a text. */
export async function loadDetector(): Promise<Detect> {
  const { rules } = await import("@secretlint/secretlint-rule-preset-recommend");
  const wanted = (rules as unknown as readonly Rule[]).map((rule) => ({ rule, kind: rule.meta.id.replace(/^.*secretlint-rule-/, "") }));
  return (text) => wanted.flatMap(({ rule, kind }) => (skipped.has(kind) ? [] : run(rule, kind, text)));
}

function run(rule: Rule, kind: string, text: string): readonly Secret[] {
  const found: Secret[] = [];
  const context: RuleContext = {
    sharedOptions: {},
    createTranslator: () => (messageId, data) => ({ message: messageId, messageId, data }),
    ignore: () => undefined,
    report: ({ range: [from, to] }) => found.push({ ...narrow(text, from, to), name: names[kind] ?? `${kind} secret` }),
  };
  const source = {
    content: text,
    filePath: "output",
    physicalFilePath: undefined,
    ext: "",
    contentType: "text",
    hasBOM: false,
    getFilePath: () => undefined,
  };
  void rule.create(context, {}).file?.(source);
  return found;
}

/** Of an address or a setting only the secret itself is hidden; the rest says what it is for. */
function narrow(text: string, from: number, to: number): { from: number; to: number } {
  const whole = text.slice(from, to);
  const inAddress = /^[\w+.-]*:\/\/[^\s:@/]*:(.+)@/.exec(whole) ?? /[=:]\s*["']?([\w/+=.-]{16,})["']?$/.exec(whole);
  const [, inner] = inAddress ?? [];
  if (inner === undefined) return { from, to };
  const start = from + whole.lastIndexOf(inner);
  return { from: start, to: start + inner.length };
}
