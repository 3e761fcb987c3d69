import {
  attemptsPerHour,
  createBegins,
  groupsWithoutPorts,
  letInBefore,
  sumsBefore,
  type Chosen,
} from '../../sql/investigate/attempts.ts';
import type { SqlScope } from '../../sql/investigate/scope.ts';
import type { RunStatement } from '../../sql/run-statement.ts';
import type { ActiveHour } from '../attempt-times.ts';

/** Each record without a source port counts as an attempt. */
export interface Portless {
  readonly records: number;
  readonly connections: number;
}

/** Rejected flows in the time before, of which only sums by the hour are left. */
export interface Before {
  readonly flows: number;
  readonly firstHour: number;
}

/** What was counted of the chosen, by their groups; what is in none of the maps has none of it. */
export interface Counts {
  readonly active: ReadonlyMap<number, readonly ActiveHour[]>;
  readonly portless: ReadonlyMap<number, Portless>;
  /** The last hour before a group was first refused in which it was accepted at the same target. */
  readonly letInUntil: ReadonlyMap<number, number>;
  readonly before: ReadonlyMap<number, Before>;
}

/** Counts the chosen connection by connection. */
export async function countChosen(
  scope: SqlScope,
  chosen: readonly Chosen[],
  run: RunStatement,
): Promise<Counts> {
  if (chosen.length === 0)
    return { active: new Map(), portless: new Map(), letInUntil: new Map(), before: new Map() };
  for (const statement of createBegins(scope, chosen)) await run(statement);
  const sums = sumsBefore(scope);
  return {
    active: activeHours(await run(attemptsPerHour(scope.dialect))),
    portless: byGroup(await run(groupsWithoutPorts(scope.dialect)), ([records = 0, connections = 0]) => ({
      records,
      connections,
    })),
    letInUntil: byGroup(await run(letInBefore(scope)), ([hour = 0]) => hour),
    before: byGroup(sums === null ? [] : await run(sums), ([flows = 0, firstHour = 0]) => ({
      flows,
      firstHour,
    })),
  };
}

function activeHours(rows: readonly (readonly unknown[])[]): Counts['active'] {
  const active = new Map<number, ActiveHour[]>();
  for (const row of rows) {
    const [group = 0, hour = 0, attempts = 0, first = 0, last = 0, slots = 0, bytes = 0, longest = 0] =
      row.map(Number);
    const list = active.get(group) ?? [];
    if (list.length === 0) active.set(group, list);
    list.push({ hour, attempts, first, last, slots, bytes, longest });
  }
  return active;
}

/** A row for each group, which stands first. */
function byGroup<T>(
  rows: readonly (readonly unknown[])[],
  read: (rest: readonly number[]) => T,
): ReadonlyMap<number, T> {
  return new Map(
    rows.map((row) => {
      const [group = 0, ...rest] = row.map(Number);
      return [group, read(rest)];
    }),
  );
}
