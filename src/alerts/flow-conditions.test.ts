import { expect, test } from 'vitest';
import { header, logLine } from '../../test/support/log-lines.ts';
import { withLoggedStore } from '../../test/support/logged-store.ts';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import type { Answer } from '../model/query/answer.ts';
import { parseQuery } from '../model/query/parse-query.ts';
import { parseDocument } from '../model/document/parse-document.ts';
import { LocalService } from '../service/local-service.ts';
import { writeHaving } from '../view/having.ts';
import { readUrl } from '../view/url.ts';
import { defaultView } from '../view/view.ts';
import { evaluateCondition } from './evaluate-condition.ts';
import type { Evaluation } from './evaluation.ts';
import { iso, logCoverage } from './log-coverage.ts';

const folder = useTempFolder();
const START = Date.UTC(2026, 0, 5, 10) / 1000;
const HOUR = 3600;

/** A flow to port 443 every five minutes of the hours, one to a new port in some of them, and strays. */
function logs(hours: number, strays: readonly number[] = []): string {
  const lines: string[] = [];
  const flow = (second: number, dstport: number): number =>
    lines.push(logLine({ srcport: 30_000 + lines.length, dstport, start: START + second, end: START + second + 5 })); // prettier-ignore
  for (let second = 0; second < hours * HOUR; second += 300) flow(second, 443);
  for (const hour of [2, 4, 22, 26]) if (hour < hours) flow(hour * HOUR + 60, 8000 + hour);
  for (const hour of strays) flow(hour * HOUR + 60, 443);
  return `${[header, ...lines].join('\n')}\n`;
}

type Ask = (query: unknown) => Promise<Answer>;
type Evaluate = (condition: object, hour: number) => Promise<Evaluation>;

/** Evaluates conditions for the windows of an hour each, over what was logged. */
async function overLogs(text: string, test: (evaluate: Evaluate, ask: Ask) => Promise<void>): Promise<void> {
  await withLoggedStore(folder.path, [text], async (store) => {
    const service = new LocalService(store);
    const data = {
      query: (query: unknown) => service.query(query),
      knocks: () => Promise.reject(new Error('not asked')),
      sources: async () => [],
    };
    const coverage = logCoverage(await service.status());
    await test((json, hour) => {
      const { condition } = parseDocument('alerts', { name: 'x', condition: { window: 'PT1H', ...json } });
      const at = START + (hour + 1) * HOUR;
      return evaluateCondition(condition, data, { at, coverage, active: new Set() });
    }, data.query);
  });
}

const rowsOf = (evaluation: Evaluation): unknown =>
  evaluation.kind === 'known' ? evaluation.breaches.map(({ row }) => row) : evaluation.kind;

/** The ports that are new in an hour. */
const newPorts = async (evaluate: Evaluate, known: string, hour: number): Promise<unknown> =>
  rowsOf(await evaluate({ kind: 'new_value', field: 'dstport', known }, hour));

test('a value is new if the logs before lack it, as soon as they reach back a day, or as far as is asked', async () => {
  await overLogs(logs(30), async (evaluate) => {
    const port = (dstport: number, since: number): unknown => [
      { dstport, flows: 1, not_seen_since: iso(since) },
    ];
    expect(await newPorts(evaluate, 'P30D', 22)).toBe('no_data');
    expect(await newPorts(evaluate, 'P30D', 26)).toEqual(port(8026, START));
    expect(await newPorts(evaluate, 'P30D', 27)).toEqual([]);
    expect(await newPorts(evaluate, 'PT3H', 2)).toBe('no_data');
    expect(await newPorts(evaluate, 'PT3H', 4)).toEqual(port(8004, START + HOUR));
  });
});

test('hours without logs are not hours in which a value was not seen: a stray flow long before begins no logs', async () => {
  // A year, ten days and a day before the window of hour 4; the logs begin at hour 0.
  for (const stray of [-365 * 24, -10 * 24, -20])
    await overLogs(logs(30, [stray]), async (evaluate) => {
      const reason = await evaluate({ kind: 'new_value', field: 'dstport', known: 'P30D' }, 4);
      expect(reason).toMatchObject({ kind: 'no_data', reason: expect.stringContaining('hours') });
      expect(await newPorts(evaluate, 'P1D', 4)).toBe('no_data');
      // Hour 26 has a day of logs before it: they say since when they know, and what they lack.
      const lacks = stray < -30 * 24 ? {} : { hours_without_logs: -stray - 1 };
      const since = stray < -30 * 24 ? START : START + stray * HOUR + 60;
      expect(await newPorts(evaluate, 'P30D', 26)).toEqual([{ dstport: 8026, flows: 1, not_seen_since: iso(since), ...lacks }]); // prettier-ignore
    });
});

test('a share of no flows is none: it has neither shrunk to zero, nor is it below a number', async () => {
  await overLogs(logs(8), async (evaluate) => {
    const filter = [{ field: 'dstport', in: [8004] }];
    const shrinks = (measure: string, split: string | null, hour: number): Promise<Evaluation> =>
      evaluate({ kind: 'change', measure, shift: 'PT1H', decrease: 50, filter, split }, hour);
    for (const split of [null, 'dstport']) {
      expect(rowsOf(await shrinks('rejected_share', split, 5))).toEqual([]);
      expect(rowsOf(await shrinks('bytes/packets', split, 5))).toEqual([]);
      expect(rowsOf(await shrinks('rejected_flows', split, 5))).toMatchObject([
        { rejected_flows: 0, rejected_flows_previous: 1 },
      ]);
    }
    const below = (measure: string): Promise<Evaluation> =>
      evaluate({ kind: 'amount', measure, below: 0.5, split: 'dstport' }, 5);
    expect(rowsOf(await below('rejected_share'))).toEqual([]);
    expect(rowsOf(await below('rejected_flows'))).toEqual([{ dstport: 8004, rejected_flows: 0 }]);
  });
});

test('the query of a message has the values that it counts alone, whichever is just the number that it compares with', async () => {
  const lines = Array.from({ length: 60 }, (_, i) =>
    logLine({ srcaddr: `10.0.0.${i % 7}`, srcport: i, dstport: 7000 + (i % 9), bytes: 100 + (i % 5) * 7, packets: 1 + (i % 3), action: i % 4 === 0 ? 'REJECT' : 'ACCEPT', start: START + i * 60, end: START + i * 60 + 1 + (i % 4) }),
  ); // prettier-ignore
  await overLogs(`${[header, ...lines].join('\n')}\n`, async (evaluate, ask) => {
    const names = ['flows', 'bytes', 'rejected_flows', 'rejected_share', 'bytes_per_flow', 'unique_sources', 'distinct(srcport)', 'p50(bytes)', 'bytes/packets', 'flows_per_second', 'hours_active']; // prettier-ignore
    for (const measure of names) {
      const time = { from: iso(START), to: iso(START + HOUR) };
      const all = await ask({ time, splits: [{ field: 'dstport', limit: 1000 }], measures: [measure] });
      const values = new Map(all.rows.map(([port, value]) => [port, Number(value)]));
      for (const number of new Set([0, ...values.values()]))
        for (const above of [true, false]) {
          const condition = { kind: 'amount', measure, split: 'dstport', ...(above ? { above: number } : { below: number }) }; // prettier-ignore
          const result = await evaluate(condition, 0);
          if (result.kind !== 'known') return expect.unreachable(result.reason);
          const expected = [...values].filter(([, value]) => (above ? value > number : value < number));
          const ports = (some: readonly unknown[]): readonly unknown[] => some.map(Number).toSorted();
          expect([condition, ports(result.breaches.map(({ label }) => label))]).toEqual([condition, ports(expected.map(([port]) => port))]); // prettier-ignore
          // As the page reads the link, and writes it again.
          const link = new URLSearchParams(parseQuery(result.about.query).having.map((each): [string, string] => ['h', writeHaving(each)])); // prettier-ignore
          const { view, notices } = readUrl(link.toString(), defaultView('Etc/UTC'), () => 'other');
          expect(notices).toEqual([]);
          const having = view.having.map(({ low, high, measure: of }) => ({ measure: of, between: [low, high] })); // prettier-ignore
          const shown = await ask({ ...result.about.query, having });
          expect([condition, ports(shown.rows.map(([port]) => port))]).toEqual([condition, ports(expected.map(([port]) => port))]); // prettier-ignore
        }
    }
  });
});
