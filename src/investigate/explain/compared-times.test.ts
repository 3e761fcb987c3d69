import { expect, test } from 'vitest';
import { parseExplain } from '../../model/explain/parse-explain.ts';
import { chosenTime, isOfTimes } from './compared-times.ts';

const [one, two, three] = ['2024-01-10T01:00:00Z', '2024-01-10T02:00:00Z', '2024-01-10T03:00:00Z'];
const at = (text: string): number => Date.parse(text);
const all = { from: at('2024-01-10T00:00:00Z'), to: at(two) + 1_800_000 };
const asked = (...selection: readonly object[]) => parseExplain({ selection });

test('a time is chosen by either name of a flow’s start, and ends at the end of what is looked at', () => {
  for (const field of ['time', 'start']) {
    const between = asked({ field, between: [one, three] });
    expect([isOfTimes(between), chosenTime(between, all)]).toEqual([true, { from: at(one), to: all.to }]);
    const ranges = asked({ field, ranges: [{ from: one, to: two }] });
    expect([isOfTimes(ranges), chosenTime(ranges, all)]).toEqual([true, { from: at(one), to: at(two) }]);
  }
  expect(chosenTime(asked({ field: 'time', between: [null, one] }), all)).toEqual({
    from: all.from,
    to: at(one) + 1000,
  });
});

test('several times are times, but no one range; a port is none', () => {
  const ranges = [{ from: one, to: two }, { from: two, to: three }]; // prettier-ignore
  const several = asked({ field: 'time', ranges });
  expect([isOfTimes(several), chosenTime(several, all)]).toEqual([true, null]);
  const port = asked({ field: 'time', between: [one, two] }, { field: 'dstport', in: [22] });
  expect([isOfTimes(port), chosenTime(port, all)]).toEqual([false, null]);
});
