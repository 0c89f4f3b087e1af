// Secrets of every kind, made up when they are asked for, so that none stands in a file: scanners, ours among them, would take it for one.

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** Always the same for the same length and seed. */
export function scramble(length: number, alphabet = letters, seed = 12345): string {
  let state = seed;
  let text = "";
  while (text.length < length) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    text += alphabet[(state >>> 8) % alphabet.length] ?? "";
  }
  return text;
}

export interface FakeSecret {
  /** What it is told as. */
  readonly name: string;
  /** A text around it, as it is found in the wild. */
  readonly text: string;
  /** What must not be told. */
  readonly secret: string;
}

const of = (name: string, secret: string, text = `before ${secret} after`): FakeSecret => ({ name, secret, text });

export function fakeSecrets(): readonly FakeSecret[] {
  const upper = scramble(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
  const long = scramble(40);
  const pem = [
    "-----BEGIN RSA PRIVATE KEY-----",
    scramble(64),
    scramble(64, letters, 7),
    `${scramble(30)}==`,
    "-----END RSA PRIVATE KEY-----",
  ];
  return [
    of("github token", `ghp_${scramble(36)}`),
    of("github token", `github_pat_${scramble(22)}_${scramble(59)}`),
    of("openai key", `sk-${scramble(20)}T3BlbkFJ${scramble(20)}`),
    of("anthropic key", `sk-ant-api03-${scramble(93)}AA`),
    of("aws key", `AKIA${upper}`),
    of("aws key", long, `aws_secret_access_key = ${long}`),
    of("slack token", `xoxb-123456789012-1234567890123-${scramble(24)}`),
    of("npm token", `npm_${scramble(36)}`, `//registry.npmjs.org/:_authToken=npm_${scramble(36)}`),
    of("stripe key", `sk_live_${scramble(24)}`),
    of("gitlab token", `glpat-${scramble(20)}`),
    of("sendgrid key", `SG.${scramble(22)}.${scramble(43)}`),
    of("google key", `AIza${scramble(35)}`),
    of("hugging face token", `hf_${scramble(34, letters.slice(0, 52))}`),
    of("json web token", `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.${scramble(43)}`),
    of("bearer token", long, `Authorization: Bearer ${long}`),
    of(
      "azure key",
      scramble(86),
      `DefaultEndpointsProtocol=https;AccountName=x;AccountKey=${scramble(86)}==;EndpointSuffix=core.windows.net`,
    ),
    of("password", "hunter2secret", "postgres://app:hunter2secret@db.example.com:5432/app"),
    of("password", "pass1234word", "git clone https://me:pass1234word@example.com/x.git"),
    of("secret setting", "hunter2", "X_PASSWORD=hunter2"),
    of("password", "only1password", "redis://:only1password@cache:6379"),
    of("private key", scramble(64), `-----BEGIN OPENSSH PRIVATE KEY-----\n${scramble(64)}\n-----END OPENSSH PRIVATE KEY-----`),
    of("private key", scramble(64), `-----BEGIN PGP PRIVATE KEY BLOCK-----\n${scramble(64)}\n-----END PGP PRIVATE KEY BLOCK-----`),
    of("azure key", scramble(43), `Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=k;SharedAccessKey=${scramble(43)}=`),
    of("bearer token", scramble(30), `curl -H 'authorization: bearer ${scramble(30)}' https://example.com`),
    of("secret setting", "hunter2hunter2", "A=1\nDB_PASSWORD=hunter2hunter2\nB=2"),
    of("secret setting", "s3cr3t-v4lue-99", 'const config = { api_key: "s3cr3t-v4lue-99" };'),
    of("private key", pem.slice(1, 4).join("\n"), `key:\n${pem.join("\n")}\nafter`),
  ];
}
