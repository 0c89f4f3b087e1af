// Which names in a workspace are protected, and why: what editors, git and other agents run by themselves, and what holds
// secrets. Changes to the former go through the edit tool, where a person sees them; the latter are not for commands to read.

/** Folders whose content some program executes, or obeys, without being asked. */
export const protectedFolders: readonly string[] = [
  ".git",
  ".hg",
  ".svn",
  ".proviso",
  ".vscode",
  ".idea",
  ".run",
  ".fleet",
  ".zed",
  ".husky",
  ".devcontainer",
  ".cursor",
  ".claude",
  ".codex",
  ".gemini",
  ".agents",
  ".kiro",
  ".windsurf",
  ".roo",
  ".direnv",
  ".githooks",
  ".continue",
  ".clinerules",
  ".trae",
  ".junie",
  ".amazonq",
  ".opencode",
];

export const protectedFiles: readonly string[] = [
  ".gitmodules",
  ".gitconfig",
  ".mcp.json",
  ".devcontainer.json",
  ".envrc",
  ".tool-versions",
  ".mise.toml",
  ".bashrc",
  ".bash_profile",
  ".bash_login",
  ".profile",
  ".zshrc",
  ".zprofile",
  ".zshenv",
  ".zlogin",
  ".ripgreprc",
  ".npmrc",
  ".yarnrc",
  ".yarnrc.yml",
  ".pnpmfile.cjs",
  ".pre-commit-config.yaml",
  ".lefthook.yml",
  ".exrc",
  ".vimrc",
  ".nvimrc",
  ".nvim.lua",
  ".gdbinit",
  ".lldbinit",
  ".bash_aliases",
  ".bash_logout",
  ".zlogout",
  ".kshrc",
  ".cshrc",
  ".tcshrc",
  ".inputrc",
  ".tmux.conf",
  ".curlrc",
  ".wgetrc",
  ".condarc",
  ".pythonrc.py",
  ".pdbrc",
  ".irbrc",
  ".pryrc",
  ".Rprofile",
  ".latexmkrc",
  ".dir-locals.el",
  ".lefthook.yaml",
  ".lefthook-local.yml",
  ".cursorrules",
  ".windsurfrules",
  ".goosehints",
];

/** The same without a dot at the front. What agents are told by a project counts: whoever writes it, speaks for the project. */
export const protectedPlainFiles: readonly string[] = [
  "lefthook.yml",
  "lefthook.yaml",
  "lefthook-local.yml",
  "mise.toml",
  "AGENTS.md",
  "CLAUDE.md",
  "GEMINI.md",
];

/** Protected at the end of a path of any length. */
export const protectedTails: readonly string[] = [
  ".github/workflows",
  ".github/actions",
  ".github/copilot-instructions.md",
  ".github/instructions",
  ".github/prompts",
  ".cargo/config",
  ".cargo/config.toml",
];

export const protectedSuffix = ".code-workspace";

/** Links here are refused: they cannot be pinned, and a launcher must never follow one. */
export const unlinkable: ReadonlySet<string> = new Set([...protectedFolders, ".gitmodules", ".mcp.json", ".devcontainer.json"]);

/** Guarded even where absent: editors look at them the moment they appear, so looking afterwards would be too late. */
export const guardedFolders: readonly string[] = [".git", ".vscode"];

/** What the names of secrets look like to `find -iname`; `isSecretName` decides. */
export const secretPatterns: readonly string[] = [
  ".env*",
  ".netrc",
  "_netrc",
  ".git-credentials",
  ".pypirc",
  ".htpasswd",
  ".pgpass",
  ".my.cnf",
  ".mylogin.cnf",
  ".vault-token",
  ".dockercfg",
  ".s3cfg",
  ".boto",
  ".terraformrc",
  "id_*",
];

const secretNames =
  /^(\.env([._~-].*)?|\.envrc|\.netrc|_netrc|\.git-credentials|\.pypirc|\.htpasswd|\.pgpass|\.my(login)?\.cnf|\.vault-token|\.dockercfg|\.s3cfg|\.boto|\.terraformrc|id_(rsa|dsa|ecdsa|ed25519)(_sk)?(\.(bak|old|orig|save))?)$/i;
const templates = /\.(example|sample|template|dist|schema|defaults?)$/i;

/** Whether a file of this name holds secrets. Certificates and keys by extension are left: tests bring their own. */
export function isSecretName(name: string): boolean {
  return secretNames.test(name) && !templates.test(name);
}

/** A credential written out in a package manager's configuration, as opposed to one taken from a variable. */
export const literalCredential = /(_authToken|_password|_auth|npmAuthToken|npmAuthIdent)["']?\s*[:=]\s*["']?(?!["']?\s*\$\{)[^\s"'$]/i;

/** Folders of installed packages: not searched, they hold nothing an editor obeys. */
export const packageFolders: readonly string[] = ["node_modules", ".venv", "venv", "site-packages", "__pycache__", "bower_components"];
