import { describe, expect, test } from 'vitest';
import type { Candidate } from './combination-counts.ts';
import { usualGrowth } from './growth.ts';
import { orderByRemainder } from './order-by-remainder.ts';
import { type Limits, type Picked, pickCombinations } from './pick-combinations.ts';
import { Preference } from './preference.ts';
import { amountRatio, shareRatio } from './ratio.ts';
import { restatements } from './restatements.ts';

const names = ['srcaddr', 'dstaddr', 'dstport', 'subnet_id', 'protocol'];
const of = (values: readonly (readonly [number, number])[], selected: number, rest: number): Candidate => ({
  values: values.map(([dimension, key]) => ({ dimension, key })),
  selected,
  rest,
});
const totals = { selected: 10_000, rest: 10_000 };
const limits: Limits = {
  totals,
  scales: [1],
  countable: true,
  variation: null,
  isEarlier: false,
  days: 0,
  minSupport: 0.01,
  leastNew: null,
  minRatio: 1.5,
  broadRatio: 1.5,
  lessWeighs: 1,
  singularity: () => 1,
  names,
  plain: 5,
  preference: new Preference(names, () => 0.1),
};
const picked = (candidates: readonly Candidate[], changed: Partial<Limits> = {}): string[] =>
  pickCombinations(candidates, { ...limits, ...changed }).map(textOf);
const textOf = ({ values }: Pick<Picked, 'values'>): string =>
  values.map(({ dimension, key }) => `${names[dimension]} ${key}`).join(', ');

test('ratios and their bounds', () => {
  const { ratio, low, high } = shareRatio({ selected: 30, rest: 10 }, { selected: 40, rest: 100 });
  expect(ratio).toBeCloseTo(7.5, 12);
  const deviation = 1.96 * Math.sqrt(1 / 30.5 - 1 / 41 + 1 / 10.5 - 1 / 101);
  expect(Math.log(high / low)).toBeCloseTo(2 * deviation, 10);
  expect(shareRatio({ selected: 5, rest: 0 }, { selected: 40, rest: 100 }).ratio).toBeNull();
  expect(amountRatio({ selected: 5, rest: 20 }).ratio).toBe(0.25);
});

describe('combinations', () => {
  test('of what is gone are found as those of what is new', () => {
    expect(picked([of([[1, 7]], 0, 900), of([[1, 8]], 800, 0)])).toEqual(['dstaddr 7', 'dstaddr 8']);
  });

  test('too rare, too weak, or perhaps there by chance are left out', () => {
    expect(picked([of([[0, 1]], 99, 0)])).toEqual([]);
    expect(picked([of([[0, 1]], 1400, 1000)])).toEqual([]);
    expect(picked([of([[0, 1]], 30, 17)], { minSupport: 0.001 })).toEqual([]);
  });

  test('that hold for all of a part stand for it, if they tell better which flows these are', () => {
    const both = of([[0, 1], [2, 443]], 880, 20); // prettier-ignore
    expect(picked([of([[0, 1]], 900, 20), of([[2, 443]], 4000, 3500), both])).toEqual(['srcaddr 1, dstport 443']); // prettier-ignore
    // A protocol beside an address says nothing.
    const tcp = of([[0, 1], [4, 6]], 900, 20); // prettier-ignore
    expect(picked([of([[0, 1]], 900, 20), of([[4, 6]], 9000, 9000), tcp])).toEqual(['srcaddr 1']);
  });

  test('a dozen flows are no chance where none is expected', () => {
    const small = { minSupport: 0.001 };
    expect(picked([of([[0, 1]], 12, 0)], small)).toEqual(['srcaddr 1']);
    expect(picked([of([[0, 1]], 30, 18)], small)).toEqual([]);
  });

  test('a dozen flows of what is nearly new are told, however few they are of all', () => {
    const rare = [of([[0, 1]], 12, 0), of([[0, 2]], 11, 0), of([[0, 3]], 40, 3)];
    expect(picked(rare)).toEqual([]);
    expect(picked(rare, { leastNew: 12 })).toEqual(['srcaddr 1']);
  });

  test('a protocol that one machine alone speaks is listed by the machine', () => {
    const [from, to] = [of([[0, 1], [4, 1]], 350, 0), of([[1, 1], [4, 1]], 350, 0)]; // prettier-ignore
    const list = pickCombinations([of([[4, 1]], 700, 0), from, to], {
      ...limits,
      preference: new Preference(names, () => 0),
    });
    expect(list).toHaveLength(3);
    const place = (one: Candidate): number => list.findIndex((other) => textOf(other) === textOf(one));
    const isReply = (one: Picked, other: Picked): boolean => textOf(one) !== textOf(other) && one.values.length === 2 && other.values.length === 2; // prettier-ignore
    const all = of([[4, 1]], 700, 0);
    const rows = [from, to].map((one) => ({
      of: [place(all), place(one)],
      selected: 350,
      rest: 0,
      silent: 0,
      slices: [],
    }));
    expect(orderByRemainder(list, rows, isReply, 50, limits).map(textOf)).toEqual([
      'srcaddr 1, protocol 1',
      'dstaddr 1, protocol 1',
    ]);
  });

  test('that differ no more than the rest of a part are not listed beside it', () => {
    const one = of([[2, 443], [3, 4]], 0, 400); // prettier-ignore
    expect(picked([of([[3, 4]], 0, 1000), of([[2, 443]], 2000, 2500), one])).toEqual(['subnet_id 4']);
  });

  test('that make the whole difference of a part stand for it', () => {
    // A link that ended, of two machines that are there.
    const link = of([[0, 1], [1, 2]], 0, 600); // prettier-ignore
    expect(picked([of([[0, 1]], 500, 1100), of([[1, 2]], 700, 1300), link])).toEqual([
      'srcaddr 1, dstaddr 2',
    ]);
  });

  test('are kept beside a part of the same flows that hardly differs', () => {
    // A port that was let in and is refused: as many flows as before, of which those that were accepted are gone.
    const door = of([[1, 2], [2, 22]], 590, 600); // prettier-ignore
    const accepted = of([[1, 2], [2, 22], [5, 1]], 0, 590); // prettier-ignore
    const preference = new Preference([...names, 'action'], ([value]) =>
      value?.dimension === 5 ? 0.9 : 0.1,
    );
    expect(
      pickCombinations([door, accepted], { ...limits, plain: 6, preference }).map(
        ({ values }) => values.length,
      ),
    ).toEqual([3]);
  });

  test('that are a large part of everything need not be so many times as much', () => {
    const subnet = of([[3, 4]], 3900, 3000); // prettier-ignore
    expect(picked([subnet])).toEqual([]);
    expect(picked([subnet], { broadRatio: 1.2 })).toEqual(['subnet_id 4']);
    // 250 of 10,000 are less than 3 %.
    expect(picked([of([[3, 4]], 1250, 1000)], { broadRatio: 1.2 })).toEqual([]);
  });

  test('that are gone say nothing beside what is nearly gone with them', () => {
    const client = of([[0, 1], [1, 2]], 0, 480); // prettier-ignore
    expect(picked([of([[0, 1]], 10, 934), of([[1, 2]], 900, 1300), client])).toEqual(['srcaddr 1']);
  });

  test('that are most of a wider one, and describe it far better, are kept beside it', () => {
    // Of three records of a connection through a NAT gateway two name the source.
    const machine = of([[0, 1], [2, 3333]], 200, 0); // prettier-ignore
    expect(picked([of([[2, 3333]], 300, 0), of([[0, 1]], 900, 700), machine])).toContain('srcaddr 1, dstport 3333'); // prettier-ignore
  });

  test('must differ from both expectations, in the same direction', () => {
    expect(picked([of([[0, 1]], 1000, 1000)], { scales: [1, 0.4] })).toEqual([]);
    expect(picked([of([[0, 1]], 0, 1000)], { scales: [1, 0.4] })).toEqual(['srcaddr 1']);
  });

  test('what remains of each beside those before it decides the order', () => {
    const list = pickCombinations([of([[0, 1]], 900, 0), of([[1, 2]], 800, 0), of([[1, 3]], 300, 0)], limits);
    const rows = [
      { of: [0, 1], selected: 750, rest: 0, silent: 0, slices: [] },
      { of: [0], selected: 150, rest: 0, silent: 0, slices: [] },
      { of: [1], selected: 50, rest: 0, silent: 0, slices: [] },
      { of: [2], selected: 300, rest: 0, silent: 0, slices: [] },
    ];
    expect(orderByRemainder(list, rows, () => false, 50, limits).map(textOf)).toEqual([
      'srcaddr 1',
      'dstaddr 3',
      // Inside the first: a detail of it.
      'dstaddr 2',
    ]);
  });

  const isReply = (one: Picked, other: Picked): boolean =>
    one.values[0]?.dimension === 1 && other.values[0]?.dimension === 0;

  test('an interface that is silent is listed itself, where its address is still seen at others', () => {
    const place = new Preference(['srcaddr', 'dstaddr', 'dstport', 'interface_id'], () => 0.1);
    const silent = { ...limits, preference: place };
    const list = pickCombinations(
      [of([[3, 9]], 0, 1000), of([[1, 2]], 500, 1010), of([[0, 2]], 500, 990)],
      silent,
    );
    const rows = [
      { of: [0, 1], selected: 0, rest: 510, silent: 510, slices: [] },
      { of: [0, 2], selected: 0, rest: 490, silent: 490, slices: [] },
      { of: [1], selected: 500, rest: 500, silent: 0, slices: [] },
      { of: [2], selected: 500, rest: 500, silent: 0, slices: [] },
    ];
    const [first, ...more] = orderByRemainder(list, rows, isReply, 50, silent);
    expect(first).toMatchObject({ values: [{ dimension: 3, key: 9 }], isUnlogged: true });
    expect(more).toEqual([]);
  });

  test('what is missing comes before the mere answers to what is new', () => {
    const one = { ...limits, lessWeighs: 0.1 };
    const list = pickCombinations([of([[0, 7]], 1000, 0), of([[1, 7]], 990, 0), of([[1, 8]], 0, 900)], one);
    const rows = [
      { of: [0], selected: 1000, rest: 0, silent: 0, slices: [] },
      { of: [1], selected: 990, rest: 0, silent: 0, slices: [] },
      { of: [2], selected: 0, rest: 900, silent: 0, slices: [] },
    ];
    expect(
      orderByRemainder(
        list,
        rows,
        (answer, asked) => answer.values[0]?.key === asked.values[0]?.key,
        50,
        one,
      ).map(textOf),
    ).toEqual(['srcaddr 7', 'dstaddr 8', 'dstaddr 7']);
  });

  test('requests that are refused now are no answers to those that are gone', () => {
    const list = pickCombinations([of([[0, 7]], 10, 1000), of([[1, 7]], 560, 0), of([[1, 8]], 100, 0)], limits);
    const rows = list.map(({ selected, rest }, i) => ({ of: [i], selected, rest, silent: 0, slices: [] }));
    const isOther = (one: Picked, other: Picked): boolean => one.values[0]?.key === other.values[0]?.key;
    expect(orderByRemainder(list, rows, isOther, 50, limits).map(textOf)).toEqual(['srcaddr 7', 'dstaddr 7', 'dstaddr 8']);
  }); // prettier-ignore

  test('the address in the packets says again what a record of a hop says', () => {
    const hops = new Preference(['srcaddr', 'dstaddr', 'dstport', 'pkt_dstaddr'], () => 0.1);
    const among = { ...limits, preference: hops };
    const list = pickCombinations(
      [of([[2, 443], [3, 9]], 900, 0), of([[1, 9], [2, 443]], 600, 0), of([[0, 5], [2, 443]], 300, 0)],
      among,
    ); // prettier-ignore
    const rows = [
      { of: [0, 1], selected: 600, rest: 0, silent: 0, slices: [] },
      { of: [0], selected: 300, rest: 0, silent: 0, slices: [] },
      { of: [2], selected: 300, rest: 0, silent: 0, slices: [] },
    ];
    expect(orderByRemainder(list, rows, () => false, 50, among).map(({ values }) => values.map(({ key }) => key))).toEqual([[443, 9], [5, 443]]); // prettier-ignore
  });

  test('a protocol that is new is no mere sort of traffic', () => {
    const rare = new Preference(names, ([each]) => (each?.key === 47 ? 0 : 0.3));
    const [tunnel, tcp] = [of([[4, 47]], 800, 0), of([[4, 6]], 800, 300)];
    expect([tunnel, tcp].map(({ values }) => rare.isSort(values))).toEqual([false, true]);
  });

  test('a source that makes most of what is at a port is listed instead of the port', () => {
    const list = pickCombinations(
      [of([[2, 23], [4, 6]], 1000, 0), of([[0, 1], [2, 23]], 800, 0)],
      limits,
    ); // prettier-ignore
    const rows = [
      { of: [0, 1], selected: 800, rest: 0, silent: 0, slices: [] },
      { of: [0], selected: 200, rest: 0, silent: 0, slices: [] },
    ];
    expect(orderByRemainder(list, rows, () => false, 50, limits).map(textOf)).toEqual(['srcaddr 1, dstport 23']); // prettier-ignore
    const even = [
      { of: [0, 1], selected: 600, rest: 0, silent: 0, slices: [] },
      { of: [0], selected: 400, rest: 0, silent: 0, slices: [] },
    ];
    const half = pickCombinations(
      [of([[2, 23], [4, 6]], 1000, 0), of([[0, 1], [2, 23]], 600, 0)],
      limits,
    ); // prettier-ignore
    expect(orderByRemainder(half, even, () => false, 50, limits).map(textOf)[0]).toBe(
      'dstport 23, protocol 6',
    );
  });

  test('a common port gives way to the new address that makes most of its difference, and that differs more than what is left', () => {
    // By bytes: what one machine sends to a new address, logged there and, under its own address, at a hop.
    const bytes = { ...limits, countable: false };
    const port = of([[2, 443]], 2470, 200);
    const source = of([[0, 5], [2, 443]], 1510, 8); // prettier-ignore
    const target = of([[1, 9], [2, 443]], 1500, 0); // prettier-ignore
    const list = pickCombinations([port, source, target], bytes);
    const places = (...some: readonly Candidate[]): number[] =>
      some.map((one) => list.findIndex(({ values }) => values === one.values));
    const rows = [
      { of: places(port, source, target), selected: 750, rest: 0, silent: 0, slices: [] },
      { of: places(port, target), selected: 750, rest: 0, silent: 0, slices: [] },
      { of: places(port, source), selected: 760, rest: 8, silent: 0, slices: [] },
      { of: places(port), selected: 210, rest: 192, silent: 0, slices: [] },
    ];
    expect(orderByRemainder(list, rows, () => false, 50, bytes).map(textOf)).toEqual([
      'dstaddr 9, dstport 443',
      'srcaddr 5, dstport 443',
    ]);
  });

  test('by bytes a large amount that doubles comes before a small one that is nearly gone, of flows after it', () => {
    const list = [of([[2, 9200]], 380, 190), of([[1, 9]], 6, 106)];
    const loose = { minSupport: 0.001 };
    expect(picked(list, { ...loose, countable: false })).toEqual(['dstport 9200', 'dstaddr 9']);
    expect(picked(list, loose)).toEqual(['dstaddr 9', 'dstport 9200']);
  });

  test('what is new comes before as much of what is many times as much', () => {
    for (const countable of [true, false])
      expect(picked([of([[0, 5]], 910, 9), of([[1, 9]], 900, 0)], { countable })).toEqual([
        'dstaddr 9',
        'srcaddr 5',
      ]);
  });

  test('what each of two places logged of flows that are listed is not listed beside them, unless it differs more', () => {
    const whole = of([[0, 5], [1, 14], [2, 22]], 300, 0); // prettier-ignore
    const halves = [of([[1, 14], [2, 22], [3, 1]], 150, 0), of([[0, 5], [2, 22], [3, 2]], 150, 0)]; // prettier-ignore
    const list: readonly Picked[] = [whole, ...halves].flatMap((one) => pickCombinations([one], limits));
    const rows = [1, 2].map((half) => ({ of: [0, half], selected: 150, rest: 0, silent: 0, slices: [] }));
    expect(orderByRemainder(list, rows, () => false, 50, limits).map(textOf)).toEqual([
      'srcaddr 5, dstaddr 14, dstport 22',
    ]);
    // A detail that names another end says more.
    const detail = of([[0, 5], [1, 14]], 150, 0); // prettier-ignore
    const port = of([[2, 22], [1, 14]], 300, 0); // prettier-ignore
    const named = [port, detail].flatMap((one) => pickCombinations([one], limits));
    expect(
      orderByRemainder(named, rows.map((row, i) => ({ ...row, of: i === 0 ? [0, 1] : [0] })), () => false, 50, limits).map(textOf),
    ).toEqual(['dstport 22, dstaddr 14', 'srcaddr 5, dstaddr 14']); // prettier-ignore
  });

  test('a subnet that is one machine’s traffic and its answers is listed as the machine', () => {
    const list = pickCombinations(
      [of([[3, 9]], 0, 1000), of([[1, 2]], 0, 510), of([[0, 2]], 0, 490)],
      limits,
    );
    const rows = [
      { of: [0, 1], selected: 0, rest: 510, silent: 0, slices: [] },
      { of: [0, 2], selected: 0, rest: 490, silent: 0, slices: [] },
    ];
    expect(
      orderByRemainder(list, rows, isReply, 50, limits).map(textOf),
    ).toEqual(['dstaddr 2', 'srcaddr 2']);
  }); // prettier-ignore
});

test('most things say how much there is usually: nothing that is new, or gone', () => {
  const list = [of([[0, 1]], 9000, 0), of([[0, 2]], 400, 800), of([[0, 3]], 500, 1000), of([[0, 4]], 0, 8000)]; // prettier-ignore
  expect(usualGrowth(list, totals)).toBe(0.5);
  expect(usualGrowth([], { selected: 30, rest: 10 })).toBe(3);
});

describe('restatements', () => {
  const dimensions = ['srcaddr', 'dstaddr', 'interface_id', 'subnet_id', 'protocol'];
  const restated = (asked: string, candidates: readonly Candidate[], isOfTimes = true): string[] => {
    const all = { selected: 1000, rest: 9000 };
    return [...restatements(new Set([asked]), dimensions, candidates, all, isOfTimes)].toSorted();
  };

  test('of an address that is compared with others: what those have at that end', () => {
    const others = [of([[0, 7]], 0, 900), of([[1, 8]], 0, 900)];
    expect(restated('srcaddr', others, false)).toHaveLength(1);
    expect(restated('srcaddr', others, true)).toEqual([]);
  });

  test('of an address: its interface and where that is, not those of its peers', () => {
    const all = [
      of([[0, 7]], 0, 900),
      of([[2, 1]], 1000, 900),
      of([[0, 7], [2, 1]], 0, 900),
      of([[3, 5]], 1000, 4000),
      of([[2, 1], [3, 5]], 1000, 900),
      of([[2, 4]], 300, 800),
      of([[3, 6]], 300, 800),
    ]; // prettier-ignore
    expect(restated('dstaddr', all)).toEqual(['2=1', '3=5']);
  });

  test('of an interface: its address, at both ends', () => {
    const all = [of([[0, 7]], 520, 100), of([[1, 7]], 480, 90), of([[1, 8]], 400, 0), of([[3, 5]], 1000, 4000)]; // prettier-ignore
    expect(restated('interface_id', all)).toEqual(['0=7', '1=7', '3=5']);
  });

  test('of a port: its protocol; of anything: what all flows have', () => {
    expect(restated('dstport', [of([[4, 17]], 1000, 500)])).toEqual(['4=17']);
    expect(restated('action', [of([[4, 17]], 1000, 500), of([[4, 6]], 960, 8900)])).toEqual(['4=6']);
  });
});
