import type { Evidence } from '../../model/knocks/knocks.ts';
import type { Key } from '../../sql/key.ts';
import type { JudgeContext } from '../judge-context.ts';
import { count, moment } from '../wording.ts';

/** When a change was: `at about …`, or `between … and …` where more than an hour lies between. */
export function changeMoment({ until, from }: { readonly until: number; readonly from: number }): string {
  return from - until <= 3600 ? `at about ${moment(from)}` : `between ${moment(until)} and ${moment(from)}`;
}

/** That hours between are unknown, if any are. */
export function unknownBetween(
  { until, from }: { readonly until: number; readonly from: number },
  interfaces: readonly Key[],
  { hours }: JudgeContext,
): readonly Evidence[] {
  const [first, last] = [Math.floor(until / 3600) + 1, Math.floor(from / 3600) - 1];
  const unknown = last < first ? 0 : last - first + 1 - hours.known(first, last, interfaces);
  if (unknown === 0) return [];
  const text = `Between ${moment(until)} and ${moment(from)} ${count(unknown, 'hour has', 'hours have')} no logs, or lost records: the change may lie there.`;
  return [{ text, query: null }];
}
