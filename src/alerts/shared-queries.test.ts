import { expect, test } from 'vitest';
import { header, logLine } from '../../test/support/log-lines.ts';
import { withLoggedStore } from '../../test/support/logged-store.ts';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import type { AlertCondition } from '../model/alert/alert.ts';
import { parseDocument } from '../model/document/parse-document.ts';
import { PeepholeError } from '../model/errors.ts';
import { LocalService } from '../service/local-service.ts';
import { evaluateCondition } from './evaluate-condition.ts';
import type { AlertData } from './evaluation.ts';
import { logCoverage } from './log-coverage.ts';
import { sharedQueries } from './shared-queries.ts';

const folder = useTempFolder();
const START = Date.UTC(2026, 0, 5) / 1000;
const AT = START + 5 * 3600;

function logs(): string {
  const lines = Array.from({ length: 600 }, (_, i) =>
    logLine({
      srcaddr: i % 7 === 0 ? '2001:db8::7' : `198.51.100.${i % 5}`,
      dstport: [22, 443, 8443][i % 3] ?? 0,
      bytes: 100 + i,
      srcport: 1024 + i,
      start: START + i * 30,
      end: START + i * 30 + 20,
      action: i % 4 === 0 ? 'REJECT' : 'ACCEPT',
    }),
  );
  return `${[header, ...lines].join('\n')}\n`;
}

const ports = [22, 443, 8443, 9].map((port) => [{ field: 'dstport', in: [port] }]);
const addresses = ['198.51.100.1', '2001:DB8::7', '2001:db8::7', '203.0.113.9'].map((address) => [
  { field: 'srcaddr', in: [address] },
]);
const filters = [
  [],
  ...ports,
  ...addresses,
  [{ field: 'srcaddr', cidr: ['198.51.100.0/30'] }, ...(ports[0] ?? [])],
];

function conditions(): readonly AlertCondition[] {
  const some: object[] = filters.flatMap((filter) => [
    ...['flows', 'bytes', 'rejected_share', 'unique_sources', 'p95(bytes)'].map((measure) => ({ kind: 'amount', measure, above: 0, filter })), // prettier-ignore
    { kind: 'amount', measure: 'flows', below: 30, filter },
    { kind: 'amount', measure: 'flows', split: 'srcaddr', above: 10, filter },
    { kind: 'amount', measure: 'bytes', split: 'srcaddr', below: 9000, filter },
    { kind: 'change', measure: 'bytes', shift: 'PT1H', increase: 1, filter },
    { kind: 'change', measure: 'flows', split: 'dstport', shift: 'PT1H', decrease: 1, filter },
    { kind: 'new_value', field: 'dstport', known: 'PT2H', filter },
    { kind: 'absence', windows: 2, filter },
    { kind: 'absence', split: 'srcaddr', windows: 2, filter },
  ]);
  return some.map((condition) => parseDocument('alerts', { name: 'x', condition }).condition);
}

test('alerts that share queries find what each of them finds alone, with far fewer', async () => {
  await withLoggedStore(folder.path, [logs()], async (store) => {
    const service = new LocalService(store);
    const coverage = logCoverage(await service.status());
    let asked = 0;
    const ask = (query: unknown): ReturnType<typeof service.query> => {
      asked++;
      return service.query(query, { fresh: true });
    };
    const context = { at: AT - 600, coverage, active: new Set<string>() };
    const all = conditions();
    const evaluateAll = (query: AlertData['query']): Promise<unknown> =>
      Promise.all(
        all.map(async (condition) =>
          evaluateCondition(condition, { query, knocks: service.knocks, sources: service.sources }, context),
        ),
      );
    const alone = await evaluateAll(ask);
    const [each] = [asked, (asked = 0)];
    const shared = await evaluateAll(sharedQueries(ask));
    expect(shared).toEqual(alone);
    expect(each).toBeGreaterThan(all.length);
    expect(asked).toBeLessThan(each * 0.6);
    // An alert for each of many services: one statement.
    asked = 0;
    const query = sharedQueries(ask);
    const many = Array.from({ length: 40 }, (_, port) => [{ field: 'dstport', in: [port] }]);
    await Promise.all(
      many.map(async (filter) =>
        evaluateCondition(
          { kind: 'amount', measure: 'flows', above: 1, below: null, window: 'PT1H', split: null, filter },
          { query, knocks: service.knocks, sources: service.sources },
          context,
        ),
      ),
    );
    expect(asked).toBe(1);
  });
});

test('one that the database refuses takes no other with it', async () => {
  const query = sharedQueries(async (json) => {
    if (JSON.stringify(json).includes('666')) throw new PeepholeError('bad_query', 'No.');
    const rows = [[5]];
    return { columns: [{ name: 'flows', kind: 'measure' }], rows, truncated: false } as never;
  });
  const ask = (port: number): Promise<unknown> =>
    query({ time: {}, filter: [{ field: 'dstport', in: [port] }], measures: ['flows'] });
  const outcomes = await Promise.allSettled([ask(1), ask(666), ask(2)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
