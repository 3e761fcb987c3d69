import { PeepholeError } from '../model/errors.ts';

/** Whether an error is of one source alone (it refuses, fails, or is being read already), so that others can go on. */
export function isFailureOfSource(error: unknown): error is PeepholeError {
  return error instanceof PeepholeError && OF_SOURCE.has(error.code);
}

const OF_SOURCE: ReadonlySet<string> = new Set(['source_refused', 'source_failed', 'store_busy']);
