import { describe, expect } from 'vitest';
import type { Finding, Knocks } from '../../src/model/knocks/knocks.ts';
import type { LocalService } from '../../src/service/local-service.ts';
import { share } from '../support/suite.ts';
import { test, testInBoth } from '../support/in-both-suites.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { emptyEvidence, every, type Flow, withFlows } from './made-flows.ts';

const folder = useTempFolder();
const HOURS = 48;
const C2 = '198.51.100.66';
const sport = (turn: number): number => 40_000 + (turn % 20_000);

/** A connection and its answer. */
const ask = (
  at: number,
  from: string,
  to: string,
  turn: number,
  more: Partial<Flow> = {},
): readonly Flow[] => [
  { at, from, to, sport: sport(turn), dport: 443, ...more },
  { at, from: to, to: from, sport: more.dport ?? 443, dport: more.sport ?? sport(turn), face: `eni-${from}`, protocol: more.protocol ?? 6 }, // prettier-ignore
];

/** Numbers from 0 to 1 that look like chance, the same every time. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

/** Eight machines that ask a hundred web servers at random times. */
const random = chance(7);
const usual = every(
  120,
  HOURS,
  (at, turn) =>
  ask(at + Math.floor(random() * 100), `10.0.0.${1 + Math.floor(random() * 8)}`, `203.0.113.${Math.floor(random() * 100)}`, turn), // prettier-ignore
);

function beacons(
  flows: readonly Flow[],
  use: (findings: readonly Finding[], knocks: Knocks, service: LocalService) => Promise<void> | void,
): Promise<void> {
  return withFlows(folder.path, [...usual, ...flows], async (service) => {
    const knocks = await service.knocks(null);
    await use(
      knocks.findings.filter(({ kind }) => kind === 'outbound_beacon'),
      knocks,
      service,
    );
  });
}

test('a timer that a rule ended is said to have ended, and the query shows what was rejected', async () => {
  const flows = every(300, HOURS, (at, turn) =>
    at < 30 * 3600
      ? ask(at + 150, '10.0.0.3', C2, turn)
      : [{ at: at + 150, from: '10.0.0.3', to: C2, sport: sport(turn), action: 'REJECT', packets: 1, bytes: 60 }],
  ); // prettier-ignore
  await beacons(flows, async ([finding], _, service) => {
    expect(finding?.summary).toMatch(
      /10\.0\.0\.3 began a connection .* until 11 January 2024 05:57 UTC, and no more since: it looked like a timer\.$/,
    );
    const rejected = finding?.evidence.find(({ text }) => text.includes('rejected'));
    expect((await service.query(rejected?.query)).rows).toEqual([[18 * 12]]);
  });
});

describe('a machine that connects outside by a timer', () => {
  testInBoth.each(
    share(
      [
        ['every five minutes', 300, 0],
        ['every five minutes, give or take 30 %', 300, 0.3],
        ['every 20 seconds', 20, 0.3],
        ['every 40 minutes', 2400, 0.1],
      ],
      2,
    ),
  )('%s is found', async (_, seconds, jitter) => {
    const shake = chance(3);
    const flows = every(seconds, HOURS, (at, turn) =>
      ask(Math.floor(at + seconds / 2 + (shake() - 0.5) * jitter * seconds), '10.0.0.3', C2, turn),
    );
    await beacons(flows, async (findings, __, service) => {
      expect(findings).toMatchObject([
        {
          id: expect.stringMatching(/^outbound_beacon-[0-9a-f]{8}$/),
          target: { address: C2, port: 443 },
          sources: [{ address: '10.0.0.3', attempts: flows.length / 2 }],
          attempts: flows.length / 2,
          counted: 'connections',
          hourly: { measure: 'attempts' },
        },
      ]);
      const [finding] = findings;
      const told = finding?.amounts[0]?.value ?? 0;
      expect(Math.abs(told - seconds)).toBeLessThan(0.05 * seconds + 1);
      expect(finding?.summary).toContain('it looks like a timer');
      expect((await service.query(finding?.query)).rows).toEqual([[flows.length / 2]]);
      expect(await emptyEvidence(finding?.evidence ?? [], service)).toEqual([]);
    });
  });

  test('together with another is one finding of two machines', async () => {
    const flows = every(600, HOURS, (at, turn) => [
      ...ask(at, '10.0.0.3', C2, turn),
      ...ask(at + 77, '10.0.0.4', C2, turn),
    ]);
    await beacons(flows, (findings) => expect(findings).toMatchObject([{ source_count: 2 }]));
  });

  testInBoth.each(
    share(
      [
        [
          'a connection that stays open, one record a window',
          every(60, HOURS, (at) => ask(at, '10.0.0.3', C2, 0, { lasts: 59 })),
        ],
        [
          'the time',
          every(300, HOURS, (at, turn) => ask(at, '10.0.0.3', C2, turn, { dport: 123, protocol: 17 })),
        ],
        ['names', every(30, HOURS, (at, turn) => ask(at, '10.0.0.3', C2, turn, { dport: 53, protocol: 17 }))],
        [
          'an agent of every machine',
          every(300, HOURS, (at, turn) =>
            [1, 2, 3, 4, 5, 6, 7, 8].flatMap((of) => ask(at + of, `10.0.0.${of}`, C2, turn)),
          ),
        ],
        ['what nobody answers', every(300, HOURS, (at, turn) => ask(at, '10.0.0.3', C2, turn).slice(0, 1))],
        [
          'a monitor outside that looks at a server of ours',
          every(60, HOURS, (at, turn) => [
            {
              at,
              from: C2,
              to: '10.0.0.3',
              sport: 20_000 + (turn % 5000),
              dport: 8080,
              face: 'eni-10.0.0.3',
            },
            { at, from: '10.0.0.3', to: C2, sport: 8080, dport: 20_000 + (turn % 5000) },
          ]),
        ],
        ['a few hours', every(300, 4, (at, turn) => ask(at, '10.0.0.3', C2, turn))],
        ['a machine inside', every(300, HOURS, (at, turn) => ask(at, '10.0.0.3', '10.0.0.4', turn))],
      ],
      2,
    ),
  )('%s: no finding', async (_, flows) => {
    await beacons(flows, (findings) => expect(findings).toEqual([]));
  });

  test('at random times as often: no finding', async () => {
    const times = chance(11);
    const flows = Array.from({ length: 576 }, (_, turn) => ask(Math.floor(times() * HOURS * 3600), '10.0.0.3', C2, turn)).flat(); // prettier-ignore
    await beacons(flows, (findings) => expect(findings).toEqual([]));
  });

  test('through a NAT gateway that logs too is found at the machine', async () => {
    const more = { 'pkt-srcaddr': '10.0.0.3', 'pkt-dstaddr': C2 };
    const flows = every(300, HOURS, (at, turn) => [
      ...ask(at, '10.0.0.3', C2, turn),
      { at, from: '10.0.0.3', to: '10.0.0.99', sport: sport(turn), face: 'eni-nat', more },
      ...ask(at, '10.0.0.99', C2, turn, { face: 'eni-nat' }),
    ]);
    await beacons(flows, (findings) =>
      expect(findings).toMatchObject([{ sources: [{ address: '10.0.0.3' }], source_count: 1 }]),
    );
  });

  test('through a NAT gateway is found at the machines, though no record says whose packets they are', async () => {
    const flows = every(300, HOURS, (at, turn) =>
      ['10.0.0.3', '10.0.0.4'].flatMap((machine, of) => {
        const port = { sport: sport(2 * turn + of) };
        return [
          ...ask(at + 90 * of, machine, C2, 2 * turn + of),
          { at: at + 90 * of, from: machine, to: '10.0.0.99', ...port, face: 'eni-nat' },
          ...ask(at + 90 * of, '10.0.0.99', C2, 2 * turn + of, { face: 'eni-nat' }),
        ];
      }),
    );
    await beacons(flows, (findings) => {
      expect(findings).toMatchObject([{ source_count: 2, attempts: (2 * HOURS * 3600) / 300 }]);
      expect(findings[0]?.sources.map(({ address }) => address).toSorted()).toEqual(['10.0.0.3', '10.0.0.4']);
    });
  });

  test('to more than a handful of addresses leaves a note of the others', async () => {
    const flows = every(600, HOURS, (at, turn) =>
      [1, 2, 3, 4, 5, 6, 7].flatMap((of) =>
        ask(at + of * 11, `10.0.0.${of < 4 ? 3 : 4}`, `198.51.100.${of}`, turn),
      ),
    );
    await beacons(flows, (findings, { notes }) => {
      expect(findings).toHaveLength(5);
      expect(notes.join('\n')).toContain('2 more destinations outside are asked as if by a timer');
    });
  });

  test('to many addresses is one that polls, which a note says', async () => {
    const flows = every(600, HOURS, (at, turn) =>
      Array.from({ length: 9 }, (_, of) => ask(at + of * 11, '10.0.0.3', `198.51.100.${of}`, turn)).flat(),
    );
    await beacons(flows, (findings, { notes }) => {
      expect(findings).toEqual([]);
      expect(notes.join('\n')).toContain('1 machine asks more than 5 destinations outside');
    });
  });
});
