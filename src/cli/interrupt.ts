/** Milliseconds in which a second signal is the same Ctrl-C: a terminal, npm and `npm start` each pass it on. */
const SAME = 500;

/** A signal that Ctrl-C or SIGTERM aborts. The second one ends the process at once. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  let first = 0;
  const stop = (): void => {
    if (!controller.signal.aborted) {
      first = performance.now();
      controller.abort();
    } else if (performance.now() - first > SAME) process.exit(130);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return controller.signal;
}
