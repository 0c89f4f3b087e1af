// Tells when a failure may be the sandbox's doing, from the words programs use for it, and what can be done. A way that keeps the
// sandbox (the network for one call, the typed git tool, smaller work) goes before a run outside it.

export interface Hint {
  /** For the model, and for whoever is asked. */
  readonly text: string;
  /** Nothing less than a run outside the sandbox would help. */
  readonly outsideHelps: boolean;
}

const signs: readonly (Hint & { readonly pattern: RegExp })[] = [
  {
    pattern: /\.git\/[^\n]*Read-only file system/i,
    text: "The sandbox keeps commands from writing git's own files; use the git tools for that.",
    outsideHelps: false,
  },
  {
    pattern:
      /Network is unreachable|Could(n.t| not) connect|ENETUNREACH|EAI_AGAIN|Temporary failure in name resolution|Could not resolve host|Name or service not known|getaddrinfo/i,
    text: "The sandbox has no network; where this command needs it, ask for it (network: true; --network at a terminal).",
    outsideHelps: false,
  },
  {
    pattern: /Read-only file system|EROFS/i,
    text: "The sandbox lets commands write only in the workspace and /tmp, and there not to .git, .vscode and other executable configuration; use the edit and git tools for those.",
    outsideHelps: true,
  },
  {
    pattern: /Operation not permitted|EPERM|Device or resource busy|EBUSY/i,
    text: "The sandbox refuses some system calls and keeps protected folders where they are; a person who is there is offered one run outside it.",
    outsideHelps: true,
  },
  {
    pattern: /Cannot fork|fork: Resource temporarily unavailable|EAGAIN|Cannot allocate memory|ENOMEM|File size limit exceeded|EFBIG/i,
    text: "The command met one of its limits on processes, memory or file size.",
    outsideHelps: false,
  },
];

/** Undefined where nothing points to the sandbox. */
export function sandboxHint(output: string): Hint | undefined {
  return signs.find(({ pattern }) => pattern.test(output));
}
