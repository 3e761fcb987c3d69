import { expect, test } from 'vitest';
import { header, logLine } from '../../test/support/log-lines.ts';
import { withLoggedStore } from '../../test/support/logged-store.ts';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import { parseDocument } from '../model/document/parse-document.ts';
import { LocalService } from '../service/local-service.ts';
import { evaluateCondition } from './evaluate-condition.ts';
import { iso, logCoverage } from './log-coverage.ts';

const folder = useTempFolder();
const START = Date.UTC(2026, 0, 5, 10) / 1000;
const HOUR = 3600;

/** A flow to port 443 every five minutes of 30 hours, and one to a new port in some of the hours. */
function logs(): string {
  const lines: string[] = [];
  const flow = (second: number, dstport: number): number =>
    lines.push(logLine({ srcport: 30_000 + lines.length, dstport, start: START + second, end: START + second + 5 })); // prettier-ignore
  for (let second = 0; second < 30 * HOUR; second += 300) flow(second, 443);
  for (const hour of [2, 4, 22, 26]) flow(hour * HOUR + 60, 8000 + hour);
  return `${[header, ...lines].join('\n')}\n`;
}

test('a value is new if the logs before lack it, as soon as they reach back a day, or as far as is asked', async () => {
  await withLoggedStore(folder.path, [logs()], async (store) => {
    const service = new LocalService(store);
    const data = {
      query: (query: unknown) => service.query(query),
      knocks: () => Promise.reject(new Error('not asked')),
      sources: async () => [],
    };
    const coverage = logCoverage(await service.status());
    const newPorts = async (known: string, hour: number): Promise<unknown> => {
      const { condition } = parseDocument('alerts', {
        name: 'x',
        condition: { kind: 'new_value', field: 'dstport', known, window: 'PT1H' },
      });
      const at = START + (hour + 1) * HOUR;
      const result = await evaluateCondition(condition, data, { at, coverage, active: new Set() });
      return result.kind === 'known' ? result.breaches.map(({ row }) => row) : result.kind;
    };
    const port = (dstport: number, since: number): unknown => [
      { dstport, flows: 1, not_seen_since: iso(since) },
    ];
    expect(await newPorts('P30D', 22)).toBe('no_data');
    expect(await newPorts('P30D', 26)).toEqual(port(8026, START));
    expect(await newPorts('P30D', 27)).toEqual([]);
    expect(await newPorts('PT3H', 2)).toBe('no_data');
    expect(await newPorts('PT3H', 4)).toEqual(port(8004, START + HOUR));
  });
});
