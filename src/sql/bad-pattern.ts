import { PeepholeError } from '../model/errors.ts';

/** The error for a `matches` pattern that is not a regular expression: databases read patterns only when a statement runs. */
export function badPattern(reason: string, cause: unknown): PeepholeError {
  return new PeepholeError(
    'impossible_query',
    `filter: a "matches" pattern is not a regular expression in RE2's syntax: ${reason}.`,
    { path: 'filter', allowed: ['https://github.com/google/re2/wiki/Syntax'], reason },
    { cause },
  );
}
