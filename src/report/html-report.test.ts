import { expect, test } from 'vitest';
import type { Knocks, FindingWithState } from '../model/knocks/knocks.ts';
import { htmlReport } from './html-report.ts';

const EVIL = `"><img src=x onerror=alert(1)>'&</script><script>alert(2)</script>\u202e\u0007`;

const finding: FindingWithState = {
  id: EVIL,
  kind: 'persistent_stranger',
  score: 0.9,
  score_parts: [{ name: EVIL, value: 1, weight: 1, text: EVIL }],
  verdict: 'rejected',
  target: null,
  target_count: 1,
  ports: [80],
  port_count: 1,
  sources: [
    {
      address: EVIL,
      attempts: 3,
      per_hour: { min: 1, median: 2, max: 3 },
      interval_seconds: 20,
      first_seen: EVIL,
      last_seen: EVIL,
      state: 'steady',
      name: EVIL,
      country: EVIL,
      asn: 1,
      as_name: EVIL,
    },
  ],
  source_count: 2,
  attempts: 3,
  counted: 'connections',
  rejected_flows: 0,
  amounts: [],
  first_seen: '2018-06-20T00:00:00Z',
  last_seen: '2018-06-20T03:00:00Z',
  coverage: { hours: 3, unknown_hours: 1 },
  hourly: { measure: 'attempts', from: EVIL, attempts: [1, null, 2], unknown: [1] },
  query: { filter: [{ field: 'srcaddr', in: [EVIL] }] },
  summary: EVIL,
  evidence: [
    { text: EVIL, query: { filter: [{ field: 'srcaddr', in: [EVIL] }] } },
    { text: EVIL, query: null },
  ],
  next_step: `Run \`peephole door plan\`, not \` ${EVIL}`,
  state: 'new',
  state_info: { since: EVIL, until: EVIL, note: EVIL, reason: EVIL, first_told: EVIL },
};

const knocks: Knocks = {
  range: { from: '2018-06-20T00:00:00Z', to: '2018-06-21T00:00:00Z' },
  range_investigated: null,
  notes: [EVIL],
  totals: { flows: 1000, rejected_flows: 20, rejected_share: 0.02 },
  findings: [finding, { ...finding, kind: 'scan' }, { ...finding, state: 'muted' }],
  rest: [],
  stats: { ms: 1 },
};

test('hostile texts stay texts', () => {
  const html = htmlReport(knocks);
  expect(html).not.toMatch(/<img|<script|onerror=alert\(1\)>'|\u202e|\u0007/);
  expect(html).toContain('&lt;script&gt;');
  expect(html).toContain('Run <code>peephole door plan</code>, not ` ');
  expect(html).toContain(String.raw`\u202e`);
  // Whatever tags there are, they are ours.
  const tags = new Set([...html.matchAll(/<\/?([a-z][a-z0-9]*)/gi)].map(([, tag]) => tag?.toLowerCase()));
  expect([...tags].toSorted()).toEqual([
    'article', 'b', 'body', 'code', 'details', 'div', 'footer', 'h1', 'h2', 'head', 'header', 'html', 'li', 'main', 'meta', 'p',
    'pre', 'rect', 'span', 'style', 'summary', 'svg', 'table', 'tbody', 'td', 'th', 'thead', 'title', 'tr', 'ul',
  ]); // prettier-ignore
  expect(html).toContain('<h2>Set aside: 1 muted</h2>');
  expect(html).toContain("default-src 'none'");
  expect(html).not.toMatch(/https?:/);
});

test('a store without flows makes a report too', () => {
  const totals = { flows: 0, rejected_flows: 0, rejected_share: null };
  expect(
    htmlReport({
      range: null,
      range_investigated: null,
      notes: [],
      totals,
      findings: [],
      rest: [],
      stats: { ms: 1 },
    }),
  ).toContain('No findings.');
});
