import { expect, test } from 'vitest';
import { parseReports } from './parse-reports.ts';

const findings = { name: 'weekly', findings: true, every: 'week', folder: '/reports' };

test('reads all keys, and fills in defaults', () => {
  const query = { splits: [{ field: 'dstport' }] };
  expect(
    parseReports([
      { ...findings, on: 'Friday', at: '07:30', timezone: 'Europe/Berlin', format: 'pdf', mail: 'ops' },
      { name: 'ports', query, every: 'day', mail: 'ops' },
    ]),
  ).toEqual([
    {
      name: 'weekly',
      schedule: { every: 'week', on: 5, hour: 7, minute: 30, timezone: 'Europe/Berlin' },
      content: { kind: 'findings', format: 'pdf' },
      folder: '/reports',
      mail: 'ops',
    },
    {
      name: 'ports',
      schedule: { every: 'day', on: 1, hour: 6, minute: 0, timezone: 'Etc/UTC' },
      content: { kind: 'query', format: 'csv', query },
      folder: null,
      mail: 'ops',
    },
  ]);
});

test('a dashboard is named by its id', () => {
  expect(parseReports([{ name: 'wall', dashboard: 'overview', every: 'day', mail: 'ops' }])).toMatchObject([
    { content: { kind: 'dashboard', format: 'html', dashboard: 'overview' } },
  ]);
});

test.each([
  [{ ...findings, name: '../x' }, 'reports[0].name'],
  [{ ...findings, folder: 'here' }, 'absolute'],
  [{ name: 'a', findings: true, every: 'day' }, 'goes nowhere'],
  [{ ...findings, every: 'hour' }, 'reports[0].every'],
  [{ ...findings, on: 8 }, 'reports[0].on'],
  [{ ...findings, at: '24:00' }, 'reports[0].at'],
  [{ ...findings, format: 'csv' }, 'reports[0].format'],
  [{ ...findings, findings: undefined, query: { splits: [{ field: 'nowhere' }] } }, 'nowhere'],
  [{ ...findings, query: {} }, 'reports[0].query'],
  [{ ...findings, findings: false }, 'reports[0].findings'],
  [{ ...findings, findings: undefined }, 'nothing in it'],
  [{ ...findings, findings: undefined, dashboard: '../x' }, 'reports[0].dashboard'],
  [{ ...findings, findings: undefined, dashboard: 'x', format: 'csv' }, 'reports[0].format'],
])('%j is refused', (report, why) => {
  expect(() => parseReports([report])).toThrow(why);
});
