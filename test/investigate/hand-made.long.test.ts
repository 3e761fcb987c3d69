import { describe, expect, test } from 'vitest';
import { OURS, OUT, every, port, useHandMadeLogs } from './hand-made-logs.ts';

const { knocksOn, withService } = useHandMadeLogs();

describe('strangers', () => {
  test('that are busier than all others at a public address of ours are strangers all the same', async () => {
    const { findings } = await knocksOn([
      ...every(7, (at, turn) => [{ at, from: OUT, to: '131.1.1.5', sport: port(turn), dport: 8883 }]),
      ...every(600, (at, turn) => [
        { at, from: `203.0.113.${turn}`, to: '131.1.1.5', sport: port(turn), dport: 23 },
      ]),
    ]);
    expect(findings).toMatchObject([
      { kind: 'persistent_stranger', target: { address: '131.1.1.5' }, sources: [{ address: OUT }] },
    ]);
  });

  test.each([
    ['PT2H', 20, 599],
    ['PT2H30M', 330, 0],
  ])('are found in a range of %s: one every %i seconds, windows of %i', async (last, seconds, lasts) => {
    const lines = every(seconds, (at, turn) => [
      { at: lasts === 0 ? at : at - (at % 600), from: OUT, to: OURS, sport: port(turn), dport: 8080, lasts },
    ]);
    await withService(lines, async (service) => {
      const { findings } = await service.knocks({ last });
      expect(findings).toMatchObject([{ kind: 'persistent_stranger', sources: [{ address: OUT }] }]);
    });
  });

  test('that pause as long as they do at the end have not stopped', async () => {
    // At work from eight to six, and until one on the last day.
    const office = every(
      120,
      (at, turn) => [{ at, from: OUT, to: OURS, sport: port(turn), dport: 8883 }],
      72,
    ).filter(({ at }) => (at / 3600) % 24 >= 8 && (at / 3600) % 24 < 18 && at < 61 * 3600);
    const { findings } = await knocksOn(office, 72);
    expect(findings).toMatchObject([
      { kind: 'persistent_stranger', sources: [{ state: 'steady', interval_seconds: 120 }] },
    ]);
  });

  test('that come by a fast timer all the time are no attack, even where mailboxes are', async () => {
    const { findings } = await knocksOn(
      every(7, (at, turn) => [{ at, from: OUT, to: OURS, sport: port(turn), dport: 110 }]),
    );
    expect(findings).toMatchObject([{ kind: 'persistent_stranger', sources: [{ interval_seconds: 7 }] }]);
  });

  test('that pause for hours come as often as in the hours between', async () => {
    const { findings } = await knocksOn(
      every(60, (at, turn) => [{ at, from: OUT, to: OURS, sport: port(turn), dport: 8883 }]).filter(
        ({ at }) => Math.floor(at / 3600) % 4 < 2,
      ),
    );
    expect(findings).toMatchObject([{ attempts: 240, sources: [{ interval_seconds: 60 }] }]);
  });

  test('are found at our own public addresses, IPv6 ones included', async () => {
    const six = '2600:1f18::5';
    const { findings } = await knocksOn([
      ...every(120, (at, turn) => [{ at, from: '2001:db8::7', to: six, sport: port(turn), dport: 80 }]),
      ...every(60, (at, turn) => [
        { at, from: `2001:db8:${turn % 50}::1`, to: six, sport: port(turn), dport: 443, packets: 9, bytes: 4000, action: 'ACCEPT' as const }, // prettier-ignore
        { at, from: six, to: `2001:db8:${turn % 50}::1`, sport: 443, dport: port(turn), packets: 9, bytes: 9000, action: 'ACCEPT' as const }, // prettier-ignore
      ]),
    ]);
    expect(findings).toMatchObject([
      {
        kind: 'persistent_stranger',
        target: { address: six, port: 80 },
        sources: [{ address: '2001:db8::7' }],
      },
    ]);
  });
});

test('who guessed for a while at a public address of ours that is quiet else is found', async () => {
  const quiet = '131.1.1.7';
  const guesses = every(4, (at, turn) => [
    { at, from: OUT, to: quiet, sport: port(turn), dport: 22, packets: 12, bytes: 2000, lasts: 2, action: 'ACCEPT', face: 'eni-2' }, // prettier-ignore
    { at, from: quiet, to: OUT, sport: 22, dport: port(turn), packets: 11, bytes: 2500, lasts: 2, action: 'ACCEPT', face: 'eni-2' }, // prettier-ignore
  ]).filter(({ at }) => at < 3600);
  const noise = every(300, (at, turn) => [
    { at, from: `203.0.113.${turn % 200}`, to: quiet, sport: port(turn), dport: 23, face: 'eni-2' },
  ]).filter(({ at }) => at < 3600);
  const { findings } = await knocksOn([...guesses, ...noise]);
  expect(findings).toMatchObject([
    { kind: 'brute_force', target: { address: quiet } },
    { kind: 'exposed_service', target: { address: quiet } },
  ]);
});

test('a scanner that looks in at random about every hour, for weeks, at a network of one address', async () => {
  // Among hundreds of such hours some have three visits by chance.
  const visits = (hour: number): number => (hour % 12 === 5 ? 4 : hour % 3 === 0 ? 1 : 0);
  const lines = Array.from({ length: 14 * 24 }, (_, hour) =>
    Array.from({ length: visits(hour) }, (_, visit) => ({
      at: hour * 3600 + visit * 840,
      from: OUT,
      to: OURS,
      sport: port(hour * 4 + visit),
      dport: 8080,
    })),
  ).flat();
  expect((await knocksOn(lines, 14 * 24)).findings).toEqual([]);
});

test.each([
  ['outside', OUT, 9000],
  ['outside, at a high port,', OUT, 50_051],
  ['of ours', '10.0.0.77', 6432],
])('late replies of a service %s that is not well known make no scan', async (_, from, sport) => {
  const { findings } = await knocksOn(
    every(60, (at, turn) => [
      // What it answers was let out.
      { at, from: OURS, to: from, sport: port(turn * 13), dport: sport, packets: 4, bytes: 400, action: 'ACCEPT' as const }, // prettier-ignore
      {
        at,
        from,
        to: OURS,
        sport,
        dport: port(turn * 13),
        packets: 4,
        bytes: 900,
        action: 'ACCEPT' as const,
      },
      { at: at + 50, from, to: OURS, sport, dport: port(turn * 13), bytes: 52 },
    ]),
  );
  // Its regular requests are reported too.
  expect(findings.filter(({ kind }) => kind !== 'outbound_beacon')).toMatchObject([
    { kind: 'backscatter', attempts: 480, sources: [{ address: from }] },
  ]);
});
