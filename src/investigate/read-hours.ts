import { filledSlots, loggedHours, lostHours } from '../sql/investigate/context-queries.ts';
import type { SqlScope } from '../sql/investigate/scope.ts';
import { type Key, readKey } from '../sql/key.ts';
import type { RunStatement } from '../sql/run-statement.ts';
import { HourCoverage } from './hour-coverage.ts';
import { hoursToLookAt, wholeHours, withoutStrays } from './whole-hours.ts';

/** Which hours of a range can be known, and at which interfaces. */
export async function readHours(scope: SqlScope, run: RunStatement): Promise<HourCoverage> {
  const hours = withoutStrays(
    (await run(loggedHours(scope))).map(([hour, records]) => ({
      hour: Number(hour),
      records: Number(records),
    })),
    scope,
  );
  const doubtful = hoursToLookAt(hours);
  const slots = new Map<number, number>();
  for (const [hour, slot] of doubtful.length === 0 ? [] : await run(filledSlots(scope, doubtful)))
    slots.set(Number(hour), (slots.get(Number(hour)) ?? 0) | (1 << Number(slot)));
  const logged = wholeHours(
    hours.map(({ hour }) => hour),
    slots,
    scope,
  );
  const lost = new Map<Key, Set<number>>();
  const statement = lostHours(scope);
  for (const [face, first, last] of statement === null ? [] : await run(statement)) {
    const set = lost.get(readKey(face)) ?? new Set();
    for (let hour = Number(first); hour <= Number(last); hour++) set.add(hour);
    lost.set(readKey(face), set);
  }
  return new HourCoverage(scope, logged, lost);
}
