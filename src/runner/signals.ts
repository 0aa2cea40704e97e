/** Why the step stops early. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
}

/**
 * Aborts on the first SIGINT or SIGTERM. The runner sends SIGINT when the workflow is cancelled, SIGTERM 7.5 s and
 * SIGKILL 10 s after it; with a handler the process does not end by itself.
 */
export function cancelSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => controller.abort(new CancelledError(`This step was cancelled (${name}).`)));
  }
  return controller.signal;
}
