import { describe, expect } from 'vitest';
import type { Finding } from '../../src/model/knocks/knocks.ts';
import { share } from '../support/suite.ts';
import { test, testInBoth } from '../support/in-both-suites.ts';
import { HOURS, OURS, OUT, every, port, useHandMadeLogs, type Line } from './hand-made-logs.ts';

const { knocksOn, withService } = useHandMadeLogs();

/** A connection at a port for logging in, both ways. */
function session(
  at: number,
  turn: number,
  what: { from?: string; to?: string; dport?: number; sent?: number; back?: number; lasts?: number } = {},
): readonly Line[] {
  const { from = OUT, to = OURS, dport = 22, sent = 2100, back = 2700, lasts = 3 } = what;
  const packets = (bytes: number): number => Math.ceil(bytes / 180);
  return [
    { at, from, to, sport: port(turn), dport, packets: packets(sent), bytes: sent, lasts, action: 'ACCEPT' },
    { at, from: to, to: from, sport: dport, dport: port(turn), packets: packets(back), bytes: back, lasts, action: 'ACCEPT' },
  ]; // prettier-ignore
}

/** Guesses every ten seconds, from the second hour on, for as many seconds. */
const guesses = (seconds: number, what: Parameters<typeof session>[2] = {}): readonly Line[] =>
  every(10, (at, turn) => session(at, turn, what)).filter(({ at }) => at >= 3600 && at < 3600 + seconds);

const AFTER = 3600 + 2400;
/** A session of ten minutes in records of a minute, as a login that succeeded leaves. */
const heavy = (at: number, what: Parameters<typeof session>[2] = {}): readonly Line[] =>
  Array.from({ length: 10 }, (_, minute) =>
    session(at + minute * 60, 9999, { sent: 20_000, back: 90_000, lasts: 59, ...what }),
  ).flat();

async function succeeded(lines: readonly Line[], hours?: number): Promise<readonly Finding[]> {
  const { findings } = await knocksOn(lines, hours);
  return findings.filter(({ kind }) => kind === 'guessing_succeeded');
}

describe('guessing that succeeded', () => {
  test('is a session unlike the guesses before it: its time, its bytes, how long it took', async () => {
    await withService([...guesses(2400), ...heavy(AFTER)], async (service) => {
      const { findings } = await service.knocks(null);
      const found = findings.filter(({ kind }) => kind === 'guessing_succeeded');
      expect(found).toMatchObject([
        {
          target: { address: OURS, port: 22 },
          sources: [{ address: OUT, attempts: 241 }],
          attempts: 241,
          counted: 'connections',
          amounts: [{ value: 240 }, { value: 1_100_000 }, { value: 599 }],
        },
      ]);
      expect(found[0]?.summary).toContain('after 240 short connections');
      expect(found[0]?.summary).toContain('1.1 MB in 10 minutes');
      expect(found[0]?.summary).toContain('from 10 January 2024 01:40 UTC, and guessed no more');
      const { rows } = await service.query(found[0]?.query);
      const [during] = found[0]?.evidence ?? [];
      expect((await service.query({ ...found[0]?.query, measures: ['connections'] })).rows).toEqual([[241]]);
      expect(rows).toHaveLength(1);
      expect((await service.query(during?.query)).rows).toEqual([[10, 1120, 200_000]]);
    });
  });

  test('at another machine than the one it guessed at, and at another port', async () => {
    expect(
      await succeeded([...guesses(2400), ...heavy(AFTER, { to: '10.0.0.6', dport: 3389 })]),
    ).toMatchObject([{ target: { address: '10.0.0.6', port: 3389 } }]);
  });

  test('though many machines rejected it before', async () => {
    const sprayed = every(4, (at, turn) => [
      { at, from: OUT, to: `10.0.0.${20 + (turn % 30)}`, sport: port(turn), dport: 22 },
    ]).filter(({ at }) => at >= 3600 && at < 3600 + 2400);
    expect(await succeeded([...sprayed, ...heavy(AFTER)])).toMatchObject([{ target: { address: OURS } }]);
  });
});

describe('no guessing that succeeded', () => {
  const cases: Readonly<Record<string, readonly Line[]>> = {
    'guesses alone': guesses(7200),
    'a person who works by SSH': every(900, (at, turn) =>
      turn % 4 === 0 ? heavy(at) : session(at, turn, { sent: 3000 + 997 * (turn % 7), back: 6000 + 1777 * (turn % 5) }),
    ),
    'a monitor that logs in every twenty seconds, and a backup from the same host': [
      ...every(20, (at, turn) => session(at, turn)),
      ...heavy(4 * 3600),
    ],
    'git: many fetches, each of another size': every(12, (at, turn) =>
      session(at, turn, { sent: 2500 + 300 * (turn % 9), back: 3000 + ((turn * 7919) % 11_000) + (turn % 50 === 49 ? 900_000 : 0) }),
    ),
    'file transfers every hour: small files, then a large one': Array.from({ length: HOURS }, (_, hour) => [
      ...Array.from({ length: 40 }, (_each, turn) => session(hour * 3600 + turn * 5, hour * 100 + turn, { sent: 6000, back: 3500 })).flat(),
      ...session(hour * 3600 + 300, hour * 100 + 90, { sent: 4_000_000, back: 60_000, lasts: 50 }),
    ]).flat(),
    'Ansible from a machine of ours, at many machines': every(20, (at, turn) =>
      session(at, turn, { from: '10.0.0.77', to: `10.0.0.${20 + (turn % 40)}`, sent: turn % 9 === 8 ? 80_000 : 5000, back: 6000 }),
    ),
    'a client whose rule was missing at first': [
      ...every(30, (at, turn) => [{ at, from: OUT, to: OURS, sport: port(turn), dport: 22 }]).filter(({ at }) => at < AFTER - 60),
      ...heavy(AFTER),
    ],
    'our own sessions at servers outside': [
      ...guesses(2400, { from: OURS, to: OUT }),
      ...every(3600, (at) => heavy(at, { from: OURS, to: OUT })),
    ],
  }; // prettier-ignore
  for (const [name, lines] of share(Object.entries(cases), 1)) {
    testInBoth(name, async () => {
      expect((await succeeded(lines)).map(({ summary }) => summary)).toEqual([]);
    });
  }
});
