import { describe, expect } from 'vitest';
import type { Finding } from '../../src/model/knocks/knocks.ts';
import { share } from '../support/suite.ts';
import { test, testInBoth } from '../support/in-both-suites.ts';
import { OURS, OUT, every, port, useHandMadeLogs, type Line } from './hand-made-logs.ts';

const { knocksOn, withService } = useHandMadeLogs();

const CHANGE = 20 * 3600;
const RANGE = 30;

/** A client of ours, or somebody outside, that asks by the clock and is answered, or rejected. */
function asks(
  at: number,
  turn: number,
  accepted: boolean,
  { from = '10.0.0.77', to = OURS, dport = 5432 } = {},
): readonly Line[] {
  if (!accepted) return [{ at, from, to, sport: port(turn), dport }];
  return [
    { at, from, to, sport: port(turn), dport, packets: 8, bytes: 1500, lasts: 2, action: 'ACCEPT' },
    { at, from: to, to: from, sport: dport, dport: port(turn), packets: 8, bytes: 4000, lasts: 2, action: 'ACCEPT' },
  ]; // prettier-ignore
}

async function changes(lines: readonly Line[]): Promise<readonly Finding[]> {
  const { findings } = await knocksOn(lines, RANGE);
  return findings.filter(({ kind }) => kind === 'rejected_after_change' || kind === 'newly_accepted');
}

const told = (found: readonly Finding[]): string =>
  found.flatMap(({ summary, evidence }) => [summary, ...evidence.map(({ text }) => text)]).join('\n');

describe('rejected after a change', () => {
  test('who was cut off, since when, and whether they still try', async () => {
    const lines = every(
      300,
      (at, turn) => [
        ...asks(at, turn, at < CHANGE),
        ...asks(at + 20, turn, at < CHANGE, { from: '10.0.0.78' }),
        // Somebody else is let in as before.
        ...asks(at + 40, turn, true, { from: '10.0.0.79' }),
      ],
      RANGE,
    );
    await withService(
      lines,
      async (service) => {
        const { findings } = await service.knocks(null);
        const found = findings.filter(({ kind }) => kind === 'rejected_after_change');
        expect(found).toMatchObject([
          {
            target: { address: OURS, port: 5432 },
            source_count: 2,
            attempts: 240,
            first_seen: '2024-01-10T20:00:00Z',
          },
        ]);
        expect(found[0]?.sources.map(({ address }) => address).toSorted()).toEqual(['10.0.0.77', '10.0.0.78']);
        expect(told(found)).toContain('are rejected there since 10 January 2024 20:00 UTC, and still try: 240 rejected flows.');
        expect(told(found)).toContain('1 source is accepted at the same port since');
        const { rows } = await service.query(found[0]?.query);
        expect(Number(rows[0]?.[0])).toBe(240);
        for (const { text, query } of found[0]?.evidence ?? [])
          if (query !== null) expect([text, (await service.query(query)).rows.length > 0]).toEqual([text, true]);
      },
      RANGE,
    ); // prettier-ignore
  });

  test('hours without logs between are said', async () => {
    const lines = every(300, (at, turn) => asks(at, turn, at < CHANGE), RANGE).filter(
      ({ at }) => at < CHANGE - 7200 || at >= CHANGE,
    );
    await withService(
      lines,
      async (service) => {
        const { findings } = await service.knocks(null);
        const found = findings.filter(({ kind }) => kind === 'rejected_after_change');
        expect(told(found)).toContain('between 10 January 2024 17:55 UTC and 10 January 2024 20:00 UTC');
        expect(told(found)).toContain('2 hours have no logs');
      },
      { hours: RANGE, without: [18, 19] },
    );
  });

  test('what is left of connections that a rule cut belongs to the change', async () => {
    const lines = every(300, (at, turn) => asks(at, turn, at < CHANGE), RANGE);
    const tails = [30, 90, 150].map((later) => ({ at: CHANGE - 300 + later, from: '10.0.0.77', to: OURS, sport: port((CHANGE - 300) / 300), dport: 5432 })); // prettier-ignore
    expect(await changes([...lines, ...tails])).toMatchObject([{ kind: 'rejected_after_change' }]);
  });
});

test('rejected flows that a change accounts for are not told again as others', async () => {
  // Too few hours for a finding about attempts: the change alone accounts for them.
  const late = (RANGE - 2) * 3600;
  const outside = { from: '203.0.113.20', dport: 443 };
  const inside = { from: '10.0.0.77', dport: 5432 };
  const lines = every(
    300,
    (at, turn) => [...asks(at, turn, at < late, outside), ...asks(at + 20, turn, at < late, inside)],
    RANGE,
  );
  const rejected = lines.filter(({ action }) => action !== 'ACCEPT').length;
  const { findings, rest, totals } = await knocksOn(lines, RANGE);
  expect(findings.map(({ kind }) => kind)).toEqual(['rejected_after_change']);
  expect(findings.map((one) => one.rejected_flows)).toEqual(findings.map(({ attempts }) => attempts));
  expect(rest).toEqual([]);
  expect(totals.rejected_flows).toBe(rejected);
  expect(findings.reduce((sum, one) => sum + one.rejected_flows, 0)).toBe(rejected);
});

describe('whose rules changed', () => {
  const client = '10.0.0.77';
  const atClient = (lines: readonly Line[]): readonly Line[] =>
    lines.map((line) => ({ ...line, face: 'eni-77' }));
  const cut = (more: Readonly<Record<string, unknown>>): readonly Line[] =>
    every(300, (at, turn) => asks(at, turn, at < CHANGE, more), RANGE);

  test('the rules of a machine that sends outside are its own; what others sent in then is another change', async () => {
    const found = await changes([
      ...atClient(cut({ to: OUT, dport: 443 })),
      ...cut({ from: '203.0.113.9', dport: 8080 }),
    ]);
    const [out, into] = [OUT, OURS].map((to) => found.find(({ target }) => target?.address === to));
    expect(found).toHaveLength(2);
    expect(out?.summary).toMatch(
      `${client}, accepted on the way to port 443 (likely https) of ${OUT} for 20 hours, is rejected at its own interface since`,
    );
    expect(out?.next_step).toMatch(/^Find which security group or network ACL of 10\.0\.0\.77 changed /);
    expect(out?.next_step).toMatch('CloudTrail: RevokeSecurityGroupEgress, ReplaceNetworkAclEntry');
    expect(out?.next_step).not.toMatch('Ingress');
    expect(into?.next_step).toMatch(/^Find which security group or network ACL of 10\.0\.0\.5 changed /);
    expect(into?.next_step).not.toMatch('Egress');
  });

  test.each([
    ['eni-1', 'at port 5432 (likely postgresql) of 10.0.0.5', 'rejected there', OURS, 'RevokeSecurityGroupIngress'],
    ['eni-77', 'on the way to port 5432 (likely postgresql) of 10.0.0.5', 'rejected at its own interface', client, 'RevokeSecurityGroupEgress'],
  ])('between two of ours they are those of the interface that rejects (%s)', async (face, where, how, whose, call) => {
    // Each interface has other flows too: its own address is in all of them.
    const [found, ...more] = await changes([
      ...cut({}).map((line) => ({ ...line, face: line.action === 'ACCEPT' ? (line.face ?? face) : face })),
      ...every(900, (at, turn) => asks(at + 7, turn, true, { from: '10.0.0.79' }), RANGE),
      ...atClient(every(900, (at, turn) => asks(at + 9, turn, true, { to: '10.0.0.6' }), RANGE)),
    ]); // prettier-ignore
    expect(more).toEqual([]);
    expect(found?.summary).toMatch(`${client}, accepted ${where}`);
    expect(found?.summary).toMatch(how);
    expect(found?.next_step).toMatch(`network ACL of ${whose} changed`);
    expect(found?.next_step).toMatch(`CloudTrail: ${call}, ReplaceNetworkAclEntry`);
  }); // prettier-ignore
});

describe('closed to all outside', () => {
  const visitor = (turn: number): string => `203.0.${113 + Math.floor(turn / 250)}.${1 + (turn % 250)}`;

  test('a port to which everybody comes once, and is rejected since: no service that died', async () => {
    const lines = every(
      300,
      (at, turn) => asks(at, turn, at < CHANGE, { from: visitor(turn), dport: 8443 }),
      RANGE,
    );
    const rejected = lines.filter(({ action }) => action !== 'ACCEPT').length;
    const { findings, rest } = await knocksOn(lines, RANGE);
    expect(findings).toMatchObject([
      {
        kind: 'rejected_after_change',
        target: { address: OURS, port: 8443 },
        source_count: rejected,
        attempts: rejected,
        rejected_flows: rejected,
      },
    ]);
    expect(rest).toEqual([]);
    expect(findings[0]?.summary).toMatch(
      /^Whoever comes from outside, accepted at port 8443 .* for 20 hours, is rejected there since 10 January 2024 20:00 UTC: 120 rejected flows of 120 sources, until the end\.$/,
    );
    expect(findings[0]?.next_step).toMatch('RevokeSecurityGroupIngress');
  });

  test('a client that goes while scanners are rejected there closes nothing', async () => {
    const found = await changes([
      ...every(300, (at, turn) => (at < CHANGE ? asks(at, turn, true, { from: OUT, dport: 8443 }) : []), RANGE),
      ...every(60, (at, turn) => (at < CHANGE ? [] : asks(at, turn, false, { from: visitor(turn), dport: 8443 })), RANGE),
    ]); // prettier-ignore
    expect(found.map(({ summary }) => summary)).toEqual([]);
  });
});

describe('newly accepted', () => {
  test('a port that rejected the internet and now answers it, whoever comes', async () => {
    const found = await changes(
      every(600, (at, turn) => asks(at, turn, at >= CHANGE, { from: `203.0.113.${turn % 250}`, dport: 9000 }), RANGE),
    ); // prettier-ignore
    expect(found).toMatchObject([
      { kind: 'newly_accepted', target: { address: OURS, port: 9000 }, verdict: 'accepted', source_count: 60, attempts: 60 },
    ]); // prettier-ignore
    expect(told(found)).toContain('accepts and answers outside sources since 10 January 2024 20:00 UTC');
  });

  test('a client of ours that was rejected, and works now', async () => {
    const found = await changes(every(300, (at, turn) => asks(at, turn, at >= CHANGE), RANGE));
    expect(found).toMatchObject([
      { kind: 'newly_accepted', target: { port: 5432 }, sources: [{ address: '10.0.0.77' }] },
    ]);
    expect(found[0]?.score).toBeLessThan(0.45);
  });
});

describe('no change of a rule', () => {
  const cases: Readonly<Record<string, readonly Line[]>> = {
    'sources that are treated differently all the time': every(300, (at, turn) => [
      ...asks(at, turn, true, { from: '203.0.113.1' }),
      ...asks(at, turn, false, { from: '203.0.113.2' }),
    ], RANGE),
    'late packets of connections that had ended, rejected now and then': every(300, (at, turn) => [
      ...asks(at, turn, true),
      ...(turn % 40 === 39 ? [{ at: at + 200, from: '10.0.0.77', to: OURS, sport: port(turn), dport: 5432, bytes: 40 }] : []),
    ], RANGE),
    'somebody who is let in and rejected by turns': every(300, (at, turn) => asks(at, turn, turn % 2 === 0), RANGE),
    'a scanner that tries every port once': every(300, (at, turn) => asks(at, turn, turn % 50 === 0, { from: OUT, dport: 1000 + turn }), RANGE),
    'accepted for an hour before only': every(300, (at, turn) => asks(at, turn, at < 3600), RANGE),
  }; // prettier-ignore
  for (const [name, lines] of share(Object.entries(cases), 1)) {
    testInBoth(name, async () => {
      expect((await changes(lines)).map(({ summary }) => summary)).toEqual([]);
    });
  }
});
