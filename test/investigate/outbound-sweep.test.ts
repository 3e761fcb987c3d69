import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/model/knocks/knocks.ts';
import type { LocalService } from '../../src/service/local-service.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { emptyEvidence, every, type Flow, withFindings } from './made-flows.ts';

const folder = useTempFolder();
const HOURS = 48;
const BEGIN = 30 * 3600;

/** A conversation that is answered, as both records of one interface. */
const answered = (flow: Flow, bytes = 40_000): readonly Flow[] => {
  const { at, from, to, sport = 40_000, dport = 443, protocol = 6 } = flow;
  const face = flow.face ?? `eni-${from}`;
  return [
    { ...flow, sport, dport, face, packets: 40, bytes },
    { at, from: to, to: from, sport: dport, dport: sport, protocol, face, packets: 40, bytes },
  ];
};

/** Machines that talk with a site outside, and one of them with many, each of which answers. */
const usual = every(1800, HOURS, (at, turn) => [
  ...['10.0.0.1', '10.0.0.2', '10.0.0.3'].flatMap((from) =>
    answered({ at, from, to: '203.0.113.1', sport: 40_000 + turn }),
  ),
  ...answered({ at, from: '10.0.0.3', to: `203.0.113.${turn % 200}`, sport: 41_000 + turn, dport: 25 }, 900),
]);

const target = (turn: number): string => `198.51.${turn >> 8}.${turn & 255}`;

/** Tries of one port at many addresses: one SYN, sent three times. */
function sweep(addresses: number, more: Partial<Flow> = {}, seconds = 2): readonly Flow[] {
  return Array.from({ length: addresses }, (_, turn) => ({
    at: BEGIN + turn * seconds,
    from: '10.0.0.1',
    to: target(turn),
    sport: 33_000 + turn,
    dport: 445,
    packets: 3,
    bytes: 180,
    ...more,
  }));
}

function scans(
  flows: readonly Flow[],
  use: (findings: readonly Finding[], service: LocalService) => Promise<void> | void,
): Promise<void> {
  return withFindings(folder.path, [...usual, ...flows], 'scan', use);
}

describe('a machine inside that the rules let out, and hardly anybody answers', () => {
  test('is found with what it tried, since when, and queries that show it', async () => {
    const some = [0, 1, 2, 3, 4].flatMap((turn) =>
      answered({ at: BEGIN + turn, from: '10.0.0.1', to: target(turn), sport: 33_000 + turn, dport: 445 }),
    );
    await scans([...sweep(900).slice(5), ...some], async (findings, service) => {
      expect(findings).toMatchObject([
        {
          verdict: 'unanswered',
          target: null,
          target_count: 900,
          ports: [445],
          attempts: 900,
          rejected_flows: 0,
          sources: [{ address: '10.0.0.1' }],
          first_seen: '2024-01-11T06:00:00Z',
          last_seen: '2024-01-11T06:59:59Z',
        },
      ]);
      const [finding] = findings;
      expect(finding?.summary).toBe(
        '10.0.0.1, inside your network, tried port 445 (likely smb) of 900 addresses outside within 60 minutes from 11 January 2024 06:00 UTC, and was let out; 5 of the 900 sent anything back.',
      );
      expect(finding?.score).toBeGreaterThan(0.6);
      expect((await service.query(finding?.query)).rows).toEqual([[900, 900]]);
      const back = finding?.evidence.find(({ text }) => text === 'What came back from port 445');
      expect((await service.query(back?.query)).rows).toEqual([[5, 5]]);
      expect(await emptyEvidence(finding?.evidence ?? [], service)).toEqual([]);
    });
  });

  test('by pings or by UDP where an answer is due, and of several ports', async () => {
    await scans(sweep(60, { protocol: 1, sport: 0, dport: 0, packets: 1, bytes: 64 }), (findings) =>
      expect(findings.map(({ summary }) => summary)).toEqual([
        expect.stringMatching(
          /tried 60 addresses outside by ICMP within .* none of the 60 sent anything back/,
        ),
      ]),
    );
    await scans(sweep(60, { protocol: 17, dport: 161, packets: 1, bytes: 70 }), (findings) =>
      expect(findings.map(({ ports }) => ports)).toEqual([[161]]),
    );
    await scans([...sweep(90, { dport: 23 }), ...sweep(70, { dport: 2323 })], (findings) =>
      expect(findings.map(({ ports, target_count: addresses }) => [ports, addresses])).toEqual([
        [[23, 2323], 90],
      ]),
    );
  });

  test('through a NAT gateway that logs too is found once, and the gateway is named', async () => {
    const behind = [
      ...sweep(300, { face: 'eni-nat' }),
      ...sweep(300, { from: '10.0.0.99', face: 'eni-nat' }),
      ...usual.map((flow) => ({ ...flow, from: flow.from === '10.0.0.3' ? '10.0.0.99' : flow.from, to: flow.to === '10.0.0.3' ? '10.0.0.99' : flow.to, face: 'eni-nat' })),
    ]; // prettier-ignore
    await scans([...sweep(300), ...behind], async (findings, service) => {
      expect(findings).toMatchObject([{ sources: [{ address: '10.0.0.1' }], attempts: 300 }]);
      expect((await service.query(findings[0]?.query)).rows).toEqual([[300, 300]]);
      const evidence = findings[0]?.evidence ?? [];
      expect(evidence.map(({ text }) => text).join('\n')).toContain('10.0.0.99 tried the same addresses');
      expect(await emptyEvidence(evidence, service)).toEqual([]);
    });
  });

  test('if some of it is rejected, is one finding that says both', async () => {
    await scans([...sweep(300), ...sweep(30, { dport: 22, action: 'REJECT' })], (findings) => {
      expect(findings).toMatchObject([{ verdict: 'rejected', rejected_flows: 30 }]);
      expect(findings[0]?.evidence[0]?.text).toMatch(/^10\.0\.0\.1, inside your network, tried port 445/);
    });
  });
});

describe('is no scan:', () => {
  test.each<[string, readonly Flow[]]>([
    ['fewer addresses than a scan tries', sweep(39)],
    ['a mail server of whose peers a third is dead', [
      ...Array.from({ length: 200 }, (_, turn) => answered({ at: BEGIN + turn, from: '10.0.0.2', to: `192.0.2.${turn}`, dport: 25, sport: 35_000 + turn })).flat(),
      ...sweep(100, { from: '10.0.0.2', dport: 25 }),
    ]],
    ['datagrams that nobody answers by design', sweep(300, { protocol: 17, dport: 8125 })],
    ['what a server sends to clients', sweep(300, { sport: 443, dport: 50_000, packets: 5, bytes: 300 })],
    ['answers to pings', sweep(300, { protocol: 1, sport: 0, dport: 0, packets: 1, bytes: 64 }).flatMap((flow) => [flow, { ...flow, from: flow.to, to: flow.from, face: `eni-${flow.from}` }])],
    ['inside', Array.from({ length: 300 }, (_, turn) => ({ at: BEGIN + turn, from: '10.0.0.1', to: `10.1.${turn >> 8}.${turn & 255}`, dport: 445, packets: 3, bytes: 180 }))],
    ['where the logs have nothing that comes in', sweep(300, { from: '10.0.0.77' })],
  ])('%s', async (_, flows) => {
    await scans(flows, (findings) => expect(findings).toEqual([]));
  }); // prettier-ignore
});
