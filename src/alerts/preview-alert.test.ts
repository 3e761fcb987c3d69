import { expect, test } from 'vitest';
import { header, logLine } from '../../test/support/log-lines.ts';
import { withLoggedStore } from '../../test/support/logged-store.ts';
import { share } from '../../test/support/suite.ts';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import { parseDocument } from '../model/document/parse-document.ts';
import { LocalService } from '../service/local-service.ts';
import { advanceState } from './advance-state.ts';
import { newRecord } from './alert-record.ts';
import { evaluateCondition } from './evaluate-condition.ts';
import { iso, logCoverage } from './log-coverage.ts';
import { previewAlert } from './preview-alert.ts';
import { activeAt } from './series-step.ts';

const folder = useTempFolder();
const START = Date.UTC(2026, 0, 5, 21) / 1000;

/** Six hours of a flow each three minutes, with bursts that lie across hours and midnight, and a pause. */
function logs(): string {
  const lines: string[] = [];
  const flow = (second: number, srcaddr: string): number =>
    lines.push(logLine({ srcaddr, srcport: lines.length % 60_000, dstport: 443, start: START + second, end: START + second + 5 })); // prettier-ignore
  for (let second = 0; second < 6 * 3600; second += 180)
    if (second < 15_000 || second > 17_500) flow(second, '198.51.100.1');
  for (const [at, times] of [[6500, 20], [7300, 20], [10_700, 35]] as const)
    for (let i = 0; i < times; i++) flow(at + i * 10, '198.51.100.2'); // prettier-ignore
  return `${[header, ...lines].join('\n')}\n`;
}

const conditions = [
  { kind: 'amount', measure: 'flows', above: 45, window: 'PT1H' },
  { kind: 'amount', measure: 'flows', split: 'srcaddr', above: 30, window: 'PT1H' },
  { kind: 'amount', measure: 'bytes', below: 500, window: 'PT15M' },
  { kind: 'amount', measure: 'flows', split: 'srcaddr', below: 3, window: 'PT30M' },
  { kind: 'amount', measure: 'unique_sources', above: 1, window: 'PT1H' },
  { kind: 'change', measure: 'flows', split: 'srcaddr', shift: 'PT2H', increase: 50, at_least: 5, window: 'PT1H' },
  { kind: 'change', measure: 'flows', shift: 'PT7M', decrease: 50, window: 'PT15M' },
  { kind: 'absence', split: 'srcaddr', windows: 3, window: 'PT15M' },
  { kind: 'new_value', field: 'srcaddr', known: 'PT30M', window: 'PT15M' },
]; // prettier-ignore

test('a preview of windows that overlap says what each evaluation for itself says, with few queries', async () => {
  await withLoggedStore(folder.path, [logs()], async (store) => {
    const service = new LocalService(store);
    let asked = 0;
    const data = {
      query: (query: unknown) => {
        asked++;
        return service.query(query);
      },
      knocks: () => Promise.reject(new Error('not asked')),
      sources: async () => [],
      status: () => service.status(),
    };
    const coverage = logCoverage(await service.status());
    for (const condition of share(conditions, 2))
      for (const pending of 'above' in condition && condition.measure === 'flows'
        ? [null, 'PT10M']
        : [null]) {
        const alert = parseDocument('alerts', { name: 'x', every: 'PT5M', for: pending, condition });
        asked = 0;
        const preview = await previewAlert(alert, data, 30 * 86_400, START + 7 * 3600);
        const queries = asked;
        let record = newRecord;
        const fired: string[] = [];
        for (let at = Date.parse(preview.from) / 1000; at <= Date.parse(preview.to) / 1000; at += 300) {
          const active = activeAt(alert, record, at);
          const outcome = await evaluateCondition(alert.condition, data, { at, coverage, active });
          const { after, changes } = advanceState(alert, record, at, outcome);
          for (const { state, series } of changes)
            if (state === 'firing')
              fired.push(...series.map(({ key, value }) => `${iso(at)} ${key} ${value}`));
          record = after;
        }
        const told = preview.fired.map(({ at, label, value }) => `${at} ${label === null ? '' : JSON.stringify(label)} ${value}`); // prettier-ignore
        expect([JSON.stringify(condition), told.toSorted()]).toEqual([JSON.stringify(condition), fired.toSorted()]); // prettier-ignore
        if (condition.kind === 'change' || ('above' in condition && condition.measure === 'flows'))
          expect(queries).toBeLessThan(10);
        if (pending === null)
          expect([JSON.stringify(condition), fired.length > 0]).toEqual([JSON.stringify(condition), true]);
      }
  });
}, 120_000);
