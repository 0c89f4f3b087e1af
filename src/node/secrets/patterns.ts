// What the detector's rules do not know, and what only this machine knows: the values of its own secrets. Few patterns, each with a mark
// that digests, identifiers and words do not have, so that nothing else is taken for a secret.

/** A piece of a text, by its offsets, that must not be told; `name` says in words what it is. */
export interface Secret {
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

/** A secret by its value; `name` is what is told instead. */
export interface KnownSecret {
  readonly name: string;
  readonly value: string;
}

interface Pattern {
  readonly name: string;
  /** Global; the group `secret`, where it has one, is what is hidden. */
  readonly of: RegExp;
  readonly unless?: RegExp;
}

const named = "(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|AUTH_?KEY|CREDENTIALS?)";
/** Values that stand for one, or that a program computes. */
const stand =
  /^(?:[$<{%(]|(?:your|example|change|placeholder|dummy|redacted|none|null|true|false|undefined)|x{4,}|\*{3,}|\.{3})|^[\w.]+\(|\[secret: /i;

const patterns: readonly Pattern[] = [
  {
    name: "private key",
    of: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:(?!-----BEGIN)[^]){1,20000}?(?:-----END [A-Z0-9 ]*-----|$(?![^]))/g,
  },
  { name: "json web token", of: /\beyJ[\w-]{10,2000}\.eyJ[\w-]{10,8000}\.[\w-]{16,2000}/g },
  { name: "bearer token", of: /\b(?:bearer|authorization: ?(?:token|basic)) +(?<secret>[\w.~+/-]{20,4000}=*)/gi, unless: /^[A-Za-z]+$/ },
  { name: "aws key", of: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  { name: "google key", of: /\bAIza[\w-]{35}(?![\w-])/g },
  { name: "hugging face token", of: /\bhf_[A-Za-z]{34}\b/g },
  { name: "stripe key", of: /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,200}\b/g },
  { name: "gitlab token", of: /\bgl(?:pat|dt|rt|ptt|cbt)-[\w-]{20,200}/g },
  { name: "azure key", of: /\b(?:AccountKey|SharedAccessKey)=(?<secret>[A-Za-z0-9+/]{40,100}={0,2})/g },
  { name: "password", of: /:\/\/[^\s:@/'"]{0,100}:(?<secret>[^\s@/'"]{3,200})@[\w.-]/g, unless: stand },
  {
    name: "secret setting",
    of: new RegExp(
      `^[ \\t]*(?:export +|[+-] *)?(?:[A-Z0-9]+_)*${named}=(?<secret>[^\\s'"]{6,4000}|"[^"\\n]{6,4000}"|'[^'\\n]{6,4000}')[ \\t]*\\r?$`,
      "gm",
    ),
    unless: stand,
  },
  {
    name: "secret setting",
    of: new RegExp(
      `["']?\\b(?:\\w+_)?${named}\\b["']?[ \\t]*[:=][ \\t]*["'](?<secret>(?=[^"'\\n]*\\d)(?=[^"'\\n]*[A-Za-z])[^"'\\s]{12,4000})["']`,
      "gi",
    ),
    unless: stand,
  },
];

/** Every secret of these kinds, in no order. */
export function findByPattern(text: string): readonly Secret[] {
  return patterns.flatMap(({ name, of, unless }) =>
    [...text.matchAll(of)].flatMap((match) => {
      const inner = match.groups?.["secret"];
      const hidden = inner ?? match[0];
      const from = match.index + (inner === undefined ? 0 : match[0].lastIndexOf(inner));
      const bare = hidden.replace(/^["']|["']$/g, "");
      return unless?.test(bare)
        ? []
        : [{ from: from + (bare === hidden ? 0 : hidden.indexOf(bare)), to: from + hidden.indexOf(bare) + bare.length, name }];
    }),
  );
}

const shortestKnown = 8;

/** Variables that hold secrets by their names. */
export function secretsOf(env: Readonly<Record<string, string | undefined>>): readonly KnownSecret[] {
  const wanted = new RegExp(`(?:^|_)${named}$`, "i");
  return Object.entries(env).flatMap(([name, value]) =>
    wanted.test(name) && value !== undefined && value.length >= shortestKnown ? [{ name: `value of ${name}`, value }] : [],
  );
}

/** Finds the known values, also in base64, hexadecimal and as part of an address. */
export function knownFinder(known: readonly KnownSecret[]): (text: string) => readonly Secret[] {
  const forms = known
    .filter(({ value }) => value.length >= shortestKnown)
    .flatMap(({ name, value }) => [...new Set([value, ...encoded(value)])].map((form) => ({ name, form })));
  return (text) =>
    forms.flatMap(({ name, form }) => {
      const found: Secret[] = [];
      for (let from = text.indexOf(form); from !== -1; from = text.indexOf(form, from + form.length))
        found.push({ from, to: from + form.length, name });
      return found;
    });
}

function encoded(value: string): readonly string[] {
  const bytes = Buffer.from(value, "utf8");
  return [
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
    bytes.toString("hex"),
    encodeURIComponent(value),
  ].filter((form) => form.length >= shortestKnown);
}
