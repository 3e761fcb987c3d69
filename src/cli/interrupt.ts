import { setMaxListeners } from 'node:events';
import pc from 'picocolors';

/** Milliseconds in which a second signal is the same Ctrl-C: a terminal, npm and `npm start` each pass it on. */
const SAME = 500;

/** A signal that Ctrl-C or SIGTERM aborts. The second one ends the process at once. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  // All that the process does at once ends by it.
  setMaxListeners(0, controller.signal);
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

/**
 * Runs work that may end at any moment, as `kill -9` ends it, and can't be stopped otherwise. Ctrl-C or SIGTERM ends the process at
 * once, as without this, but with a sentence on stderr about what was done and how it goes on.
 */
export async function endingWithWords<T>(words: () => string, work: () => Promise<T>): Promise<T> {
  const end = (signal: NodeJS.Signals): void => {
    process.stderr.write(`${pc.red('peephole:')} Interrupted. ${words()}\n`);
    for (const name of signals) process.removeListener(name, end);
    process.kill(process.pid, signal);
  };
  for (const name of signals) process.on(name, end);
  try {
    return await work();
  } finally {
    for (const name of signals) process.removeListener(name, end);
  }
}

const signals = ['SIGINT', 'SIGTERM'] as const;

/** What can be done about work on a store that was interrupted. */
export const AGAIN =
  'The same command does the rest, unless another process has the store open: that one finishes it.';
