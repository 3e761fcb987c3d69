import { PeepholeError } from '../errors.ts';
import { nearName } from './near-name.ts';

/** The error for a query that can't be asked. `path` says where: `splits[1].bucket`; the message begins with it. */
export function badQuery(path: string, problem: string, allowed?: readonly string[]): PeepholeError {
  const details = allowed === undefined ? { path } : { path, allowed };
  return new PeepholeError('bad_query', `${path}: ${problem}`, details);
}

/** The error for a query of the right form that says what can't be: what no schema can tell, such as an end before its beginning. */
export function impossibleQuery(path: string, problem: string, allowed?: readonly string[]): PeepholeError {
  const details = allowed === undefined ? { path } : { path, allowed };
  return new PeepholeError('impossible_query', `${path}: ${problem}`, details);
}

/** The error for a name that is not among those allowed; it suggests the nearest. */
export function unknownName(
  path: string,
  what: string,
  name: string,
  allowed: readonly string[],
  near: readonly string[] = allowed,
): PeepholeError {
  const suggestion = nearName(name, near);
  const hint =
    suggestion !== undefined
      ? ` Did you mean ${suggestion}?`
      : allowed.length <= 20
        ? ` Allowed: ${allowed.join(', ')}.`
        : '';
  return badQuery(path, `there is no ${what} ${shown(name)}.${hint}`, allowed);
}

/** A value as an error message shows it: JSON, cut short. */
export function shown(value: unknown): string {
  const text = typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? typeof value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
