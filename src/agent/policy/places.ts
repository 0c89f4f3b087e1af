// Names of files that the shipped rules treat apart: what holds secrets, what some program runs or obeys by itself.
// The sandbox has its own list of what it protects (node/sandbox/protected.ts); this one is for what people are asked.

const anywhere = (names: string): readonly string[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => `**/${name}`);

/** Files that hold secrets, told by their names. */
export const secrets: readonly string[] = anywhere(`
  .env .env.* .envrc .netrc _netrc .git-credentials .pypirc .htpasswd .pgpass .my.cnf .vault-token .dockercfg
  id_{rsa,dsa,ecdsa,ed25519}{,_sk,.bak,.old} *.{pem,key,p12,pfx,jks,keystore,kdbx,ppk,gpg} .ssh/** .gnupg/** .aws/** .azure/** .kube/** .docker/config.json .config/{gh,gcloud,op}/**`);

/** May hold secrets; a pattern such as "*.json" is not taken to mean them. */
export const likelySecrets: readonly string[] = anywhere(
  "credentials{,.json,.toml,.yml,.yaml} secrets.{json,toml,yml,yaml} *service-account*.json *.tfstate",
);

/** Look like secrets and are made to be read. */
export const templates: readonly string[] = anywhere(".env.{example,sample,template,dist,schema,default,defaults} {id_,}*.pub");

/** Git's own files. */
export const repository: readonly string[] = [".git/**", ...anywhere(".git/** .hg/** .svn/**")];

/** Our own rules and records. */
export const ownFiles: readonly string[] = [".proviso/**", ...anywhere(".proviso/**")];

/** Files that editors, shells, package managers and other agents run or obey without being asked. */
export const obeyed: readonly string[] = anywhere(`
  .vscode/** .idea/** .run/** .fleet/** .zed/** .husky/** .githooks/** .devcontainer/** .devcontainer.json .github/{workflows,actions}/** .gitlab-ci.yml .circleci/**
  .cursor/** .claude/** .codex/** .gemini/** .agents/** .kiro/** .windsurf/** .roo/** .clinerules/** .direnv/** *.code-workspace .gitmodules .gitattributes .gitconfig
  .mcp.json .envrc .npmrc .yarnrc .yarnrc.yml .pnpmfile.cjs .pre-commit-config.yaml {.,}lefthook{,-local}.{yml,yaml,toml,json} .tool-versions .mise.toml .cargo/config{,.toml}
  .continue/** .trae/** .junie/** .amazonq/** .opencode/** {AGENTS,CLAUDE,GEMINI}.md .cursorrules .windsurfrules .goosehints .github/copilot-instructions.md .github/{instructions,prompts}/**
  .pdbrc .irbrc .pryrc .Rprofile .latexmkrc .dir-locals.el mise.toml
  .bashrc .bash_profile .bash_login .bash_logout .bash_aliases .profile .zshrc .zshenv .zprofile .zlogin .zlogout .kshrc .cshrc .tcshrc .inputrc .config/fish/** .exrc
  .vimrc .nvimrc .nvim.lua .tmux.conf .gdbinit .lldbinit .ripgreprc .ssh/** .netrc .curlrc .wgetrc .condarc .pythonrc.py sitecustomize.py usercustomize.py`);

/** What the machine tells everybody about itself. */
export const machine: readonly string[] =
  "/etc/{os-release,lsb-release,debian_version,alpine-release,redhat-release} /usr/lib/os-release /proc/{cpuinfo,meminfo,version,loadavg,uptime}".split(
    " ",
  );

/** Folders everybody may write, outside the workspace; what a sandboxed command writes there vanishes. */
export const temporary: readonly string[] = ["/tmp/*/**", "/var/tmp/*/**", "/private/tmp/*/**", "/private/var/folders/*/**"];
