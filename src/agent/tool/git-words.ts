// What the git tools share: how a path is said to git, what is left out of a diff, and how a command that failed is told.

import { fail, type Result } from "../result.ts";
import type { GitRequest, GitSaid } from "../git.ts";
import type { World } from "../world.ts";

/** A path that means itself: none of its characters is a pattern, and it is no option. */
export const literal = (path: string): string => (path === "." ? "." : `:(literal)${path}`);

/** Files that hold secrets, left out where nobody named them; whoever names one is judged for reading it. */
export const secretsOut: readonly string[] = [
  ".env",
  ".env.*",
  ".netrc",
  ".git-credentials",
  ".pypirc",
  "*.pem",
  "*.key",
  "id_rsa",
  "id_ed25519",
].map((name) => `:(exclude,glob,icase)**/${name}`);

/** Runs one command; where it fails, git's own words are the fault. */
export async function runGit(world: World, request: GitRequest, signal: AbortSignal): Promise<Result<GitSaid>> {
  const said = await world.git.run(request, signal);
  if (!said.ok || said.value.exit === 0) return said;
  const why = `${said.value.err.trim() || said.value.out.trim()}`.replaceAll(/^(fatal|error): /gm, "").slice(0, 1000);
  if (/tell me who you are|empty ident name|unable to auto-detect email/i.test(why))
    return fail("unavailable", "Git does not know who commits; ask the person to set user.name and user.email with git config --global.");
  return fail("invalid", `git ${request.args[0]} did not work: ${why === "" ? `it ended with ${said.value.exit} and said nothing` : why}`);
}
