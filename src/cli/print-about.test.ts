import { expect, test } from 'vitest';
import type { About, AboutSide } from '../model/about/about.ts';
import { formatAbout } from './print-about.ts';

const hostile = 'web\u001b[2J\u0007';
const none = { flows: 0, bytes: 0, rejected_flows: 0 };
const side: AboutSide = {
  totals: { flows: 12, bytes: 3400, rejected_flows: 2 },
  previous: none,
  query: {},
  lists: [
    {
      list: 'ports',
      query: { splits: [{ field: 'dstport' }] },
      rows: [
        {
          value: 443,
          protocol: 6,
          name: 'https',
          country: null,
          as_name: null,
          peers: 3,
          previous_flows: 0,
          parts: [
            { value: '10.0.0.9', protocol: null, name: hostile, flows: 7, rejected_flows: 0, query: {} },
            { value: '10.0.0.8', protocol: null, name: null, flows: 5, rejected_flows: 2, query: {} },
          ],
          more_parts: 1,
          query: {},
          flows: 12,
          bytes: 3400,
          rejected_flows: 2,
        },
      ],
      groups: 9,
      flows: 40,
    },
  ],
};
const about: About = {
  kind: 'address',
  value: '10.0.0.1',
  range: { from: '2018-06-20T00:00:00Z', to: '2018-06-20T03:00:00Z' },
  earlier: { from: '2018-06-13T00:00:00Z', to: '2018-06-13T03:00:00Z' },
  identity: {
    name: hostile,
    facts: { kind: 'private' },
    history: [
      {
        address: '10.0.0.1',
        from: null,
        to: null,
        interface: 'eni-1',
        name: hostile,
        service: 'instance',
        instance: 'i-1',
        public_address: null,
        vpc: null,
        subnet: null,
        zone: null,
        account: null,
        groups: [hostile],
        tags: { [hostile]: hostile },
        since: null,
      },
    ],
  },
  seen: { first: '2018-06-20T00:00:00Z', last: '2018-06-20T02:00:00Z', hours: 2, queries: [] },
  over_time: {
    bucket: 'PT1H',
    from: '2018-06-20T00:00:00Z',
    inbound: [{ flows: 12, bytes: 3400, rejected_flows: 2 }, null, none],
    outbound: null,
    partial: [],
    unknown_hours: 1,
  },
  inbound: side,
  outbound: null,
  changes: [
    {
      side: 'inbound',
      list: 'ports',
      what: 'new',
      value: 443,
      protocol: 6,
      name: hostile,
      flows: 12,
      previous_flows: 0,
      query: {},
    },
  ],
  more_changes: 0,
  notes: [hostile],
  stats: { ms: 1, queries: 5 },
};

test('prints hours without logs, and escapes text from logs', () => {
  const text = formatAbout(about, { findings: [], visits: [] });
  expect(text).toContain('█?·');
  expect(text).toContain('443/tcp  12  3.4 kB  2 rejected  3 peers  10.0.0.9, 10.0.0.8, 1 more  https');
  expect(text).toContain(
    'Seen in 2 hours: first in 2018-06-20 00:00–01:00, last in 2018-06-20 02:00–03:00 UTC.',
  );
  expect(text).toContain('… and 8 more');
  expect(text).toMatch(/new +in +port +443\/tcp +0 → 12/);
  expect(text).not.toContain('\u0007');
  expect(text).not.toContain('\u001b[2J');
});
