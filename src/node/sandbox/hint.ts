// Tells when a failure may be the sandbox's doing, from the words programs use for it, and what can be done.

const signs: readonly { readonly pattern: RegExp; readonly hint: string }[] = [
  {
    pattern:
      /Network is unreachable|Could(n.t| not) connect|ENETUNREACH|EAI_AGAIN|Temporary failure in name resolution|Could not resolve host|Name or service not known|getaddrinfo/i,
    hint: "The sandbox has no network; ask for this command with network access if it needs it.",
  },
  {
    pattern: /Read-only file system|EROFS/i,
    hint: "The sandbox lets commands write only in the workspace and /tmp, and there not to .git, .vscode and other executable configuration; use the edit and git tools for those.",
  },
  {
    pattern: /Operation not permitted|EPERM|Device or resource busy|EBUSY/i,
    hint: "The sandbox refuses some system calls and keeps protected folders where they are; the person can approve one run outside it if this command needs them.",
  },
  {
    pattern: /Cannot fork|fork: Resource temporarily unavailable|EAGAIN|Cannot allocate memory|ENOMEM|File size limit exceeded|EFBIG/i,
    hint: "The command met one of its limits on processes, memory or file size.",
  },
];

/** Undefined where nothing points to the sandbox. */
export function sandboxHint(output: string): string | undefined {
  return signs.find(({ pattern }) => pattern.test(output))?.hint;
}
