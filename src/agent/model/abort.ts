// Cancellation for layers: a promise that lets go at once, and a signal that can be cut without cutting its parent.
// Invariant: every listener set on the caller's signal is taken off again, so that a run's signal can serve thousands of calls.

/** Settles like `work`, but rejects with the signal's reason as soon as it aborts, even where `work` is slow to notice. */
export function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = (): void => reject(signal.reason);
    if (signal.aborted) cancel();
    else signal.addEventListener("abort", cancel, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", cancel));
  });
}

/** A signal that aborts with its parent, or on its own. */
export interface Linked {
  readonly signal: AbortSignal;
  readonly abort: (reason: unknown) => void;
  /** Detaches it from the parent; call when the work is over. */
  readonly release: () => void;
}

export function linked(parent: AbortSignal): Linked {
  const controller = new AbortController();
  const follow = (): void => controller.abort(parent.reason);
  if (parent.aborted) follow();
  else parent.addEventListener("abort", follow, { once: true });
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    release: () => parent.removeEventListener("abort", follow),
  };
}
