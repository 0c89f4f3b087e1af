// The environment a command gets: an allow-list of names from ours, and fixed values that keep programs quiet and
// non-interactive. Never passed: tokens, agents' sockets, proxies, NODE_OPTIONS, loader and shell start-up variables.

const passed = [
  "PATH",
  "LANG",
  "LC_ALL",
  "LC_CTYPE",
  "TZ",
  "USER",
  "LOGNAME",
  "SHELL",
  "NODE_ENV",
  "CI",
  "JAVA_HOME",
  "GOPATH",
  "GOROOT",
  "CARGO_HOME",
  "RUSTUP_HOME",
  "NVM_DIR",
  "PYENV_ROOT",
  "PYENV_VERSION",
  "VIRTUAL_ENV",
  "CONDA_PREFIX",
];

const fixed: Readonly<Record<string, string>> = {
  TERM: "dumb",
  NO_COLOR: "1",
  PAGER: "cat",
  GIT_PAGER: "cat",
  GIT_TERMINAL_PROMPT: "0",
  GIT_OPTIONAL_LOCKS: "0",
  DEBIAN_FRONTEND: "noninteractive",
};

export interface EnvironmentRequest {
  readonly from: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly temp: string;
  /** Further names the user chose to pass. */
  readonly pass: readonly string[];
  readonly set: Readonly<Record<string, string>>;
}

export function commandEnvironment(request: EnvironmentRequest): Record<string, string> {
  const env: Record<string, string> = { CI: "1" };
  for (const name of [...passed, ...request.pass]) {
    const value = request.from[name];
    if (value !== undefined) env[name] = value;
  }
  return { ...env, ...fixed, HOME: request.home, TMPDIR: request.temp, ...request.set };
}
