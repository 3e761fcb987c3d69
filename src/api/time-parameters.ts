import { impossibleQuery } from '../model/query/bad-query.ts';
import { parseQuery } from '../model/query/parse-query.ts';
import { parseInstant } from '../model/query/parse-time.ts';

/** The time of a question from a query string's `last`, or `from` and `to`; null: all data. Throws what a query's time would. */
export function timeOfParameters({ last, from, to }: Readonly<Record<string, unknown>>): unknown {
  // Report invalid values before invalid combinations.
  if (last !== undefined) parseQuery({ time: { last } });
  for (const [name, value] of Object.entries({ from, to }))
    if (value !== undefined) parseInstant(value, name, 'Etc/UTC');
  if (last !== undefined && (from !== undefined || to !== undefined))
    throw impossibleQuery('last', 'is a time of its own: give either last, or from and to.');
  if ((from === undefined) !== (to === undefined))
    throw impossibleQuery(from === undefined ? 'from' : 'to', 'is missing: a range needs both from and to.');
  if (last !== undefined) return { last };
  return from === undefined ? null : { from, to };
}
