import { expect, test } from 'vitest';

import { divide, usualStory } from './budget.ts';
import { HeavyTail, Zipf } from './distributions.ts';
import { buildInventory, targetLaunch } from './build-inventory.ts';
import { Random } from './random.ts';
import { activity, cumulativeActivity } from './daily-activity.ts';
import { buildTimeline } from './timeline.ts';
import { buildWorld } from './world/world.ts';

const DAY = 86_400;
const wednesday = Date.parse('2018-06-20T00:00:00Z') / 1000;
const saturday = wednesday + 3 * DAY;

test('days are busier than nights, weekdays busier than weekends', () => {
  const total = (from: number): number =>
    Array.from({ length: 24 }, (_, hour) => activity(from + hour * 3600)).reduce((sum, one) => sum + one, 0);
  expect(activity(wednesday + 20 * 3600)).toBeGreaterThan(3 * activity(wednesday + 8 * 3600));
  expect(total(saturday) / total(wednesday)).toBeCloseTo(0.6, 5);
  expect(total(saturday + DAY)).toBeCloseTo(total(saturday), 5);
  expect(total(saturday + 2 * DAY)).toBeCloseTo(total(wednesday), 5);
});

test('minutes without logs add no activity, and the whole is one', () => {
  const outage = Uint8Array.from([0, 1, 0]);
  const cumulative = cumulativeActivity(wednesday, 180, outage, new Random('1', 'activity'));
  expect(cumulative[119]).toBe(cumulative[59]);
  expect(cumulative[179]).toBe(1);
});

test('the same seed and label give the same numbers; another label gives others', () => {
  const draw = (seed: string, label: string): number[] => {
    const random = new Random(seed, label);
    return Array.from({ length: 8 }, () => random.below(1000));
  };
  expect(draw('1', 'a')).toEqual(draw('1', 'a'));
  expect(draw('1', 'a')).not.toEqual(draw('1', 'b'));
  expect(draw('1', 'a')).not.toEqual(draw('2', 'a'));
  // Pinned: a change of the generator would change every simulation.
  expect(draw('1', 'pinned')).toMatchInlineSnapshot(`
    [
      487,
      887,
      211,
      86,
      758,
      25,
      154,
      102,
    ]
  `);
});

test('popularity and sizes have heavy tails', () => {
  const random = new Random('1', 'tails');
  const zipf = new Zipf([...Array(1000).keys()], 1);
  const counts = new Map<number, number>();
  for (let i = 0; i < 20_000; i++) {
    const member = zipf.draw(random);
    counts.set(member, (counts.get(member) ?? 0) + 1);
  }
  expect((counts.get(0) ?? 0) / (counts.get(9) ?? 1)).toBeGreaterThan(7);
  expect(counts.size).toBeGreaterThan(800);
  const sizes = new HeavyTail(random, 1000, 1);
  const drawn = Array.from({ length: 5000 }, () => sizes.draw(random)).toSorted((a, b) => a - b);
  expect(drawn[2500]).toBeGreaterThan(800);
  expect(drawn[2500]).toBeLessThan(1250);
  expect(drawn.at(-1)).toBeGreaterThan(20_000);
});

test('two percent are rejected from 4.5 million flows a day on; below, the story keeps its rate and the share rises', () => {
  for (const flows of [4_500_000, 7_000_000, 20_000_000]) {
    expect(divide(flows, 24, 24, usualStory).rejects / flows).toBeCloseTo(0.02, 3);
  }
  const demo = divide(750_000, 24, 24, usualStory);
  expect(demo.rejects / 750_000).toBeGreaterThan(0.09);
  expect(() => divide(80_000, 24, 24, usualStory)).toThrow(/at least \d+ flows/);
});

test('the inventory names every interface, and the target is known by its public address', () => {
  const world = buildWorld('1');
  const inventory = buildInventory('1', world, wednesday);
  const interfaces = inventory['network-interfaces.json'].NetworkInterfaces;
  expect(interfaces.length).toBe(world.interfaces.length);
  expect(interfaces[world.target]).toMatchObject({
    NetworkInterfaceId: world.interfaces[world.target]?.id,
    PrivateIpAddress: world.interfaces[world.target]?.privateAddress,
    Association: { PublicIp: expect.stringMatching(/^54\.172\./) },
    Attachment: { AttachTime: new Date(targetLaunch(wednesday) * 1000).toISOString().replace('.000', '') },
  });
  const text = JSON.stringify(inventory);
  for (const hint of [
    'ELB app/',
    'ELB net/',
    'AWS Lambda VPC ENI-',
    'Interface for NAT Gateway nat-',
    'VPC Endpoint Interface vpce-',
    'RDSNetworkInterface',
  ]) {
    expect(text).toContain(hint);
  }
  expect(text).toContain('{"Key":"Name","Value":"metrics-collector-3"}');
  const ids = new Set(world.interfaces.map((one) => one.privateAddress));
  expect(ids.size).toBe(world.interfaces.length);
});

test('gaps keep away from both ends and from each other', () => {
  for (let seed = 0; seed < 50; seed++) {
    const world = buildWorld(String(seed));
    const timeline = buildTimeline(String(seed), world, wednesday, 168);
    const lost = [...timeline.outage.keys()].filter((hour) => timeline.outage[hour] === 1);
    expect(lost.length).toBeGreaterThan(0);
    expect(Math.min(...lost)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...lost)).toBeLessThan(166);
    for (const skip of timeline.skips) {
      expect(skip.to).toBeGreaterThan(skip.from);
      expect(timeline.outage[Math.floor(skip.from / 60)]).toBe(0);
    }
  }
});
