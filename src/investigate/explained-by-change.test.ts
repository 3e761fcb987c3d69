import { expect, test } from 'vitest';
import { activeHours, contextOf, steadily, suspectOf, visitorsOf } from './attempts/fixtures/collected.ts';
import { strangers } from './attempts/findings/strangers.ts';
import { withoutExplainedByChange } from './explained-by-change.ts';
import { findingOf } from './search.ts';

const context = contextOf();
const stranger = (src: string) =>
  findingOf({
    ...strangers(
      visitorsOf([suspectOf(activeHours(steadily(20, 0, 24)), context, { pair: { src } })]),
      context,
    ),
    rejected_flows: 480,
  });

const shutOut = (id: string, from: string) => ({
  id,
  now: 'rejected' as const,
  sources: new Set(['192.0.2.1']),
  targets: new Set([stranger('192.0.2.1').target?.address ?? '']),
  ports: new Set(stranger('192.0.2.1').ports),
  from: Date.parse(from) / 1000,
});

test('who was shut out by a changed rule is reported as that alone, with all flows', () => {
  const [one, other] = [stranger('192.0.2.1'), stranger('192.0.2.2')];
  const change = { ...one, id: 'change', kind: 'rejected_after_change' as const, rejected_flows: 0 };
  const kept = withoutExplainedByChange([one, other, change], [shutOut('change', one.first_seen)]);
  expect(kept.map(({ kind, rejected_flows: flows }) => [kind, flows])).toEqual([
    [other.kind, 480],
    ['rejected_after_change', 480],
  ]);
});

test.each([
  ['in the same hour', '2024-01-10T12:30:00Z', []],
  ['half a day before', '2024-01-10T00:30:00Z', ['vanished']],
  ['half a day later', '2024-01-11T00:30:00Z', ['vanished']],
])('what ended because a rule shut it out %s did not vanish', (_, changed, left) => {
  const vanished = {
    ...stranger('192.0.2.1'),
    id: 'vanished',
    kind: 'vanished' as const,
    last_seen: '2024-01-10T12:59:59Z',
  };
  const kept = withoutExplainedByChange([vanished], [shutOut('change', changed)]);
  expect(kept.map(({ kind }) => kind)).toEqual(left);
  const other = { ...vanished, sources: stranger('192.0.2.2').sources };
  expect(withoutExplainedByChange([other], [shutOut('change', changed)])).toHaveLength(1);
});

test('who was rejected until a rule let it in is reported as let in alone, with the rejected flows; what goes on is not', () => {
  const goesOn = stranger('192.0.2.1');
  const until = { ...goesOn, kind: 'stopped_stranger' as const };
  const change = { ...goesOn, id: 'change', kind: 'newly_accepted' as const, rejected_flows: 0 };
  const letIn = { ...shutOut('change', goesOn.last_seen), now: 'accepted' as const };
  expect(withoutExplainedByChange([until, change], [letIn])).toMatchObject([
    { kind: 'newly_accepted', rejected_flows: 480 },
  ]);
  expect(withoutExplainedByChange([goesOn, change], [letIn])).toHaveLength(2);
  const later = { ...letIn, from: letIn.from - 3600 };
  expect(withoutExplainedByChange([until, change], [later])).toHaveLength(2);
});
