import { describe, expect } from 'vitest';
import type { Finding } from '../../src/model/knocks/knocks.ts';
import type { LocalService } from '../../src/service/local-service.ts';
import { share } from '../support/suite.ts';
import { test, testInBoth } from '../support/in-both-suites.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { emptyEvidence, every, type Flow, withFindings, withFlows } from './made-flows.ts';

const folder = useTempFolder();
const HOURS = 72;
const hour = (of: number): number => of * 3600;

/** Application hosts that ask one database, and a bastion that reaches two machines, all the time. */
const usual = every(1800, HOURS, (at) => [
  { at, from: '10.0.0.1', to: '10.0.0.9', dport: 5432 },
  { at, from: '10.0.0.2', to: '10.0.0.9', dport: 5432 },
  { at, from: '10.0.0.3', to: '10.0.0.1', dport: 22 },
  { at, from: '10.0.0.3', to: '10.0.0.2', dport: 22 },
]);

/** Both ends log it. */
const reach = (from: string, to: string, at: number, more: Partial<Flow> = {}): readonly Flow[] => [
  { at, from, to, dport: 445, ...more },
  { at, from, to, dport: 445, face: `eni-${to}`, ...more },
];

const sweep = (from: string, start: number, count: number, more: Partial<Flow> = {}): readonly Flow[] =>
  Array.from({ length: count }, (_, turn) => reach(from, `10.0.1.${turn}`, start + turn * 30, more)).flat();

function spreads(
  flows: readonly Flow[],
  use: (findings: readonly Finding[], service: LocalService) => Promise<void> | void,
): Promise<void> {
  return withFindings(folder.path, [...usual, ...flows], 'lateral_spread', use);
}

describe('a machine that begins to reach many others', () => {
  test('is found with when, whom, and what its past was, though everything let it in', async () => {
    await spreads(sweep('10.0.0.1', hour(40), 30), async (findings, service) => {
      expect(findings).toMatchObject([
        {
          id: expect.stringMatching(/^lateral_spread-[0-9a-f]{8}$/),
          sources: [{ address: '10.0.0.1', state: 'new' }],
          target_count: 30,
          ports: [445],
          counted: 'records',
          amounts: [
            { name: 'machines', value: 30 },
            { name: 'machines_before', value: 1 },
          ],
          first_seen: '2024-01-11T16:00:00Z',
          hourly: { measure: 'flows' },
        },
      ]);
      const [finding] = findings;
      expect(finding?.score).toBeGreaterThan(0.6);
      // Its usual question to the database within that hour as well: two of them, at its own interface alone.
      expect((await service.query(finding?.query)).rows).toEqual([[30 * 2 + 2, 31]]);
      expect(finding?.attempts).toBe(30 * 2 + 2);
      expect(finding?.hourly.attempts[40]).toBe(30 * 2 + 2);
      expect(await emptyEvidence(finding?.evidence ?? [], service)).toEqual([]);
    });
  });

  test('slowly, over hours, is found too', async () => {
    const slow = Array.from({ length: 8 }, (_, turn) => reach('10.0.0.2', `10.0.1.${turn}`, hour(30 + turn * 2), { dport: 22 })); // prettier-ignore
    await spreads(slow.flat(), (findings) =>
      expect(findings).toMatchObject([
        { id: expect.stringMatching(/^lateral_spread-[0-9a-f]{8}$/), target_count: 8, ports: [22] },
      ]),
    );
  });

  test.each([
    ['a scanner that always did', every(3600, HOURS, (at) => sweep('10.0.0.77', at, 12, { dport: 22 }))],
    [
      'a tool that did from the start, once a day',
      every(86_400, HOURS, (at) => sweep('10.0.0.77', at, 12, { dport: 5985 })),
    ],
  ])('%s is named once, and low', async (_, flows) => {
    await spreads(flows, async (findings, service) => {
      expect(findings).toMatchObject([
        { id: expect.stringMatching(/^lateral_spread-[0-9a-f]{8}$/), sources: [{ state: 'steady' }] },
      ]);
      expect(findings[0]?.score).toBeLessThan(0.25);
      expect(await emptyEvidence(findings[0]?.evidence ?? [], service)).toEqual([]);
    });
  });

  testInBoth.each(
    share(
      [
        ['four machines', sweep('10.0.0.1', hour(40), 4)],
        [
          'machines that all refuse it, which is a scan',
          sweep('10.0.0.1', hour(40), 30, { action: 'REJECT' }),
        ],
        ['a port by which nobody moves', sweep('10.0.0.1', hour(40), 30, { dport: 9100 })],
        [
          'machines outside',
          Array.from({ length: 30 }, (_, turn) => ({
            at: hour(40) + turn,
            from: '10.0.0.1',
            to: `198.51.100.${turn}`,
            dport: 22,
          })),
        ],
        [
          'replies to many',
          Array.from({ length: 30 }, (_, turn) => ({
            at: hour(40) + turn,
            from: '10.0.0.1',
            to: `10.0.1.${turn}`,
            sport: 22,
            dport: 50_000,
          })),
        ],
      ],
      2,
    ),
  )('%s: no finding', async (_, flows) => {
    await spreads(flows, (findings) => expect(findings).toEqual([]));
  });
});

test('machines that all refuse it, which its own interface logs as accepted, let nobody in: no finding', async () => {
  const refused = sweep('10.0.0.1', hour(40), 30, { action: 'REJECT' }).filter(
    ({ face }) => face !== undefined,
  );
  const sent = sweep('10.0.0.1', hour(40), 30).filter(({ face }) => face === undefined);
  expect([refused.length, sent.length]).toEqual([30, 30]);
  await spreads([...refused, ...sent], (findings) => expect(findings).toEqual([]));
});

test('whom it scanned in vain before, at whichever port, it reaches for the first time when they let it in', async () => {
  const scan = [...sweep('10.0.0.1', hour(20), 30, { action: 'REJECT' }), ...sweep('10.0.0.1', hour(20), 30)]
    .filter(({ face, action }) => (face === undefined) === (action !== 'REJECT')); // prettier-ignore
  const logins = sweep('10.0.0.1', hour(50), 12, { dport: 22 });
  await spreads([...scan, ...logins], (findings) =>
    expect(findings).toMatchObject([
      { target_count: 12, ports: [22], amounts: [{ value: 12 }, { name: 'machines_before', value: 1 }] },
    ]),
  );
});

test('scanners of ones own are hidden, which a note says', async () => {
  await withFlows(folder.path, [...usual, ...sweep('10.0.0.1', hour(40), 30)], async (service) => {
    const { findings, notes } = await service.knocks(null, { settings: { allowedScanners: ['10.0.0.1'] } });
    expect(findings).toEqual([]);
    expect(notes).toEqual(['1 finding hidden by the allow-list of scanners: lateral_spread of 10.0.0.1.']);
    // What was asked without is no answer to this, and the other way round.
    expect((await service.knocks(null)).findings).toHaveLength(1);
    await expect(service.knocks(null, { settings: { allowedScanners: ['bastion'] } })).rejects.toMatchObject({
      code: 'bad_query',
    });
  });
});

test('a bastion that always reached many, and some more later, is named low', async () => {
  const later = Array.from({ length: 6 }, (_, turn) => reach('10.0.0.3', `10.0.2.${turn}`, hour(50), { dport: 22 })); // prettier-ignore
  await spreads([...sweep('10.0.0.3', hour(1), 8, { dport: 22 }), ...later.flat()], (findings) => {
    expect(findings).toMatchObject([
      { id: expect.stringMatching(/^lateral_spread-[0-9a-f]{8}$/), target_count: 16 },
    ]);
    expect(findings[0]?.score).toBeLessThan(0.25);
  });
});
