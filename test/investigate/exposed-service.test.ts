import { describe, expect } from 'vitest';
import type { Finding } from '../../src/model/knocks/knocks.ts';
import { share } from '../support/suite.ts';
import { test, testInBoth } from '../support/in-both-suites.ts';
import { OURS, OUT, every, port, useHandMadeLogs, type Line } from './hand-made-logs.ts';

const { knocksOn, withService } = useHandMadeLogs();

const outsider = (turn: number): string => `203.0.113.${turn % 200}`;

/** A conversation with one of our ports; `back` bytes go back in as many packets, 0 for none. */
function talk(
  at: number,
  from: string,
  dport: number,
  turn: number,
  back: readonly [packets: number, bytes: number] = [10, 4000],
): readonly Line[] {
  const asked: Line = { at, from, to: OURS, sport: port(turn), dport, packets: 12, bytes: 2500, lasts: 5, action: 'ACCEPT' }; // prettier-ignore
  const [packets, bytes] = back;
  if (packets === 0) return [asked];
  return [
    asked,
    { at, from: OURS, to: from, sport: dport, dport: port(turn), packets, bytes, lasts: 5, action: 'ACCEPT' },
  ];
}

async function exposed(lines: readonly Line[], hours?: number): Promise<readonly Finding[]> {
  const { findings } = await knocksOn(lines, hours);
  return findings.filter(({ kind }) => kind === 'exposed_service');
}

describe('a service that is exposed', () => {
  test('a database that the internet reaches is one finding, with its sources and since when', async () => {
    const lines = every(600, (at, turn) => [
      ...talk(at, outsider(turn), 5432, turn),
      ...talk(at + 7, outsider(turn + 1), 6379, turn),
    ]);
    await withService(lines, async (service) => {
      const { findings } = await service.knocks(null);
      const found = findings.filter(({ kind }) => kind === 'exposed_service');
      expect(found).toMatchObject([
        {
          target: { address: OURS },
          ports: [5432, 6379],
          verdict: 'accepted',
          counted: 'records',
          attempts: lines.length / 2,
          source_count: 49,
        },
      ]);
      expect(found[0]?.summary).toContain('PostgreSQL (port 5432)');
      expect(found[0]?.summary).toContain('since the logs begin or longer');
      // Every query among the evidence shows something, and that of the finding what it counts.
      const { rows } = await service.query(found[0]?.query);
      expect(Number(rows[0]?.[0])).toBe(found[0]?.attempts);
      for (const { text, query } of found[0]?.evidence ?? [])
        if (query !== null)
          expect([text, (await service.query(query)).rows.length > 0]).toEqual([text, true]);
    });
  });

  test('that outsiders were rejected at before was opened, and says when', async () => {
    const [finding] = await exposed(
      every(300, (at, turn) =>
        at < 4 * 3600
          ? [{ at, from: outsider(turn), to: OURS, sport: port(turn), dport: 3389 }]
          : talk(at, outsider(turn), 3389, turn),
      ),
    );
    expect(finding?.summary).toContain('since 10 January 2024 04:00 UTC (rejected before)');
    expect(finding?.evidence.map(({ text }) => text)).toContain('Before that, outside sources were rejected here: 48 rejected flows.'); // prettier-ignore
  });

  test('that one partner reaches while others are rejected weighs less, and says so', async () => {
    const partner = every(300, (at, turn) => [
      ...talk(at, OUT, 22, turn),
      { at, from: outsider(turn), to: OURS, sport: port(turn), dport: 22 },
    ]);
    const everybody = every(300, (at, turn) => talk(at, outsider(turn), 22, turn));
    const [few] = await exposed(partner);
    const [many] = await exposed(everybody);
    expect(few?.source_count).toBe(1);
    expect(few?.score).toBeLessThan((many?.score ?? 0) / 2);
    expect(few?.summary).toContain('open to a few public addresses');
    expect(few?.next_step).toContain('should reach');
  });

  test('that a partner and for an hour somebody else reach is no port for a few, unless others are rejected', async () => {
    const partner = every(600, (at, turn) => talk(at, OUT, 22, turn), 48);
    const once = every(60, (at, turn) => talk(at + 3600, outsider(1), 22, turn), 2);
    const [alone] = await exposed(partner, 48);
    const [both] = await exposed([...partner, ...once], 48);
    expect(alone?.summary).toContain('open to a few public addresses');
    expect(both?.summary).toContain('is reached from the internet');
    expect(both?.score).toBeGreaterThan(alone?.score ?? 1);
  });

  test('was closed if nobody was rejected before it was last used, at that minute; and not if others always were', async () => {
    const until = 4 * 3600;
    const rejected = (at: number, turn: number): readonly Line[] => [
      { at: at + 3, from: outsider(turn), to: OURS, sport: port(turn), dport: 22 },
    ];
    const [closed] = await exposed(every(300, (at, turn) => (at < until ? talk(at, OUT, 22, turn) : rejected(at, turn)))); // prettier-ignore
    expect(closed?.summary).toContain('; last used 10 January 2024 03:55 UTC, rejected after that');
    const [seldom] = await exposed(every(300, (at, turn) => [...(at < until ? talk(at, OUT, 22, turn) : []), ...rejected(at, turn)])); // prettier-ignore
    expect(seldom?.summary).not.toContain('rejected after that');
  });

  test('was neither opened nor closed where others are rejected so seldom that chance explains why none was meanwhile', async () => {
    const rejected = every(2700, (at, turn) => [{ at, from: outsider(turn), to: OURS, sport: port(turn), dport: 22 }], 48); // prettier-ignore
    const visit = every(300, (at, turn) => talk(at + 86_400 + 600, OUT, 22, turn), 1).slice(0, 12);
    const [finding] = await exposed([...rejected, ...visit], 48);
    expect(finding?.summary).toBe(
      'SSH (port 22) of 10.0.0.5 is open to a few public addresses: 1 public source came and was answered, first seen 11 January 2024 00:10 UTC.',
    );
    expect(finding?.evidence.map(({ text }) => text)).toContainEqual(
      expect.stringContaining('may be chance'),
    );
    // One rejection of the same source shows it all the same.
    const again: Line = { at: 7200, from: OUT, to: OURS, sport: port(1), dport: 22 };
    const [opened] = await exposed([...rejected, again, ...visit], 48);
    expect(opened?.summary).toContain('since 11 January 2024 00:10 UTC (rejected before)');
    expect(opened?.summary).not.toContain('rejected after that');
  });

  test('a machine that accepts outside connections on hundreds of ports is reported once, answered or not', async () => {
    const ports = Array.from({ length: 400 }, (_, turn) => 1100 + turn * 7);
    const reset: readonly [number, number] = [1, 40];
    const lines = ports.flatMap((dport, turn) =>
      talk(3600 + turn, OUT, dport, turn, dport % 5 === 0 ? [3, 900] : reset),
    );
    const found = await exposed(lines);
    expect(found).toMatchObject([
      { target: { address: OURS, port: null }, verdict: 'accepted', source_count: 1 },
    ]);
    expect(found[0]?.ports).toHaveLength(400);
    expect(found[0]?.summary).toContain('at 400 TCP ports');
    expect(await exposed(ports.flatMap((dport, turn) => talk(3600 + turn, OUT, dport, turn, reset)))).toMatchObject([
      { verdict: 'unanswered' },
    ]); // prettier-ignore
  });
});

describe('no exposed service', () => {
  const cases: Readonly<Record<string, readonly Line[]>> = {
    'web, mail and names are for everybody': every(300, (at, turn) =>
      [80, 443, 25, 53].flatMap((dport) => talk(at + (dport % 60), outsider(turn), dport, turn)),
    ),
    'a port that only resets answer': every(300, (at, turn) => talk(at, outsider(turn), 3306, turn, [1, 40])),
    'a port that nothing answers': every(300, (at, turn) => talk(at, outsider(turn), 3306, turn, [0, 0])),
    'our own connections to the internet': every(60, (at, turn) => [
      { at, from: OURS, to: outsider(turn), sport: port(turn * 7), dport: 443, packets: 9, bytes: 900, action: 'ACCEPT' },
      { at, from: outsider(turn), to: OURS, sport: 443, dport: port(turn * 7), packets: 9, bytes: 9000, action: 'ACCEPT' },
    ]), // prettier-ignore
    'replies to a NAT gateway, which uses any port of its own': every(10, (at, turn) => [
      { at, from: OURS, to: outsider(turn), sport: 1024 + turn, dport: 443, packets: 9, bytes: 900, action: 'ACCEPT' },
      { at, from: outsider(turn), to: OURS, sport: 443, dport: 1024 + turn, packets: 9, bytes: 9000, action: 'ACCEPT' },
    ]), // prettier-ignore
    'replies of services at high ports to a NAT gateway': every(10, (at, turn) => [
      { at, from: OURS, to: outsider(turn), sport: 1024 + turn, dport: turn % 10 === 7 ? 50_000 + turn : 443, packets: 9, bytes: 900, action: 'ACCEPT' },
      { at, from: outsider(turn), to: OURS, sport: turn % 10 === 7 ? 50_000 + turn : 443, dport: 1024 + turn, packets: 9, bytes: 9000, action: 'ACCEPT' },
    ]), // prettier-ignore
    'a database that our own machines use': every(60, (at, turn) => talk(at, '10.0.0.77', 5432, turn)),
    'attempts that are rejected': every(60, (at, turn) => [{ at, from: outsider(turn), to: OURS, sport: port(turn), dport: 22 }]), // prettier-ignore
  };
  for (const [name, lines] of share(Object.entries(cases), 1)) {
    testInBoth(name, async () => {
      expect((await exposed(lines)).map(({ summary }) => summary)).toEqual([]);
    });
  }
});
