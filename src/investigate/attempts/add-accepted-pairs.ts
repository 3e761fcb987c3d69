import { addLogins } from '../../sql/investigate/pairs.ts';
import {
  addQuiet,
  createQuiet,
  findAnswers,
  hoursAsked,
  hoursBack,
} from '../../sql/investigate/quiet-pairs.ts';
import { fieldsOfAnswers, type SqlScope } from '../../sql/investigate/scope.ts';
import type { Key } from '../../sql/key.ts';
import type { RunStatement } from '../../sql/run-statement.ts';

/** Some hours are looked through before all are, if they are so small a part of the range. */
const FEW_HOURS = 0.5;

/** Adds pairs of accepted flows to `knock_pair`: those that were never answered, or refused by resets, and logins. */
export async function addAcceptedPairs(
  scope: SqlScope,
  own: readonly Key[],
  run: RunStatement,
): Promise<void> {
  const all = async (statements: readonly string[]): Promise<void> => {
    for (const statement of statements) await run(statement);
  };
  if (fieldsOfAnswers.every((name) => scope.columns.has(name))) {
    await all(createQuiet(scope, own));
    for (const hoursLeft of [hoursBack, hoursAsked]) {
      const hours = (await run(hoursLeft(scope))).map(([hour]) => Number(hour));
      if (hours.length > 0 && hours.length <= (FEW_HOURS * (scope.to - scope.from)) / 3600)
        await all(findAnswers(scope, own, hours));
    }
    if ((await run(hoursAsked(scope))).length > 0) await all(findAnswers(scope, own, null));
    await all(addQuiet(scope));
  }
  await all(addLogins(scope, own));
}
