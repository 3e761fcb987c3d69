import { expect, test } from 'vitest';
import { activeHours, contextOf, steadily, suspectOf, visitorsOf } from './attempts/fixtures/collected.ts';
import { strangers } from './attempts/findings/strangers.ts';
import { toldOnce } from './told-once.ts';

const context = contextOf();
const stranger = (src: string) => ({
  ...strangers(
    visitorsOf([suspectOf(activeHours(steadily(20, 0, 24)), context, { pair: { src } })]),
    context,
  ),
  rejected_flows: 480,
});

test('who was shut out by a changed rule is told as that alone, with all flows', () => {
  const [one, other] = [stranger('192.0.2.1'), stranger('192.0.2.2')];
  const change = { ...one, id: 'change', kind: 'rejected_after_change' as const, rejected_flows: 0 };
  const told = toldOnce([one, other, change]);
  expect(told.map(({ kind, rejected_flows: flows }) => [kind, flows])).toEqual([
    [other.kind, 480],
    ['rejected_after_change', 480],
  ]);
});
