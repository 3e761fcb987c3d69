import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/model/knocks/knocks.ts';
import type { LocalService } from '../../src/service/local-service.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { emptyEvidence, every, type Flow, withFindings, withFlows } from './made-flows.ts';

const folder = useTempFolder();
const DAYS = 7;
const MB = 1_000_000;
const GB = 1000 * MB;
const hour = (day: number, of: number): number => (day * 24 + of) * 3600;

/** Four machines that each send a little to the same address, hour by hour, for a week. */
const usual = every(1800, DAYS * 24, (at) =>
  ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'].map((from) => ({
    at,
    from,
    to: '203.0.113.1',
    bytes: MB,
  })),
);

function volumes(
  flows: readonly Flow[],
  use: (findings: readonly Finding[], service: LocalService) => Promise<void> | void,
): Promise<void> {
  return withFindings(folder.path, [...usual, ...flows], 'outbound_volume', use);
}

/** Five times 400 MB within one hour. */
const upload = (start: number, more: Partial<Flow> = {}): readonly Flow[] =>
  [0, 1, 2, 3, 4].map((turn) => ({
    at: start + turn * 600,
    from: '10.0.0.1',
    to: '198.51.100.7',
    bytes: 400 * MB,
    ...more,
  }));

describe('a machine that sends far more than it does', () => {
  test('is found once, with the bytes, to whom, and queries that show them', async () => {
    await volumes(upload(hour(4, 3)), async (findings, service) => {
      expect(findings).toMatchObject([
        {
          id: expect.stringMatching(/^outbound_volume-[0-9a-f]{8}$/),
          target: { address: '198.51.100.7', port: 443, likely_service: 'https' },
          sources: [{ address: '10.0.0.1' }],
          counted: 'records',
          first_seen: '2024-01-14T03:00:00Z',
          last_seen: '2024-01-14T03:59:59Z',
          hourly: { measure: 'bytes' },
        },
      ]);
      const [finding] = findings;
      const bytes = 2 * GB + 2 * MB;
      expect(finding?.amounts).toMatchObject([
        { name: 'bytes', value: bytes, unit: 'bytes' },
        { name: 'usual_bytes', value: 2 * MB },
      ]);
      expect(finding?.hourly.attempts[4 * 24 + 3]).toBe(bytes);
      expect(finding?.score).toBeGreaterThan(0.5);
      const { rows } = await service.query(finding?.query);
      expect(rows).toEqual([[bytes, finding?.attempts]]);
      expect(await emptyEvidence(finding?.evidence ?? [], service)).toEqual([]);
      expect(finding?.summary).toContain('sent 2.0 GB to the outside in 1 hour');
      expect(finding?.evidence.map(({ text }) => text).join('\n')).toContain(
        '2.0 GB went to addresses that no machine of yours had sent to before',
      );
    });
  });

  test('by night for weeks is a backup, and on one night more than a third over it no other', async () => {
    const nightly = Array.from({ length: DAYS }, (_, day) =>
      upload(hour(day, 2) + (day % 2) * 1800, { bytes: (day === 5 ? 600 : 400) * MB }),
    ).flat();
    await volumes(nightly, (findings) => expect(findings).toEqual([]));
  });

  test('at the same hour of two days of seven is found, since backups come every day', async () => {
    await volumes([...upload(hour(2, 3)), ...upload(hour(4, 3))], (findings) =>
      expect(findings).toMatchObject([{ amounts: [{ value: 4 * GB + 4 * MB }, {}] }]),
    );
  });

  test('when its peers do as well is not a finding', async () => {
    const all = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'].flatMap((from) =>
      upload(hour(4, 3), { from }),
    );
    await volumes(all, (findings) => expect(findings).toEqual([]));
  });

  test('in replies to many clients has a busy day; to one of them, somebody took much', async () => {
    const replies = (to: (turn: number) => string): readonly Flow[] =>
      Array.from({ length: 20 }, (_, turn) => ({
        at: hour(4, 3) + turn * 60,
        from: '10.0.0.1',
        to: to(turn),
        sport: 443,
        dport: 50_000 + turn,
        bytes: 100 * MB,
      }));
    await volumes(
      replies((turn) => `198.51.100.${turn}`),
      (findings) => expect(findings).toEqual([]),
    );
    await volumes(
      replies(() => '198.51.100.9'),
      async (findings, service) => {
        expect(findings).toMatchObject([
          {
            id: expect.stringMatching(/^outbound_volume-[0-9a-f]{8}$/),
            target: { address: '198.51.100.9', port: null },
          },
        ]);
        expect((await service.query(findings[0]?.query)).rows).toEqual([[2 * GB, 20]]);
      },
    );
  });

  test('through a NAT gateway that logs too is found once, and the gateway is named', async () => {
    const behind = [
      ...upload(hour(4, 3), { to: '10.0.0.99', face: 'eni-nat' }),
      ...upload(hour(4, 3), { from: '10.0.0.99', face: 'eni-nat' }),
      ...usual.map((flow) => ({ ...flow, from: '10.0.0.99', face: 'eni-nat' })),
    ];
    await volumes([...upload(hour(4, 3)), ...behind], async (findings, service) => {
      expect(findings).toMatchObject([{ sources: [{ address: '10.0.0.1' }], amounts: [{ value: 2 * GB + 2 * MB }, {}] }]); // prettier-ignore
      const evidence = findings[0]?.evidence ?? [];
      expect(evidence.map(({ text }) => text).join('\n')).toContain('10.0.0.99 logged as many bytes');
      expect(await emptyEvidence(evidence, service)).toEqual([]);
    });
  });

  test('inside the network, refused, or to a multicast group, sends nothing outside', async () => {
    await volumes(
      [
        ...upload(hour(4, 3), { to: '10.0.0.2' }),
        ...upload(hour(4, 3), { action: 'REJECT' }),
        ...upload(hour(4, 3), { to: '239.1.1.1' }),
      ],
      (findings) => expect(findings).toEqual([]),
    );
  });
});

test('one day of logs says that nobody can tell whether it comes every day', async () => {
  const day = usual.filter(({ at }) => at < 24 * 3600);
  await withFlows(folder.path, [...day, ...upload(hour(0, 20))], async (service) => {
    const { findings } = await service.knocks(null);
    const finding = findings.find(({ kind }) => kind === 'outbound_volume');
    expect(finding?.evidence.map(({ text }) => text).join('\n')).toContain('The logs hold no other day');
  });
});

test('too few hours say nothing', async () => {
  const hours = usual.filter(({ at }) => at < 8 * 3600);
  await withFlows(folder.path, [...hours, ...upload(hour(0, 5))], async (service) => {
    const { findings } = await service.knocks(null);
    expect(findings.filter(({ kind }) => kind === 'outbound_volume')).toEqual([]);
  });
});
