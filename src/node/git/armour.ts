// What git is run with, whatever a repository's configuration says: no hook, filter, pager, editor, helper, signature, network or
// upkeep of its choosing. Handed over in the environment, because a name in a configuration may hold any character.

/** Settings that win over the repository's own. */
const settings: Readonly<Record<string, string>> = {
  "core.hooksPath": "/dev/null",
  "core.fsmonitor": "false",
  "core.pager": "cat",
  "core.editor": ":",
  "core.askPass": "",
  "core.sshCommand": "false",
  "core.attributesFile": "/dev/null",
  "core.quotePath": "false",
  "credential.helper": "",
  "diff.external": "",
  "gpg.program": "false",
  "commit.gpgSign": "false",
  "log.showSignature": "false",
  "gc.auto": "0",
  "maintenance.auto": "false",
  "protocol.allow": "never",
  "submodule.recurse": "false",
  "status.submoduleSummary": "false",
  "diff.submodule": "short",
  "color.ui": "false",
  "advice.detachedHead": "false",
};

const environment: Readonly<Record<string, string>> = {
  LC_ALL: "C",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_ATTR_NOSYSTEM: "1",
  GIT_ALLOW_PROTOCOL: "none",
  GIT_NO_LAZY_FETCH: "1",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_ASKPASS: "false",
  SSH_ASKPASS: "false",
  GIT_SSH_COMMAND: "false",
  GIT_EDITOR: ":",
  GIT_SEQUENCE_EDITOR: ":",
  GIT_PAGER: "cat",
};

/** Drivers of filters that the configuration names: git would run them on files that it reads or writes. */
export function filterDrivers(listing: readonly (readonly [key: string, value: string])[]): readonly string[] {
  const found = listing.flatMap(([key]) => /^filter\.(.+)\.(?:clean|smudge|process|required)$/s.exec(key)?.[1] ?? []);
  return [...new Set(found)];
}

/** The words for `env`: NAME=VALUE, one each. */
export function armour(
  place: { readonly git: string; readonly top: string },
  options: { readonly drivers: readonly string[]; readonly extra?: Readonly<Record<string, string>> },
): readonly string[] {
  const silent = options.drivers.flatMap((name) => [
    ...["clean", "smudge", "process"].map((part) => [`filter.${name}.${part}`, ""] as const),
    [`filter.${name}.required`, "false"] as const,
  ]);
  const all = [...Object.entries(settings), ...silent, ...Object.entries(options.extra ?? {})];
  const numbered = all.flatMap(([key, value], index) => [`GIT_CONFIG_KEY_${index}=${key}`, `GIT_CONFIG_VALUE_${index}=${value}`]);
  return [
    ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    `GIT_DIR=${place.git}`,
    `GIT_WORK_TREE=${place.top}`,
    `GIT_CONFIG_COUNT=${all.length}`,
    ...numbered,
  ];
}

/** What `git config --null --list` says: a key alone counts as true. */
export function readListing(text: string): readonly (readonly [key: string, value: string])[] {
  return text.split("\0").flatMap((entry) => {
    const end = entry.indexOf("\n");
    return entry === "" ? [] : [end < 0 ? ([entry, "true"] as const) : ([entry.slice(0, end), entry.slice(end + 1)] as const)];
  });
}
