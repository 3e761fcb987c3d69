import { describe, expect } from 'vitest';
import type { Finding } from '../../src/model/knocks/knocks.ts';
import { share } from '../support/suite.ts';
import { test, testInBoth } from '../support/in-both-suites.ts';
import { OURS, OUT, every, port, useHandMadeLogs, type Line } from './hand-made-logs.ts';

const { withService } = useHandMadeLogs();

const RANGE = 60;
const END = 45 * 3600;

/** A conversation by the clock: both ways, as long as the server answers. */
function talk(
  at: number,
  turn: number,
  { from = '10.0.0.77', to = OURS, dport = 5432, answered = true, face = 'eni-1' } = {},
): readonly Line[] {
  return [
    { at, from, to, sport: port(turn), dport, packets: 8, bytes: 1500, lasts: 2, action: 'ACCEPT', face },
    ...(answered
      ? [{ at, from: to, to: from, sport: dport, dport: port(turn), packets: 8, bytes: 4000, lasts: 2, action: 'ACCEPT' as const, face }]
      : []),
  ]; // prettier-ignore
}

async function vanished(
  lines: readonly Line[],
  span: { readonly hours: number; readonly without: readonly number[] } = { hours: RANGE, without: [] },
): Promise<readonly Finding[]> {
  return withService(
    lines,
    async (service) => {
      const found = (await service.knocks(null)).findings.filter(({ kind }) => kind === 'vanished');
      for (const finding of found) {
        const { rows } = await service.query(finding.query);
        expect(Number(rows[0]?.[0])).toBe(finding.attempts);
      }
      return found;
    },
    span,
  );
}

const clients = ['10.0.0.71', '10.0.0.72', '203.0.113.9'];
const others = every(300, (at, turn) => talk(at, turn, { from: '10.0.0.50', to: '10.0.0.51', face: 'eni-2' }), RANGE); // prettier-ignore

describe('vanished', () => {
  test('an interface whose flow log ends, not what it alone had logged; what another still logs has not stopped', async () => {
    const atBoth = (at: number, turn: number): readonly Line[] =>
      ['eni-1', 'eni-3'].flatMap((face) => talk(at, turn, { from: '10.0.0.60', dport: 9000, face }));
    const stranger = (at: number, turn: number): Line => ({ at, from: OUT, to: OURS, sport: port(turn), dport: 8080, face: 'eni-1' }); // prettier-ignore
    const lines = [
      ...others,
      ...every(300, (at, turn) => [...clients.flatMap((from) => talk(at + 9, turn, { from, dport: 443 })), ...atBoth(at + 20, turn), stranger(at + 30, turn)], RANGE)
        .filter(({ at, face }) => face !== 'eni-1' || at < END),
      // Elsewhere it goes on without a pause.
      ...every(300, (at, turn) => talk(at + 40, turn, { from: '10.0.0.60', to: '10.0.0.61', face: 'eni-3' }), RANGE),
    ]; // prettier-ignore
    await withService(
      lines,
      async (service) => {
        const { findings } = await service.knocks(null);
        const found = findings.filter(({ kind }) => kind === 'vanished');
        expect(found.map(({ summary }) => summary.slice(0, 50))).toEqual([
          'Interface eni-1 of 10.0.0.5 has no records any mor',
        ]);
        expect(found[0]?.next_step).toMatch(/^Check the flow log of eni-1 .*other interfaces still log what 10\.0\.0\.5 sends/);
        const stopped = findings.find(({ kind }) => kind === 'stopped_stranger');
        expect(stopped?.next_step).toMatch(/^Find out first why eni-1 has no records any more/);
      },
      RANGE,
    ); // prettier-ignore
  });

  test('a machine is reported once, with its links and the peers that only talked to it', async () => {
    const found = await vanished([
      ...others,
      ...every(300, (at, turn) => clients.flatMap((from) => talk(at + 9, turn, { from })), RANGE).filter(({ at }) => at < END),
    ]); // prettier-ignore
    expect(found).toMatchObject([
      {
        target: { address: OURS, interface_id: 'eni-1' },
        source_count: 3,
        last_seen: '2024-01-11T20:59:59Z',
      },
    ]);
    expect(found[0]?.id).toMatch(/^vanished-[0-9a-f]{8}$/);
    expect(found[0]?.summary).toContain('and its interface eni-1 have no records any more');
    expect(found[0]?.summary).toContain('after the hour that began 11 January 2024 20:00 UTC');
  });

  test('hours without logs make nothing less steady', async () => {
    const without = [10, 11, 12, 23, 24];
    const link = every(300, (at, turn) => [...talk(at, turn), ...talk(at + 9, turn, { from: '203.0.113.9', to: '10.0.0.51', face: 'eni-2' })], RANGE)
      .filter(({ at }) => at < END); // prettier-ignore
    const found = await vanished(
      [...others, ...link].filter(({ at }) => !without.includes(Math.floor(at / 3600))),
      { hours: RANGE, without },
    );
    // A machine, and a source outside at a machine that goes on.
    expect(found.map(({ last_seen }) => last_seen)).toEqual(['2024-01-11T20:59:59Z', '2024-01-11T20:59:59Z']);
  });

  test('a service that answers no more, though its machine sends and clients try', async () => {
    const found = await vanished([
      ...others,
      ...every(300, (at, turn) => clients.flatMap((from) => [
        ...talk(at + 9, turn, { from, answered: at < END }),
        ...talk(at + 11, turn, { from, dport: 443 }),
      ]), RANGE),
    ]); // prettier-ignore
    expect(found).toMatchObject([{ target: { address: OURS, port: 5432 } }]);
    expect(found[0]?.summary).toContain('does not answer any more');
  });

  test('a source outside, and a link between two that go on', async () => {
    const found = await vanished([
      ...others,
      ...every(300, (at, turn) => [
        ...(at < END ? talk(at, turn, { from: OUT, dport: 443 }) : []),
        ...(at < END ? talk(at, turn, { from: '10.0.0.71', dport: 6379 }) : []),
        ...clients.flatMap((from) => [...talk(at + 5, turn, { from, dport: 443 }), ...talk(at + 9, turn, { from: '10.0.0.99', dport: 6379 })]),
      ], RANGE),
    ]); // prettier-ignore
    expect(found.map(({ sources, ports }) => [sources[0]?.address, ports]).toSorted()).toEqual([
      ['10.0.0.71', [6379]],
      [OUT, [443]],
    ]);
  });

  test("one long connection from a client's port below 32,768 is told once, not for its answers too", async () => {
    const connection = (from: string, client: number, at: number): readonly Line[] => [
      {
        at,
        from,
        to: OURS,
        sport: client,
        dport: 8883,
        packets: 8,
        bytes: 1500,
        lasts: 290,
        action: 'ACCEPT',
      },
      {
        at,
        from: OURS,
        to: from,
        sport: 8883,
        dport: client,
        packets: 8,
        bytes: 900,
        lasts: 290,
        action: 'ACCEPT',
      },
    ];
    const found = await vanished([
      ...others,
      ...every(300, (at) => [
        ...(at < END ? connection(OUT, 25_072, at) : []),
        ...['203.0.113.9', '203.0.113.10'].flatMap((from) => connection(from, 25_100, at)),
      ], RANGE),
    ]); // prettier-ignore
    expect(found.map(({ sources, ports }) => [sources[0]?.address, ports])).toEqual([[OUT, [8883]]]);
  });
});

describe('not vanished', () => {
  const cases: Readonly<Record<string, readonly Line[]>> = {
    'what goes on': others,
    'what was there for a few hours only': [
      ...others,
      ...every(300, (at, turn) => talk(at, turn), RANGE).filter(({ at }) => at < 10 * 3600),
    ],
    'what comes by day': [
      ...others,
      ...every(300, (at, turn) => talk(at, turn), RANGE).filter(({ at }) => (at / 3600) % 24 < 11),
    ],
    'what comes now and then': [
      ...others,
      ...every(7 * 3600, (at, turn) => talk(at, turn), RANGE).filter(({ at }) => at < END),
    ],
  }; // prettier-ignore
  for (const [name, lines] of share(Object.entries(cases), 1)) {
    testInBoth(name, async () => {
      expect((await vanished(lines)).map(({ summary }) => summary)).toEqual([]);
    });
  }

  test('what has no logs at the end', async () => {
    const lines = every(300, (at, turn) => talk(at, turn), RANGE).filter(({ at }) => at < END);
    const without = Array.from({ length: 14 }, (_, turn) => 45 + turn);
    expect(await vanished(lines, { hours: RANGE, without })).toEqual([]);
  });

  test('what works on weekdays, at the end of a week', async () => {
    // It begins on a Wednesday: from Friday evening on nothing comes, as nothing would on any other weekend.
    const hours = 5 * 24;
    const lines = every(300, (at, turn) => [...talk(at, turn), ...talk(at + 9, turn, { from: '10.0.0.50', to: '10.0.0.51', face: 'eni-2' })], hours)
      .filter(({ at, face }) => face === 'eni-2' || at < 66 * 3600); // prettier-ignore
    expect(await vanished(lines, { hours, without: [] })).toEqual([]);
  });
});
