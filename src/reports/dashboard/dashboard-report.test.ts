import { afterAll, beforeAll, expect, test } from 'vitest';
import { header, logLine } from '../../../test/support/log-lines.ts';
import { useTempFolder } from '../../../test/support/temp-folder.ts';
import { withLoggedStore } from '../../../test/support/logged-store.ts';
import type { DashboardContent } from '../../model/dashboard/dashboard.ts';
import { readyMadeDashboards } from '../../model/dashboard/ready-made-dashboards.ts';
import { parseDocument } from '../../model/document/parse-document.ts';
import type { FindingWithState } from '../../model/knocks/knocks.ts';
import { LocalService } from '../../service/local-service.ts';
import { makeReport } from '../make-report.ts';
import { type DashboardSource, dashboardReport } from './dashboard-report.ts';

const START = Date.UTC(2026, 0, 5) / 1000;
const HOSTILE = '<img/src=x>';
const folder = useTempFolder();
const ending: (() => void)[] = [];
let source: DashboardSource;

/** Two days, of which six hours have no logs. */
function logs(): string {
  const lines: string[] = [header];
  for (let hour = 0; hour < 48; hour++) {
    if (hour >= 30 && hour < 36) continue;
    for (let at = 0; at < 6; at++) {
      const start = START + hour * 3600 + at * 600;
      lines.push(
        logLine({
          'interface-id': at === 0 ? HOSTILE : 'eni-1',
          srcaddr: `198.51.100.${at + 1}`,
          dstport: at % 2 === 0 ? 22 : 443,
          bytes: 1000 * (hour < 24 ? 1 : 2),
          start,
          end: start + 30,
          action: at % 2 === 0 ? 'REJECT' : 'ACCEPT',
        }),
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

const found = (id: string): FindingWithState =>
  ({
    id,
    kind: 'scan',
    score: 0.9,
    target: null,
    ports: [22],
    sources: [],
    summary: `Somebody <b>${id}</b>.`,
    state: 'new',
  }) as unknown as FindingWithState;

beforeAll(async () => {
  await new Promise<void>((ready, failed) => {
    withLoggedStore(folder.path, [logs()], async (store) => {
      const service = new LocalService(store);
      source = {
        query: (query) => service.query(query),
        knocks: async () => ({ ...(await service.knocks(null)), findings: ['old', 'fresh'].map(found) }),
        schema: () => service.schema(),
        names: async () => ({ names: [['198.51.100.1', '"><script>']] }),
        sources: () => service.sources(),
        documents: (kind) => service.documents(kind),
      };
      ready();
      await new Promise<void>((end) => ending.push(end));
    }).catch(failed);
  });
});
afterAll(() => ending.forEach((end) => end()));

const place = { x: 0, y: 0, w: 12, h: 6 };
const dashboardOf = (...tiles: readonly object[]): DashboardContent =>
  parseDocument('dashboards', {
    name: 'Ours <script>alert(1)</script>',
    link: '?v=1&time=all&f=dstport:22,443',
    tiles: tiles.map((tile, at) => ({ ...place, id: `t${at}`, ...tile })),
  });
const view = (link: string): object => ({ kind: 'view', link: `?v=1&${link}` });
const second = { from: (START + 86_400) * 1000, to: (START + 2 * 86_400) * 1000, timezone: 'Etc/UTC' };

test('every form of a view is drawn, and nothing hostile is HTML or leads elsewhere', async () => {
  const { html, tiles, failed, findings } = await dashboardReport(
    dashboardOf(
      { kind: 'figure', link: '?v=1&m=flows', title: 'Flows' },
      view('split=action&split=time&m=flows&show=area'),
      view('split=time&m=bytes&show=lines'),
      view('split=srcaddr&split=time&m=flows,bytes&show=table'),
      view('split=interface_id&m=bytes&show=bars'),
      view('split=srcaddr&split=dstport&m=flows&show=heat'),
      view('split=interface_id&split=time&m=flows&show=heat'),
      view('split=srcaddr&split=dstport&split=interface_id&m=flows&show=sankey'),
      view('m=flows,bytes&show=totals'),
      view('show=records'),
      { kind: 'list', link: '?v=1&m=flows', field: 'interface_id' },
      { kind: 'text', text: '**Bold** <iframe src="https://evil.example"> ![x](https://evil.example/x) [link](https://evil.example)' }, // prettier-ignore
      { kind: 'findings', kinds: [], limit: 5 },
      { kind: 'sources' },
    ),
    null,
    new Set(['old']),
    source,
  );
  expect({ tiles, failed, findings: findings.length }).toEqual({ tiles: 14, failed: 0, findings: 2 });
  // Whatever came from logs, names or documents is text.
  expect(html).not.toMatch(/<(script|img|iframe|a|link)\b/i);
  expect(html).not.toMatch(/(src|href)=["']?http/i);
  expect(html).not.toContain('NaN');
  expect(html).toContain('&lt;img/src=x&gt;');
  expect(html).toContain('<strong>Bold</strong>');
  expect(html.match(/<svg/g)?.length).toBeGreaterThan(5);
  // Hours without logs are shaded, not zero.
  expect(html).toContain('<rect class="gap"');
  expect(html).toContain('Only: <code>dstport:22,443</code>');
  expect(html).toContain('New findings: 1');
  expect(html.indexOf('&lt;b&gt;fresh')).toBeLessThan(html.indexOf('&lt;b&gt;old'));
});

test('findings are those of the kinds that its tiles show', async () => {
  const tile = { kind: 'findings', kinds: ['cost'], limit: 5 };
  const { html, findings } = await dashboardReport(dashboardOf(tile), null, null, source);
  expect(findings).toEqual([]);
  expect(html).toContain('New findings: 0');
});

test('findings are under the filters of the dashboard, and a filter that can’t apply to them is named', async () => {
  const tile = { kind: 'findings', kinds: [], limit: 5 };
  const filtered = (link: string) =>
    dashboardReport({ ...dashboardOf(tile), link: `?v=1&time=all&${link}` }, null, null, source);
  expect((await filtered('f=dstport:22')).findings).toHaveLength(2);
  expect((await filtered('f=dstport:443')).findings).toEqual([]);
  expect((await filtered('f=action:REJECT')).html).toContain('Findings are not filtered by action.');
});

test('it is about the period that it is asked for, and compares with the one before', async () => {
  const figure = { kind: 'figure', link: '?v=1&m=bytes', title: 'Bytes' };
  const dashboard = { ...dashboardOf(figure), link: '?v=1&compare=P1D' };
  const { html, range } = await dashboardReport(dashboard, second, new Set(), source);
  expect(range).toBe('6 Jan 00:00 – 7 Jan 2026 00:00 UTC');
  // 18 hours of the second day with six flows of 2000 bytes each.
  expect(html).toContain('title="216');
  expect(html).toContain('change unknown');
  // Of a table, once for all its rows.
  const table = { ...dashboardOf(view('split=srcaddr&m=bytes&show=table')), link: dashboard.link };
  const rows = (await dashboardReport(table, second, new Set(), source)).html;
  expect(rows.match(/<tr>/g)?.length).toBeGreaterThan(2);
  expect(rows.match(/change unknown/g)).toHaveLength(1);
});

test('a tile that can’t be asked says why, and the others are there', async () => {
  const { html, failed } = await dashboardReport(
    dashboardOf(view('m=flows&show=totals'), { kind: 'sources' }, { kind: 'findings', kinds: [], limit: 3 }),
    null,
    new Set(),
    {
      ...source,
      query: () => Promise.reject(new Error('The <database> is away.')),
      knocks: () => Promise.reject(new Error('It can’t investigate.')),
    },
  );
  expect(failed).toBe(2);
  expect(html).toContain('It can’t investigate.');
  expect(html).toContain('The &lt;database&gt; is away.');
  expect(html).toContain('No source is followed');
});

test('the ready-made dashboards can all be made, by their ids, and an unknown one is named', async () => {
  const report = {
    name: 'wall',
    schedule: { every: 'day', on: 1, hour: 6, minute: 0, timezone: 'Europe/Berlin' },
    folder: null,
    mail: null,
  } as const;
  const due = (START + 2 * 86_400 + 6 * 3600) * 1000;
  const make = (dashboard: string): ReturnType<typeof makeReport> =>
    makeReport(
      { ...report, content: { kind: 'dashboard', format: 'html', dashboard } },
      due,
      new Set(),
      source,
    );
  for (const [id, { tiles }] of Object.entries(readyMadeDashboards)) {
    const made = await make(id);
    expect(made.file).toBe('wall-2026-01-07.html');
    expect(made.lines[0]).toBe(`${tiles.length} tiles, 6 Jan 00:00 – 7 Jan 2026 00:00 Berlin.`);
    expect(made.lines).not.toContainEqual(expect.stringContaining('could not be asked'));
  }
  await expect(make('nowhere')).rejects.toThrow('There is no dashboard "nowhere". There are: cost,');
});
