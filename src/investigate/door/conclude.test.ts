import { describe, expect, test } from 'vitest';
import type { Finding } from '../../model/knocks/knocks.ts';
import type { VisitWant } from '../../model/visits/visit-request.ts';
import { concludeFinding, concludePort, type OwnNames, type Visitor } from './conclude.ts';

const sources = Array.from({ length: 16 }, (_, i) => `198.51.100.${i + 1}`);

/** As much of a finding as a conclusion reads. */
const finding = {
  id: 'persistent-stranger-1',
  kind: 'persistent_stranger',
  source_count: 16,
  summary: '16 addresses keep trying port 80.',
  sources: sources.map((address) => ({ address, name: null, as_name: 'Example Net' })),
  target: { address: '10.0.1.7', port: 80 },
  query: { filter: [{ field: 'dstport', in: [80] }] },
} as unknown as Finding;

const metrics: VisitWant = {
  kind: 'http',
  host: 'metrics.old-tenant.example',
  request: 'POST /v1/ingest',
  agent: 'legacy-agent/0.9',
};
const inventory: OwnNames = { known: true, has: (host) => host === 'collector.ours.example' };
const noInventory: OwnNames = { known: false, has: () => false };

const visitor = (source: string, want: VisitWant): Visitor => ({
  source,
  target: '10.0.1.7',
  port: 80,
  protocol: 'tcp',
  wanting: 10,
  want,
  example: `0123456789abcdef-${source.split('.').at(-1) ?? ''}`,
});
const allBut = (last: VisitWant): readonly Visitor[] =>
  sources.map((source, at) => visitor(source, at === 15 ? last : metrics));
const crawler: VisitWant = { kind: 'http', host: '', request: 'GET /', agent: 'crawler' };

describe('a finding whose sources came', () => {
  test('is solved once more than half of them name one machine that is none of ours', () => {
    const told = concludeFinding(finding, 80, allBut(crawler), inventory);
    expect(told).toMatchObject({ state: 'solved', came: 16, host: 'metrics.old-tenant.example' });
    expect(told.summary).toMatch(
      /^15 of 16 strangers ask `POST \/v1\/ingest` of metrics\.old-tenant\.example with agent `legacy-agent\/0\.9`: .*former tenant/,
    );
    expect(told.evidence[0]).toMatchObject({
      text: '15 addresses did so in 150 visits.',
      visits: expect.arrayContaining(['0123456789abcdef-1']),
    });
    expect(told.evidence[1]).toMatchObject({
      text: '198.51.100.16 asks `GET /` without naming a host with agent `crawler`.',
      visits: ['0123456789abcdef-16'],
    });
    expect(told.evidence[2]?.text).toBe('Operators of their networks: Example Net (15 addresses).');
    expect(told.evidence.at(-1)?.query).toEqual(finding.query);
    expect(told.missing).toEqual(['1 of those that came wants something else: see the evidence.']);
  });

  test('that came to two addresses of the machine counts once', () => {
    const both = allBut(metrics).flatMap((one) => [one, { ...one, target: '10.0.1.8' }]);
    const told = concludeFinding(finding, 80, both, inventory);
    expect(told).toMatchObject({ state: 'solved', came: 16, missing: [] });
    expect(told.summary).toMatch(/^16 of 16 strangers /);
    expect(told.evidence[0]?.text).toBe('16 addresses did so in 320 visits.');
    expect(concludePort(both, inventory).summary).toMatch(/^16 of 16 addresses that came to port 80 /);
  });

  test.each([
    [
      'the name is one of ours',
      { ...metrics, host: 'collector.ours.example' },
      inventory,
      /a name of the inventory/,
    ],
    ['nobody can tell whose the name is', metrics, noInventory, /of metrics\.old-tenant\.example/],
    ['they use the address itself', { ...metrics, host: '54.172.0.1' }, inventory, /of 54\.172\.0\.1/],
    [
      'they use the name that EC2 gives the address',
      { ...metrics, host: 'ec2-54-172-0-1.compute-1.amazonaws.com' },
      inventory,
      /of ec2-/,
    ],
    ['they name nobody', { ...metrics, host: '' }, inventory, /without naming a host/],
    ['what they name is no name', { ...metrics, host: '<script>' }, inventory, /of <script>/],
    [
      'they say nothing',
      { kind: 'silent', host: '', request: '', agent: '' },
      inventory,
      /connect and say nothing/,
    ],
  ] as const)('stays open where %s', (_, want, own, summary) => {
    const told = concludeFinding(
      finding,
      80,
      sources.map((source) => visitor(source, want)),
      own,
    );
    expect(told.state).toBe('open');
    expect(told.summary).toMatch(summary);
    expect(told.summary).not.toMatch(/former tenant/);
    expect(told.missing.length + (own === inventory && want.host.includes('ours') ? 1 : 0)).toBeGreaterThan(
      0,
    );
  });

  test('stays open while too few of them came', () => {
    const told = concludeFinding(finding, 80, allBut(crawler).slice(0, 8), inventory);
    expect(told).toMatchObject({ state: 'open', came: 8 });
    expect(told.missing).toContain('8 of 16 strangers did not come yet.');
    const none = concludeFinding(finding, 80, [visitor('203.0.113.9', metrics)], inventory);
    expect(none).toMatchObject({ state: 'open', came: 0, host: '' });
    expect(none.summary).toBe('None of the 16 strangers came to port 80 while it was open.');
  });
});

test('of a port that no finding is about, it is said who came, and nothing is solved', () => {
  const told = concludePort([{ ...visitor('203.0.113.9', crawler), port: 8080 }], inventory);
  expect(told).toMatchObject({ finding: null, state: 'open', came: 1 });
  expect(told.summary).toMatch(/^The only address that came to port 8080 asks `GET \/`/);
});
