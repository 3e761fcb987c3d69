import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { parseInventory } from '../../src/enrich/inventory/parse-inventory.ts';
import type { Finding } from '../../src/model/knocks/knocks.ts';
import type { LocalService } from '../../src/service/local-service.ts';
import { useTempFolder } from '../support/temp-folder.ts';
import { emptyEvidence, every, type Flow, withFlows } from './made-flows.ts';

const folder = useTempFolder();
const HOURS = 73;
const GB = 1024 ** 3;
const X = '10.0.1.1';
const Y = '10.0.2.2';
const NAT = '10.0.0.9';
const OUT = '198.51.100.7';

type More = NonNullable<Flow['more']>;
const egress: More = {
  'flow-direction': 'egress',
  'traffic-path': 1,
  'az-id': 'use1-az1',
  region: 'us-east-1',
};
const ingress: More = { 'flow-direction': 'ingress', 'az-id': 'use1-az2', region: 'us-east-1' };

/** A flow of every hour; `bytes` are those of all hours. */
const hourly = (bytes: number, flow: Omit<Flow, 'at' | 'bytes'>): readonly Flow[] =>
  every(3600, HOURS, (at) => [{ ...flow, at, bytes: Math.round(bytes / HOURS) }]);

/** Both ends log it: the sender in zone 1, the receiver in zone 2. */
const acrossZones = (bytes: number): readonly Flow[] => [
  ...hourly(bytes, { from: X, to: Y, dport: 9092, more: egress }),
  ...hourly(bytes, { from: X, to: Y, dport: 9092, face: `eni-${Y}`, more: ingress }),
];

function costs(
  flows: readonly Flow[],
  use: (findings: readonly Finding[], service: LocalService) => Promise<void> | void,
): Promise<void> {
  return withFlows(folder.path, flows, async (service) => {
    const { findings } = await service.knocks(null);
    const found = findings.filter(({ kind }) => kind === 'cost');
    for (const { evidence } of found) expect(await emptyEvidence(evidence, service)).toEqual([]);
    await use(found, service);
  });
}

/** As findings of costs are named: by what is billed, the same in every run. */
const costId = (billed: string): string =>
  `cost-${createHash('sha256').update(`cost:${billed}\n\n`).digest('hex').slice(0, 8)}`;

const amount = (finding: Finding | undefined, name: string): number | undefined =>
  finding?.amounts.find((one) => one.name === name)?.value;

describe('what traffic costs', () => {
  test("the port named is that of most bytes, also where they are a server's answers", async () => {
    const answers = [
      ...hourly(100 * GB, { from: X, to: Y, sport: 5000, dport: 41_000, more: egress }),
      ...hourly(100 * GB, { from: X, to: Y, sport: 5000, dport: 41_000, face: `eni-${Y}`, more: ingress }),
    ];
    const asked = hourly(GB, { from: Y, to: X, sport: 41_000, dport: 5000, more: { ...egress, 'az-id': 'use1-az2' } }); // prettier-ignore
    const shell = hourly(GB / 20, { from: Y, to: X, sport: 42_000, dport: 22, more: egress });
    await costs([...answers, ...asked, ...shell], (findings) => {
      expect(findings[0]?.summary).toContain(`${X} → ${Y}, port 5000`);
    });
    // Whose answers they are is not known of hours; the port that was asked more may have answered less.
    const upload = hourly(2 * GB, { from: Y, to: X, sport: 42_000, dport: 22, more: egress });
    await costs([...answers, ...asked, ...upload], (findings) => {
      expect(findings[0]?.summary).toContain(`${X} → ${Y} (`);
    });
  });

  test('between zones is counted once, though both ends log it, and told by the month', async () => {
    const same = hourly(900 * GB, { from: X, to: '10.0.1.3', dport: 80, more: egress });
    const other = hourly(900 * GB, { from: X, to: '10.0.1.3', dport: 80, face: 'eni-10.0.1.3', more: { ...ingress, 'az-id': 'use1-az1' } }); // prettier-ignore
    await costs([...acrossZones(100 * GB), ...same, ...other], async (findings, service) => {
      expect(findings).toMatchObject([{ id: costId('zones'), ports: [9092], hourly: { measure: 'bytes' } }]);
      const [finding] = findings;
      const bytes = Math.round((100 * GB) / HOURS) * HOURS;
      expect(amount(finding, 'bytes')).toBe(bytes);
      // 73 hours are a tenth of a month: 1,000 GB at 0.02 $.
      expect(amount(finding, 'usd_a_month')).toBeCloseTo(20, 1);
      expect(finding?.hourly.attempts).toEqual(Array.from({ length: HOURS }, () => bytes / HOURS));
      // What shows it: each of the two interfaces has all of the pair's bytes.
      const shown = finding?.evidence.find(({ text }) => text.startsWith(`${X} → ${Y}, port 9092`));
      const { rows } = await service.query(shown?.query);
      expect(rows.map((row) => row[2])).toEqual([bytes, bytes]);
      expect(finding?.evidence.at(-1)?.text).toContain('73 known hours');
    });
  });

  test('through a NAT gateway is what it processed, once, with what free endpoints would save', async () => {
    const service = { 'pkt-dst-aws-service': 'S3' };
    const flows = [
      ...hourly(100 * GB, {
        from: X,
        to: OUT,
        more: { ...egress, ...service, 'pkt-srcaddr': X, 'pkt-dstaddr': OUT },
      }),
      ...hourly(100 * GB, {
        from: X,
        to: NAT,
        face: 'eni-nat',
        more: { ...ingress, ...service, 'pkt-srcaddr': X, 'pkt-dstaddr': OUT },
      }),
      ...hourly(100 * GB, {
        from: NAT,
        to: OUT,
        face: 'eni-nat',
        more: { ...egress, ...service, 'traffic-path': 8, 'pkt-srcaddr': NAT, 'pkt-dstaddr': OUT },
      }),
      ...hourly(50 * GB, {
        from: OUT,
        to: NAT,
        face: 'eni-nat',
        sport: 443,
        dport: 50_000,
        more: { ...ingress, 'pkt-srcaddr': OUT, 'pkt-dstaddr': NAT, 'pkt-src-aws-service': 'S3' },
      }),
      ...hourly(50 * GB, {
        from: NAT,
        to: X,
        face: 'eni-nat',
        sport: 443,
        dport: 50_000,
        more: { ...egress, 'pkt-srcaddr': OUT, 'pkt-dstaddr': X, 'pkt-src-aws-service': 'S3' },
      }),
    ];
    await costs(flows, (findings) => {
      const nat = findings.find(({ id }) => id === costId('nat'));
      expect((amount(nat, 'bytes') ?? 0) / GB).toBeCloseTo(150, 3);
      expect(amount(nat, 'usd_a_month')).toBeCloseTo(67.5, 1);
      expect((amount(nat, 'store_bytes') ?? 0) / GB).toBeCloseTo(150, 3);
      expect(amount(nat, 'saved_usd_a_month')).toBeCloseTo(67.5, 1);
      expect(nat?.next_step).toContain('gateway endpoints for S3 and DynamoDB');
      // What goes to S3 is not billed as traffic to the internet.
      expect(findings.map(({ id }) => id)).not.toContain(costId('internet'));
    });
  });

  test('to the internet is what leaves by a gateway; the first 100 GB of a month are free', async () => {
    const more = { ...egress, 'traffic-path': 8 };
    await costs(
      hourly(30 * GB, { from: X, to: OUT, sport: 443, dport: 50_000, more }),
      async (findings, service) => {
        expect(findings).toMatchObject([{ id: costId('internet'), sources: [{ address: X }] }]);
        expect(amount(findings[0], 'usd_a_month')).toBeCloseTo(18, 1);
        const { rows } = await service.query(findings[0]?.query);
        expect(rows).toEqual([[amount(findings[0], 'bytes'), HOURS]]);
      },
    );
    await costs(hourly(9 * GB, { from: X, to: OUT, more }), (findings) => expect(findings).toEqual([]));
  });

  test('hours have what is billed as the sum has it: neither what AWS takes for nothing nor what goes to a group', async () => {
    const paid = hourly(30 * GB, { from: X, to: OUT, more: { ...egress, 'traffic-path': 8 } });
    const free = hourly(60 * GB, {
      from: X,
      to: '203.0.113.5',
      more: { ...egress, 'traffic-path': 8, 'pkt-dst-aws-service': 'S3' },
    });
    const group = hourly(60 * GB, { from: X, to: '239.1.2.3', more: { ...egress, 'traffic-path': 8 } });
    const billed = Math.round((30 * GB) / HOURS);
    await costs([...paid, ...free, ...group], ([finding]) => {
      expect(finding?.id).toBe(costId('internet'));
      expect(amount(finding, 'bytes')).toBe(billed * HOURS);
      expect(finding?.hourly.attempts).toEqual(Array.from({ length: HOURS }, () => billed));
    });
  });

  test('bytes by the hour of a machine with two interfaces count what both log once, and what one logs too', async () => {
    const more = { ...egress, 'traffic-path': 8 };
    const toBoth = { from: X, to: OUT, more };
    await costs(
      [
        ...hourly(73 * GB, toBoth),
        ...hourly(73 * GB, { ...toBoth, face: 'eni-2' }),
        ...hourly(146 * GB, { ...toBoth, to: '198.51.100.8' }),
        ...hourly(219 * GB, { ...toBoth, to: '198.51.100.9', face: 'eni-2' }),
        // The only one of its hours.
        { ...toBoth, at: HOURS * 3600, bytes: 5 * GB },
      ],
      (findings) => {
        expect(findings).toHaveLength(1);
        const hours = findings[0]?.hourly.attempts ?? [];
        expect(hours.slice(0, HOURS)).toEqual(Array.from({ length: HOURS }, () => 6 * GB));
        expect(hours.slice(HOURS)).toEqual([5 * GB]);
      },
    );
  });

  test('to another region, and through a transit gateway', async () => {
    const transit = { 'tgw-id': 'tgw-1', 'tgw-attachment-id': 'tgw-attach-1' };
    await costs(
      [
        ...hourly(100 * GB, { from: X, to: '10.9.0.1', more: { ...egress, 'traffic-path': 5 } }),
        ...hourly(50 * GB, {
          from: Y,
          to: '10.8.0.1',
          face: '-',
          more: { ...transit, 'flow-direction': 'ingress' },
        }),
        ...hourly(50 * GB, {
          from: Y,
          to: '10.8.0.1',
          face: '-',
          more: { ...transit, 'flow-direction': 'egress' },
        }),
      ],
      (findings) => {
        const usd = findings.map((finding) => [finding.id, Math.round(amount(finding, 'usd_a_month') ?? 0)]);
        expect(Object.fromEntries(usd)).toEqual({ [costId('regions')]: 20, [costId('transit')]: 10 });
      },
    );
  });

  test('says of each machine when it was there, not when there are logs', async () => {
    const late = '10.0.1.7';
    const some = every(3600, 20, (at) => [{ from: late, to: OUT, at: at + 40 * 3600, bytes: 5 * GB }]);
    const all = hourly(100 * GB, { from: X, to: '198.51.100.8' });
    await costs([...all, ...some], (findings) => {
      expect(findings.map(({ id }) => id)).toEqual([costId('internet')]);
      const seen = Object.fromEntries((findings[0]?.sources ?? []).map(({ address, first_seen, last_seen, state }) => [address, [first_seen, last_seen, state]])); // prettier-ignore
      expect(seen).toEqual({
        [X]: ['2024-01-10T00:00:00Z', '2024-01-13T00:00:00Z', 'steady'],
        [late]: ['2024-01-11T16:00:00Z', '2024-01-12T11:59:59Z', 'passing'],
      });
    });
  });

  test('from version 2 alone is estimated as far as possible, and names the fields that would show more', async () => {
    await costs(
      [...hourly(30 * GB, { from: X, to: OUT }), ...hourly(900 * GB, { from: X, to: Y })],
      (findings) => {
        expect(findings.map(({ id }) => id)).toEqual([costId('internet')]);
        expect(findings[0]?.evidence.map(({ text }) => text).join('\n')).toContain('traffic-path would tell');
      },
    );
  });

  test('between zones by the inventory; what goes to a load balancer of applications is free', async () => {
    const face = (address: string, zone: string, more: object = {}): object => ({
      NetworkInterfaceId: `eni-${address}`,
      PrivateIpAddress: address,
      PrivateIpAddresses: [{ PrivateIpAddress: address, Primary: true }],
      AvailabilityZone: zone,
      ...more,
    });
    const balancer = '10.0.2.8';
    const flows = [
      ...hourly(100 * GB, { from: X, to: Y }),
      ...hourly(100 * GB, { from: X, to: Y, face: `eni-${Y}` }),
      ...hourly(300 * GB, { from: X, to: balancer }),
    ];
    await withFlows(folder.path, flows, async (service) => {
      const document = {
        NetworkInterfaces: [
          face(X, 'us-east-1a'),
          face(Y, 'us-east-1b'),
          face(balancer, 'us-east-1b', { Description: 'ELB app/shop/1234' }),
        ],
      };
      const { items } = parseInventory(document, 'hand-made');
      await service.addInventory({ at: null, items, ranges: null });
      const { findings } = await service.knocks(null);
      const found = findings.filter(({ kind }) => kind === 'cost');
      expect(found.map(({ id }) => id)).toEqual([costId('zones')]);
      expect(amount(found[0], 'usd_a_month')).toBeCloseTo(20, 1);
      expect(found[0]?.evidence.map(({ text }) => text).join('\n')).toContain(
        'az-id with flow-direction would tell',
      );
    });
  });

  test('by a table of prices of ones own', async () => {
    await withFlows(folder.path, acrossZones(100 * GB), async (service) => {
      const prices = { date: '2026-05', regions: { 'us-east-1': { zones_gb: 0.5 } } };
      const { findings } = await service.knocks(null, { settings: { prices } });
      expect(
        amount(
          findings.find(({ kind }) => kind === 'cost'),
          'usd_a_month',
        ),
      ).toBeCloseTo(500, 0);
      expect(findings.flatMap(({ evidence }) => evidence.map(({ text }) => text)).join('\n')).toContain(
        '2026-05',
      );
      await expect(service.knocks(null, { settings: { prices: {} } })).rejects.toMatchObject({
        code: 'usage',
      });
    });
  });
});
