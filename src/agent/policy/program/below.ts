// Files below a folder that bear a name, as `find -name`, `grep --include` and `rg -g` mean them: a wildcard also stands for a leading
// dot there, which in a shell it does not.

import { compileGlob, meets } from "../glob.ts";
import type { Arg } from "../shell/word.ts";

/** What bears the name, in whatever folder below; with it the hidden files of note that it fits too. */
export function below(folder: Arg, name: string): readonly Arg[] {
  if (folder.form !== "literal") return [folder];
  const start = folder.text.replace(/([\\*?[\]])/g, "\\$1").replace(/\/+$/, "");
  const all = [name, ...(/^[*?[]/.test(name) && !/^[*?.]*$/.test(name) ? hidden.filter((one) => fits(name, one)) : [])];
  return all.map((one) => ({ text: `${start}/**/${one}`, form: "pattern" }));
}

const fits = (pattern: string, name: string): boolean => meets(compileGlob(pattern), compileGlob(name), "exact");

/** Secrets whose names begin with a dot; the policy's own list (places.ts) decides what they are. */
const hidden = ".env .env.local .env.production .envrc .netrc .git-credentials .pgpass .htpasswd .vault-token".split(" ");

/** Whether who looks for this text among names looks for those that hold secrets. */
export function namesSecret(text: string): boolean {
  const plain = text.replace(/[\\^$]/g, "").toLowerCase();
  return plain.length > 2 && [...hidden, "id_rsa", "server.key", "cert.pem", "credentials"].some((name) => name.includes(plain));
}
