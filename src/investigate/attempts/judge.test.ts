import { expect, test } from 'vitest';
import { activeHours, collectedOf, contextOf, steadily, suspectOf } from './fixtures/collected.ts';
import { judge } from './judge.ts';

const context = contextOf();
const guessing = (src: string, an: number, hours: number, dst = '10.0.0.5') =>
  suspectOf(activeHours(steadily(an, 2, 2 + hours)), context, { pair: { src, dst, port: 22 } });

test('who guesses far faster than those of a campaign at the same port is reported alone, with all machines that it guesses at', () => {
  const campaign = Array.from({ length: 40 }, (_, i) => guessing(`198.51.100.${i}`, 20, 10));
  const fast = ['10.0.0.5', '10.0.0.6', '10.0.0.7'].map((dst) => guessing('192.0.2.1', 450, 3, dst));
  const { campaigns, guessing: alone } = judge(collectedOf({ suspects: [...campaign, ...fast] }), context.hours); // prettier-ignore
  expect(campaigns.map((members) => members.length)).toEqual([40]);
  expect(alone.map(({ src, suspects }) => [src, suspects.length])).toEqual([['192.0.2.1', 3]]);
});

test('somewhat faster members belong to a campaign', () => {
  const campaign = Array.from({ length: 40 }, (_, i) => guessing(`198.51.100.${i}`, 10 + 4 * (i % 10), 10));
  const { campaigns, guessing: alone } = judge(collectedOf({ suspects: campaign }), context.hours);
  expect([campaigns.map((members) => members.length), alone]).toEqual([[40], []]);
});
