import { expect, test } from 'vitest';
import { activeHours, collectedOf, contextOf, scanOf, steadily, suspectOf } from './fixtures/collected.ts';
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

test.each([
  ['8 of 60 machines at a port of databases of no scanner’s list', 9092, 8, 60, true],
  ['8 of 60 at a port that scanners look for', 3306, 8, 60, true],
  ['8 of 10 at such a port', 3306, 8, 10, false],
  ['8 of 10 at another', 9092, 8, 10, true],
  ['17 of 60 at a port that scanners look for', 3389, 17, 60, false],
  ['17 of 60 at another', 9092, 17, 60, true],
  ['17 of 20 at another', 9092, 17, 20, false],
])('who keeps trying %s', (_, port, machines, reachable, isStranger) => {
  const src = '192.0.2.1';
  const suspects = Array.from({ length: machines }, (__, i) =>
    suspectOf(activeHours(steadily(12, 0, 24)), context, { pair: { src, dst: `10.0.0.${i}`, port } }),
  );
  const scans = [scanOf(activeHours(steadily(12 * machines, 0, 24)), context, { src, addresses: machines })];
  const { strangers } = judge(collectedOf({ suspects, scans, reachable }), context.hours);
  expect(strangers).toHaveLength(isStranger ? 1 : 0);
});
